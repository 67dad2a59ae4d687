// @ts-check
/**
 * Runs benchmarks: `node benchmarks/run.mjs [name ...] [--rounds N] [--seconds N]`. Without names it
 * runs all. They are TypeScript: Vite turns them into what Node reads.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { argv, execPath, exit } from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const OUT = `${HERE}dist`;
/** Processes that benchmarks start. */
const CHILDREN = [
  'turn/load/generator.ts',
  'turn/parley-server.ts',
  'first-frame/page-server.ts',
  'faults/relay-fuse.ts',
  'signaling/load.ts',
  'signaling/server.ts',
  'load/visitors.ts',
];

const benchmarks = readdirSync(HERE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.bench.ts'))
  .toSorted();
const nameOf = (/** @type {string} */ path) => basename(path, '.bench.ts');

async function bundle() {
  await build({
    root: HERE,
    logLevel: 'warn',
    configFile: false,
    build: {
      ssr: true,
      outDir: OUT,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rollupOptions: {
        input: [...benchmarks, ...CHILDREN].map((path) => `${HERE}${path}`),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
    // The server under test is the built package, as users get it.
    ssr: {
      external: [
        'koffi',
        '@parley/server',
        '@parley/turn',
        '@parley/testkit',
        'peer',
        'playwright-core',
        'ws',
      ],
      noExternal: true,
    },
    resolve: { conditions: ['@parley/source'] },
  });
}

const args = argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('--'));
const names = firstOption === -1 ? args : args.slice(0, firstOption);
const options = firstOption === -1 ? [] : args.slice(firstOption);
const chosen = names.length === 0 ? benchmarks.map(nameOf) : names;

const unknown = chosen.find((name) => !benchmarks.some((path) => nameOf(path) === name));
if (unknown !== undefined) {
  console.error(`No benchmark "${unknown}". There are: ${benchmarks.map(nameOf).join(', ')}`);
  exit(2);
}
await bundle();
for (const name of chosen) {
  const { status } = spawnSync(execPath, [`${OUT}/${name}.bench.js`, ...options], {
    stdio: 'inherit',
  });
  if (status !== 0) exit(status ?? 1);
}
