/**
 * Somebody in a room who is no browser: an echo. Whoever calls hears and sees themselves.
 *
 *     npm install socket.io-client werift
 *     node node-peer.js https://calls.example.org echo
 *
 * It speaks the protocol of docs/SPEC-signaling.md by hand, as the tutorial page in examples/plain does.
 */
import { io } from 'socket.io-client';
import { RTCPeerConnection } from 'werift';

const [url = 'http://localhost:8443', room = 'echo'] = process.argv.slice(2);
/** Browsers send whole pictures only when somebody asks for one. */
const PICTURE_INTERVAL_MS = 2_000;

const socket = io(url);
/** One connection for each person in the room, by their id. */
const connections = new Map();
let iceServers = [];

socket.on('connect', async () => {
  const reply = await socket.emitWithAck('join', { room, name: 'Echo' });
  if (!reply.ok) throw new Error(reply.error.message);
  iceServers = reply.iceServers;
  console.log(`in the room ${room}`);
});

// Somebody has come: whoever is inside makes the offer.
socket.on('welcome', async ({ id }) => {
  const connection = connect(id);
  connection.addTransceiver('audio', { direction: 'sendrecv' });
  connection.addTransceiver('video', { direction: 'sendrecv' });
  await describe(connection, 'offer', id);
});

// Somebody was here before us, or wants to change something.
socket.on('offer', async (offer, from) => {
  const connection = connections.get(from) ?? connect(from);
  await connection.setRemoteDescription(offer);
  for (const transceiver of connection.getTransceivers()) transceiver.direction = 'sendrecv';
  await describe(connection, 'answer', from);
});

socket.on('answer', (answer, from) => connections.get(from)?.setRemoteDescription(answer));

socket.on('icecandidate', (candidate, from) => {
  if (candidate?.candidate) connections.get(from)?.addIceCandidate(candidate);
});

socket.on('bye', ({ id }) => {
  connections.get(id)?.close();
  connections.delete(id);
});

function connect(id) {
  const connection = new RTCPeerConnection({ iceServers: iceServers.flatMap(withOneUrl) });
  connections.set(id, connection);
  connection.onicecandidate = ({ candidate }) => {
    if (candidate) socket.emit('icecandidate', candidate, room, id);
  };
  connection.ontrack = ({ track, transceiver }) => {
    void transceiver.sender.replaceTrack(track); // the echo
    if (track.kind === 'video') askForPictures(connection, transceiver, track);
  };
  return connection;
}

async function describe(connection, event, id) {
  const description =
    event === 'offer' ? await connection.createOffer() : await connection.createAnswer();
  await connection.setLocalDescription(description);
  const { type, sdp } = connection.localDescription;
  socket.emit(event, { type, sdp }, room, id);
}

function askForPictures(connection, transceiver, track) {
  const timer = setInterval(() => {
    if (connection.connectionState === 'closed') clearInterval(timer);
    else if (track.ssrc) transceiver.receiver.sendRtcpPLI(track.ssrc);
  }, PICTURE_INTERVAL_MS);
}

/** werift takes one address for each server. */
function withOneUrl({ urls, ...credentials }) {
  return urls.map((one) => ({ urls: one, ...credentials }));
}
