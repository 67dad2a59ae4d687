/** Parley as its documentation has it; without `prepared`, `join` does everything itself. */
globalThis.contender = {
  async load() {
    const { createClient } = await import('/sdk/parley.js');
    this.client = createClient({ url: stage.server });
    await this.client.media.start({ camera: true, microphone: true });
  },
  async enter(room) {
    await this.client.prepare(room);
    await this.join(room);
  },
  async prepare(room) {
    if (stage.prepared) await this.client.prepare(room);
  },
  async join(name) {
    this.room = await this.client.join(name, { name: 'somebody' });
    this.room.on('peer', (peer) => {
      const show = () => {
        if (peer.snapshot.camera.track !== undefined) stage.show(peer.snapshot.stream);
      };
      peer.subscribe(show);
      show();
    });
  },
};
