// @ts-check
/**
 * `npm start`: installs and builds what is missing, then runs the server with the given options.
 * @module
 */
import { spawn } from 'node:child_process';
import { argv, execPath, exit } from 'node:process';
import { build } from './build.mjs';
import { ROOT } from './run.mjs';

try {
  await build();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  exit(1);
}

const server = spawn(execPath, [`${ROOT}packages/server/dist/bin.js`, ...argv.slice(2)], {
  stdio: 'inherit',
});
// The terminal sends Ctrl+C to both processes; a signal sent to this one alone is passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => server.kill('SIGTERM'));
server.on('close', (code) => exit(code ?? 1));
