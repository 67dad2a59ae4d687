/**
 * Reads the configuration file from the disk.
 * @module
 */
import { readFileSync, statSync } from 'node:fs';
import { platform } from 'node:process';
import { ParleyError } from '@parley/protocol';
import { hasSecrets, parseConfigFile } from './config-file.ts';
import type { FileSettings } from './config-file.ts';

const READABLE_BY_OTHERS = 0o077;

/** @throws {ParleyError} `ERR_CONFIG_FILE` when it cannot be read, or others can read its secrets */
export function readConfigFile(file: string): FileSettings {
  const settings = parseConfigFile(read(file), file);
  // Windows has no such bits; there the folder's access list decides.
  const mode = platform === 'win32' ? 0 : statSync(file).mode;
  if ((mode & READABLE_BY_OTHERS) === 0 || !hasSecrets(settings)) return settings;
  throw new ParleyError(
    'ERR_CONFIG_FILE',
    `Other users may read the secrets in ${file}. Run "chmod 600 ${file}".`,
  );
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError(
      'ERR_CONFIG_FILE',
      `The configuration file ${file} cannot be read: ${reason}. Correct the path given with --config.`,
      { cause },
    );
  }
}
