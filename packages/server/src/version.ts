/**
 * The version of this package, as its package.json says.
 * @module
 */
import { readFileSync } from 'node:fs';

/** For example `0.1.0`. */
export function readVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    return String(manifest.version);
  }
  throw new TypeError('package.json has no version');
}
