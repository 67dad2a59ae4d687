/**
 * The smallest call: everybody who opens this page and presses Join sees and hears everybody else.
 * `/sdk/parley.js` comes from the Parley server; with a bundler, import `@parley/client` instead.
 */
import { createClient } from '../../sdk/parley.js';

const client = createClient();
const joinBtn = document.getElementById('join');
const people = document.getElementById('people');
const statusLine = document.getElementById('status');

joinBtn.addEventListener('click', async () => {
  joinBtn.disabled = true;
  // Asks for both devices at once. Who has none, or says no, can still see and hear the others.
  await client.media.start({ camera: true, microphone: true });
  try {
    const room = await client.join('hello');
    room.on('peer', show); // also tells of those who were here before us
    room.on('peerLeft', ({ peer }) => document.getElementById(peer.id)?.remove());
    statusLine.textContent = 'You are in the call.';
  } catch (error) {
    statusLine.textContent = error.message; // says what to do next
    joinBtn.disabled = false;
  }
});

function show(peer) {
  const person = document.createElement('figure');
  person.id = peer.id;
  const picture = document.createElement('video');
  const sound = document.createElement('audio');
  picture.playsInline = true;
  picture.autoplay = true;
  sound.autoplay = true;
  person.append(picture, sound);
  people.append(person);
  // Tracks come as soon as there are any, and stay for the whole call.
  const update = () => {
    play(picture, peer.snapshot.camera.track);
    play(sound, peer.snapshot.microphone.track);
  };
  peer.subscribe(update);
  update();
}

/** Each with an element of its own: one for both stays silent until the first picture comes. */
function play(player, track) {
  if (!track || player.srcObject?.getTracks()[0] === track) return;
  player.srcObject = new MediaStream([track]);
}
