/**
 * Keeps the site in the browser: whoever has been here needs no network the next time.
 *
 * Scripts, styles and Python carry a hash in their names and come from the cache. Pages come from
 * the network if it answers, so that a reload always shows the newest release.
 */
import { cacheNames, setCacheNameDetails } from "workbox-core";
import { PrecacheController, PrecacheRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute, setCatchHandler } from "workbox-routing";
import { CacheFirst, NetworkFirst } from "workbox-strategies";
import { offlinePage } from "./offline-page";

/** What gradlet/offline.py writes before this script; names are relative to the site's root. */
interface Release {
  name: string; // changes with the files
  always: string[]; // what each page needs
  sometimes: string[]; // packages that only some problems need: kept once they were used
}

declare const self: ServiceWorkerGlobalScope & { release: Release };

const { release } = self;
const scope = self.registration.scope;
const address = (name: string) => new URL(name, scope).href;

setCacheNameDetails({ prefix: "gradlet" });
const PAGES = `gradlet-pages-${scope}`;
const FILES = `gradlet-files-${scope}`;

// -- what each page needs: kept as a whole, before this release takes over

const needed = new PrecacheController();
needed.addToCacheList(release.always.map((name) => ({ url: address(name), revision: null })));
registerRoute(new PrecacheRoute(needed));

// -- the rest

const onlyWhole = {
  cacheWillUpdate: async ({ response }: { response: Response }) =>
    response.status === 200 ? response : null,
};
const withoutQuery = {
  cacheKeyWillBeUsed: async ({ request }: { request: Request }) => request.url.split("?")[0] ?? "",
};
const pages = new NetworkFirst({
  cacheName: PAGES,
  networkTimeoutSeconds: 3,
  plugins: [onlyWhole, withoutQuery],
});
const files = new CacheFirst({ cacheName: FILES, plugins: [onlyWhole] });
const tests = new CacheFirst({ cacheName: PAGES, plugins: [onlyWhole] });

const inside = (url: URL, below: RegExp) =>
  url.href.startsWith(scope) && below.test(url.href.slice(scope.length));

registerRoute(new NavigationRoute(pages));
registerRoute(
  ({ url }) => inside(url, /^(assets|runtime-[^/]+)\//),
  // A page of a newer release may need what that release's own service worker has kept already.
  async (options) =>
    (await caches.match(options.request, { cacheName: cacheNames.precache })) ??
    files.handle(options),
);
registerRoute(({ url }) => inside(url, /^([a-z]+\/)?problems\/.*\/tests-\w+\.json$/), tests);
registerRoute(
  ({ url }) => inside(url, /^([a-z]+\/)?problems\/.*\.(svg|png|jpe?g|gif|webp|avif)$/),
  pages,
);
setCatchHandler(async ({ request }) =>
  request.mode === "navigate" ? offlinePage(scope) : Response.error(),
);

// -- a release comes, and the one before goes

/** Fetch anew what has been visited, which else would ask for files that are gone. */
async function refreshPages(): Promise<void> {
  const cache = await caches.open(PAGES);
  const clients = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const visited = [scope, ...clients.map(({ url }) => url)];
  for (const { url } of await cache.keys()) if (url.endsWith("/")) visited.push(url);
  const kept = await Promise.all(
    [...new Set(visited.map((url) => url.replace(/[?#].*/, "")))].map((url) => keep(cache, url)),
  );
  const current = new Set(kept.flat());
  for (const request of await cache.keys()) {
    if (!current.has(request.url)) await cache.delete(request);
  }
}

/** Put a page, its hidden tests and its pictures into the cache; their addresses. */
async function keep(cache: Cache, page: string): Promise<string[]> {
  const response = await fetch(page, { cache: "no-cache" });
  if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/html")) return [];
  const html = await response.clone().text();
  const parts = html.matchAll(/(?<=")[^"]*tests-\w+\.json(?=")|(?<=<img [^>]*src=")[^"]+/g);
  const addresses = [...parts].map(([part]) => new URL(part, page).href);
  await cache.addAll(addresses.filter((url) => url.startsWith(scope)));
  await cache.put(page, response);
  return [page, ...addresses];
}

async function forgetFilesOfOtherReleases(): Promise<void> {
  const cache = await caches.open(FILES);
  const current = new Set(release.sometimes.map(address));
  for (const request of await cache.keys()) {
    if (!current.has(request.url)) await cache.delete(request);
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(needed.install(event).then(refreshPages));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([
      needed.activate(event),
      forgetFilesOfOtherReleases(),
      self.registration.navigationPreload?.enable(),
      self.clients.claim(),
    ]),
  );
});

self.addEventListener("message", (event) => {
  if (event.data?.ask === "release") event.ports[0]?.postMessage(release.name);
});
