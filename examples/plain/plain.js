/**
 * A call between two people with nothing but the browser and a Socket.IO server.
 * Read it from top to bottom; README.md beside this file tells the same story in words.
 *
 * Both people run this same file. Whoever is already in the room gets `welcome` and makes the offer
 * (peer A below); whoever comes later gets that offer and answers it (peer B below).
 */
const welcomeForm = document.getElementById('welcome');
const roomInput = document.getElementById('room');
const callSection = document.getElementById('call');
const myFace = document.getElementById('myFace');
const peersFace = document.getElementById('peersFace');
const peersVoice = document.getElementById('peersVoice');
const muteBtn = document.getElementById('mute');
const cameraBtn = document.getElementById('camera');
const camerasSelect = document.getElementById('cameras');
const leaveBtn = document.getElementById('leave');
const statusLine = document.getElementById('status');
const errorLine = document.getElementById('error');

/** `io` comes from /socket.io/socket.io.js, which the server serves. */
const socket = globalThis.io();

let roomName = '';
/** My microphone and camera; empty when neither can be used. */
let myStream = new MediaStream();
/** @type {RTCPeerConnection} */
let myPeerConnection;
/** Where to ask "which address do you see me at?" (STUN). The server names them when we join. */
let iceServers = [];
/** The person we are in a call with. This page calls one person; the server allows more. */
let partnerId = null;
/** Candidates that came before the description they belong to. */
let earlyCandidates = [];

// ---------------------------------------------------------------- Step 1: camera and microphone

/** Without `deviceId`: microphone and front camera. With it: exactly that camera, same microphone. */
async function getMedia(deviceId) {
  const initialConstraints = { audio: true, video: { facingMode: 'user' } };
  const cameraConstraints = { video: { deviceId: { exact: deviceId } } };
  const stream = await navigator.mediaDevices.getUserMedia(
    deviceId ? cameraConstraints : initialConstraints,
  );
  myStream = deviceId
    ? new MediaStream([...myStream.getAudioTracks(), ...stream.getVideoTracks()])
    : stream;
  myFace.srcObject = myStream;
}

/** Labels of cameras can be read only after the person has allowed one of them. */
async function listCameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  const cameras = devices.filter((device) => device.kind === 'videoinput');
  const current = myStream.getVideoTracks()[0]?.getSettings().deviceId;
  camerasSelect.replaceChildren(
    ...cameras.map(({ label, deviceId }) => {
      return new Option(label || 'Camera', deviceId, false, deviceId === current);
    }),
  );
}

function explainMediaError(error) {
  switch (error.name) {
    case 'NotAllowedError':
      return 'You or your browser did not allow the camera and microphone. Allow them beside the address bar.';
    case 'NotFoundError':
      return 'No camera or no microphone was found. Plug one in.';
    case 'NotReadableError':
      return 'The camera or microphone is used by another program. Close that program.';
    case 'OverconstrainedError':
      return 'The chosen camera is gone. Choose another one.';
    default:
      return `The camera or microphone cannot be used: ${error.message}`;
  }
}

async function startMedia() {
  try {
    // `mediaDevices` exists only on https pages and on localhost.
    if (!navigator.mediaDevices) throw new Error('open this page over https or on localhost.');
    await getMedia();
    await listCameras();
  } catch (error) {
    showError(`${explainMediaError(error)} You can still see and hear the other person.`);
  }
  showButtons();
}

// ---------------------------------------------------------------- Step 2: the peer connection

function makeConnection() {
  // Google offers STUN servers to everybody; with them this line would read
  //   iceServers: [{ urls: ['stun:stun.l.google.com:19302', 'stun:stun1.l.google.com:19302'] }],
  // We use the ones our own server names, so that nobody else learns who calls whom.
  myPeerConnection = new RTCPeerConnection({ iceServers });
  myPeerConnection.addEventListener('icecandidate', handleIce);
  myPeerConnection.addEventListener('track', handleTrack);
  myPeerConnection.addEventListener('connectionstatechange', showConnectionState);
  for (const track of myStream.getTracks()) myPeerConnection.addTrack(track, myStream);
}

function handleIce(event) {
  // A null candidate only says "that was the last one"; the other side need not know.
  if (event.candidate) socket.emit('icecandidate', event.candidate, roomName);
}

/** Sound and picture of the other person come as two tracks, one event each. */
function handleTrack({ track }) {
  const player = track.kind === 'video' ? peersFace : peersVoice;
  player.srcObject = new MediaStream([track]);
}

function showConnectionState() {
  const sentences = {
    connecting: 'Connecting…',
    connected: 'You are in a call.',
    disconnected: 'The connection is interrupted. Waiting for it to come back…',
    failed:
      'No way between your two networks was found. Leave and join again, or try another network.',
  };
  showStatus(sentences[myPeerConnection.connectionState] ?? '');
}

/** Back to the state before the call, ready for the next person. */
function endCall() {
  myPeerConnection.close();
  peersFace.srcObject = null;
  peersVoice.srcObject = null;
  partnerId = null;
  earlyCandidates = [];
}

// ---------------------------------------------------------------- Step 3: join the room

welcomeForm.addEventListener('submit', async (event) => {
  event.preventDefault();
  welcomeForm.hidden = true;
  showError('');
  roomName = roomInput.value;
  await startMedia();
  // Before `join`, not after: an offer can come as soon as the server knows about us.
  makeConnection();
  callSection.hidden = false;
  socket.emit('join', roomName, (reply) => {
    if (!reply.ok) {
      leaveCall();
      showError(reply.error.message);
      return;
    }
    iceServers = reply.iceServers;
    myPeerConnection.setConfiguration({ iceServers });
    showStatus(
      reply.peers.length > 1
        ? 'Two people are already talking here, and this page is made for two.'
        : `You are in the room “${roomName}”. Open this page a second time and join the same room.`,
    );
  });
});

