/**
 * Certificates as files.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsIdentity } from '@parley/turn';
import { temporaryFolder } from './harness.ts';

/** The two options of a server that name such files. */
export interface TlsOptions {
  readonly tlsCert: string;
  readonly tlsKey: string;
}

/** Writes certificate and key into a folder that is gone after the test. */
export function writeTlsFiles({ cert, key }: TlsIdentity): TlsOptions {
  const folder = temporaryFolder();
  const files = { tlsCert: join(folder, 'cert.pem'), tlsKey: join(folder, 'key.pem') };
  writeFileSync(files.tlsCert, cert);
  writeFileSync(files.tlsKey, key);
  return files;
}
