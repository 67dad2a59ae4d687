// @ts-check
/**
 * Measures what a visitor downloads and compares it with the promised budgets.
 * @module
 */
import { readFileSync, readdirSync } from 'node:fs';
import { exit } from 'node:process';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { ROOT } from './run.mjs';

const KILOBYTE = 1000;
const APP = `${ROOT}apps/web/dist`;

/** @param {string | Uint8Array} code */
const gzipped = (code) => gzipSync(code, { level: 9 }).byteLength;

/** No file: `createClient`, and the rooms that it loads a little later, but that no call can do without. */
const CORE_ENTRY = '/core-of-the-sdk.ts';
const CORE_PLUGIN = {
  name: 'core-of-the-sdk',
  resolveId: (/** @type {string} */ id) => (id.endsWith(CORE_ENTRY) ? CORE_ENTRY : undefined),
  load: (/** @type {string} */ id) =>
    id === CORE_ENTRY
      ? ['create-client', 'mesh-room']
          .map((name) => `export * from '${ROOT}packages/client/src/${name}.ts';`)
          .join('\n')
      : undefined,
};

/**
 * @typedef {Extract<Awaited<ReturnType<typeof build>>, { output: unknown }>['output'][number]} Output
 * @typedef {Extract<Output, { type: 'chunk' }>} Chunk
 */

/**
 * The SDK as an application bundles it that imports `createClient`, beside socket.io-client. `core`
 * comes with the first import; each lazy chunk comes when a call needs it.
 */
async function sdkBytes() {
  const result = await build({
    root: `${ROOT}packages/client`,
    plugins: [CORE_PLUGIN],
    logLevel: 'error',
    configFile: false,
    resolve: { conditions: ['@parley/source'] },
    build: {
      write: false,
      target: 'es2022',
      // As a library: else Vite adds its loader of chunks, which an application has once for all its own.
      lib: { entry: CORE_ENTRY, formats: ['es'] },
      rollupOptions: {
        external: ['socket.io-client'],
        // The entry of an application exports nothing: what its parts share stays with it.
        preserveEntrySignatures: 'allow-extension',
        output: { minify: true },
      },
    },
  });
  /** @type {Map<string, Chunk>} */
  const chunks = new Map();
  for (const output of Array.isArray(result) ? result : [result]) {
    if (!('output' in output)) continue;
    for (const file of output.output) if (file.type === 'chunk') chunks.set(file.fileName, file);
  }
  const entry = [...chunks.values()].find(({ isEntry }) => isEntry);
  const core = new Set(entry === undefined ? [] : [entry]);
  // A set also visits what is added while it is walked.
  for (const { imports } of core) {
    for (const name of imports) {
      const imported = chunks.get(name);
      if (imported !== undefined) core.add(imported);
    }
  }
  const lazy = [...chunks.values()].filter((chunk) => !core.has(chunk));
  return {
    core: [...core].reduce((sum, { code }) => sum + gzipped(code), 0),
    lazy: lazy.map(({ name, code }) => ({ what: `SDK, lazy: ${name}`, bytes: gzipped(code) })),
  };
}

/** The scripts that the page loads before the person can press Join, as paths in the app. */
function joinPageScripts() {
  const html = readFileSync(`${APP}/index.html`, 'utf8');
  return [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1] ?? '');
}

/** @param {Iterable<string>} paths */
function bytesOf(paths) {
  return [...paths].reduce((sum, path) => sum + gzipped(readFileSync(`${APP}/${path}`)), 0);
}

/** @param {string} folder */
function scriptsIn(folder) {
  const files = readdirSync(`${APP}/${folder}`).filter((name) => name.endsWith('.js'));
  return files.map((name) => `${folder}/${name}`);
}

/**
 * `assets` has what a call in English can need without being asked to; `assets/extra` what is fetched when
 * somebody opens it, when something is wrong, and Korean. What the join page loads counts wherever it stands.
 */
function wholeCallBytes() {
  return bytesOf(new Set([...joinPageScripts(), ...scriptsIn('assets')]));
}

function onDemand() {
  return scriptsIn('assets/extra').map((path) => ({
    what: `app, on demand: ${path.replace(/^.*\/|-.{8}\.js$/g, '')}`,
    bytes: bytesOf([path]),
  }));
}

const sdk = await sdkBytes();
const rows = [
  { what: 'SDK core beside socket.io-client', bytes: sdk.core, budget: 15 * KILOBYTE },
  { what: 'join page, all its scripts', bytes: bytesOf(joinPageScripts()), budget: 45 * KILOBYTE },
  { what: 'whole call, all its scripts', bytes: wholeCallBytes(), budget: 90 * KILOBYTE },
];
const inKilobytes = (/** @type {number} */ bytes) => (bytes / KILOBYTE).toFixed(1);
for (const { what, bytes, budget } of rows) {
  const verdict = bytes > 0 && bytes <= budget ? 'ok' : 'TOO LARGE';
  const figures = `${inKilobytes(bytes)} kB of ${budget / KILOBYTE} kB`;
  console.log(`${what.padEnd(34)} ${figures.padEnd(20)} ${verdict}`);
}
for (const { what, bytes } of [...sdk.lazy, ...onDemand()]) {
  console.log(`${what.padEnd(34)} ${inKilobytes(bytes)} kB`);
}
if (rows.some(({ bytes, budget }) => bytes === 0 || bytes > budget)) exit(1);
