import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { FakeClock } from '@parley/testkit';
import { describe, expect, it } from 'vitest';
import { CertificateStore } from '../src/https/certificate-store.ts';
import { LanCertificate } from '../src/https/lan-certificate.ts';
import { SILENT_LOGGER } from '../src/logger.ts';
import { connect, serve, temporaryFolder } from './harness.ts';

const DAY_MS = 86_400_000;

/** A certificate on a machine whose addresses and time the test decides. */
function setUp() {
  const names = ['192.168.1.20', 'localhost', '127.0.0.1'];
  const dataDir = temporaryFolder();
  const fake = new FakeClock();
  const clock = {
    now: () => fake.now(),
    unixSeconds: () => Math.floor((Date.now() + fake.now()) / 1000),
    setTimeout: (callback: () => void, delayMs: number) => fake.setTimeout(callback, delayMs),
    clearTimeout: (timer: never) => fake.clearTimeout(timer),
  };
  const shown: string[] = [];
  const open = async (): Promise<LanCertificate> => {
    const certificate = await LanCertificate.open({
      store: new CertificateStore(dataDir, 'lan'),
      names: () => names,
      clock,
      logger: SILENT_LOGGER,
    });
    await certificate.start({
      show: ({ cert }) => shown.push(new X509Certificate(cert).serialNumber),
      prove: () => {},
    });
    return certificate;
  };
  return { names, fake, shown, open, dataDir };
}

describe('the certificate of a LAN', () => {
  it('is kept over a restart, for the owner alone', async () => {
    const { open, shown, dataDir } = setUp();
    (await open()).close();
    (await open()).close();
    expect(new Set(shown).size).toBe(1);
    expect(statSync(join(dataDir, 'lan.pem')).mode & 0o777).toBe(0o600);
    const certificate = new X509Certificate(readFileSync(join(dataDir, 'lan.pem')));
    expect(certificate.checkIP('192.168.1.20')).toBe('192.168.1.20');
    expect(certificate.checkHost('localhost')).toBe('localhost');
  });

  it('is made anew when an address comes that it does not name', async () => {
    const { names, open, fake, shown } = setUp();
    const certificate = await open();
    names.push('10.0.0.7');
    fake.advance(60_000);
    await expect.poll(() => shown.length).toBe(2);
    expect(new X509Certificate(certificate.identity.cert).checkIP('10.0.0.7')).toBe('10.0.0.7');
    certificate.close();
  });

  it('is made anew before it ends, and not much earlier', async () => {
    const { open, fake, shown } = setUp();
    (await open()).close();
    fake.advance(300 * DAY_MS);
    (await open()).close();
    expect(new Set(shown).size).toBe(1);
    fake.advance(40 * DAY_MS);
    (await open()).close();
    expect(new Set(shown).size).toBe(2);
  });
});

describe('a server for a LAN', () => {
  it('speaks https under its addresses, and carries signaling by polling', async () => {
    const dataDir = temporaryFolder();
    const server = await serve({ lan: true, dataDir });
    expect([server.isSecure, server.lanUrl]).toEqual([true, `https://127.0.0.1:${server.port}`]);
    const certificate = readFileSync(join(dataDir, 'lan-certificate.pem'));
    const socket = connectTls({ port: server.port, host: '127.0.0.1', ca: certificate });
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    socket.destroy();
    const ada = await connect(server, { transports: ['polling'], rejectUnauthorized: false });
    expect(await ada.join('daily')).toMatchObject({ ok: true });
  });
});
