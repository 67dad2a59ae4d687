import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('../examples/plain/', import.meta.url));
const SNIPPET = /```js\n(?<code>[\s\S]*?)```/gu;

describe('the explanation of the tutorial page', () => {
  const script = withoutSpace(readFileSync(`${FOLDER}plain.js`, 'utf8'));

  it.each(['README.md', 'README.ko.md'])('%s quotes only what stands in plain.js', (file) => {
    const text = readFileSync(FOLDER + file, 'utf8');
    const snippets = [...text.matchAll(SNIPPET)].map((match) =>
      withoutSpace(match.groups?.['code'] ?? ''),
    );
    expect(snippets.length).toBeGreaterThan(5);
    expect(snippets.filter((code) => !script.includes(code))).toEqual([]);
  });
});

/** The formatter lays a snippet out anew; only the words count. */
function withoutSpace(code: string): string {
  return code.replaceAll(/\s+/gu, '');
}
