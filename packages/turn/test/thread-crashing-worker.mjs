// @ts-check
/**
 * A relay thread that crashes when a peer is let into the room "crash"; a peer named "seat 1" crashes
 * that thread alone.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import '@parley/turn/relay-worker';

parentPort?.on('message', (message) => {
  if (message.type !== 'members') return;
  for (const { type, room, peer } of message.changes) {
    if (type !== 'admit' || room !== 'crash') continue;
    const isOther = peer.startsWith('seat ') && peer !== `seat ${workerData.team?.seat}`;
    if (!isOther) throw new Error('told to crash');
  }
});
