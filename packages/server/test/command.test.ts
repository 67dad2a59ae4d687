import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startRedis, TLS_IDENTITY } from '@parley/testkit';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { IDENTITY_ONE } from '../../turn/test/transport-tls-identities.ts';
import { enter, PATIENCE, temporaryFolder } from './harness.ts';
import { writeTlsFiles } from './tls-files.ts';

const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const MANIFEST = new URL('../package.json', import.meta.url);

const running = new Set<ChildProcess>();

beforeAll(() => {
  if (!existsSync(BIN)) throw new Error('The command is not built. Run "npx tsc -b" first.');
});

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** Runs the built command in a process of its own. */
function parley(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [BIN, ...argv], {
    env: { PATH: process.env['PATH'], PARLEY_DATA_DIR: temporaryFolder(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  let complaint = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const ended = new Promise<{ code: number | null; output: string; complaint: string }>(
    (resolve) => {
      child.on('close', (code) => resolve({ code, output, complaint }));
    },
  );
  const url = async (): Promise<string> => {
    await expect.poll(() => output, { timeout: 15_000 }).toMatch(/https?:\/\//);
    return /https?:\/\/\S+/.exec(output)?.[0] ?? '';
  };
  return { child, ended, url, complaints: () => complaint, printed: () => output };
}

describe('the command', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, then ends with 0', async (signal) => {
    const { child, ended, url } = parley(['--port', '0', '--host', '127.0.0.1']);
    const response = await fetch(`${await url()}/socket.io/socket.io.js`);
    expect(response.status).toBe(200);
    await response.text();

    child.kill(signal);

    expect(await ended).toMatchObject({ code: 0, complaint: '' });
  });

  it('DRAIN-4 waits for people before it stops, and no longer', async () => {
    const { child, ended, url, printed } = parley(['--port', '0', '--host', '127.0.0.1']);
    const ada = await enter({ url: await url() }, 'daily');
    child.kill('SIGTERM');
    await expect.poll(printed, PATIENCE).toContain('waits up to 5 s for the calls to end');
    ada.socket.disconnect();
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('has stopped') });
  });

  it('takes its settings from the environment', async () => {
    const { url } = parley([], { PARLEY_PORT: '0', PARLEY_HOST: '127.0.0.1' });
    expect((await fetch(`${await url()}/nothing`)).status).toBe(404);
  });

  it('ends with 1 and one sentence when the port is taken', async () => {
    const first = parley(['--port', '0', '--host', '127.0.0.1']);
    const { port } = new URL(await first.url());
    const second = parley(['--port', port, '--host', '127.0.0.1']);
    expect(await second.ended).toEqual({
      code: 1,
      output: '',
      complaint: `parley: Port ${port} is already in use. Stop the program that holds it, or choose another port.\n`,
    });
  });

  it('meets other nodes at a Redis that speaks TLS, if it trusts its certificate', async () => {
    const redis = await startRedis(TLS_IDENTITY);
    const options = ['--port', '0', '--host', '127.0.0.1', '--relay-host', '127.0.0.1'];
    const authority = join(temporaryFolder(), 'authority.pem');
    writeFileSync(authority, TLS_IDENTITY.authority);
    try {
      const stranger = parley([...options, '--redis', redis.url]);
      const { code, complaint } = await stranger.ended;
      expect(code).toBe(1);
      expect(complaint).toMatch(
        /^parley: The certificate of Redis at 127\.0\.0\.1:\d+ is not trusted \(.+\)\. Set NODE_EXTRA_CA_CERTS to /,
      );
      const friend = parley([...options, '--redis', redis.url], { NODE_EXTRA_CA_CERTS: authority });
      const response = await fetch(`${await friend.url()}/readyz`);
      expect(await response.json()).toEqual({ ready: true, nodes: 1, redis: 'connected' });
    } finally {
      await redis.close();
    }
  });

  it('ends with 2 and one sentence when it is misused', async () => {
    expect(await parley(['--prot', '1']).ended).toEqual({
      code: 2,
      output: '',
      complaint: 'parley: There is no option --prot. See --help.\n',
    });
  });

  it('makes its secret in the data folder, and says nothing of it', async () => {
    const dataDir = join(temporaryFolder(), 'data');
    const options = ['--port', '0', '--host', '127.0.0.1', '--data-dir', dataDir, '--log', 'text'];
    const { child, ended, url } = parley(options);
    await url();
    child.kill();
    const { output, complaint } = await ended;
    const secret = readFileSync(join(dataDir, 'turn-secret'), 'utf8').trim().split('\n').at(-1);
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(`${output}${complaint}`).not.toContain(secret);
  });

  it('ends with 1 and one sentence when the data folder cannot be used', async () => {
    const { code, complaint } = await parley(['--data-dir', BIN]).ended;
    expect(code).toBe(1);
    expect(complaint).toMatch(/^parley: Cannot create .*bin\.js \(EEXIST\)\. .*\n$/);
  });

  it('serves https with a certificate', async () => {
    const { tlsCert, tlsKey } = writeTlsFiles(IDENTITY_ONE);
    const options = ['--port', '0', '--host', '127.0.0.1', '--tls-cert', tlsCert];
    expect(await parley([...options, '--tls-key', tlsKey]).url()).toMatch(
      /^https:\/\/127\.0\.0\.1:/,
    );
    expect(await parley(options).ended).toMatchObject({
      code: 2,
      complaint: expect.stringMatching(/^parley: A certificate needs its key, .*\n$/),
    });
  });

  it('writes one line of JSON for what happens when it is told to', async () => {
    const { url, complaints } = parley(['--port', '0', '--host', '127.0.0.1'], {
      PARLEY_LOG: 'json',
    });
    await enter({ url: await url() }, { room: 'secret room', name: 'Ada' });
    await expect.poll(complaints, PATIENCE).toContain('\n');
    const lines = complaints().trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        time: expect.stringMatching(/^\d{4}-/),
        level: 'info',
        message: 'joined',
        peer: expect.any(String),
        people: 1,
      },
    ]);
  });

  it('takes settings from a file that shows its secrets to nobody else', async () => {
    const file = join(temporaryFolder(), 'parley.json');
    const secret = 'bm90IGEgcmVhbCBvbmUgYnV0IGxvbmcgZW5vdWdo';
    writeFileSync(file, JSON.stringify({ port: 0, host: '127.0.0.1', 'turn-secret': secret }));
    const refused = await parley(['--config', file]).ended;
    expect(refused).toMatchObject({ code: 2, complaint: expect.stringContaining('chmod 600') });
    chmodSync(file, 0o600);
    const { output, code } = await parley(['config', '--config', file]).ended;
    expect(code).toBe(0);
    expect(output).toMatch(/^host +127\.0\.0\.1 +file$/m);
    expect(output).not.toContain(secret);
    expect(await parley(['--config', file]).url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+/);
    expect(await parley(['--config', `${file}.none`]).ended).toMatchObject({
      code: 2,
      complaint: expect.stringMatching(/cannot be read: ENOENT/),
    });
  });

  it('knows its version', async () => {
    const manifest: unknown = JSON.parse(readFileSync(MANIFEST, 'utf8'));
    const { output, code } = await parley(['--version']).ended;
    expect(manifest).toMatchObject({ version: output.trim() });
    expect(code).toBe(0);
  });
});
