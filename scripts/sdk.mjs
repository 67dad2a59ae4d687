// @ts-check
/**
 * The SDK as one ES module for pages without a bundler: `/sdk/parley.js`, socket.io-client included.
 * What a call can begin without is in files of its own beside it.
 * @module
 */
import { ROOT } from './run.mjs';

const CLIENT = `${ROOT}packages/client`;

/** Folder of the built files. */
export const SDK_BUNDLE = `${CLIENT}/dist/page`;
/** The module that a page imports. */
export const SDK_MODULE = 'parley.js';

/** The script for pages that have calls in a frame: one file without imports. */
export const EMBED_SCRIPT = `${CLIENT}/dist/embed-page/embed.js`;

/** @returns {Promise<void>} rejects when the script cannot be bundled */
export async function bundleEmbed() {
  const { build, defaultClientConditions } = await import('vite');
  await build({
    root: CLIENT,
    logLevel: 'warn',
    configFile: false,
    resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
    build: {
      target: 'es2022',
      outDir: `${CLIENT}/dist/embed-page`,
      emptyOutDir: true,
      copyPublicDir: false,
      lib: {
        entry: 'src/embed-page.ts',
        formats: ['iife'],
        name: 'parleyEmbed',
        fileName: () => 'embed.js',
      },
      rollupOptions: { output: { minify: true } },
    },
  });
}

/** @returns {Promise<void>} rejects when the SDK cannot be bundled */
export async function bundleSdk() {
  // Not at the top: on a fresh clone it is installed only after this module has been loaded.
  const { build, defaultClientConditions } = await import('vite');
  await build({
    root: CLIENT,
    logLevel: 'warn',
    configFile: false,
    resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
    build: {
      target: 'es2022',
      outDir: SDK_BUNDLE,
      emptyOutDir: true,
      copyPublicDir: false,
      license: { fileName: 'licenses.md' },
      lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => SDK_MODULE },
      // Vite leaves the white space of libraries to those who bundle them; nobody bundles this one.
      rollupOptions: { output: { chunkFileNames: '[name]-[hash].js', minify: true } },
    },
  });
}
