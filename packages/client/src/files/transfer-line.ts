/**
 * The way to the other side of a transfer, and what both sides know about it.
 * @module
 */
import type { PeerId } from '@parley/protocol';
import type { FileMessage } from './file-message.ts';
import type { FilePart } from './file-part.ts';

/** See the module comment. */
export interface TransferLine {
  readonly peer: PeerId;
  /** Resolves when the connection has taken the message; need not be awaited. */
  tell(message: FileMessage): Promise<void>;
  /** Resolves when the connection has taken the part. */
  send(part: FilePart, signal: AbortSignal): Promise<void>;
}

/** Most that the sender is ahead of what the receiver has stored: enough for 20 MB/s at 200 ms. */
export const MAX_AHEAD_BYTES: number = 4 * 1024 * 1024;
