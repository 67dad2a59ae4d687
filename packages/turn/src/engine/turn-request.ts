/**
 * A request somebody is responsible for, and what a handler may make of it.
 * @module
 */
import type { Authenticated } from '../auth/long-term.ts';
import type { ErrorCode } from '../wire/error-code.ts';
import type { MessageReader } from '../wire/message-reader.ts';
import type { MessageWriter } from '../wire/message-writer.ts';
import type { Allocation } from './allocation.ts';
import type { EngineCore } from './engine-core.ts';
import type { ReceivedPacket } from './packet-socket.ts';
import type { RelayMode } from './relay-mode.ts';

/** One authenticated request. */
export interface TurnRequest {
  readonly message: MessageReader;
  readonly packet: ReceivedPacket;
  readonly user: Authenticated;
  /** The allocation at the 5-tuple the request came from. */
  readonly allocation: Allocation | undefined;
  readonly nowMs: number;
}

/** A request that belongs to an allocation of its sender. */
export interface AllocationRequest extends TurnRequest {
  readonly allocation: Allocation;
}

/** What handlers work with besides the request. */
export interface HandlerContext {
  readonly core: EngineCore;
  readonly relay: RelayMode;
  /** The last channel number that may be bound. */
  readonly lastChannel: number;
  /** Has the head of a success answer; handlers that succeed append their attributes. */
  readonly writer: MessageWriter;
}

/** An error code is the answer; `silent` is none: one is on its way, or a later one will come. */
export type Outcome = 'success' | 'silent' | ErrorCode;
