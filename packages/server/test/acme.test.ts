import { X509Certificate } from 'node:crypto';
import { get } from 'node:http';
import { connect as connectTls } from 'node:tls';
import { freePort, startAcmeServer } from '@parley/testkit';
import type { AcmeServer, AcmeSettings } from '@parley/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { ParleyServer, ServerOptions } from '../src/index.ts';
import { connect, PATIENCE, serve, temporaryFolder } from './harness.ts';

const authorities = new Set<AcmeServer>();

afterEach(async () => {
  await Promise.all([...authorities].map((authority) => authority.close()));
  authorities.clear();
});

interface Scene {
  readonly authority: AcmeServer;
  readonly options: ServerOptions;
}

/** An authority that looks at the ports of a server that is still to be started. */
async function setUp(settings: Partial<AcmeSettings> = {}): Promise<Scene> {
  const [port, httpPort] = [await freePort(), await freePort()];
  const authority = await startAcmeServer({ tlsPort: port, httpPort, ...settings });
  authorities.add(authority);
  const options = {
    port,
    httpPort,
    domain: 'localhost',
    acmeDirectory: authority.directoryUrl,
    dataDir: temporaryFolder(),
  };
  return { authority, options };
}

/** The certificate that a client is shown which trusts nobody but the authority. */
async function shown(server: ParleyServer, { authorityPem: ca }: AcmeServer, host = 'localhost') {
  const socket = connectTls({
    port: server.port,
    host: '127.0.0.1',
    ca,
    // Names for addresses are not sent, and checked all the same.
    ...(host === 'localhost' && { servername: host }),
  });
  try {
    await new Promise((resolve, reject) => {
      socket.once('secureConnect', resolve);
      socket.once('error', reject);
    });
    return new X509Certificate(socket.getPeerCertificate().raw);
  } finally {
    socket.destroy();
  }
}

describe('a server that gets its certificate from an authority', () => {
  it.each(['tls-alpn-01', 'http-01'] as const)('gets it by %s', async (acmeChallenge) => {
    const { authority, options } = await setUp();
    const server = await serve({ ...options, acmeChallenge });
    expect(server.publicUrl).toBe(`https://localhost:${server.port}`);
    expect((await shown(server, authority)).subjectAltName).toBe('DNS:localhost');
    expect(authority.issued).toEqual([undefined]);
  });

  it.each(['tls-alpn-01', 'http-01'] as const)(
    'gets one for an address by %s, of the profile for addresses',
    async (acmeChallenge) => {
      const { authority, options } = await setUp();
      const { domain: _, ...rest } = options;
      const server = await serve({ ...rest, publicAddress: '127.0.0.1', acmeChallenge });
      const certificate = await shown(server, authority, '127.0.0.1');
      expect(certificate.subjectAltName).toBe('IP Address:127.0.0.1');
      expect(authority.issued).toEqual(['shortlived']);
    },
  );

  it('asks nobody again after a restart', async () => {
    const { authority, options } = await setUp();
    await (await serve(options)).close();
    const server = await serve(options);
    await shown(server, authority);
    expect(authority.issued).toHaveLength(1);
  });

  it('renews it in time, and drops nobody', async () => {
    const { authority, options } = await setUp({ lifetimeSeconds: 3 });
    const server = await serve({ ...options, acmeChallenge: 'tls-alpn-01' });
    const ada = await connect(
      { url: `https://127.0.0.1:${server.port}` },
      {
        rejectUnauthorized: false,
      },
    );
    const { serialNumber } = await shown(server, authority);
    authority.settings.lifetimeSeconds = 3600;
    await expect.poll(() => authority.issued.length, PATIENCE).toBe(2);
    await expect
      .poll(async () => (await shown(server, authority)).serialNumber, PATIENCE)
      .not.toBe(serialNumber);
    expect(await ada.ask('prepare')).toMatchObject({ ok: true });
  });

  it('sends people who come by http to https, on both ports', async () => {
    const { options } = await setUp();
    const server = await serve(options);
    const locations = [server.port, options.httpPort].map(
      (port) =>
        new Promise((resolve, reject) => {
          get({ port, host: '127.0.0.1', path: '/r/daily', agent: false }, (response) => {
            response.resume();
            resolve(response.headers.location);
          }).on('error', reject);
        }),
    );
    const there = `https://127.0.0.1:${server.port}/r/daily`;
    expect(await Promise.all(locations)).toEqual([there, there]);
  });

  it('names the port to open when the authority cannot connect', async () => {
    const { authority, options } = await setUp({ httpPort: await freePort() });
    await expect(serve({ ...options, acmeChallenge: 'http-01' })).rejects.toMatchObject({
      code: 'ERR_ACME',
      message: expect.stringMatching(/gave no certificate for localhost.*TCP port 80.*ufw allow/),
    });
    expect(authority.issued).toEqual([]);
  });

  it('says that something else answers under the name', async () => {
    const other = await setUp();
    const stranger = await serve(other.options);
    const { options } = await setUp({ tlsPort: stranger.port });
    await expect(serve({ ...options, acmeChallenge: 'tls-alpn-01' })).rejects.toMatchObject({
      code: 'ERR_ACME',
      message: expect.stringContaining('gave no certificate for localhost'),
    });
  });

  it('says that the authority cannot be reached, and leaves no port open', async () => {
    const { authority, options } = await setUp();
    const acmeDirectory = authority.directoryUrl.replace('/directory', '/nothing');
    await expect(serve({ ...options, acmeDirectory })).rejects.toMatchObject({ code: 'ERR_ACME' });
    const server = await serve(options);
    expect(server.port).toBe(options.port);
  });
});
