// @ts-check
/**
 * A relay thread that ends without any chance to clean up, as one does that runs out of memory or is
 * terminated, when a peer is let into the room "vanish".
 * @module
 */
import { parentPort } from 'node:worker_threads';
import '@parley/turn/relay-worker';

parentPort?.on('message', (message) => {
  if (message.type !== 'members') return;
  if (!message.changes.some(({ type, room }) => type === 'admit' && room === 'vanish')) return;
  process.removeAllListeners('exit');
  process.exit(1);
});
