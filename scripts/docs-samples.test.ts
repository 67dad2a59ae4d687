import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): string => readFileSync(ROOT + path, 'utf8');

it('the test shown in docs/sdk/testing.md is the one that is run', () => {
  expect(read('docs/sdk/testing.md')).toContain(
    `\`\`\`ts\n${read('examples/app-test/guest-list.test.ts')}\`\`\``,
  );
});
