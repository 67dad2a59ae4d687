import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TEST_FILE = /^(?:packages\/[^/]+\/(?:src|test)|e2e)\/.*\.test\.ts$/u;
const TEST_NAME = /['"`](?<ids>(?:[A-Z]+-\d+ )+)/gu;
const RULE = /\*\*(?<id>[A-Z]+-\d+)\*\*/gu;
const RANGE = /\*\*(?<group>[A-Z]+)-(?<first>\d+)\*\* to \*\*[A-Z]+-(?<last>\d+)\*\*/gu;

const SPECS = [
  { page: 'docs/SPEC-turn.md', least: 150 },
  { page: 'docs/SPEC-signaling.md', least: 40 },
  { page: 'docs/PRIVACY.md', least: 15 },
];

/** Ids in bold, ranges written out. */
function rulesOf(page: string): Set<string> {
  const text = readFileSync(ROOT + page, 'utf8');
  const ids = [...text.matchAll(RULE)].map(({ groups }) => groups?.['id'] ?? '');
  for (const { groups } of text.matchAll(RANGE)) {
    for (let number = Number(groups?.['first']); number <= Number(groups?.['last']); number += 1) {
      ids.push(`${groups?.['group']}-${number}`);
    }
  }
  return new Set(ids);
}

/** Paths of all test files. */
function* testFiles(): Iterable<string> {
  for (const folder of ['packages', 'e2e']) {
    for (const name of readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' })) {
      if (TEST_FILE.test(`${folder}/${name}`)) yield `${folder}/${name}`;
    }
  }
}

/** Ids at the beginning of the names of all tests. */
function rulesOfTests(): Set<string> {
  const ids = [...testFiles()].flatMap((path) => {
    const names = readFileSync(ROOT + path, 'utf8').matchAll(TEST_NAME);
    return [...names].flatMap(({ groups }) => groups?.['ids']?.trim().split(' ') ?? []);
  });
  return new Set(ids);
}

const groupOf = (id: string): string => id.replace(/-\d+$/u, '');

describe('the rules of the specifications', () => {
  const tested = rulesOfTests();

  it.each(SPECS)('$page: every rule has a test, and every rule a test names is there', (spec) => {
    const rules = rulesOf(spec.page);
    const groups = new Set([...rules].map(groupOf));
    const named = [...tested].filter((id) => groups.has(groupOf(id)));
    expect([...rules].filter((id) => !tested.has(id))).toEqual([]);
    expect(named.filter((id) => !rules.has(id))).toEqual([]);
    expect(rules.size).toBeGreaterThan(spec.least);
  });
});
