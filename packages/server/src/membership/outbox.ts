/**
 * What was sent to one member lately, numbered, so that it can be sent again after a break: a ring
 * with a limit in pieces and in bytes. Pure state; the time is handed in.
 * @module
 */
import type { Now } from '../clock.ts';

/** How much is kept. */
export interface OutboxLimits {
  readonly entries: number;
  readonly bytes: number;
}

/** One thing that was sent. */
export interface OutboxEntry<Signal> {
  readonly seq: number;
  readonly signal: Signal;
  readonly bytes: number;
  readonly atMs: number;
}

/** See the module comment. Numbers begin with 1. */
export class Outbox<Signal> {
  readonly #now: Now;
  #limits: OutboxLimits;
  #entries: OutboxEntry<Signal>[] = [];
  #bytes = 0;
  /** Number of the last one that was added. */
  #seq: number;
  /** Number of the last one that is not here any more. */
  #gone: number;

  /** @param seq what the numbers go on from */
  constructor(limits: OutboxLimits, now: Now, seq = 0) {
    this.#limits = limits;
    this.#now = now;
    this.#seq = seq;
    this.#gone = seq;
  }

  /** Keeps one more and returns its number. */
  add(signal: Signal, bytes: number): number {
    this.#seq += 1;
    if (this.#limits.entries === 0) {
      this.#gone = this.#seq;
      return this.#seq;
    }
    this.#entries.push({ seq: this.#seq, signal, bytes, atMs: this.#now() });
    this.#bytes += bytes;
    this.#trim();
    return this.#seq;
  }

  /** What came after `lastSeen`, in order; `undefined` when some of it is not here any more. */
  since(lastSeen: number): readonly OutboxEntry<Signal>[] | undefined {
    if (lastSeen < this.#gone || lastSeen > this.#seq) return undefined;
    return this.#entries.filter(({ seq }) => seq > lastSeen);
  }

  /** From now on there is room for so much. */
  limit(limits: OutboxLimits): void {
    this.#limits = limits;
    this.#trim();
  }

  /** Forgets what was sent longer ago. */
  forgetOlderThan(ageMs: number): void {
    const since = this.#now() - ageMs;
    while ((this.#entries[0]?.atMs ?? since) < since) this.#drop();
  }

  /** Forgets everything; numbers go on from `seq`, or from where they are when that is later. */
  restart(seq: number): void {
    this.#seq = Math.max(this.#seq, seq);
    this.#gone = this.#seq;
    this.#entries = [];
    this.#bytes = 0;
  }

  #trim(): void {
    const { entries, bytes } = this.#limits;
    while (this.#entries.length > entries || this.#bytes > bytes) this.#drop();
  }

  #drop(): void {
    const dropped = this.#entries.shift();
    if (dropped === undefined) return;
    this.#gone = dropped.seq;
    this.#bytes -= dropped.bytes;
  }
}
