// @ts-check
/**
 * Builds what is stale: the packages with the TypeScript compiler, the app and the SDK for pages with
 * Vite, and the folder that the server serves.
 * @module
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { ROOT, run, runTool } from './run.mjs';
import { bundleEmbed, bundleSdk, EMBED_SCRIPT, SDK_BUNDLE, SDK_MODULE } from './sdk.mjs';

const PUBLIC = `${ROOT}packages/server/public`;
const APP = `${ROOT}apps/web`;
const EXAMPLES = `${ROOT}examples`;
const REACT = `${EXAMPLES}/react`;
const SDK_INPUTS = [`${ROOT}packages/client`, `${ROOT}packages/protocol`];
const APP_INPUTS = [APP, ...SDK_INPUTS];
const GENERATED = new Set(['node_modules', 'dist', 'dist-types', 'test']);

/**
 * Newest modification time below `path`, generated folders left out.
 *
 * @param {string} path
 * @returns {number} milliseconds
 */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return path.endsWith('.tsbuildinfo') ? 0 : stat.mtimeMs;
  let latest = 0;
  for (const name of readdirSync(path)) {
    if (!GENERATED.has(name)) latest = Math.max(latest, newest(`${path}/${name}`));
  }
  return latest;
}

/**
 * @param {string} built a file that a build writes
 * @param {string[]} inputs what it is built from
 */
function isStale(built, inputs) {
  if (!existsSync(built)) return true;
  return Math.max(...inputs.map(newest)) > statSync(built).mtimeMs;
}

async function buildApp() {
  if (!isStale(`${APP}/dist/index.html`, APP_INPUTS)) return;
  console.log('Building the app ...');
  const code = await run('npm', ['run', '--silent', 'build', '--workspace', '@parley/web']);
  if (code !== 0) throw new Error('The app did not build; the messages above say why.');
}

async function buildSdk() {
  if (!isStale(`${SDK_BUNDLE}/${SDK_MODULE}`, SDK_INPUTS)) return;
  console.log('Bundling the SDK ...');
  await bundleSdk();
}

async function buildEmbed() {
  if (!isStale(EMBED_SCRIPT, SDK_INPUTS)) return;
  console.log('Bundling the script for pages that embed calls ...');
  await bundleEmbed();
}

/** The one example that needs a bundler, as React does. */
async function buildReactExample() {
  if (!isStale(`${REACT}/dist/index.html`, [REACT, ...SDK_INPUTS])) return;
  console.log('Building the React example ...');
  // Not at the top: on a fresh clone it is installed only after this module has been loaded.
  const { build: bundle } = await import('vite');
  await bundle({
    root: REACT,
    base: './',
    logLevel: 'warn',
    configFile: false,
    oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  });
}

/** Puts the app, the SDK and those examples that are pages where the server looks for them. */
function publish() {
  rmSync(PUBLIC, { recursive: true, force: true });
  mkdirSync(`${PUBLIC}/examples`, { recursive: true });
  cpSync(`${APP}/dist`, PUBLIC, { recursive: true });
  cpSync(SDK_BUNDLE, `${PUBLIC}/sdk`, { recursive: true });
  cpSync(EMBED_SCRIPT, `${PUBLIC}/embed.js`);
  for (const name of readdirSync(EXAMPLES)) {
    const example = `${EXAMPLES}/${name}`;
    if (!existsSync(`${example}/index.html`)) continue;
    const built = existsSync(`${example}/dist`) ? `${example}/dist` : example;
    cpSync(built, `${PUBLIC}/examples/${name}`, { recursive: true });
  }
}

/** @returns {Promise<void>} rejects when a part does not build */
export async function build() {
  await ensureInstalled();
  if ((await runTool('tsc', ['-b'])) !== 0) throw new Error('The packages did not compile.');
  await buildApp();
  await buildSdk();
  await buildEmbed();
  await buildReactExample();
  publish();
}

if (argv[1] === fileURLToPath(import.meta.url)) await build();
