/**
 * Memory of an allocation with one channel over which nothing is sent. What the first 500 need is
 * left out, as a server grows once when it is first used.
 * @module
 */
import { setTimeout as delay } from 'node:timers/promises';
import { compare, generate, readRunOptions } from './compare.ts';
import { residentBytes } from './procfs.ts';
import { coturn, parley } from './servers.ts';
import type { RunningServer } from './servers.ts';

const WARM_UP_ALLOCATIONS = 500;
const ALLOCATIONS = 5000;
/** Servers put off some of their work. */
const SETTLE_MS = 3000;

/** Below the ports that the system or a relay takes by itself. */
const FIRST_PORT = 10_000;

async function bytesPerAllocation({ target }: RunningServer, toPeer: boolean): Promise<number> {
  const idle = { kind: 'idle', target, toPeer } as const;
  await generate({ ...idle, allocations: WARM_UP_ALLOCATIONS, firstPort: FIRST_PORT });
  await delay(SETTLE_MS);
  const before = residentBytes(target.pid);
  const firstPort = FIRST_PORT + WARM_UP_ALLOCATIONS;
  await generate({ ...idle, allocations: ALLOCATIONS, firstPort });
  await delay(SETTLE_MS);
  return (residentBytes(target.pid) - before) / ALLOCATIONS;
}

const options = readRunOptions();
await compare(
  {
    title: 'Memory of an idle allocation with a channel, at 5,000, relay sockets',
    unit: 'bytes',
    servers: [coturn, parley('batch', 'open'), parley('dgram', 'open')],
    measure: (server) => bytesPerAllocation(server, true),
    figure: (bytes) => bytes,
    targets: { 'parley batch open': 0.4 },
  },
  options,
);
await compare(
  {
    title: 'Memory of an idle allocation with a channel, at 5,000, hairpin',
    unit: 'bytes',
    servers: [coturn, parley('batch', 'hairpin')],
    measure: (server) => bytesPerAllocation(server, false),
    figure: (bytes) => bytes,
  },
  options,
);
