/**
 * One client of the load generator.
 * @module
 */
import { WebSocket } from 'ws';
import type { Dialect, OutgoingSignal } from './dialects.ts';

/** How a client enters. */
export interface Entry {
  /** Comes with the join. */
  readonly offer: string;
  /** See {@link Client.onSignal}. */
  readonly onSignal: (from: string) => void;
}

let lastId = 0;

/** A connection that is open, and in a room where there are rooms. */
export class Client {
  readonly room: string;
  /** Its name for the others. */
  id: string;
  /** Called for each signal of another one. */
  onSignal: (from: string) => void = () => {};
  /** Called for each one who comes. */
  onWelcome: (id: string) => void = () => {};
  readonly #socket: WebSocket;
  readonly #dialect: Dialect;

  private constructor(dialect: Dialect, socket: WebSocket, id: string, room: string) {
    this.#dialect = dialect;
    this.#socket = socket;
    this.id = id;
    this.room = room;
  }

  /** Connects and enters, with an offer or without. */
  static enter(dialect: Dialect, port: number, room: string, entry?: Entry): Promise<Client> {
    lastId += 1;
    const id = `client-${process.pid}-${lastId}`;
    const socket = new WebSocket(dialect.url(port, id), { perMessageDeflate: false });
    const client = new Client(dialect, socket, id, room);
    if (entry !== undefined) client.onSignal = entry.onSignal;
    return new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('the server has closed the connection')));
      socket.on('open', () => {
        if (dialect.hello !== undefined) socket.send(dialect.hello);
      });
      socket.on('message', (data: Buffer) => {
        client.#receive(data.toString(), resolve, entry?.offer);
      });
    });
  }

  send(signal: Pick<OutgoingSignal, 'type' | 'text' | 'to'>): void {
    this.#socket.send(this.#dialect.signal({ ...signal, from: this.id, room: this.room }));
  }

  /** Says goodbye, then closes. */
  leave(): void {
    if (this.#dialect.leave !== undefined) this.#socket.send(this.#dialect.leave);
    this.#socket.close();
  }

  #receive(frame: string, entered: (client: Client) => void, offer: string | undefined): void {
    const heard = this.#dialect.read(frame);
    switch (heard.kind) {
      case 'ready': {
        const join = this.#dialect.join?.(this.room, offer);
        if (join === undefined) entered(this);
        else this.#socket.send(join);
        return;
      }
      case 'joined':
        this.id = heard.id;
        return entered(this);
      case 'signal':
        return this.onSignal(heard.from);
      case 'welcome':
        return this.onWelcome(heard.id);
      case 'nothing':
        if (heard.reply !== undefined) this.#socket.send(heard.reply);
    }
  }
}
