/**
 * What signaling costs beside peerjs-server and beside the least that a server by hand can do: messages
 * passed on and whole calls set up per second of the server's processor time, and memory of an idle
 * connection.
 * @module
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GENERATOR_CPU, lineMatching, running, spawnPinned } from '../turn/servers.ts';
import type { MeasuredServer, RunningServer } from '../turn/servers.ts';
import { compare, readRunOptions } from '../turn/compare.ts';
import type { SignalingResult, SignalingScenario } from './load.ts';

type Dialect = SignalingScenario['dialect'];

interface SignalingServer extends MeasuredServer {
  readonly dialect: Dialect;
}

function serverNamed(name: string, server: 'parley' | 'peerjs' | 'bare', dialect: Dialect) {
  return {
    name,
    dialect,
    start: async () => {
      const script = fileURLToPath(new URL('server.js', import.meta.url));
      const child = spawnPinned(process.execPath, [script, server]);
      const { port }: { port: number } = JSON.parse(await lineMatching(child, /^\{/u));
      return running(child, port, 'SIGTERM');
    },
  } satisfies SignalingServer;
}

const SERVERS = [
  serverNamed('peerjs-server 1.0.2', 'peerjs', 'peerjs'),
  serverNamed('parley', 'parley', 'parley'),
  serverNamed('parley, plain page', 'parley', 'plain'),
  serverNamed('bare ws 8.23.0', 'bare', 'bare'),
];
/** What the servers speak that run. */
const dialects = new Map<RunningServer, Dialect>();

const servers = SERVERS.map(({ name, dialect, start }) => ({
  name,
  start: async () => {
    const server = await start();
    dialects.set(server, dialect);
    return server;
  },
}));

async function load(
  server: RunningServer,
  what: Pick<SignalingScenario, 'kind' | 'seconds'> & { readonly bytes?: number },
): Promise<SignalingResult> {
  const { pid, port } = server.target;
  const dialect = dialects.get(server) ?? 'parley';
  const scenario: SignalingScenario = { bytes: 0, ...what, dialect, pid, port };
  const script = fileURLToPath(new URL('load.js', import.meta.url));
  const args = ['-c', `${GENERATOR_CPU}`, process.execPath, script, JSON.stringify(scenario)];
  const { stdout } = await promisify(execFile)('taskset', args);
  const result: SignalingResult = JSON.parse(stdout);
  return result;
}

const perCpuSecond = ({ count, serverCpuSeconds }: SignalingResult): number =>
  count / serverCpuSeconds;

function note(results: readonly SignalingResult[]): string {
  const busy = results.map((result) => result.serverCpuSeconds / result.elapsedSeconds);
  return `server busy at least ${Math.round(Math.min(...busy) * 100)} %`;
}

const options = readRunOptions();
for (const [what, bytes] of [
  ['candidates', 150],
  ['offers', 1500],
] as const) {
  await compare(
    {
      title: `${what} of ${bytes} bytes, passed on`,
      unit: 'messages / CPU-s',
      servers,
      measure: (server, { seconds }) => load(server, { kind: 'relay', seconds, bytes }),
      figure: perCpuSecond,
      note,
    },
    options,
  );
}
await compare(
  {
    title: 'whole calls set up',
    unit: 'calls / CPU-s',
    servers,
    measure: (server, { seconds }) => load(server, { kind: 'calls', seconds }),
    figure: perCpuSecond,
    note,
    targets: { parley: 2 },
  },
  options,
);
await compare(
  {
    title: 'memory of an idle connection, at 4,000',
    unit: 'bytes',
    servers,
    measure: (server, { seconds }) => load(server, { kind: 'idle', seconds }),
    figure: ({ serverBytes, count }) => serverBytes / count,
  },
  options,
);
