/**
 * The command `parley`: starts the server, says so, runs until it is told to stop.
 * @module
 */
import { ParleyError } from '@parley/protocol';
import type { Check } from '../doctor/check.ts';
import { formatChecks, hasFailed } from '../doctor/format-checks.ts';
import type { DoctorOptions } from '../doctor/doctor.ts';
import type { ServerOptions } from '../options.ts';
import type { ParleyServer } from '../running-server.ts';
import { formatBanner } from './banner.ts';
import type { BannerFacts } from './banner.ts';
import { formatHelp, parseCommandLine } from './command-line.ts';
import type { Command, Environment, ReadConfigFile } from './command-line.ts';
import { formatConfig } from './config-table.ts';
import { createTerminalLogger } from './terminal-logger.ts';

/** What the command needs from the process it runs in. */
export interface Io {
  print(text: string): void;
  printError(text: string): void;
  readonly version: string;
  now(): Date;
  readonly readConfigFile: ReadConfigFile;
  /** Looks at a server from outside. */
  examine(options: DoctorOptions): Promise<readonly Check[]>;
  startServer(options: ServerOptions): Promise<BannerFacts & Pick<ParleyServer, 'close' | 'drain'>>;
  /** Resolves when the person or the system wants the server to stop. */
  untilStopped(): Promise<void>;
}

const DONE = 0;
const FAILED = 1;
const MISUSED = 2;
const MISUSES: ReadonlySet<string> = new Set(['ERR_OPTIONS', 'ERR_CONFIG_FILE', 'ERR_WEAK_SECRET']);

/** Runs the command and resolves to its exit code: 0 done, 1 could not start, 2 misused. */
export async function serve(argv: readonly string[], env: Environment, io: Io): Promise<number> {
  try {
    const command = parseCommandLine(argv, env, io.readConfigFile);
    switch (command.name) {
      case 'help':
        io.print(formatHelp());
        break;
      case 'version':
        io.print(io.version);
        break;
      case 'config':
        io.print(formatConfig(command.settings));
        break;
      case 'doctor':
        return await diagnose(command, io);
      case 'serve':
        await run(command, io);
        break;
    }
    return DONE;
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    io.printError(`parley: ${error.message}`);
    return MISUSES.has(error.code) ? MISUSED : FAILED;
  }
}

/** Ends with 1 when something does not work. */
async function diagnose(
  { url, token }: Extract<Command, { name: 'doctor' }>,
  io: Io,
): Promise<number> {
  io.print(`Looking at ${url.origin} as a caller would ...\n`);
  const checks = await io.examine({ url, ...(token !== undefined && { token }) });
  io.print(formatChecks(checks));
  return hasFailed(checks) ? FAILED : DONE;
}

async function run(command: Extract<Command, { name: 'serve' }>, io: Io): Promise<void> {
  const { options, log, drainMs } = command;
  const stopped = io.untilStopped();
  const logger = createTerminalLogger(log, io);
  const server = await io.startServer({ ...options, logger });
  io.print(formatBanner(server, io.version));
  await stopped;
  await server.drain(drainMs, () => {
    io.print(
      `Parley lets nobody in any more and waits up to ${drainMs / 1000} s for the calls to end. ` +
        'Ctrl+C again: at once.',
    );
  });
  await server.close();
  io.print('Parley has stopped.');
}
