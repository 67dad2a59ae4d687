// @ts-check
/**
 * The SDK as one ES module for pages without a bundler: `/sdk/parley.js`, socket.io-client included.
 * What a call can begin without is in files of its own beside it.
 * @module
 */
import { basename, dirname } from 'node:path';
import { ROOT } from './run.mjs';

const CLIENT = `${ROOT}packages/client`;

/** Folder of the built files. */
export const SDK_BUNDLE = `${CLIENT}/dist/page`;
/** The module that a page imports. */
export const SDK_MODULE = 'parley.js';

/** The script for pages that have calls in a frame: one file without imports. */
export const EMBED_SCRIPT = `${CLIENT}/dist/embed-page/embed.js`;

/**
 * @param {import('vite').BuildOptions} options what is written, and where
 * @returns {Promise<void>} rejects when it cannot be bundled
 */
async function bundle(options) {
  // Not at the top: on a fresh clone it is installed only after this module has been loaded.
  const { build, defaultClientConditions } = await import('vite');
  await build({
    root: CLIENT,
    logLevel: 'warn',
    configFile: false,
    resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
    build: { target: 'es2022', emptyOutDir: true, copyPublicDir: false, ...options },
  });
}

/** @returns {Promise<void>} rejects when the script cannot be bundled */
export function bundleEmbed() {
  return bundle({
    outDir: dirname(EMBED_SCRIPT),
    lib: {
      entry: 'src/embed-page.ts',
      formats: ['iife'],
      name: 'parleyEmbed',
      fileName: () => basename(EMBED_SCRIPT),
    },
    rollupOptions: { output: { minify: true } },
  });
}

/** @returns {Promise<void>} rejects when the SDK cannot be bundled */
export function bundleSdk() {
  return bundle({
    outDir: SDK_BUNDLE,
    license: { fileName: 'licenses.md' },
    lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => SDK_MODULE },
    // Vite leaves the white space of libraries to those who bundle them; nobody bundles this one.
    rollupOptions: {
      preserveEntrySignatures: 'allow-extension',
      output: { chunkFileNames: '[name]-[hash].js', minify: true },
    },
  });
}
