import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { ThreadClient, openLink } from './thread-client.ts';

const PACKAGE = new URL('../', import.meta.url);

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** What the snippet prints. */
interface Printed {
  readonly urls: readonly string[];
  readonly username: string;
  readonly credential: string;
}

/** Runs the code of the README against the built package, as a user would. */
async function runSnippet(): Promise<Printed> {
  const readme = readFileSync(new URL('README.md', PACKAGE), 'utf8');
  const code = /```js\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(PACKAGE),
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', TURN_SECRET: 'a secret of this test' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  cleanups.push(async () => {
    const gone = once(child, 'exit');
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await gone;
  });
  const [line]: unknown[] = await once(createInterface(child.stdout), 'line');
  const printed: Printed = JSON.parse(String(line));
  return printed;
}

it('the code of the README relays over UDP and TCP, beside a web server on the same port', async () => {
  const { urls, username, credential } = await runSnippet();
  const port = Number(/:(\d+)\?/.exec(urls[0] ?? '')?.[1]);
  expect(urls).toEqual([
    `turn:127.0.0.1:${port}?transport=udp`,
    `turn:127.0.0.1:${port}?transport=tcp`,
  ]);
  const join = async (kind: 'udp' | 'tcp'): Promise<ThreadClient> => {
    const link = await openLink(kind, port);
    cleanups.push(() => link.close());
    const client = new ThreadClient(link, { username, password: credential });
    expect(await client.allocate()).toBe(0);
    return client;
  };
  const [ada, bob] = [await join('udp'), await join('tcp')];
  expect(await ada.bind(0x4000, bob.relayed)).toBe(0);
  expect(await bob.bind(0x4000, ada.relayed)).toBe(0);
  ada.send(0x4000, 'hello');
  await expect.poll(() => bob.received, { timeout: 10_000 }).toEqual(['hello']);

  const [response]: unknown[] = await once(get({ port, agent: false }), 'response');
  expect(response).toMatchObject({ statusCode: 200 });
});
