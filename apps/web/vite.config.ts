import { defaultClientConditions, defineConfig } from 'vite';

/** Modules of the first view. What only later views share stays out of its chunk. */
const FIRST_VIEW =
  /node_modules.(?!@sapphi)|vite|i18n|apps.web.src.(?:ui|media|route|room.own-invitation)|protocol|envelope|privacy-error|media-state|client.src.(?:abortable|client-error|emitter|lazily|observable|insight.(?:on-demand|silence)|media.(?:media-error|source)|peer.network-events|platform)/u;

/** What the call itself shares with what is fetched in it. */
const IN_EVERY_CALL = /apps.web.src.(?:call|chat.(?:chat-message|file-desk)|saving)/u;

/** Small parts that each call needs together, sooner or later. */
const LEVELS = /client.src.insight.(?:active-speaker|follow-level)/u;
const KEYS = /client.src.privacy.(?:base64url|link-key)/u;
const BYTES = /client.src.data.(?:data-limits|join-bytes|codec)/u;

/** What is fetched when it is asked for or when something is wrong, and other languages; a plain call is complete without. */
const ON_DEMAND =
  /-(?:panel|card|tool|toasts|problem|problems|problem-cards)$|^(?:en-test|ko|ko-call|ko-test|test-page|checkup|platform|workletProcessor|suppress-noise|rnnoiseWorklet|file-transfers|peer-stats|safety-code|screen-control|ticker|wait-at-door|check-field|access-token|browser-media-error)$/u;

/** Programs for worklets and WebAssembly, and a model. */
const HEAVY = /\.(?:js|wasm|tflite)$/u;

/** The app: Preact through the compiler's own JSX, our packages from their sources, no plugin. */
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['@parley/source', ...defaultClientConditions] },
  // Workers are for what is fetched on demand.
  worker: {
    format: 'es',
    rollupOptions: {
      output: {
        entryFileNames: 'assets/extra/[name]-[hash].js',
        assetFileNames: 'assets/extra/[name]-[hash][extname]',
      },
    },
  },
  build: {
    target: 'es2022',
    cssMinify: 'lightningcss',
    modulePreload: { polyfill: false },
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    license: { fileName: 'licenses.md' },
    reportCompressedSize: true,
    rollupOptions: {
      output: {
        chunkFileNames: ({ name }) =>
          ON_DEMAND.test(name) ? 'assets/extra/[name]-[hash].js' : 'assets/[name]-[hash].js',
        assetFileNames: ({ names }) =>
          HEAVY.test(names[0] ?? '')
            ? 'assets/extra/[name]-[hash][extname]'
            : 'assets/[name]-[hash][extname]',
        // One chunk for what the first view shares with later ones: many small ones compress worse.
        codeSplitting: {
          groups: [
            { name: 'shared', test: FIRST_VIEW, minShareCount: 2 },
            { name: 'call', test: IN_EVERY_CALL, minShareCount: 2 },
            { name: 'levels', test: LEVELS },
            { name: 'bytes', test: BYTES },
            { name: 'keys', test: KEYS },
          ],
        },
      },
    },
  },
});
