/**
 * What the tools of a call need of its room: so little that a test can be a room.
 * @module
 */
import type { PeerId } from '@parley/client';

/** A channel, as far as it is needed. */
export interface ToolChannel {
  send(value: unknown, options?: { readonly to?: PeerId }): Promise<void>;
  on(
    event: 'message',
    listener: (message: { readonly from: PeerId; readonly data: unknown }) => void,
  ): () => void;
}

/** A room, as far as it is needed. */
export interface ToolRoom {
  readonly self: { readonly name: string };
  channel(name: string): ToolChannel;
  handle(name: string, handler: () => unknown): () => void;
  request(name: string, value: unknown, options: { readonly to: PeerId }): Promise<unknown>;
  on(event: 'peer', listener: (peer: { readonly id: PeerId }) => void): () => void;
  on(
    event: 'peerLeft',
    listener: (payload: { readonly peer: { readonly id: PeerId } }) => void,
  ): () => void;
}
