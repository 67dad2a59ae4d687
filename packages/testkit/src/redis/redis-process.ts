/**
 * A Redis of a test: a process of its own on a free port of this machine, which keeps nothing.
 * @module
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';
import { freePort, isListening } from '../free-port.ts';

/** A Redis that can be taken away. Its owner must `close` it. */
export interface RedisProcess {
  readonly url: string;
  /** Ends it at once; it forgets everything. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  /** It keeps its connections, takes new ones, and answers nobody, until `wake`. */
  hang(): void;
  wake(): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** What a Redis shows of itself over TLS, as PEM. */
export interface RedisIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Starts Debian's `redis-server`; with an identity it speaks nothing but TLS. */
export async function startRedis(identity?: RedisIdentity): Promise<RedisProcess> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'parley-redis-'));
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const ports = identity === undefined ? { port } : tlsSettings(port, identity, folder);
    const settings = { ...ports, bind: HOST, dir: folder, save: '', appendonly: 'no' };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    child = spawn('redis-server', args, { stdio: 'ignore' });
    await eventually('redis-server answers', () => isListening(port), Boolean);
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url: `${identity === undefined ? 'redis' : 'rediss'}://${HOST}:${port}`,
    start,
    stop,
    hang: () => void child?.kill('SIGSTOP'),
    wake: () => void child?.kill('SIGCONT'),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tlsSettings(port: number, { cert, key }: RedisIdentity, folder: string) {
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
  return {
    port: 0,
    'tls-port': port,
    'tls-cert-file': files.cert,
    'tls-key-file': files.key,
    'tls-auth-clients': 'no',
  };
}
