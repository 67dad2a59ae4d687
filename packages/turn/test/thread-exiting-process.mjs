// @ts-check
/**
 * Ends with code 7 while a relay thread is at work.
 * @module
 */
import { ThreadedTurnServer } from '@parley/turn';

const relay = new ThreadedTurnServer();
await relay.listen({ host: '127.0.0.1', port: 0 });
process.exit(7);
