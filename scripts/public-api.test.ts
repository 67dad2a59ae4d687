import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const PACKAGES = ['protocol', 'turn', 'server', 'client'] as const;
const EXPORT = /^export (?<type>type )?\{(?<names>[^}]*)\}/gmu;

interface Entry {
  /** What a user writes in an import. */
  readonly name: string;
  /** Where it begins. */
  readonly source: string;
}

function entriesOf(folder: string): readonly Entry[] {
  const text = readFileSync(`${ROOT}packages/${folder}/package.json`, 'utf8');
  const { name, exports }: { name: string; exports: Record<string, unknown> } = JSON.parse(text);
  return Object.entries(exports).flatMap(([path, target]) => {
    const source = hasSource(target) ? target['@parley/source'] : undefined;
    if (source === undefined) return []; // a script for a worker: nobody imports names from it
    return [{ name: name + path.slice(1), source: `packages/${folder}/${source.slice(2)}` }];
  });
}

function hasSource(target: unknown): target is { '@parley/source': string } {
  return typeof target === 'object' && target !== null && '@parley/source' in target;
}

/** The names that an entry exports: values first, then types. */
function surfaceOf({ name, source }: Entry): string {
  const text = readFileSync(ROOT + source, 'utf8');
  const found = [...text.matchAll(EXPORT)].flatMap(({ groups }) =>
    (groups?.['names'] ?? '')
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '')
      .map((one) => `${groups?.['type'] === undefined ? 'value' : 'type '} ${one}`),
  );
  // An entry only passes on what others define; else a name would be missing here.
  expect(text.replaceAll(EXPORT, '')).not.toMatch(/^export /mu);
  const values = found.filter((line) => line.startsWith('value')).toSorted();
  const types = found.filter((line) => line.startsWith('type')).toSorted();
  return [`# ${name}`, ...values, ...types, ''].join('\n');
}

it('the packages offer what docs/public-api.txt says; change it on purpose only (vitest -u)', async () => {
  const surface = PACKAGES.flatMap(entriesOf).map(surfaceOf).join('\n');
  await expect(surface).toMatchFileSnapshot(`${ROOT}docs/public-api.txt`);
});
