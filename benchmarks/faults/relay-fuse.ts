/**
 * Loaded into the server of the laboratory: kills the thread of its relay when the process is told to.
 * @module
 */
import type { Worker } from 'node:worker_threads';

const threads: Worker[] = [];
process.on('worker', (worker) => threads.push(worker));
// No message at all is the one thing that a thread does not expect.
process.on('SIGUSR2', () => threads.at(-1)?.postMessage(undefined));
