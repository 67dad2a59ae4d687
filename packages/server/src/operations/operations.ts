/**
 * What an owner needs of a running server: numbers, a look at the rooms, and a quiet stop.
 * @module
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { isPeerId } from '@parley/protocol';
import type { PeerId } from '@parley/protocol';
import { emptyTransportCounters, emptyTurnCounters } from '@parley/turn';
import type { Clock } from '../clock.ts';
import { isLoopback } from '../door/address-key.ts';
import type { ServerStats } from '../server-stats.ts';
import { Drain } from './drain.ts';
import type { GateContext } from './gate.ts';
import { Metrics } from './metrics.ts';
import { createOperationsHandler } from './operations-handler.ts';
import type { RoomReport } from './room-report.ts';
import { Tally } from './tally.ts';

/** The server as its owner sees it. */
export interface OperatedServer {
  readonly stats: ServerStats;
  /** People in rooms who can be reached now; those whose place is kept for them are elsewhere. */
  readonly peopleHere: number;
  /** The people inside, by their rooms. */
  reportRooms(): Promise<readonly RoomReport[]>;
  /** False when nobody has this id. */
  remove(peer: PeerId): Promise<boolean>;
}

/** What it works with. */
export interface OperationsOptions {
  readonly adminToken: string | undefined;
  readonly clock: Clock;
  /** The server lets nobody in any more. */
  readonly onDrain: () => void;
}

const NOTHING: ServerStats = {
  connections: 0,
  rooms: 0,
  peers: 0,
  relay: {
    ...emptyTurnCounters(),
    ...emptyTransportCounters(),
    threads: { down: 0, restarts: 0 },
  },
  nodes: undefined,
};

/** Made before the server, which is then given to `attach`. Its owner must `close` it. */
export class Operations {
  readonly drain: Drain;
  readonly #options: OperationsOptions;
  readonly #tally: Tally = new Tally();
  readonly #metrics: Metrics;
  #server: OperatedServer | undefined;

  constructor(options: OperationsOptions) {
    this.#options = options;
    this.drain = new Drain({
      clock: options.clock,
      remaining: () => this.#server?.peopleHere ?? 0,
      onBegin: options.onDrain,
    });
    this.#metrics = new Metrics({
      stats: () => this.#stats(),
      tally: this.#tally,
      isDraining: () => this.drain.isDraining,
    });
  }

  /** Stands before every session. */
  get gate(): GateContext {
    return { drain: this.drain, observer: this.#tally };
  }

  attach(server: OperatedServer): void {
    this.#server = server;
  }

  /** Handles what an owner asks; the rest is for `otherwise`. */
  before(otherwise: RequestListener): RequestListener {
    const { adminToken, clock } = this.#options;
    const context = {
      metrics: this.#metrics,
      adminToken,
      now: clock.now,
      isDraining: () => this.drain.isDraining,
      isLocal,
      nodes: () => this.#stats().nodes,
      rooms: async () => (await this.#server?.reportRooms()) ?? [],
      remove: async (id: string) => isPeerId(id) && (await this.#server?.remove(id)) === true,
      drain: () => this.drain.begin(),
    };
    return createOperationsHandler(context, otherwise);
  }

  close(): void {
    this.#metrics.close();
  }

  #stats(): ServerStats {
    return this.#server?.stats ?? NOTHING;
  }
}

/** Straight from this machine: a proxy here stands for somebody else. */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = 'x-forwarded-for' in headers || 'forwarded' in headers || 'via' in headers;
  return isLoopback(socket.remoteAddress ?? '') && !isForwarded;
}
