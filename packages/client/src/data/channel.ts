/**
 * A named channel of a room: what one person sends, everybody else who has opened the channel of the
 * same name receives.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { Codec } from './codec.ts';

/** How a channel delivers. Everybody in the room should open it in the same way. */
export interface ChannelOptions<T = unknown> {
  /** `false`, together with `maxRetransmits: 0`: at most once, in any order, never late. @default true */
  readonly ordered?: boolean;
  readonly maxRetransmits?: 0;
  /** For much data: it stands back for all other channels. @default false */
  readonly bulk?: boolean;
  /** @default JSON, and Uint8Array as it is */
  readonly codec?: Codec<T>;
}

/** A message and who sent it. */
export interface ChannelMessage<T> {
  readonly from: PeerId;
  /** Untrusted: a value of the codec's kind, but of the shape the sender chose. */
  readonly data: T;
}

/** What a channel tells. */
export interface ChannelEvents<T> {
  message: ChannelMessage<T>;
  /** A peer has not opened this channel; what was sent to them on it is dropped. */
  unheard: { readonly peer: PeerId };
}

/** How to send. */
export interface SendOptions {
  /** Only to these. @default everybody who is in the room now */
  readonly to?: PeerId | readonly PeerId[];
  /** Takes the message back, where its end has not been sent; `send` rejects with the reason. */
  readonly signal?: AbortSignal;
}

/** How to read a channel as a loop. */
export interface ReadOptions {
  /** Ends the loop, which throws the reason then. */
  readonly signal?: AbortSignal;
}

/** A named channel of a room. It is open for as long as the room is. */
export interface Channel<T> extends AsyncIterable<ChannelMessage<T>> {
  readonly name: string;
  /**
   * Sends a value; resolves when the browsers' connections to all receivers have taken it. Rejects with
   * a ParleyError. Need not be awaited by those who send little.
   */
  send(value: T, options?: SendOptions): Promise<void>;
  /** What `for await` over the channel itself does, with an end that is up to the caller. */
  read(options?: ReadOptions): AsyncGenerator<ChannelMessage<T>, void>;
  on<E extends keyof ChannelEvents<T>>(
    event: E,
    listener: (payload: ChannelEvents<T>[E]) => void,
  ): () => void;
}
