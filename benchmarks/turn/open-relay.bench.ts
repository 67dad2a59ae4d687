/**
 * ChannelData between clients and plain UDP peers, the work of a classic relay: packets relayed per
 * second of server processor time. Once with all flows mixed packet by packet, once in bursts as the
 * packets of video frames come.
 * @module
 */
import { compare, floodNote, generate, packetsPerCpuSecond, readRunOptions } from './compare.ts';
import { coturn, parley } from './servers.ts';

/** An audio packet and a full video packet. */
const PAYLOADS = [172, 1100];
const SHAPES = [
  { burst: 1, name: 'saturated', target: 1.1 },
  { burst: 16, name: 'in bursts of 16', target: 1.5 },
];

for (const { burst, name, target: wanted } of SHAPES) {
  for (const payloadBytes of PAYLOADS) {
    await compare(
      {
        title: `Open relay, ChannelData ${name}, ${payloadBytes} bytes`,
        unit: 'packets / CPU-s',
        servers: [coturn, parley('batch', 'open'), parley('dgram', 'open')],
        measure: ({ target }, { seconds }) =>
          generate({ kind: 'open', target, seconds, payloadBytes, burst }),
        figure: packetsPerCpuSecond,
        note: floodNote,
        targets: { 'parley batch open': wanted },
      },
      readRunOptions(),
    );
  }
}
