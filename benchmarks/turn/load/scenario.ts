/**
 * What a generator process is told, and what it answers.
 * @module
 */
import type { FloodResult } from './flood.ts';
import type { IdleResult } from './idle.ts';
import type { PaceResult } from './pace.ts';
import type { StreamResult } from './stream-load.ts';

/** Where the server is and who may use it. */
export interface Target {
  readonly pid: number;
  readonly port: number;
  readonly username: string;
  readonly password: string;
}

/** As many Binding requests, or Refresh requests, as the server takes. */
export interface RequestScenario {
  readonly kind: 'binding' | 'refresh';
  readonly target: Target;
  readonly seconds: number;
}

/** As many relayed packets as the server takes. */
export interface RelayScenario {
  readonly kind: 'open' | 'hairpin';
  readonly target: Target;
  readonly seconds: number;
  readonly payloadBytes: number;
  readonly burst: number;
}

/** Packets at a steady rate; without a server when there is no target. */
export interface PaceScenario {
  readonly kind: 'pace';
  readonly target: Target | undefined;
  readonly seconds: number;
  readonly payloadBytes: number;
  readonly packetsPerSecond: number;
}

/** Relayed packets between TCP clients at a steady rate. */
export interface StreamScenario {
  readonly kind: 'stream';
  readonly target: Target;
  readonly seconds: number;
  readonly payloadBytes: number;
  readonly packetsPerSecond: number;
}

/** Allocations that do nothing. */
export interface IdleScenario {
  readonly kind: 'idle';
  readonly target: Target;
  readonly allocations: number;
  /** Their clients send from this port and those that follow. */
  readonly firstPort: number;
  /** Channels lead to a plain UDP peer; else to the allocation's own relayed address. */
  readonly toPeer: boolean;
}

/** One sample of one benchmark. */
export type Scenario =
  | RequestScenario
  | RelayScenario
  | PaceScenario
  | StreamScenario
  | IdleScenario;

/** What the generator prints about it, as JSON. */
export type ResultOf<S extends Scenario> = S extends PaceScenario
  ? PaceResult
  : S extends IdleScenario
    ? IdleResult
    : S extends StreamScenario
      ? StreamResult
      : FloodResult;
