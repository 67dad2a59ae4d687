/** Channel and files of the SDK, as its documentation has them. */
Object.assign(globalThis.contender, {
  talk(log) {
    const { room } = this;
    room.on('peer', () => {
      log.others += 1;
    });
    room.on('peerLeft', () => {
      log.gone += 1;
    });
    const channel = room.channel('count');
    channel.on('message', ({ data }) => log.received.push(data));
    return (number) => channel.send(number);
  },
  async sendFile(file) {
    await this.room.files.send(file, { to: this.room.snapshot.peers[0].id });
  },
  async receiveFile() {
    const offer = await new Promise((resolve) => this.room.files.on('offer', resolve));
    const { sha256 } = await offer.accept(new WritableStream());
    return sha256;
  },
});
