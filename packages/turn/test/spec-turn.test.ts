import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PACKAGE = new URL('../', import.meta.url);
const SPEC = new URL('../../docs/SPEC-turn.md', PACKAGE);
const GROUPS =
  'ADDR|ALLOC|AUTH|BIND|CHAN|DATA|ENG|GATE|HOLE|INTEROP|LIFE|LIM|MODEL|OPEN|PERM|PROBE|SRV|STUN|TCP|TEAM';
const TEST_NAME = new RegExp(`['"\`]((?:${GROUPS})-\\d+) `, 'g');
const RANGE = /\*\*([A-Z]+)-(\d+)\*\* to \*\*[A-Z]+-(\d+)\*\*/g;

/** Ids in bold, ranges written out. */
function rulesOfSpec(): Set<string> {
  const text = readFileSync(SPEC, 'utf8');
  const ids = [...text.matchAll(/\*\*([A-Z]+-\d+)\*\*/g)].map(([, id = '']) => id);
  for (const [, group = '', first, last] of text.matchAll(RANGE)) {
    for (let number = Number(first); number <= Number(last); number += 1) {
      ids.push(`${group}-${number}`);
    }
  }
  return new Set(ids);
}

/** Ids at the beginning of test names. */
function rulesOfTests(): Set<string> {
  const files = readdirSync(PACKAGE, { recursive: true, encoding: 'utf8' });
  const ids = new Set<string>();
  for (const name of files) {
    if (!/^(?:src|test)\/.*\.test\.ts$/.test(name)) continue;
    const text = readFileSync(new URL(name, PACKAGE), 'utf8');
    for (const [, id = ''] of text.matchAll(TEST_NAME)) ids.add(id);
  }
  return ids;
}

it('every rule of docs/SPEC-turn.md has a test, and every rule a test names is there', () => {
  const [spec, tests] = [rulesOfSpec(), rulesOfTests()];
  expect([...spec].filter((id) => !tests.has(id))).toEqual([]);
  expect([...tests].filter((id) => !spec.has(id))).toEqual([]);
  expect(spec.size).toBeGreaterThan(150);
});
