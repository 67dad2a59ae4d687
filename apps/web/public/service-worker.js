/**
 * Says that one is offline, and nothing more: every page comes from the network, and a page of our own stands in for it
 * when there is none. Scripts, styles and signaling never pass through here, so nobody gets an old app after a deploy.
 */
const SHELL = ['/offline.html', '/offline.css', '/offline.js', '/icon.svg'];
/** Names what the shell consists of; a test compares it with the files. Another name: they are fetched again. */
const CACHE = 'offline-061c56ad';

self.addEventListener('install', (event) => {
  event.waitUntil(keepShell());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === 'navigate') {
    event.respondWith(fromNetwork(event).catch(() => caches.match('/offline.html')));
  } else if (origin === location.origin && SHELL.includes(pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(pathname)));
  }
});

async function keepShell() {
  const cache = await caches.open(CACHE);
  await cache.addAll(SHELL.map((path) => new Request(path, { cache: 'reload' })));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
  // Chromium asks for the page while this worker starts, which costs nobody a round trip. Firefox shows its own error
  // when that fails, whatever is answered here.
  if ('userAgentData' in navigator) await self.registration.navigationPreload.enable();
}

async function fromNetwork(event) {
  return (await event.preloadResponse) ?? fetch(event.request);
}
