// @ts-check
/**
 * A relay in threads of its own. Prints its port, then, for each line it is told, how much memory the
 * process has.
 * @module
 */
import { createInterface } from 'node:readline';
import { ThreadedTurnServer } from '@parley/turn';

const relay = new ThreadedTurnServer({ secrets: ['a secret of this test'] });
const { port } = await relay.listen({ host: '127.0.0.1', port: 0 });
process.stdout.write(`${port}\n`);
for await (const _line of createInterface(process.stdin)) {
  const { authFailures, drops, allocationsStarted } = relay.counters;
  const judged = authFailures['no-credentials'] + authFailures['wrong-credentials'];
  const status = {
    rss: process.memoryUsage().rss,
    asked: judged + drops.rateLimited,
    judged,
    allocationsStarted,
  };
  process.stdout.write(`${JSON.stringify(status)}\n`);
}
