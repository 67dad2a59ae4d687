/**
 * The page that says one is offline: kept by a small service worker, once this page is there and has nothing to do.
 * @module
 */

/** Registers the worker. In somebody's frame, on a page without https, or while developing there is none. */
export function keepOfflinePage(): void {
  if (!import.meta.env.PROD || window.parent !== window || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    // A certificate that only this person accepts is not enough for a worker; then there is no such page.
    navigator.serviceWorker.register('/service-worker.js').catch(() => undefined);
  });
}
