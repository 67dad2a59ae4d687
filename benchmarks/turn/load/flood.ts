/**
 * As many packets as a server takes: a fixed number is under way at any time, and each that comes
 * back lets another one go. So nothing is lost for lack of room, and the server never waits.
 * @module
 */
import { cpuNanoseconds } from '../procfs.ts';
import type { PreparedBursts, RawSocket } from './raw-socket.ts';
import type { Sinks } from './sinks.ts';

/** One thing to send. */
export interface Shot {
  readonly socket: RawSocket;
  readonly bursts: PreparedBursts;
}

/** What to do. */
export interface FloodPlan {
  readonly shots: readonly Shot[];
  /** Where packets come out of the server. */
  readonly sinks: Sinks;
  /** Packets under way. */
  readonly window: number;
  readonly seconds: number;
  readonly serverPid: number;
}

/** What happened. */
export interface FloodResult {
  /** Packets that came out of the server. */
  readonly received: number;
  readonly lost: number;
  readonly elapsedSeconds: number;
  /** Processor time the server used for them. */
  readonly serverCpuSeconds: number;
  /** Share of the time in which the generator had nothing to do: its head room. */
  readonly idleShare: number;
}

/** The server and its caches get used to the work before the clock starts. */
const WARM_UP_SECONDS = 0.5;

/** Packets not back by then are lost. */
const LOST_AFTER_NS = 20_000_000n;

/** Runs the plan; blocks the thread all the while. */
export function flood(plan: FloodPlan): FloodResult {
  const state = { next: 0, underWay: 0 };
  pump(plan, state, WARM_UP_SECONDS);
  const cpuBefore = cpuNanoseconds(plan.serverPid);
  const { received, lost, idleNs, elapsedNs } = pump(plan, state, plan.seconds);
  const cpuAfter = cpuNanoseconds(plan.serverPid);
  return {
    received,
    lost,
    elapsedSeconds: elapsedNs / 1e9,
    serverCpuSeconds: (cpuAfter - cpuBefore) / 1e9,
    idleShare: idleNs / elapsedNs,
  };
}

interface Pumped {
  received: number;
  lost: number;
  idleNs: number;
  elapsedNs: number;
}

function pump(plan: FloodPlan, state: { next: number; underWay: number }, seconds: number): Pumped {
  const { shots, sinks, window } = plan;
  const result: Pumped = { received: 0, lost: 0, idleNs: 0, elapsedNs: 0 };
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(seconds * 1e9));
  let now = begin;
  let lastArrival = begin;
  while (now < end) {
    const arrived = sinks.drain();
    result.received += arrived;
    state.underWay = Math.max(0, state.underWay - arrived);
    let fired = 0;
    while (state.underWay < window) {
      const shot = shots[state.next % shots.length];
      if (shot === undefined) break;
      shot.socket.send(shot.bursts);
      state.next += 1;
      state.underWay += shot.bursts.datagrams;
      fired += 1;
    }
    const before = now;
    now = process.hrtime.bigint();
    if (arrived > 0) lastArrival = now;
    else if (fired === 0) result.idleNs += Number(now - before);
    if (now - lastArrival > LOST_AFTER_NS) {
      result.lost += state.underWay;
      state.underWay = 0;
      lastArrival = now;
    }
  }
  result.elapsedNs = Number(now - begin);
  return result;
}
