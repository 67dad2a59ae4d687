/**
 * ChannelData from one client's relayed address to another's, which is how two callers behind hard
 * networks meet. coturn relays each packet twice, through two sockets of its own; our hairpin mode
 * hands it over inside the process. Packets delivered per second of server processor time.
 * @module
 */
import { compare, floodNote, generate, packetsPerCpuSecond, readRunOptions } from './compare.ts';
import { coturn, parley } from './servers.ts';

const PAYLOADS = [172, 1100];
const BURSTS = [1, 16];

for (const burst of BURSTS) {
  for (const payloadBytes of PAYLOADS) {
    await compare(
      {
        title: `Relay to relay, ${burst === 1 ? 'saturated' : 'in bursts of 16'}, ${payloadBytes} bytes`,
        unit: 'packets / CPU-s',
        servers: [coturn, parley('batch', 'hairpin'), parley('dgram', 'hairpin')],
        measure: ({ target }, { seconds }) =>
          generate({ kind: 'hairpin', target, seconds, payloadBytes, burst }),
        figure: packetsPerCpuSecond,
        note: floodNote,
        targets: { 'parley batch hairpin': 2.2 },
      },
      readRunOptions(),
    );
  }
}
