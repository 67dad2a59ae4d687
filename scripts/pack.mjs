// @ts-check
/**
 * Packs what `npx parley` runs: one package with the server, the page, and our own packages inside it,
 * so that nothing but libraries of others comes from the registry.
 * Usage: node scripts/pack.mjs [folder for the tarball]
 * @module
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { argv } from 'node:process';
import { ROOT, run } from './run.mjs';

/** What lies inside, by folder. */
const INNER = ['protocol', 'turn'];
const PRIVATE = /(?:\.tsbuildinfo|\.map|(?:^|\/)page)$/;

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(`${ROOT}packages/${folder}/package.json`, 'utf8'));
}

/** @param {string} from @param {string} to */
function copy(from, to) {
  cpSync(from, to, { recursive: true, filter: (path) => !PRIVATE.test(path) });
}

/** @param {string} stage */
function fill(stage) {
  const server = readManifest('server');
  const inner = INNER.map(readManifest);
  const names = inner.map(({ name }) => name);
  const libraries = [server, ...inner].map(({ dependencies }) => dependencies ?? {});
  const dependencies = Object.assign({}, ...libraries);
  const optional = inner.map(({ optionalDependencies }) => optionalDependencies ?? {});
  const manifest = {
    name: 'parley',
    version: server.version,
    description: 'Calls by opening a link, from one small server that you own.',
    license: server.license,
    type: 'module',
    bin: server.bin,
    files: server.files,
    dependencies,
    optionalDependencies: Object.assign({}, ...optional),
    bundleDependencies: names,
    engines: server.engines,
  };
  writeFileSync(`${stage}/package.json`, JSON.stringify(manifest, undefined, 2));
  for (const part of ['dist', 'public']) copy(`${ROOT}packages/server/${part}`, `${stage}/${part}`);
  for (const [index, folder] of INNER.entries()) {
    const place = `${stage}/node_modules/${names[index]}`;
    mkdirSync(place, { recursive: true });
    copy(`${ROOT}packages/${folder}/dist`, `${place}/dist`);
    // Scripts, and sources that are not there, are none of a user's business.
    const { name, version, license, type, exports, dependencies: needs } = inner[index] ?? {};
    const small = { name, version, license, type, exports, dependencies: needs };
    writeFileSync(`${place}/package.json`, JSON.stringify(small, undefined, 2));
  }
}

/**
 * @param {string} folder for the tarball
 * @returns {Promise<string>} its path
 */
export async function pack(folder) {
  const stage = mkdtempSync(`${tmpdir()}/parley-pack-`);
  try {
    fill(stage);
    mkdirSync(folder, { recursive: true });
    const target = ['--pack-destination', resolve(folder)];
    const code = await run('npm', ['pack', '--silent', ...target, stage], { quiet: true });
    if (code !== 0) throw new Error('npm could not pack the server.');
    return `${resolve(folder)}/parley-${readManifest('server').version}.tgz`;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (argv[1] === new URL(import.meta.url).pathname) console.log(await pack(argv[2] ?? ROOT));
