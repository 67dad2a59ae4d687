/**
 * What a generator process is told, and what it answers.
 * @module
 */
import type { FloodResult } from './flood.ts';
import type { IdleResult, IdleScenario } from './idle.ts';
import type { PaceResult } from './pace.ts';
import type { StreamResult, StreamScenario } from './stream-load.ts';
import type { Target } from './target.ts';

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
