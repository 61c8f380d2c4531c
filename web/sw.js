/**
 * The page without a network: its own static files, as they were at the last visit. Whatever is online is asked first, so a
 * new version is there at once. The toolchain is kept by compiler/worker.js, and found here.
 */

/** Put in by build.js. @type {{ version: string, files: string[] }} */
const { version, files } = /** @type {any} */ (OFFLINE);
const CACHE = `wasyncio-page-${version}`;
const worker = /** @type {any} */ (self);

worker.addEventListener('install', (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (/** @type {any} */ event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name.startsWith('wasyncio-page-') && name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(worker.registration.scope)) return;
  if (/\/toolchain\//.test(url.pathname)) return event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  event.respondWith(
    fetch(request).catch(async () => {
      const kept = await caches.match(request, { ignoreSearch: true });
      return kept ?? (request.mode === 'navigate' ? await caches.match(new URL('./', worker.registration.scope).href) : undefined) ?? Response.error();
    }),
  );
});
