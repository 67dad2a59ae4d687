/**
 * Packets at a steady rate, each with the time of its departure inside: how long do they take?
 * @module
 */
import type { Flow } from './calls.ts';
import { shotOf } from './calls.ts';
import type { RawSocket } from './raw-socket.ts';

/** What to do. */
export interface PacePlan {
  readonly flows: readonly Flow[];
  readonly payloadBytes: number;
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

/** What happened. */
export interface PaceResult {
  readonly sent: number;
  readonly received: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const WARM_UP_SECONDS = 1;
const TIME_BYTES = 8;

/** Runs the plan; blocks the thread all the while, so that no arrival waits for its reader. */
export function pace(plan: PacePlan): PaceResult {
  run(plan, WARM_UP_SECONDS);
  const { sent, delaysNs } = run(plan, plan.seconds);
  const sorted = Float64Array.from(delaysNs).toSorted();
  const at = (share: number): number => (sorted[Math.floor(sorted.length * share)] ?? 0) / 1000;
  return { sent, received: sorted.length, p50Us: at(0.5), p99Us: at(0.99) };
}

function run(plan: PacePlan, seconds: number): { sent: number; delaysNs: number[] } {
  const { flows, packetsPerSecond, payloadBytes } = plan;
  const senders = flows.map((flow) => {
    const { socket, bursts } = shotOf(flow, { payloadBytes, burst: 1 });
    const stamp = bursts.payloads[0]?.subarray(flow.sentHeader.length);
    return { socket, bursts, stamp };
  });
  const sinks = flows.map(({ sink, arrivedHeaderBytes }) => ({ sink, arrivedHeaderBytes }));
  const intervalNs = 1e9 / packetsPerSecond;
  const begin = process.hrtime.bigint();
  const total = Math.round(packetsPerSecond * seconds);
  const delaysNs: number[] = [];
  let sent = 0;
  while (sent < total) {
    const now = process.hrtime.bigint();
    if (Number(now - begin) >= sent * intervalNs) {
      const sender = senders[sent % senders.length];
      sender?.stamp?.writeBigUInt64LE(process.hrtime.bigint());
      sender?.socket.send(sender.bursts);
      sent += 1;
    }
    for (const { sink, arrivedHeaderBytes } of sinks) collect(sink, arrivedHeaderBytes, delaysNs);
  }
  return { sent, delaysNs };
}

function collect(sink: RawSocket, headerBytes: number, delaysNs: number[]): void {
  const count = sink.drain();
  if (count === 0) return;
  const now = process.hrtime.bigint();
  for (let slot = 0; slot < count; slot += 1) {
    const bytes = sink.datagram(slot);
    if (bytes.length < headerBytes + TIME_BYTES) continue;
    delaysNs.push(Number(now - bytes.readBigUInt64LE(headerBytes)));
  }
}
