/**
 * The relay thread: a whole TurnServer with its UDP sockets, told by messages what to do. Started as
 * a worker, never imported.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Logger } from '../engine/logger.ts';
import { TurnServer } from '../turn-server.ts';
import { ByteCourier } from './byte-courier.ts';
import { RelayStreams } from './relay-streams.ts';
import { packError } from './thread-messages.ts';
import type { FromRelay, ThreadLogLine, ThreadServerOptions, ToRelay } from './thread-messages.ts';

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

const options: ThreadServerOptions = workerData;
const logger: Logger = {
  debug: logAt('debug'),
  info: logAt('info'),
  warn: logAt('warn'),
  error: logAt('error'),
};
const server = new TurnServer({ ...options, logger });
let streams: RelayStreams | undefined;

function reportCounters(): void {
  const { counters: turn, transportCounters: transport } = server;
  post({ type: 'counters', counters: { turn, transport } });
}
const reporter = setInterval(reportCounters, COUNTERS_INTERVAL_MS);

async function listen(message: Extract<ToRelay, { type: 'listen' }>): Promise<void> {
  try {
    const address = await server.listen(message.options);
    streams = new RelayStreams({
      host: server.streams,
      // The engine flushes at the end of each batch: all of it leaves behind that.
      courier: new ByteCourier(
        (data, buffers) => post({ type: 'stream-data', data }, buffers),
        queueMicrotask,
      ),
      // Behind the bytes that were written before.
      onClosed: (stream) => queueMicrotask(() => post({ type: 'stream-close', stream })),
    });
    post({ type: 'listening', address });
  } catch (error) {
    post({ type: 'listen-failed', failure: packError(error) });
  }
}

async function close(): Promise<void> {
  clearInterval(reporter);
  reportCounters();
  await server.close();
  post({ type: 'closed' });
}

// Sockets of the batch back end belong to the process: they would stay open after a crash.
process.once('exit', () => void server.close());

port.on('message', (message: ToRelay) => {
  switch (message.type) {
    case 'listen':
      void listen(message);
      return;
    case 'admit':
      server.admit(message.room, message.peer);
      return;
    case 'revoke':
      server.revoke(message.room, message.peer);
      return;
    case 'stream-open':
      streams?.open(message.stream, message.ends);
      return;
    case 'stream-data':
      for (const { stream, bytes } of message.data) streams?.receive(stream, bytes);
      return;
    case 'stream-close':
      streams?.close(message.stream);
      return;
    case 'close':
      void close();
  }
});
