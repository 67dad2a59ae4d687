import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { connect } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { PortDemultiplexer } from '../src/transport/one-port/port-demultiplexer.ts';
import { TlsFiles } from '../src/transport/one-port/tls-files.ts';
import type { TlsIdentity } from '../src/transport/one-port/tls-files.ts';
import { listenOnFreePort } from './listen-on-free-port.ts';
import { eventually } from './transport-eventually.ts';
import { IDENTITY_ONE, IDENTITY_TWO } from './transport-tls-identities.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function filesOf({ cert, key }: TlsIdentity): { certFile: string; keyFile: string } {
  const folder = mkdtempSync(`${tmpdir()}/parley-tls-`);
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const files = { certFile: `${folder}/cert.pem`, keyFile: `${folder}/key.pem` };
  writeFileSync(files.certFile, cert);
  writeFileSync(files.keyFile, key);
  return files;
}

async function listen(
  tls: TlsIdentity,
): Promise<{ port: number; demultiplexer: PortDemultiplexer }> {
  const demultiplexer = new PortDemultiplexer({ http: createServer(), tls });
  cleanups.push(() => demultiplexer.close());
  return { port: await listenOnFreePort(demultiplexer.server), demultiplexer };
}

/** The name on the certificate a new client is shown. */
async function shownName(port: number): Promise<string | string[] | undefined> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await new Promise((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  const name = socket.getPeerCertificate().subject.CN;
  socket.destroy();
  return name;
}

function ignore(): void {
  // No test looks at this.
}

it('shows the new certificate after both files were replaced', async () => {
  const files = filesOf(IDENTITY_ONE);
  const { port, demultiplexer } = await listen(IDENTITY_ONE);
  const onChange = (identity: TlsIdentity): void => demultiplexer.setTls(identity);
  const tls = new TlsFiles({ ...files, intervalMs: 20, onChange });
  cleanups.push(() => tls.close());
  expect(await shownName(port)).toBe('one.parley.test');
  writeFileSync(`${files.certFile}.new`, IDENTITY_TWO.cert);
  writeFileSync(`${files.keyFile}.new`, IDENTITY_TWO.key);
  renameSync(`${files.certFile}.new`, files.certFile);
  renameSync(`${files.keyFile}.new`, files.keyFile);
  await eventually(() => expect(tls.identity).toEqual(IDENTITY_TWO));
  expect(await shownName(port)).toBe('two.parley.test');
});

it('keeps the old certificate while the new one has no key', async () => {
  const files = filesOf(IDENTITY_ONE);
  const errors: unknown[] = [];
  const onError = (error: unknown): unknown => errors.push(error);
  const tls = new TlsFiles({ ...files, intervalMs: 20, onChange: ignore, onError });
  cleanups.push(() => tls.close());
  writeFileSync(files.certFile, IDENTITY_TWO.cert);
  await eventually(() => expect(errors).toHaveLength(1));
  expect(tls.identity).toEqual(IDENTITY_ONE);
  rmSync(files.keyFile);
  await eventually(() => expect(errors).toHaveLength(2));
  writeFileSync(files.keyFile, IDENTITY_TWO.key);
  await eventually(() => expect(tls.identity).toEqual(IDENTITY_TWO));
  expect(errors).toHaveLength(2);
});

it('throws at once for files that do not belong together or are not there', () => {
  const { certFile, keyFile } = filesOf({ cert: IDENTITY_ONE.cert, key: IDENTITY_TWO.key });
  const open = (key: string): TlsFiles =>
    new TlsFiles({ certFile, keyFile: key, onChange: ignore });
  expect(() => open(keyFile)).toThrow(/mismatch/);
  expect(() => open(`${keyFile}.missing`)).toThrow(/ENOENT/);
});
