/**
 * The relay thread: a whole TurnServer with its UDP sockets, told by messages what to do. Started as
 * a worker, never imported.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from '../engine/logger.ts';
import type { PacketSocket } from '../engine/packet-socket.ts';
import { loadLibc } from '../transport/batch/libc.ts';
import { TurnServer } from '../turn-server.ts';
import { ByteCourier } from './byte-courier.ts';
import { DescriptorRecord } from './descriptor-record.ts';
import { NeighbourLinks } from './neighbour-links.ts';
import type { ClientPath } from './neighbour-links.ts';
import { RelayStreams } from './relay-streams.ts';
import { packError } from './thread-messages.ts';
import type { FromRelay, RelayWorkerData, ThreadLogLine, ToRelay } from './thread-messages.ts';

/** How often the main thread gets new totals. */
const COUNTERS_INTERVAL_MS = 1000;

if (parentPort === null) throw new TypeError('This file is started as a worker thread.');
const port = parentPort;

function post(message: FromRelay, buffers: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, buffers);
}

function logAt(level: ThreadLogLine['level']): Logger['info'] {
  return (message, fields = {}) => post({ type: 'log', line: { level, message, fields } });
}

const { options, team, descriptors }: RelayWorkerData = workerData;
const record = new DescriptorRecord(descriptors);
const links = team && new NeighbourLinks(team);
const logger: Logger = {
  debug: logAt('debug'),
  info: logAt('info'),
  warn: logAt('warn'),
  error: logAt('error'),
};
const server = new TurnServer(
  { ...options, logger },
  {
    team: links?.serverTeam,
    findLibc: async () => {
      const libc = await loadLibc();
      return libc && record.noting(libc);
    },
  },
);
let streams: RelayStreams | undefined;

function reportCounters(): void {
  const { counters: turn, transportCounters: transport } = server;
  post({ type: 'counters', counters: { turn, transport } });
}
const reporter = setInterval(reportCounters, COUNTERS_INTERVAL_MS);

async function listen(message: Extract<ToRelay, { type: 'listen' }>): Promise<void> {
  try {
    const address = await server.listen(message.options);
    const { sockets, allocations, streams: host } = server.parts;
    const ownStreams = new RelayStreams({
      host,
      // The engine flushes at the end of each batch: all of it leaves behind that.
      courier: new ByteCourier(
        (data, buffers) => post({ type: 'stream-data', data }, buffers),
        queueMicrotask,
      ),
      // Behind the bytes that were written before.
      onClosed: (stream) => queueMicrotask(() => post({ type: 'stream-close', stream })),
    });
    streams = ownStreams;
    links?.attach({
      allocations,
      pathOf: (socket) => pathOf(socket, ownStreams),
      socketFor: (path) =>
        path.transport === 'udp'
          ? sockets.find(({ local }) => local.family === path.family)
          : ownStreams.remote(path.stream, path.transport),
    });
    post({ type: 'listening', address });
  } catch (error) {
    post({ type: 'listen-failed', failure: packError(error) });
  }
}

function pathOf(socket: PacketSocket, own: RelayStreams): ClientPath | undefined {
  const { transport, local } = socket;
  if (transport === 'udp') return { transport, family: local.family };
  const stream = own.numberOf(socket);
  return stream === undefined ? undefined : { transport, stream };
}

async function close(): Promise<void> {
  clearInterval(reporter);
  reportCounters();
  await server.close();
  post({ type: 'closed' });
}

function passOn(message: Extract<ToRelay, { type: `stream-${string}` }>, to: RelayStreams): void {
  switch (message.type) {
    case 'stream-open':
      to.open(message.stream, message.ends);
      return;
    case 'stream-data':
      for (const { stream, bytes } of message.data) to.receive(stream, bytes);
      return;
    case 'stream-close':
      to.close(message.stream);
  }
}

// Sockets of the batch back end belong to the process: they would stay open after a crash.
process.once('exit', () => void server.close());

port.on('message', (message: ToRelay) => {
  switch (message.type) {
    case 'listen':
      void listen(message);
      return;
    case 'neighbour':
      links?.connect(message.seat, message.port);
      return;
    case 'members':
      for (const { type, room, peer } of message.changes) server[type](room, peer);
      return;
    case 'close':
      void close();
      return;
    case 'stream-open':
    case 'stream-data':
    case 'stream-close':
      if (streams !== undefined) passOn(message, streams);
  }
});
