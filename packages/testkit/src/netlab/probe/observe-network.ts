/**
 * Probes networks of the laboratory: a mirror on a public server, a probe on a caller's computer.
 * @module
 */
import { once } from 'node:events';
import { execPath } from 'node:process';
import type { LabHost } from '../lab-host.ts';
import { labProgram } from '../lab-program.ts';
import type { NetworkObservation } from './network-observation.ts';

/** A running mirror. Its owner must `close` it. */
export interface Mirror {
  readonly addresses: readonly [string, string];
  close(): Promise<void>;
}

/** Starts a mirror on a host that has these two addresses. */
export async function startMirror(
  host: LabHost,
  addresses: readonly [string, string],
): Promise<Mirror> {
  const child = host.start(execPath, [labProgram('probe/mirror-process'), ...addresses]);
  const exited = once(child, 'exit');
  const ready = once(child.stdout, 'data');
  await Promise.race([
    ready,
    exited.then(() => {
      throw new Error('The mirror did not start.');
    }),
  ]);
  return {
    addresses,
    close: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

/** Finds out what the network of a caller does with packets to a mirror and back. */
export async function observeNetwork(
  caller: LabHost,
  { addresses }: Pick<Mirror, 'addresses'>,
): Promise<NetworkObservation> {
  const program = labProgram('probe/probe-process');
  return JSON.parse(await caller.run(execPath, [program, ...addresses]));
}

/** What `ping` sends. */
export interface PingOptions {
  /** @default 10 */
  readonly count?: number;
  /** Bytes of each datagram. @default as few as needed */
  readonly bytes?: number;
  /** Time from one to the next; 0 sends all at once. @default 20 */
  readonly intervalMs?: number;
}

/** Round trip times to a mirror in milliseconds, one for each datagram that was answered. */
export async function ping(
  caller: LabHost,
  { addresses }: Pick<Mirror, 'addresses'>,
  { count = 10, bytes = 0, intervalMs = 20 }: PingOptions = {},
): Promise<number[]> {
  const program = labProgram('probe/ping-process');
  const args = [addresses[0], count, bytes, intervalMs].map(String);
  return JSON.parse(await caller.run(execPath, [program, ...args]));
}