/** The right to use the relay ends after a while; the server sends fresh ones before that. */
socket.on('iceServers', (fresh) => {
  iceServers = fresh;
  myPeerConnection.setConfiguration({ iceServers });
});

// ---------------------------------------------------------------- Step 4: offer and answer

// Peer A was here first.
socket.on('welcome', async (newcomer) => {
  if (partnerId !== null) return;
  partnerId = newcomer.id;
  const connection = myPeerConnection; // should the newcomer leave meanwhile, there is a new one
  askForWhatWeDoNotSend(connection);
  const offer = await connection.createOffer();
  await connection.setLocalDescription(offer);
  socket.emit('offer', offer, roomName);
});

/** An offer mentions only what we send. Without a camera we still want to see the other person. */
function askForWhatWeDoNotSend(connection) {
  for (const kind of ['audio', 'video']) {
    const sends = connection.getSenders().some((sender) => sender.track?.kind === kind);
    if (!sends) connection.addTransceiver(kind, { direction: 'recvonly' });
  }
}

// Peer B came second.
socket.on('offer', async (offer, from) => {
  if (partnerId !== null && partnerId !== from) return;
  if (isSealed(offer)) return;
  partnerId = from;
  await myPeerConnection.setRemoteDescription(offer);
  await addEarlyCandidates();
  const answer = await myPeerConnection.createAnswer();
  await myPeerConnection.setLocalDescription(answer);
  socket.emit('answer', answer, roomName);
});

/** A link of the app can carry a key: what its page sends is then sealed, and this page has no key. */
function isSealed(payload) {
  if (!payload?.sealed) return false;
  showError('The other person uses a link with a key. Use a room whose link has none.');
  return true;
}

// Back at peer A.
socket.on('answer', async (answer, from) => {
  if (partnerId !== from) return;
  await myPeerConnection.setRemoteDescription(answer);
  await addEarlyCandidates();
});

// ---------------------------------------------------------------- Step 5: candidates, both sides

socket.on('icecandidate', async (candidate, from) => {
  if (partnerId !== from) return;
  if (isSealed(candidate)) return;
  if (myPeerConnection.remoteDescription) {
    await myPeerConnection.addIceCandidate(candidate);
  } else {
    earlyCandidates.push(candidate);
  }
});

async function addEarlyCandidates() {
  for (const candidate of earlyCandidates.splice(0)) {
    await myPeerConnection.addIceCandidate(candidate);
  }
}

// ---------------------------------------------------------------- Step 6: mute, camera, choice

muteBtn.addEventListener('click', () => {
  for (const track of myStream.getAudioTracks()) track.enabled = !track.enabled;
  showButtons();
});

cameraBtn.addEventListener('click', () => {
  for (const track of myStream.getVideoTracks()) track.enabled = !track.enabled;
  showButtons();
});

/** The labels are read from the tracks themselves, so they cannot say anything else. */
function showButtons() {
  const microphone = myStream.getAudioTracks()[0];
  const camera = myStream.getVideoTracks()[0];
  muteBtn.disabled = !microphone;
  cameraBtn.disabled = !camera;
  camerasSelect.disabled = !camera;
  muteBtn.textContent = microphone && !microphone.enabled ? 'Unmute' : 'Mute';
  cameraBtn.textContent = camera && !camera.enabled ? 'Turn camera on' : 'Turn camera off';
}

async function handleCameraChange() {
  const oldTrack = myStream.getVideoTracks()[0];
  const videoSender = myPeerConnection
    .getSenders()
    .find((sender) => sender.track?.kind === 'video');
  try {
    await getMedia(camerasSelect.value);
  } catch (error) {
    if (error.name !== 'NotReadableError') throw error;
    oldTrack.stop(); // many phones can open only one camera at a time
    await getMedia(camerasSelect.value);
  }
  const newTrack = myStream.getVideoTracks()[0];
  newTrack.enabled = oldTrack.enabled; // a camera that was off stays off
  await videoSender.replaceTrack(newTrack); // no new offer: the other side just sees another picture
  oldTrack.stop();
}

camerasSelect.addEventListener('change', async () => {
  try {
    await handleCameraChange();
    showError('');
  } catch (error) {
    showError(explainMediaError(error));
  }
  await listCameras(); // selects the camera that is really in use
});

navigator.mediaDevices?.addEventListener('devicechange', listCameras);

// ---------------------------------------------------------------- Step 7: the end

socket.on('bye', (peer) => {
  if (peer.id !== partnerId) return;
  endCall();
  makeConnection();
  showStatus('The other person left. Waiting for someone else…');
});

leaveBtn.addEventListener('click', () => {
  socket.emit('leave');
  leaveCall();
});

function leaveCall() {
  endCall();
  for (const track of myStream.getTracks()) track.stop(); // the light of the camera goes out
  myStream = new MediaStream();
  myFace.srcObject = null;
  callSection.hidden = true;
  welcomeForm.hidden = false;
  showStatus('');
}

// ---------------------------------------------------------------- Errors, in words

socket.on('error', (error) => showError(error.message));
socket.on('connect_error', () => showError('The server cannot be reached. Trying again…'));
socket.on('disconnect', () => {
  if (!callSection.hidden) leaveCall();
  showError('The connection to the server was lost. Join again when it is back.');
});
socket.on('connect', () => showError(''));
globalThis.addEventListener('unhandledrejection', (event) => {
  showError(`Something went wrong: ${event.reason?.message ?? event.reason}`);
});

function showStatus(sentence) {
  statusLine.textContent = sentence;
}

function showError(sentence) {
  errorLine.textContent = sentence;
}
