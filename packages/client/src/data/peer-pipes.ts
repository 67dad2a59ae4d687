/**
 * The data channels to one peer, beside the control channel: one for each way of delivery, so that a
 * file does not hold up a chat message. What happens before somebody listens waits, in order. Lives as
 * long as the peer does, whatever happens to the connection.
 * @module
 */
import type { ChannelOptions } from './channel.ts';

/** How messages travel. `bulk` is reliable as well, and stands back for the others. */
export type Delivery = 'reliable' | 'unreliable' | 'bulk';

/** The part of an RTCPeerConnection that is needed. */
export type PipeConnection = Pick<RTCPeerConnection, 'createDataChannel'>;

/** Takes what happens. */
export interface PipesListener {
  /** This data channel is the newest of its kind, and open. */
  opened(delivery: Delivery, channel: RTCDataChannel): void;
  received(delivery: Delivery, bytes: Uint8Array): void;
  /** The page of this peer has no channels. */
  refuse(): void;
  /** The peer has left. */
  close(): void;
}

/** Both sides open these by agreement on their ids, so that they need no handshake. 0 is the control channel. */
const PIPES: readonly (readonly [Delivery, RTCDataChannelInit])[] = [
  ['reliable', { id: 1 }],
  ['unreliable', { id: 2, ordered: false, maxRetransmits: 0 }],
  ['bulk', { id: 3 }],
];

/** How a channel that was opened like this delivers. */
export function deliveryOf({ maxRetransmits, bulk }: ChannelOptions): Delivery {
  if (maxRetransmits === 0) return 'unreliable';
  return bulk === true ? 'bulk' : 'reliable';
}

/** See the module comment. Its owner must `close` it. */
export class PeerPipes {
  /** Called when a message came and nobody listens. */
  onUnheard: () => void = () => {};
  #listener: PipesListener | undefined;
  /** The newest ones, until somebody listens; those of connections before are let go. */
  readonly #open = new Map<Delivery, RTCDataChannel>();
  #waiting: ((listener: PipesListener) => void)[] = [];

  /** Uses this connection from now on; to be called before it is negotiated. */
  attach(connection: PipeConnection): void {
    for (const [delivery, init] of PIPES) {
      const channel = connection.createDataChannel('parley', { ...init, negotiated: true });
      channel.binaryType = 'arraybuffer';
      channel.addEventListener('open', () => {
        if (this.#listener === undefined) this.#open.set(delivery, channel);
        else this.#listener.opened(delivery, channel);
      });
      channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (!(data instanceof ArrayBuffer)) return;
        this.#tell((to) => to.received(delivery, new Uint8Array(data)));
        if (this.#listener === undefined) this.onUnheard();
      });
    }
  }

  /** Sets the one listener and tells it what has happened. */
  listen(listener: PipesListener): void {
    this.#listener = listener;
    for (const [delivery, channel] of this.#open) listener.opened(delivery, channel);
    this.#open.clear();
    for (const tell of this.#waiting.splice(0)) tell(listener);
  }

  /** The page of this peer has no channels. What waits is refused. */
  refuse(): void {
    this.#tell((to) => to.refuse());
  }

  /** The peer has left. What waits is refused. */
  close(): void {
    this.#tell((to) => to.close());
  }

  #tell(tell: (listener: PipesListener) => void): void {
    if (this.#listener === undefined) this.#waiting.push(tell);
    else tell(this.#listener);
  }
}
