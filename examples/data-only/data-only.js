/**
 * People in a room who exchange data and nothing else: no camera, no microphone, no server in between.
 * Read it from top to bottom; README.md beside this file says more about each step.
 */
import { createClient } from '/sdk/parley.js';

const byId = (id) => document.getElementById(id);
const client = createClient();

/** The room we are in. */
let room;
/** Every message arrives, once and in the order in which it was sent. */
let chat;
/** Only the newest position counts: late ones are left out. */
let pointers;

// ---------------------------------------------------------------- Step 1: join a room

byId('welcome').addEventListener('submit', async (event) => {
  event.preventDefault();
  byId('error').textContent = '';
  try {
    room = await client.join(byId('roomName').value, { name: byId('yourName').value });
    globalThis.room = room; // play with it in the console
    enter();
  } catch (error) {
    showError(error);
  }
});

function enter() {
  room.on('peer', () => showPeople());
  room.on('peerLeft', ({ peer }) => {
    document.getElementById(`pointer-${peer.id}`)?.remove();
    showPeople();
  });
  openChat();
  openBoard();
  answerQuestions();
  showInside(true);
  showPeople();
}

function nameOf(id) {
  const peer = room.snapshot.peers.find((one) => one.id === id);
  return peer?.name || 'Somebody';
}

// ---------------------------------------------------------------- Step 2: messages that must arrive

function openChat() {
  chat = room.channel('chat');
  chat.on('message', ({ from, data }) => addMessage(nameOf(from), data));
}

byId('chat').addEventListener('submit', async (event) => {
  event.preventDefault();
  const text = byId('message').value;
  byId('message').value = '';
  addMessage('You', text);
  try {
    await chat.send(text); // without `to`: to everybody who is here
  } catch (error) {
    showError(error);
  }
});

// ---------------------------------------------------------------- Step 3: positions that may get lost

function openBoard() {
  pointers = room.channel('pointers', { ordered: false, maxRetransmits: 0 });
  pointers.on('message', ({ from, data }) => movePointer(from, data));
}

byId('board').addEventListener('pointermove', (event) => {
  const { left, top, width, height } = byId('board').getBoundingClientRect();
  // Nobody waits for it: the next position comes in a moment.
  void pointers.send({
    x: (event.clientX - left) / width,
    y: (event.clientY - top) / height,
  });
});

/** What others send is of any shape: take numbers, and nothing else. */
function movePointer(from, position) {
  const x = Number(position?.x);
  const y = Number(position?.y);
  const id = `pointer-${from}`;
  const pointer = document.getElementById(id) ?? document.createElement('div');
  pointer.id = id;
  pointer.className = 'pointer';
  pointer.textContent = nameOf(from); // text, never HTML
  pointer.style.left = `${x * 100}%`;
  pointer.style.top = `${y * 100}%`;
  byId('board').append(pointer);
}

// ---------------------------------------------------------------- Step 4: questions and answers

function answerQuestions() {
  room.handle('time', () => new Date().toLocaleTimeString());
}

byId('ask').addEventListener('click', () => {
  for (const peer of room.snapshot.peers) void askTime(peer);
});

async function askTime(peer) {
  try {
    const time = await room.request('time', undefined, { to: peer.id, timeoutMs: 5_000 });
    addMessage(peer.name || 'Somebody', `Here it is ${time}.`);
  } catch (error) {
    showError(error);
  }
}

// ---------------------------------------------------------------- Step 5: leave

byId('leave').addEventListener('click', async () => {
  showInside(false);
  await room.leave();
  byId('status').textContent = 'You have left.';
});

// ---------------------------------------------------------------- What people see

function showInside(isInside) {
  byId('welcome').hidden = isInside;
  byId('inside').hidden = !isInside;
  byId('messages').replaceChildren();
  byId('board').replaceChildren();
}

function showPeople() {
  const names = room.snapshot.peers.map(({ id }) => nameOf(id));
  byId('status').textContent = names.length === 0 ? 'You are alone.' : `Here: ${names.join(', ')}`;
}

function addMessage(name, text) {
  const line = document.createElement('li');
  line.textContent = `${name}: ${text}`;
  byId('messages').append(line);
  line.scrollIntoView({ block: 'nearest' });
}

/** Every error of the SDK has a code for programs and a sentence for people. */
function showError(error) {
  byId('error').textContent = `${error.message} (${error.code})`;
}
