import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import {
  TLS_IDENTITY,
  eventually,
  expectConnected,
  expectPicture,
  expectSound,
  freePort,
  readCallConnections,
  startAcmeServer,
} from '@parley/testkit';
import type { AcmeServer, BrowserOptions, TestPage } from '@parley/testkit';
import type { ParleyServer } from '@parley/server';
import { afterAll, describe, expect, it } from 'vitest';
import { IDENTITY_TWO } from '../packages/turn/test/transport-tls-identities.ts';
import { expectPeople, joinAs, meetInApp } from './support/app-page.ts';
import { startServerHere, useStage } from './support/stage.ts';
import type { Stage } from './support/stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-https-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Two people in a call. */
async function meet(stage: Stage, options: BrowserOptions): Promise<[TestPage, TestPage]> {
  const room = stage.newRoom();
  const [ada, bob] = await Promise.all([
    stage.open('chromium', options),
    stage.open('chromium', options),
  ]);
  await meetInApp(stage, room, { Ada: ada, Bob: bob });
  await Promise.all([expectConnected(ada), expectConnected(bob)]);
  return [ada, bob];
}

/** They see and hear each other over the connection they had from the start. */
async function expectCall(pages: readonly TestPage[]): Promise<void> {
  await Promise.all(pages.flatMap((page) => [expectPicture(page), expectSound(page)]));
  const readings = await Promise.all(pages.map(readCallConnections));
  expect(readings.map(({ length }) => length)).toEqual(pages.map(() => 1));
}

/** Serial number of the certificate that newcomers are shown. */
function shownSerial(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('on a LAN, with a certificate of our own', () => {
  const stage = useStage(async () => {
    const server = await startServerHere({ lan: true, dataDir: join(folder, 'lan') });
    return Object.assign(server, { url: server.lanUrl });
  });

  it('a phone that refuses websockets there makes its call over polling', async () => {
    const pages = await meet(stage, { trustsTestServers: true, webSockets: 'blocked' });
    await expectPeople(pages[0], ['Bob']);
    await expectCall(pages);
    const addresses = pages.flatMap(({ requests }) => requests);
    expect(addresses.filter((address) => address.startsWith('wss:'))).toEqual([]);
    expect(addresses.some((address) => address.includes('transport=polling'))).toBe(true);
  });
});

describe('with certificate files', () => {
  const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
  const stage = useStage<ParleyServer>(async () => {
    writeFileSync(files.tlsCert, TLS_IDENTITY.cert);
    writeFileSync(files.tlsKey, TLS_IDENTITY.key);
    return startServerHere(files);
  });

  it('a call through the relay by TLS goes on while the files are replaced', async () => {
    const pages = await meet(stage, { trustsTestServers: true, relay: 'tls' });
    await expectCall(pages);
    const before = await shownSerial(stage.server.port);
    const { cert, key } = IDENTITY_TWO;
    for (const [file, content] of [
      [files.tlsKey, key],
      [files.tlsCert, cert],
    ] as const) {
      writeFileSync(`${file}.new`, content);
      renameSync(`${file}.new`, file);
    }
    await eventually(
      'another certificate',
      () => shownSerial(stage.server.port),
      (serial) => serial !== before,
    );
    await expectCall(pages);
  });
});

describe('with an address, and an authority that vouches for it', () => {
  let authority: AcmeServer | undefined;
  let httpPort = 0;
  const stage = useStage<ParleyServer>(async () => {
    const port = await freePort();
    httpPort = await freePort();
    authority = await startAcmeServer({ tlsPort: port, httpPort });
    const server = await startServerHere({
      port,
      httpPort,
      publicAddress: '127.0.0.1',
      acmeDirectory: authority.directoryUrl,
      acmeChallenge: 'http-01',
      dataDir: join(folder, 'public'),
    });
    return Object.assign(server, { url: server.publicUrl });
  });
  afterAll(() => authority?.close());

  it('browsers that trust the authority meet there, whichever port they came to by http', async () => {
    const { url, port } = stage.server;
    const path = `/r/${encodeURIComponent(stage.newRoom())}`;
    const trusting = { trustedAuthority: authority?.authorityPem ?? '' };
    const pages = [await stage.open('chromium', trusting), await stage.open('chromium', trusting)];
    for (const [index, plain] of [httpPort, port].entries()) {
      const page = pages[index];
      await page?.goto(`http://127.0.0.1:${plain}${path}`);
      expect(await page?.evaluate(() => location.href, undefined)).toBe(`${url}${path}`);
      expect(await page?.evaluate(() => isSecureContext, undefined)).toBe(true);
      if (page) await joinAs(page, `person ${index}`);
    }
    await Promise.all(pages.map((page) => expectConnected(page)));
    await expectCall(pages);
    expect(authority?.issued).toEqual(['shortlived']);
  });
});

describe('with a name, and an authority that vouches for it', () => {
  let authority: AcmeServer | undefined;
  const stage = useStage<ParleyServer>(async () => {
    const port = await freePort();
    authority = await startAcmeServer({ tlsPort: port, lifetimeSeconds: 12 });
    const server = await startServerHere({
      port,
      domain: 'localhost',
      httpPort: 0,
      acmeDirectory: authority.directoryUrl,
      acmeChallenge: 'tls-alpn-01',
      dataDir: join(folder, 'acme'),
    });
    return Object.assign(server, { url: server.publicUrl });
  });
  afterAll(() => authority?.close());

  it('a browser that trusts the authority takes part; the certificate is renewed meanwhile', async () => {
    const pem = authority?.authorityPem ?? '';
    const before = await shownSerial(stage.server.port);
    const pages = await meet(stage, { trustedAuthority: pem, relay: 'tls' });
    await expectCall(pages);
    if (authority) authority.settings.lifetimeSeconds = 3600;
    await eventually(
      'a renewed certificate',
      () => shownSerial(stage.server.port),
      (serial) => serial !== before,
    );
    await expectCall(pages);
    expect(new URL(stage.server.url).protocol).toBe('https:');
  });
});
