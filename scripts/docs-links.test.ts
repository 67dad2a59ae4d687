import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const FOLDERS = ['docs', 'examples', 'packages', 'benchmarks', 'e2e'];
const LEFT_OUT = /(?:^|\/)(?:node_modules|dist|public)\//u;
/** `[text](target)`, and pictures as well. */
const LINK = /\[[^\]]*\]\((?<target>[^)\s]+)\)/gu;
const HEADING = /^#+ (?<text>.+)$/gmu;
const CODE = /^```[\s\S]*?^```/gmu;

function pages(): readonly string[] {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(ROOT + folder, { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  const all = [...inFolders, ...readdirSync(ROOT)];
  return all.filter((name) => name.endsWith('.md') && !LEFT_OUT.test(name));
}

/** As GitHub makes an anchor of a heading. */
function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '');
  return plain.trim().replaceAll(' ', '-');
}

function anchorsIn(page: string): readonly string[] {
  const text = readFileSync(ROOT + page, 'utf8').replaceAll(CODE, '');
  return [...text.matchAll(HEADING)].map(({ groups }) => anchorOf(groups?.['text'] ?? ''));
}

/** Links of a page that lead nowhere. */
function deadLinksIn(page: string): readonly string[] {
  const text = readFileSync(ROOT + page, 'utf8').replaceAll(CODE, '');
  return [...text.matchAll(LINK)].flatMap(({ groups }) => {
    const target = groups?.['target'] ?? '';
    if (/^[a-z]+:/u.test(target)) return []; // another site: no test may ask it
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    const isThere = existsSync(ROOT + file);
    const hasAnchor = anchor === undefined || (isThere && anchorsIn(file).includes(anchor));
    return isThere && hasAnchor ? [] : [`${page}: ${target}`];
  });
}

it('no link in our pages is dead', () => {
  expect(pages()).toContain('README.md');
  expect(pages()).toContain('docs/SDK.md');
  expect(pages().flatMap(deadLinksIn)).toEqual([]);
});
