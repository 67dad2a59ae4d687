/**
 * ChannelData between clients that reach the relay over TCP, at a steady rate: what a packet costs
 * the server. Ours hands the bytes of TCP connections from the thread of the page to that of the
 * relay; what this costs shows beside a relay without a thread of its own.
 * @module
 */
import { compare, generate, readRunOptions } from './compare.ts';
import { coturn, parley } from './servers.ts';

const PACE = { kind: 'stream', packetsPerSecond: 16_000, payloadBytes: 1100 } as const;

await compare(
  {
    title: 'Relay to relay over TCP, 1100 bytes, 16,000 packets/s',
    unit: 'CPU microseconds / packet',
    servers: [coturn, parley('batch', 'hairpin'), parley('batch', 'hairpin', 'inline')],
    measure: ({ target }, { seconds }) => generate({ ...PACE, target, seconds }),
    figure: ({ serverCpuSeconds, received }) => (serverCpuSeconds * 1e6) / received,
    note: (samples) => {
      const lost = Math.max(...samples.map(({ sent, received }) => sent - received));
      return `at most ${lost} of ${samples[0]?.sent ?? 0} not back`;
    },
  },
  readRunOptions(),
);
