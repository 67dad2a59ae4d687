/**
 * Places in which browsers keep whom they trust, with a test authority among them. Firefox checks the certificate of a TURN server
 * against its own list, whatever a driver makes it accept for pages.
 * @see https://firefox-source-docs.mozilla.org/security/nss/legacy/tools/certutil/index.html
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TLS_IDENTITY } from '../tls/tls-identity.ts';

/** A folder on disk. Its owner must `remove` it. */
export interface Profile {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Makes a profile for Firefox with `certutil` of Debian's libnss3-tools. */
export async function createTrustingProfile(): Promise<Profile> {
  const profile = await createFolder('parley-firefox-');
  await trust(profile.folder, TLS_IDENTITY.authority);
  return profile;
}

/** Makes a home folder for Chromium in which this authority (PEM) is trusted. */
export async function createTrustingHome(authority: string): Promise<Profile> {
  const home = await createFolder('parley-chromium-');
  const store = join(home.folder, '.pki', 'nssdb');
  await mkdir(store, { recursive: true });
  await trust(store, authority);
  return home;
}

async function createFolder(prefix: string): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}

async function trust(store: string, authority: string | Buffer): Promise<void> {
  const file = join(store, 'authority.pem');
  const certutil = (...args: string[]): Promise<unknown> =>
    promisify(execFile)('certutil', [...args, '-d', `sql:${store}`]);
  await writeFile(file, authority);
  await certutil('-N', '--empty-password');
  await certutil('-A', '-n', 'Parley test authority', '-t', 'C,,', '-i', file);
}
