/**
 * Files from browser to browser, of any size: they are read, sent and stored piece by piece.
 * Read it from top to bottom; README.md beside this file says more about each step.
 */
import { createClient } from '/sdk/parley.js';

const byId = (id) => document.getElementById(id);
const client = createClient();

/** The room we are in. */
let room;

// ---------------------------------------------------------------- Step 1: join a room

byId('welcome').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('error').textContent = '';
  try {
    room = await client.join(byId('roomName').value, { name: byId('yourName').value });
  } catch (error) {
    byId('error').textContent = `${error.message} (${error.code})`;
    return;
  }
  room.on('peer', showPeople);
  room.on('peerLeft', showPeople);
  room.files.on('offer', receive);
  showPeople();
  showInside(true);
});

byId('leave').addEventListener('click', async () => {
  showInside(false);
  await room.leave();
  byId('status').textContent = 'You have left.';
});

// ---------------------------------------------------------------- Step 2: send

byId('picker').addEventListener('change', () => {
  sendAll(byId('picker').files);
  byId('picker').value = '';
});
byId('drop').addEventListener('dragover', (event) => event.preventDefault());
byId('drop').addEventListener('drop', (event) => {
  event.preventDefault();
  sendAll(event.dataTransfer.files);
});

function sendAll(files) {
  if (room.snapshot.peers.length === 0) byId('status').textContent = 'There is nobody to send to.';
  for (const file of files) {
    for (const peer of room.snapshot.peers) void send(file, peer);
  }
}

/** Each receiver has their own progress, and is waited for on their own. */
async function send(file, peer) {
  const row = addRow(`${file.name} to ${nameOf(peer.id)}`, 'Cancel');
  const controller = new AbortController();
  row.stop.addEventListener('click', () => controller.abort(new Error('You have cancelled.')));
  row.state.textContent = 'Waiting for an answer ...';
  try {
    const { sha256 } = await room.files.send(file, {
      to: peer.id,
      signal: controller.signal,
      onProgress: (progress) => row.show(progress),
    });
    row.end(`Sent. SHA-256 ${sha256}`);
  } catch (error) {
    row.fail(error);
  }
}

// ---------------------------------------------------------------- Step 3: receive

function receive(offer) {
  const row = addRow(`${offer.name} from ${nameOf(offer.from)}`, 'Decline');
  row.state.textContent = offer.size === undefined ? '' : `${offer.size} bytes`;
  row.accept.hidden = false;
  const decline = () => offer.reject();
  row.stop.addEventListener('click', decline);
  row.accept.addEventListener('click', () => {
    row.stop.removeEventListener('click', decline);
    row.stop.textContent = 'Cancel';
    row.accept.hidden = true;
    void store(offer, row);
  });
  // It may end before anybody has decided: taken back, declined, or the sender has left.
  offer.signal.addEventListener('abort', () => row.fail(offer.signal.reason));
}

async function store(offer, row) {
  const controller = new AbortController();
  row.stop.addEventListener('click', () => controller.abort(new Error('You have cancelled.')));
  const options = {
    signal: controller.signal,
    onProgress: (progress) => row.show(progress),
  };
  try {
    const place = await openPlace();
    if (place === undefined) {
      row.offerToSave(await offer.acceptBlob(options), offer.name);
      row.end('Received.');
      return;
    }
    const { sha256 } = await offer.accept(place.writable, options);
    row.offerToSave(await place.handle.getFile(), offer.name);
    row.end(`Received. SHA-256 ${sha256}`);
  } catch (error) {
    row.fail(error);
  }
}

/** A place outside the page's memory; `undefined` where the browser has none, or keeps it from us. */
async function openPlace() {
  try {
    const folder = await navigator.storage.getDirectory();
    const name = `file-drop-${crypto.randomUUID()}`;
    const handle = await folder.getFileHandle(name, { create: true });
    addEventListener('pagehide', () => void folder.removeEntry(name));
    return { handle, writable: await handle.createWritable() };
  } catch {
    return undefined;
  }
}

// ---------------------------------------------------------------- What people see

function nameOf(id) {
  const peer = room.snapshot.peers.find((one) => one.id === id);
  return peer?.name || 'Somebody';
}

function showPeople() {
  const names = room.snapshot.peers.map(({ id }) => nameOf(id));
  byId('status').textContent = names.length === 0 ? 'You are alone.' : `Here: ${names.join(', ')}`;
}

function showInside(isInside) {
  byId('welcome').hidden = isInside;
  byId('inside').hidden = !isInside;
  byId('transfers').replaceChildren();
}

/** One transfer in the list. */
function addRow(title, stopLabel) {
  const item = byId('row').content.cloneNode(true).firstElementChild;
  const [state, progress, accept, stop, link] = [
    '.state',
    'progress',
    '.accept',
    '.stop',
    '.save',
  ].map((selector) => item.querySelector(selector));
  item.querySelector('.title').textContent = title;
  stop.textContent = stopLabel;
  byId('transfers').append(item);
  let isOver = false;
  const end = (text) => {
    if (isOver) return;
    isOver = true;
    state.textContent = text;
    for (const control of [accept, stop, progress]) control.hidden = true;
  };
  return {
    state,
    accept,
    stop,
    end,
    fail: (error) => end(`${error.message} (${error.code ?? 'cancelled'})`),
    show({ bytes, size }) {
      if (isOver) return;
      progress.hidden = false;
      progress.max = size ?? 1;
      if (size !== undefined) progress.value = bytes;
      state.textContent = `${Math.round(bytes / 1_000)} kB`;
    },
    offerToSave(blob, name) {
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.hidden = false;
    },
  };
}
