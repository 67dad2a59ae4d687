/**
 * Refresh requests with long-term credentials: answered per second of server processor time.
 * @module
 */
import { compare, floodNote, generate, packetsPerCpuSecond, readRunOptions } from './compare.ts';
import { coturn, parley } from './servers.ts';

await compare(
  {
    title: 'Authenticated Refresh',
    unit: 'answers / CPU-s',
    servers: [coturn, parley('batch', 'open'), parley('dgram', 'open')],
    measure: ({ target }, { seconds }) => generate({ kind: 'refresh', target, seconds }),
    figure: packetsPerCpuSecond,
    note: floodNote,
    targets: { 'parley batch open': 3 },
  },
  readRunOptions(),
);
