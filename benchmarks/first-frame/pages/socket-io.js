/**
 * A page as tutorials have it: at the click it connects, joins and makes its connection; whoever is
 * inside offers, and candidates follow one by one. Camera and microphone are open already, and the
 * socket does not begin with polling, which is kinder to it than most tutorials are.
 */
const connectAndJoin = async (room) => {
  const socket = globalThis.io(stage.server, { transports: ['websocket'] });
  const connection = new RTCPeerConnection({ iceServers: [{ urls: stage.stun }] });
  for (const track of stage.media.getTracks()) connection.addTrack(track, stage.media);
  const early = [];
  connection.addEventListener('icecandidate', ({ candidate }) => {
    if (candidate) socket.emit('icecandidate', candidate, room);
  });
  connection.addEventListener('track', ({ track }) => stage.showTrack(track));
  const describe = async (description) => {
    await connection.setRemoteDescription(description);
    for (const candidate of early.splice(0)) await connection.addIceCandidate(candidate);
  };
  socket.on('welcome', async () => {
    const offer = await connection.createOffer();
    await connection.setLocalDescription(offer);
    socket.emit('offer', offer, room);
  });
  socket.on('offer', async (offer) => {
    await describe(offer);
    const answer = await connection.createAnswer();
    await connection.setLocalDescription(answer);
    socket.emit('answer', answer, room);
  });
  socket.on('answer', describe);
  socket.on('icecandidate', async (candidate) => {
    if (connection.remoteDescription) await connection.addIceCandidate(candidate);
    else early.push(candidate);
  });
  await new Promise((resolve) => socket.emit('join', room, resolve));
};

globalThis.contender = {
  load: () => Promise.all([loadScript('/socket.io.js'), openMedia()]),
  enter: connectAndJoin,
  prepare: async () => {},
  join: connectAndJoin,
};
