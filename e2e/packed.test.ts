import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const PACK = fileURLToPath(new URL('../scripts/pack.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'parley-packed-'));
const running: ChildProcess[] = [];

afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    process.kill(-(child.pid ?? Number.NaN), 'SIGKILL');
    await exited;
  }
  rmSync(folder, { recursive: true, force: true });
});

function runIn(place: string, command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: place, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

it('npx parley serves the page from the packed tarball in an empty folder, and finds itself in order', async () => {
  const tarball = runIn(folder, process.execPath, PACK, folder).trim();
  const home = join(folder, 'home');
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel', 'error'];
  runIn(folder, 'npm', 'install', '--prefix', home, ...quiet, tarball);
  expect(readdirSync(join(home, 'node_modules/parley/node_modules/@parley'))).toEqual([
    'protocol',
    'turn',
  ]);

  const args = ['--no-install', 'parley', '--port', '0', '--host', '127.0.0.1'];
  const child = spawn('npx', args, {
    cwd: home,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let url: string | undefined;
  for await (const line of createInterface(child.stdout)) {
    url = /https?:\/\/\S+/u.exec(line)?.[0];
    if (url !== undefined) break;
  }
  const page = await fetch(url ?? '');
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>');
  expect(existsSync(join(home, '.parley/turn-secret'))).toBe(true);
  expect(runIn(home, 'npx', '--no-install', 'parley', 'doctor', url ?? '')).toContain(
    'Everything works.',
  );
});
