/**
 * Our server as a process of its own, built as users get it, with the relay in its thread or without
 * one: prints its port when it is ready.
 * @module
 */
import { createServer } from 'node:http';
import { argv } from 'node:process';
import { PortDemultiplexer, ThreadedTurnServer, TurnServer } from '@parley/turn';

const [, , backend, relay, place, secret = ''] = argv;
/** The generator is one busy host with everybody on it. */
const limits = {
  allocationsPerPeer: Infinity,
  allocationsPerRoom: Infinity,
  allocationsTotal: Infinity,
  bytes: { perSecond: Infinity, burst: Infinity },
  strangerRequests: { perSecond: Infinity, burst: Infinity },
  allocationRequests: { perSecond: Infinity, burst: Infinity },
};
const options = {
  udp: backend === 'dgram' ? 'dgram' : 'batch',
  relay: relay === 'open' ? 'open' : 'hairpin',
  secrets: [secret],
  allowPeers: ['127.0.0.2'],
  limits,
} as const;

const server = place === 'inline' ? new TurnServer(options) : new ThreadedTurnServer(options);
const { port } = await server.listen({ host: '127.0.0.1', port: 23_478 });
const demultiplexer = new PortDemultiplexer({
  http: createServer(),
  onTurn: (socket, transport) => server.handleConnection(socket, transport),
});
demultiplexer.server.listen(port, '127.0.0.1', () => console.log(JSON.stringify({ port })));
