import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const running: ChildProcess[] = [];

/** Runs a command in the root folder, in a group of its own that can be ended as a whole. */
function run(
  command: string,
  ...args: string[]
): ChildProcess & { readonly lines: AsyncIterable<string> } {
  const child = spawn(command, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  return Object.assign(child, { lines: createInterface(child.stdout) });
}

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    await exited;
  }
});

async function urlPrintedBy({ lines }: { readonly lines: AsyncIterable<string> }): Promise<string> {
  for await (const line of lines) {
    const url = /https?:\/\/\S+/u.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('ended without an address');
}

it('npm start passes options on and serves the page', async () => {
  const url = await urlPrintedBy(run('npm', 'start', '--', '--port', '0', '--host', '127.0.0.1'));
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+/u);
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>');
});

it('ends with the server when it is told to', async () => {
  const started = run('node', 'scripts/start.mjs', '--port', '0', '--host', '127.0.0.1');
  await urlPrintedBy(started);
  started.kill('SIGTERM');
  expect(await once(started, 'exit')).toEqual([0, null]);
});

it('ends with the code of the server when an option is wrong', async () => {
  const started = run('node', 'scripts/start.mjs', '--port', 'seven');
  expect(await once(started, 'exit')).toEqual([2, null]);
});
