// @ts-check
/**
 * A relay thread that crashes when a peer is let into the room "crash".
 * @module
 */
import { parentPort } from 'node:worker_threads';
import '@parley/turn/relay-worker';

parentPort?.on('message', (message) => {
  if (message.type === 'admit' && message.room === 'crash') throw new Error('told to crash');
});
