/**
 * Delay of relayed packets at 20,000 packets per second, from sending to arrival on loopback. The
 * delay without any server is measured as well: the difference is what a relay adds.
 * @module
 */
import { compare, generate, readRunOptions } from './compare.ts';
import type { PaceResult } from './load/pace.ts';
import { coturn, parley, noServer } from './servers.ts';
import type { RunningServer } from './servers.ts';

const PACE = { kind: 'pace', packetsPerSecond: 20_000, payloadBytes: 1100 } as const;

const options = readRunOptions();
const measure = ({ target }: RunningServer): Promise<PaceResult> =>
  generate({
    ...PACE,
    target: target.pid === 0 ? undefined : target,
    seconds: options.seconds,
  });

for (const percentile of ['p50Us', 'p99Us'] as const) {
  await compare(
    {
      title: `Delay at 20,000 packets/s, ${percentile === 'p50Us' ? 'median' : '99th percentile'}`,
      unit: 'microseconds',
      servers: [coturn, parley('batch', 'open'), parley('dgram', 'open'), noServer],
      measure,
      figure: (sample) => sample[percentile],
      note: ({ sent, received }) => `${sent - received} of ${sent} not back`,
      targets: percentile === 'p99Us' ? { 'parley batch open': 1 } : {},
    },
    options,
  );
}
