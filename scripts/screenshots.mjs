// @ts-check
/**
 * `npm run screenshots`: draws every state of the app into docs/screenshots.
 * @module
 */
import { exit } from 'node:process';
import { build } from './build.mjs';
import { runTool } from './run.mjs';

await build();
exit(await runTool('vitest', ['run', '--project', 'screenshots']));
