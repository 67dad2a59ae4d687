/** A DataConnection of PeerJS, as its documentation has it, and a file in pieces over it. */
const PIECE_BYTES = 64 * 1024;
const MAX_BUFFERED_BYTES = 1024 * 1024;
const FULL_MS = 20;

/** Listened for before the other side is asked to connect. */
const incoming = new Promise((resolve) => globalThis.contender.peer.on('connection', resolve));

const sleep = (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs));

Object.assign(globalThis.contender, {
  async connect() {
    const { peer } = this;
    const connection =
      this.calledRoom === undefined
        ? await incoming
        : peer.connect(this.calledRoom, { reliable: true });
    if (!connection.open) await new Promise((resolve) => connection.on('open', resolve));
    return connection;
  },
  async talk(log) {
    this.data = await this.connect();
    log.others = 1;
    this.data.on('close', () => {
      log.gone += 1;
    });
    this.data.on('data', (data) => {
      if (typeof data === 'number') log.received.push(data);
    });
    return (number) => this.data.send(number);
  },
  async sendFile(file) {
    const { data } = this;
    data.send({ size: file.size });
    for (let start = 0; start < file.size; start += PIECE_BYTES) {
      const piece = await file.slice(start, start + PIECE_BYTES).arrayBuffer();
      while (data.open && data.dataChannel.bufferedAmount > MAX_BUFFERED_BYTES) {
        await sleep(FULL_MS);
      }
      if (!data.open) throw new Error('the connection has ended');
      data.send(piece);
    }
  },
  receiveFile() {
    return new Promise((resolve, reject) => {
      const pieces = [];
      let size;
      let received = 0;
      this.data.on('close', () => reject(new Error('the connection has ended')));
      this.data.on('data', (data) => {
        if (typeof data === 'number') return;
        if (typeof data.size === 'number') size = data.size;
        else {
          pieces.push(data);
          received += data.byteLength;
        }
        if (received === size) resolve(globalThis.digestOf(new Blob(pieces)));
      });
    });
  },
});
