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

/** The SDK as an application bundles it, beside socket.io-client. */
async function sdkBytes() {
  const result = await build({
    root: `${ROOT}packages/client`,
    logLevel: 'error',
    configFile: false,
    resolve: { conditions: ['@parley/source'] },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry: 'src/index.ts', formats: ['es'] },
      rollupOptions: { external: ['socket.io-client'] },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  let bytes = 0;
  for (const output of outputs) {
    if (!('output' in output)) continue;
    for (const file of output.output) if (file.type === 'chunk') bytes += gzipped(file.code);
  }
  return bytes;
}

/** The scripts that the page loads before the person can press Join. */
function joinPageBytes() {
  const html = readFileSync(`${APP}/index.html`, 'utf8');
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map((match) => match[1]);
  return files.reduce((sum, file) => sum + gzipped(readFileSync(`${APP}${file}`)), 0);
}

/** Every script of the app. */
function wholeCallBytes() {
  const files = readdirSync(`${APP}/assets`).filter((name) => name.endsWith('.js'));
  return files.reduce((sum, name) => sum + gzipped(readFileSync(`${APP}/assets/${name}`)), 0);
}

const rows = [
  { what: 'SDK core beside socket.io-client', bytes: await sdkBytes(), budget: 15 * KILOBYTE },
  { what: 'join page, all its scripts', bytes: joinPageBytes(), budget: 45 * KILOBYTE },
  { what: 'whole call, every script', bytes: wholeCallBytes(), budget: 90 * KILOBYTE },
];
for (const { what, bytes, budget } of rows) {
  const verdict = bytes > 0 && bytes <= budget ? 'ok' : 'TOO LARGE';
  const figures = `${(bytes / KILOBYTE).toFixed(1)} kB of ${budget / KILOBYTE} kB`;
  console.log(`${what.padEnd(34)} ${figures.padEnd(20)} ${verdict}`);
}
if (rows.some(({ bytes, budget }) => bytes === 0 || bytes > budget)) exit(1);
