/**
 * simple-peer over a Socket.IO connection that is open before the click: whoever is inside is told of
 * the newcomer and calls. Every signal is sent as it comes.
 */
globalThis.contender = {
  async load() {
    await Promise.all([loadScript('/socket.io.js'), loadScript('/simple-peer.js'), openMedia()]);
    this.socket = globalThis.io(stage.server, { transports: ['websocket'] });
    await new Promise((resolve) => this.socket.on('connect', resolve));
    this.socket.on('welcome', ({ id }) => this.talkTo(id, true));
    this.socket.on('offer', (signal, from) => {
      if (this.peer === undefined) this.talkTo(from, false);
      this.peer.signal(signal);
    });
  },
  talkTo(id, initiator) {
    const config = { iceServers: [{ urls: stage.stun }] };
    this.peer = new globalThis.SimplePeer({ initiator, stream: stage.media, config });
    this.peer.on('signal', (signal) => this.socket.emit('offer', signal, stage.room, id));
    this.peer.on('stream', (stream) => stage.show(stream));
  },
  async enter(room) {
    await this.socket.emitWithAck('join', room);
  },
  async prepare() {},
  async join(room) {
    await this.socket.emitWithAck('join', room);
  },
};
