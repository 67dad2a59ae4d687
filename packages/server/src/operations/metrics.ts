/**
 * The numbers of a server in the text format of Prometheus. Nothing is counted here: everything is
 * read when somebody asks.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @module
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { IntervalHistogram } from 'node:perf_hooks';
import { Counter, Gauge, Registry } from 'prom-client';
import type { ServerStats } from '../server-stats.ts';
import type { Tally } from './tally.ts';

/** What is asked. */
export interface MetricSources {
  readonly stats: () => ServerStats;
  readonly tally: Tally;
  readonly isDraining: () => boolean;
}

const NANOSECONDS = 1e9;
const QUANTILES = [50, 99];
/** Finer costs time, coarser hides what a call would feel. */
const RESOLUTION_MS = 20;

/** Counters of the relay by the name of the metric, and what they count. */
const RELAY_TOTALS = [
  ['bindings', 'parley_stun_bindings_total', 'Answers to STUN binding requests.'],
  ['allocationsStarted', 'parley_relay_allocations_started_total', 'Allocations that began.'],
  ['allocationsEnded', 'parley_relay_allocations_ended_total', 'Allocations that ended.'],
  ['allocationsRefused', 'parley_relay_allocations_refused_total', 'Allocations not given.'],
  ['packetsRelayed', 'parley_relay_packets_total', 'Packets relayed.'],
  ['bytesRelayed', 'parley_relay_bytes_total', 'Bytes relayed.'],
] as const;

/** What the sockets of the relay dropped, by reason. */
const TRANSPORT_DROPS = [
  'udpSendDropped',
  'udpSendFailed',
  'udpOversized',
  'streamSendDropped',
  'streamOversized',
] as const;

/** The metrics of one server. Its owner must `close` it. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor(sources: MetricSources) {
    this.#delay.enable();
    this.#addPeople(sources);
    this.#addRelay(sources);
    this.#addProcess();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** The page as text. */
  read(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Idempotent. */
  close(): void {
    this.#delay.disable();
    this.#registry.clear();
  }

  #addPeople({ stats, tally, isDraining }: MetricSources): void {
    this.#gauge('parley_rooms', 'Rooms with somebody inside.', () => stats().rooms);
    this.#gauge('parley_people', 'People in all rooms together.', () => stats().peers);
    this.#gauge('parley_connections', 'Connected sockets.', () => stats().connections);
    this.#gauge('parley_draining', '1 while the server is about to stop.', () =>
      isDraining() ? 1 : 0,
    );
    this.#addNodes(stats);
    this.#total('parley_joins_total', 'People who were let in.', () => tally.joins);
    this.#total('parley_resumes_total', 'People who came back.', () => tally.resumes);
    this.#byLabel('parley_refusals_total', 'Messages refused, by error code.', 'code', () => [
      ...tally.refusals,
    ]);
  }

  #addNodes(stats: MetricSources['stats']): void {
    this.#gauge('parley_nodes', 'Nodes that live, this one included.', () => {
      return stats().nodes?.count ?? 1;
    });
    this.#gauge('parley_redis_connected', '1 while Redis is in reach, 0 while it is away.', () => {
      return stats().nodes?.isConnected === true ? 1 : 0;
    });
  }

  #addRelay({ stats }: MetricSources): void {
    const relay = (): ServerStats['relay'] => stats().relay;
    this.#gauge('parley_relay_allocations', 'Allocations alive.', () => relay().allocations);
    this.#gauge('parley_relay_threads_down', 'Relay threads that do not listen.', () => {
      return relay().threads.down;
    });
    this.#total('parley_relay_thread_restarts_total', 'Relay threads started again.', () => {
      return relay().threads.restarts;
    });
    for (const [field, name, help] of RELAY_TOTALS) this.#total(name, help, () => relay()[field]);
    this.#byLabel('parley_relay_drops_total', 'Packets dropped, by reason.', 'reason', () => [
      ...Object.entries(relay().drops),
      ...TRANSPORT_DROPS.map((field) => [field, relay()[field]] as const),
    ]);
    this.#byLabel(
      'parley_relay_auth_failures_total',
      'Requests to the relay that were not authenticated, by reason.',
      'reason',
      () => Object.entries(relay().authFailures),
    );
  }

  #addProcess(): void {
    const delay = this.#delay;
    const registers = [this.#registry];
    const gauge: Gauge = new Gauge({
      name: 'parley_event_loop_delay_seconds',
      help: 'How late timers of the main thread are, since the last look.',
      labelNames: ['quantile'],
      registers,
      collect: () => {
        for (const quantile of QUANTILES) {
          gauge.set({ quantile: quantile / 100 }, delay.percentile(quantile) / NANOSECONDS);
        }
        delay.reset();
      },
    });
    this.#gauge('parley_uptime_seconds', 'Time since the process began.', () => process.uptime());
    this.#gauge('parley_memory_bytes', 'Memory of the process in RAM.', () => {
      return process.memoryUsage.rss();
    });
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect: () => {
        gauge.set(read());
      },
    });
  }

  #total(name: string, help: string, read: () => number): void {
    const counter: Counter = new Counter({
      name,
      help,
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        counter.inc(read());
      },
    });
  }

  #byLabel(
    name: string,
    help: string,
    label: string,
    read: () => readonly (readonly [string, number])[],
  ): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect: () => {
        counter.reset();
        for (const [value, count] of read()) counter.inc({ [label]: value }, count);
      },
    });
  }
}
