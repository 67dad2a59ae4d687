/**
 * A Firefox profile that trusts the test authority. Firefox checks the certificate of a TURN server
 * against its own list, whatever a driver makes it accept for pages.
 * @see https://firefox-source-docs.mozilla.org/security/nss/legacy/tools/certutil/index.html
 * @module
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TLS_IDENTITY } from '../tls/tls-identity.ts';

/** A folder on disk. Its owner must `remove` it. */
export interface Profile {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Makes the profile with `certutil` of Debian's libnss3-tools. */
export async function createTrustingProfile(): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-firefox-'));
  const authority = join(folder, 'authority.pem');
  const certutil = (...args: string[]): Promise<unknown> =>
    promisify(execFile)('certutil', [...args, '-d', `sql:${folder}`]);
  await writeFile(authority, TLS_IDENTITY.authority);
  await certutil('-N', '--empty-password');
  await certutil('-A', '-n', 'Parley test authority', '-t', 'C,,', '-i', authority);
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 3 }) };
}
