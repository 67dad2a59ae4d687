// @ts-check
/**
 * A relay thread that ends as `thread-vanishing-worker` does, and does not get its port when it is started
 * again as long as the folder PARLEY_BARRED is there.
 * @module
 */
import { existsSync } from 'node:fs';
import { env } from 'node:process';
import { parentPort } from 'node:worker_threads';

if (existsSync(env['PARLEY_BARRED'] ?? '')) {
  parentPort?.on('message', ({ type }) => {
    const failure = { isRange: false, message: 'address in use', fields: { code: 'EADDRINUSE' } };
    if (type === 'listen') parentPort?.postMessage({ type: 'listen-failed', failure }, []);
    if (type === 'close') parentPort?.postMessage({ type: 'closed' }, []);
  });
} else {
  await import('./thread-vanishing-worker.mjs');
}
