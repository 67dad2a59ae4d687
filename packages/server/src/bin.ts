#!/usr/bin/env node
/**
 * Entry of the command `parley`; the only place that ends the process.
 * @module
 */
import process from 'node:process';
import { readConfigFile } from './cli/read-config-file.ts';
import { serve } from './cli/serve.ts';
import { untilStopped } from './cli/stop-signals.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { startServer } from './server.ts';
import { readVersion } from './version.ts';

/** As shells report a process that a signal has ended. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

const code = await serve(process.argv.slice(2), process.env, {
  print: (text) => process.stdout.write(`${text}\n`),
  printError: (text) => process.stderr.write(`${text}\n`),
  version: readVersion(),
  now: () => new Date(),
  readConfigFile,
  // Loaded when it is needed: a server has no use for a client.
  examine: async (options) => (await import('./doctor/doctor.ts')).examine(options),
  startServer,
  untilStopped: () =>
    untilStopped({
      on: (signal, listener) => process.on(signal, listener),
      now: SYSTEM_CLOCK.now,
      endAtOnce: (signal) => process.exit(EXIT_CODES[signal]),
    }),
});
process.exit(code);
