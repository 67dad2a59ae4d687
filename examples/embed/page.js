// A page with a call in it: its own buttons, and a list of what the call tells.
const call = document.querySelector('#call');
const status = document.querySelector('#status');
const log = document.querySelector('#log');

const note = (text) => {
  const line = document.createElement('li');
  line.textContent = text;
  log.append(line);
};

call.addEventListener('joined', () => note('joined'));
call.addEventListener('left', ({ detail }) => note(`left: ${detail.reason}`));
call.addEventListener('peer-joined', ({ detail }) => note(`${detail.peer.name} came`));
call.addEventListener('peer-left', ({ detail }) => note(`${detail.peer.name} went`));
call.addEventListener('error', ({ detail }) => note(`${detail.code}: ${detail.message}`));

call.addEventListener('state', ({ detail: { state } }) => {
  const { stage, peers, microphone, camera, screen } = state;
  status.textContent = `${stage}, ${peers.length} others, microphone ${microphone ? 'on' : 'off'}`;
  document.querySelector('#microphone').textContent = microphone ? 'Mute' : 'Unmute';
  document.querySelector('#camera').textContent = camera ? 'Camera off' : 'Camera on';
  document.querySelector('#screen').textContent = screen ? 'Stop sharing' : 'Share screen';
});

// Each command is a promise that says whether it worked.
const actions = {
  join: () => call.join({ name: 'Ada' }),
  leave: () => call.leave(),
  microphone: () => call.setMicrophone(!call.state.microphone),
  camera: () => call.setCamera(!call.state.camera),
  screen: () => call.shareScreen(!call.state.screen),
};

for (const [name, act] of Object.entries(actions)) {
  document.querySelector(`#${name}`).addEventListener('click', () => {
    act().catch((error) => note(`${error.code}: ${error.message}`));
  });
}
