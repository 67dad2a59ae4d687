import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  TLS_IDENTITY,
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  freePort,
  readConnections,
  isListening,
} from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { describe, expect, it } from 'vitest';
import { expectPeople, meetInApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';

const DOCUMENTED = fileURLToPath(new URL('../deploy/nginx.conf', import.meta.url));

/** The documented configuration, with the ports and files of this test. */
function configure(folder: string, { port }: ParleyServer, publicPort: number): string {
  const files = { 'fullchain.pem': TLS_IDENTITY.cert, 'privkey.pem': TLS_IDENTITY.key };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const site = readFileSync(DOCUMENTED, 'utf8')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${publicPort} ssl;`)
    .replace('server_name calls.example.org;', 'server_name localhost 127.0.0.1;')
    .replaceAll('/etc/letsencrypt/live/calls.example.org', folder)
    .replace('proxy_pass http://127.0.0.1:7000;', `proxy_pass http://127.0.0.1:${port};`);
  const bodies = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const temporary = bodies.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
  const main = `daemon off; pid ${folder}/pid; error_log stderr; events {}
    http { access_log off; ${temporary} ${site} }`;
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, main);
  return path;
}

describe('behind nginx, as documented', () => {
  const stage = useStage<ParleyServer>(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
    const server = await startServerHere({
      behindProxy: ['127.0.0.0/8'],
      dataDir: join(folder, 'data'),
    });
    const publicPort = await freePort();
    const nginx = spawn('nginx', ['-p', folder, '-c', configure(folder, server, publicPort)], {
      stdio: 'ignore',
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    });
    const url = `https://127.0.0.1:${publicPort}`;
    await eventually('an answer of nginx', () => isListening(publicPort), Boolean);
    const close = async (): Promise<void> => {
      const exited = once(nginx, 'exit');
      nginx.kill('SIGTERM');
      await exited;
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    };
    return Object.assign(Object.create(server), { url, close });
  });

  it('two people talk, over websockets, and are told the relay under the public name', async () => {
    const room = stage.newRoom();
    const trusting = { trustsTestServers: true };
    const [ada, bob] = [
      await stage.open('chromium', { ...trusting, relay: 'udp' }),
      await stage.open('chromium', { ...trusting, relay: 'udp' }),
    ];
    await meetInApp(stage, room, { Ada: ada, Bob: bob });
    await Promise.all([expectConnected(ada), expectConnected(bob)]);
    await expectPeople(ada, ['Bob']);
    await Promise.all([expectPicture(ada), expectPicture(bob), expectSound(ada), expectSound(bob)]);
    expect(ada.requests.some((address) => address.startsWith('wss:'))).toBe(true);
    const told = (await readConnections(ada)).flatMap(({ iceServerUrls }) => iceServerUrls);
    expect(told).toContain(`turn:127.0.0.1:${stage.server.port}?transport=udp`);
  });
});
