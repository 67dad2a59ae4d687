/**
 * PeerJS as its documentation has it: a Peer, a call to an id that is known, an answer. With
 * `prepared` the Peer is open before the click; with `relay` it knows our STUN and TURN.
 */
const findRelay = async () => {
  await loadScript('/socket.io.js');
  const socket = globalThis.io(stage.server, { transports: ['websocket'] });
  const { iceServers } = await new Promise((resolve) => socket.emit('join', stage.room, resolve));
  return iceServers;
};

const openPeer = async (id) => {
  const { hostname: host, port } = new URL(stage.peerServer);
  const iceServers = stage.relay ? await findRelay() : [{ urls: stage.stun }];
  const config = { iceServers };
  const options = { host, port: Number(port), path: '/', config };
  const peer =
    id === undefined
      ? new globalThis.peerjs.Peer(options)
      : new globalThis.peerjs.Peer(id, options);
  return new Promise((resolve, reject) => {
    peer.on('open', () => resolve(peer));
    peer.on('error', reject);
  });
};

globalThis.contender = {
  async load() {
    await Promise.all([loadScript('/peerjs.js'), openMedia()]);
  },
  async enter(room) {
    this.peer = await openPeer(room);
    this.peer.on('call', (call) => {
      call.on('stream', (stream) => stage.show(stream));
      call.answer(stage.media);
    });
  },
  async prepare() {
    if (stage.prepared) this.peer = await openPeer();
  },
  async join(room) {
    this.peer ??= await openPeer();
    this.calledRoom = room;
    this.peer.call(room, stage.media).on('stream', (stream) => stage.show(stream));
  },
};
