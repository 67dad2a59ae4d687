import { defaultClientConditions, defineConfig } from 'vite';

/** The app: Preact through the compiler's own JSX, our packages from their sources, no plugin. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
  build: {
    target: 'es2022',
    cssMinify: 'lightningcss',
    modulePreload: { polyfill: false },
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    reportCompressedSize: true,
  },
});
