// Keeps the page itself for when there is no network: what was loaded once. Nodes, gateways and files are never kept here.
const CACHE = "page-1";
const OWN = /^($|index\.html$|config\.json$|favicon\.svg$|assets\/)/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("message", (event) => event.waitUntil(keep(event.data)));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && isOwn(url)) event.respondWith(answer(event.request));
});

async function takeOver() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await self.clients.claim();
}

/** What the page loaded before this worker was there. */
async function keep(urls) {
  if (!Array.isArray(urls)) return;
  const cache = await caches.open(CACHE);
  for (const url of urls.filter(isOwn)) {
    if (!(await cache.match(url))) await cache.add(url).catch(() => undefined);
  }
}

/** Names under assets/ hold a digest of what they are; everything else is asked for anew as long as somebody answers. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const url = request.url.split(/[?#]/)[0];
  const kept = await cache.match(url);
  if (kept && pathOf(url).startsWith("assets/")) return kept;
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(url, response.clone());
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function pathOf(url) {
  return url.split(/[?#]/)[0].slice(self.registration.scope.length);
}

function isOwn(url) {
  return typeof url === "string" && url.startsWith(self.registration.scope) && OWN.test(pathOf(url));
}
