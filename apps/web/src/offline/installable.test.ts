import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const PUBLIC = fileURLToPath(new URL('../../public', import.meta.url));
const WORKER = readFileSync(`${PUBLIC}/service-worker.js`, 'utf8');

interface Manifest {
  readonly icons: readonly {
    readonly src: string;
    readonly sizes: string;
    readonly purpose: string;
  }[];
}

const MANIFEST: Manifest = JSON.parse(readFileSync(`${PUBLIC}/manifest.webmanifest`, 'utf8'));

/** Width and height stand behind the signature and the first chunk's head. */
function sizeOf(png: Buffer): string {
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  return `${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`;
}

describe('the app that is installed', () => {
  it('has icons of the sizes that its manifest tells, one of them maskable', () => {
    const drawn = MANIFEST.icons.filter(({ src }) => src.endsWith('.png'));
    for (const { src, sizes } of drawn) expect(sizeOf(readFileSync(PUBLIC + src))).toBe(sizes);
    expect(drawn.map(({ purpose }) => purpose)).toContain('maskable');
    expect(sizeOf(readFileSync(`${PUBLIC}/icons/apple-touch.png`))).toBe('180x180');
  });

  it('keeps another offline page when that has changed', () => {
    const list = /const SHELL = \[(?<paths>[^\]]*)\]/u.exec(WORKER)?.groups?.['paths'] ?? '';
    const hash = createHash('sha256');
    const paths = list.split(',').map((path) => path.trim().replaceAll("'", ''));
    for (const path of paths) hash.update(readFileSync(PUBLIC + path));
    expect(paths).toContain('/offline.html');
    expect(WORKER).toContain(`'offline-${hash.digest('hex').slice(0, 8)}'`);
  });
});
