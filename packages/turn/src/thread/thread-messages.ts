/**
 * What the main thread and a relay thread tell each other. Everything here is cloned by the system:
 * plain values and bytes only.
 * @module
 */
import type { MessagePort } from 'node:worker_threads';
import type { TurnCounters } from '../engine/counters.ts';
import type { LogFields } from '../engine/logger.ts';
import type { StreamEnds } from '../transport/stream/stream-connection.ts';
import type { TransportCounters } from '../transport/transport-counters.ts';
import type { ListenAddress, TurnListenOptions, TurnServerOptions } from '../turn-server.ts';

/** Options of a server that can be cloned into another thread. */
export type ThreadServerOptions = Omit<TurnServerOptions, 'credentials' | 'logger'>;

/** Threads that share a port, as one of them sees it. */
export interface ThreadTeam {
  /** Its own number, from 0, and how many there are. */
  readonly seat: number;
  readonly seats: number;
  /** Makes nonces that all of them accept. */
  readonly nonceKey: Uint8Array;
  /** Shared memory: how many messages there were from other threads to each seat. */
  readonly news: Int32Array;
}

/** What a relay thread is started with. */
export interface RelayWorkerData {
  readonly options: ThreadServerOptions;
  /** Only when there is more than one. */
  readonly team: ThreadTeam | undefined;
  /** See `DescriptorRecord`. */
  readonly descriptors: Uint8Array<SharedArrayBuffer>;
}

/** Bytes of one connection. They are handed over, never shared. */
export interface StreamBytes {
  readonly stream: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Somebody is in a room, or out of it. */
export interface MemberChange {
  readonly type: 'admit' | 'revoke';
  readonly room: string;
  readonly peer: string;
}

/** From the main thread. */
export type ToRelay =
  /** Another thread has taken its seat, and can be reached through this port. */
  | { readonly type: 'neighbour'; readonly seat: number; readonly port: MessagePort }
  | { readonly type: 'listen'; readonly options: TurnListenOptions }
  | { readonly type: 'members'; readonly changes: readonly MemberChange[] }
  | { readonly type: 'stream-open'; readonly stream: number; readonly ends: StreamEnds }
  | { readonly type: 'stream-data'; readonly data: readonly StreamBytes[] }
  | { readonly type: 'stream-close'; readonly stream: number }
  | { readonly type: 'close' };

/** From a relay thread. */
export type FromRelay =
  | { readonly type: 'listening'; readonly address: ListenAddress }
  | { readonly type: 'listen-failed'; readonly failure: ThreadFailure }
  | { readonly type: 'stream-data'; readonly data: readonly StreamBytes[] }
  | { readonly type: 'stream-close'; readonly stream: number }
  | { readonly type: 'counters'; readonly counters: ThreadCounters }
  | { readonly type: 'log'; readonly line: ThreadLogLine }
  | { readonly type: 'closed' };

/** Totals of one relay thread. */
export interface ThreadCounters {
  readonly turn: TurnCounters;
  readonly transport: TransportCounters;
}

/** One line for the log of the main thread. */
export interface ThreadLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** An error on its way to another thread, which would lose its `code`. */
export interface ThreadFailure {
  readonly isRange: boolean;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

const SYSTEM_FIELDS: ReadonlySet<string> = new Set(['code', 'errno', 'syscall', 'address', 'port']);

/** Takes an error apart. */
export function packError(error: unknown): ThreadFailure {
  if (!(error instanceof Error)) return { isRange: false, message: String(error), fields: {} };
  const fields = Object.fromEntries(
    Object.entries(error).filter(([name]) => SYSTEM_FIELDS.has(name)),
  );
  return { isRange: error instanceof RangeError, message: error.message, fields };
}

/** Puts an error together again. */
export function unpackError({ isRange, message, fields }: ThreadFailure): Error {
  const error = isRange ? new RangeError(message) : new Error(message);
  return Object.assign(error, fields);
}
