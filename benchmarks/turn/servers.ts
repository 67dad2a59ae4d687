/**
 * The servers that are measured against each other, each a process of its own on processor 0.
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Target } from './load/target.ts';

/** Processor of the server; the generator has the other one. */
export const SERVER_CPU = 0;
export const GENERATOR_CPU = 1;

const SECRET = 'benchmark';
const USERNAME = `${Math.trunc(Date.now() / 1000) + 86_400}:room.peer`;
const CREDENTIALS = {
  username: USERNAME,
  password: createHmac('sha1', SECRET).update(USERNAME).digest('base64'),
};

const COTURN_PORT = 23_480;
const COTURN_RELAY_PORTS = { min: 40_000, max: 65_535 };

const COTURN_ARGUMENTS = [
  '-n',
  '--use-auth-secret',
  `--static-auth-secret=${SECRET}`,
  '--realm=parley.test',
  '--allow-loopback-peers',
  '--no-cli',
  '--no-tls',
  '--no-dtls',
  '--listening-ip=127.0.0.1',
  `--listening-port=${COTURN_PORT}`,
  `--min-port=${COTURN_RELAY_PORTS.min}`,
  `--max-port=${COTURN_RELAY_PORTS.max}`,
  '--relay-threads=1',
  '--log-file=stdout',
  '--simple-log',
];

/** A running server under test. */
export interface RunningServer {
  readonly target: Target;
  stop(): Promise<void>;
}

/** A server that can be measured. */
export interface MeasuredServer {
  readonly name: string;
  start(): Promise<RunningServer>;
}

/** Debian's coturn, one relay thread on its one processor, with nothing it could do without. */
export const coturn: MeasuredServer = {
  name: 'coturn 4.6.1',
  start: async () => {
    const child = spawnPinned('turnserver', COTURN_ARGUMENTS);
    await lineMatching(child, /Total General servers/);
    return running(child, COTURN_PORT);
  },
};

/** How our server relays. */
export type RelayChoice = 'open' | 'hairpin';

/** Our server with one of its two back ends and one of its two ways to relay, in its own thread. */
export function parley(
  backend: 'batch' | 'dgram',
  relay: RelayChoice,
  place: 'thread' | 'inline' = 'thread',
): MeasuredServer {
  return {
    name: `parley ${backend} ${relay}${place === 'inline' ? ' without thread' : ''}`,
    start: async () => {
      const script = fileURLToPath(new URL('parley-server.js', import.meta.url));
      const child = spawnPinned(process.execPath, [script, backend, relay, place, SECRET]);
      const { port }: { port: number } = JSON.parse(await lineMatching(child, /^\{/));
      return running(child, port);
    },
  };
}

/** Stands for the machine itself, with nothing in between. */
export const noServer: MeasuredServer = {
  name: 'no server',
  start: () =>
    Promise.resolve({
      target: { pid: 0, port: 0, ...CREDENTIALS },
      stop: () => Promise.resolve(),
    }),
};

/** A benchmark that fails leaves nothing running. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Runs `command` on the processor of the servers. */
export function spawnPinned(command: string, args: readonly string[]): ChildProcess {
  const child = spawn('taskset', ['-c', `${SERVER_CPU}`, command, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** What stands for a process that is ready. `signal` ends it. */
export function running(
  child: ChildProcess,
  port: number,
  signal: NodeJS.Signals = 'SIGKILL',
): RunningServer {
  const { pid } = child;
  if (pid === undefined) throw new Error('the server did not start');
  return {
    target: { pid, port, ...CREDENTIALS },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended early: ${child.exitCode ?? child.signalCode}`);
      }
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

/** The first line of output that matches. What follows is read and thrown away. */
export function lineMatching(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    if (child.stdout === null) throw new Error('no output to read');
    const seen: string[] = [];
    createInterface(child.stdout).on('line', (line) => {
      if (seen.length < 50) seen.push(line);
      if (pattern.test(line)) resolve(line);
    });
    child.on('exit', () => reject(new Error(`ended early:\n${seen.join('\n')}`)));
    child.on('error', reject);
  });
}
