import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const QUOTED_CODE = /['"](?<code>ERR_[A-Z0-9_]+)['"]/g;
const ROW = /^\| `(?<code>ERR_[A-Z0-9_]+)` \|(?<meaning>[^|]*)\|(?<next>[^|]*)\|$/gm;

/** Every code written in the sources of a package, tests left out. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const name of readdirSync(join(ROOT, 'packages'))) {
    const folder = join(ROOT, 'packages', name, 'src');
    for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(path) || /\.test\.tsx?$/.test(path)) continue;
      const text = readFileSync(join(folder, path), 'utf8');
      for (const { groups } of text.matchAll(QUOTED_CODE)) codes.add(groups?.['code'] ?? '');
    }
  }
  return codes;
}

describe('docs/ERRORS.md', () => {
  const rows = [...readFileSync(join(ROOT, 'docs/ERRORS.md'), 'utf8').matchAll(ROW)];
  const explained = rows.map(({ groups }) => groups?.['code'] ?? '');

  it('explains exactly the codes that the sources use', () => {
    expect(explained.toSorted()).toEqual([...codesInSources()].toSorted());
  });

  it('says for each what it means and what to do', () => {
    for (const { groups } of rows) {
      expect(groups?.['meaning']?.trim()).toMatch(/\w.*\.$/);
      expect(groups?.['next']?.trim()).toMatch(/\w.*\.$/);
    }
  });
});
