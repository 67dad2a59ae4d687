/**
 * A steady beat, also while nobody sees the page.
 * @module
 */

/** Calls `beat` twenty times a second until it is undone. */
export function startTicker(beat: () => void): () => void {
  // Written in one piece: so the bundler finds the worker.
  const worker = new Worker(new URL('ticker-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', beat);
  return () => worker.terminate();
}
