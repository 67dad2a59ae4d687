/**
 * STUN Binding: requests answered per second of server processor time.
 * @module
 */
import { compare, floodNote, generate, packetsPerCpuSecond, readRunOptions } from './compare.ts';
import { coturn, parley } from './servers.ts';

await compare(
  {
    title: 'STUN Binding, answers per CPU-second',
    unit: 'answers / CPU-s',
    servers: [coturn, parley('batch', 'hairpin'), parley('dgram', 'hairpin')],
    measure: ({ target }, { seconds }) => generate({ kind: 'binding', target, seconds }),
    figure: packetsPerCpuSecond,
    note: floodNote,
    targets: { 'parley batch hairpin': 2 },
  },
  readRunOptions(),
);
