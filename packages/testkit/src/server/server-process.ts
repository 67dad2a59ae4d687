/**
 * The real server as people run it: the command line `parley` in a process of its own.
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { env, execPath } from 'node:process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../../server/dist/bin.js', import.meta.url));
const START_TIMEOUT_MS = 20_000;
const URL_IN_LINE = /https?:\/\/[^\s]+/u;

/** A running server. Its owner must `close` it. */
export interface ServerProcess {
  /** Address of the page, without a slash at its end. */
  readonly url: string;
  /** Everything it has printed so far. */
  readonly output: readonly string[];
  close(): Promise<void>;
  /** Ends it without a chance to say anything, as a power cut does. */
  kill(): Promise<void>;
  /** For what a test has put into it. */
  signal(name: NodeJS.Signals): void;
}

/** How a server is started. */
export interface ServerProcessOptions {
  /** Runs it: Node, or a program that starts Node on a host of the laboratory. @default the one that runs us */
  readonly node?: string;
  /** A module that is loaded into it first. @default none */
  readonly preload?: string;
}

/** Starts the built server, on a free port of this machine. @throws with its output when it does not start */
export async function startServerProcess(
  args: readonly string[] = [],
  { node = execPath, preload }: ServerProcessOptions = {},
): Promise<ServerProcess> {
  const first = preload === undefined ? [CLI] : ['--import', preload, CLI];
  const child = spawn(node, [...first, '--port', '0', '--host', '127.0.0.1', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutSettings(env),
  });
  const output: string[] = [];
  createInterface(child.stderr).on('line', (line) => output.push(line));
  try {
    const url = await readUrl(child, output);
    return {
      url,
      output,
      close: () => stop(child),
      kill: () => stop(child, 'SIGKILL'),
      signal: (name) => void child.kill(name),
    };
  } catch (error) {
    await stop(child);
    throw error;
  }
}

/** What the person who runs the tests has configured must not change them. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('PARLEY_'));
  return Object.fromEntries(kept);
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function readUrl(child: Child, output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`The server ${why}:\n${output.join('\n')}`));
    };
    const timer = setTimeout(() => fail('printed no address'), START_TIMEOUT_MS);
    child.once('error', (error) => fail(`did not start, ${error.message}`));
    child.once('exit', (code) => fail(`ended with code ${code}`));
    createInterface(child.stdout).on('line', (line) => {
      output.push(line);
      const url = URL_IN_LINE.exec(line)?.[0];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url.replace(/\/$/u, ''));
    });
  });
}

async function stop(child: Child, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
