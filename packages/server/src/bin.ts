#!/usr/bin/env node
/**
 * Entry of the command `parley`; the only place that ends the process.
 * @module
 */
import process from 'node:process';
import { readConfigFile } from './cli/read-config-file.ts';
import { serve } from './cli/serve.ts';
import { startServer } from './server.ts';
import { readVersion } from './version.ts';

/** A second signal finds no listener, so it ends a process that cannot stop by itself. */
function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

const code = await serve(process.argv.slice(2), process.env, {
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  version: readVersion(),
  now: () => new Date(),
  readConfigFile,
  // Loaded when it is needed: a server has no use for a client.
  examine: async (options) => (await import('./doctor/doctor.ts')).examine(options),
  startServer,
  untilStopped,
});
process.exit(code);
