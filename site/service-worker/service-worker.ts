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
import { type OfflineTexts, offlinePage } from "./offline-page";

/** What gradlet/offline.py writes before this script; names are relative to the site's root. */
interface Release {
  name: string; // changes with the files
  always: string[]; // what each page needs
  sometimes: string[]; // packages that only some problems need: kept once they were used
  offline: Record<string, OfflineTexts>; // by the folder of the language's pages: "", "fr/"
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
setCatchHandler(async ({ request }) => {
  if (request.mode !== "navigate") return Response.error();
  const [folder = ""] = /^[a-z]+\//.exec(request.url.slice(scope.length)) ?? [];
  const own = folder in release.offline ? folder : "";
  const texts = release.offline[own];
  return texts ? offlinePage(address(own), texts) : Response.error();
});

// -- a release comes, and the one before goes

const isPage = ({ url }: { url: string }) => /(\/|\.html)$/.test(url);

/**
 * Fetch anew what has been visited, which else would ask for files that are gone. Pages of the
 * release before are still open, so that what they need stays.
 */
async function refreshPages(): Promise<void> {
  const cache = await caches.open(PAGES);
  const clients = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const visited = [{ url: scope }, ...clients, ...(await cache.keys()).filter(isPage)];
  // The clients are those of the whole origin: other sites may lie beside this one.
  const own = visited
    .map(({ url }) => url.replace(/[?#].*/, ""))
    .filter((url) => url.startsWith(scope));
  await Promise.all([...new Set(own)].map((url) => keep(cache, url)));
}

/** Put a page, its hidden tests and its pictures into the cache. */
async function keep(cache: Cache, page: string): Promise<void> {
  const response = await fetch(page, { cache: "no-cache" });
  if (response.status === 404) await cache.delete(page);
  if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/html")) return;
  await cache.addAll(partsOf(await response.clone().text(), page));
  await cache.put(page, response);
}

/** The addresses of the hidden tests and the pictures that a page names. */
function partsOf(html: string, page: string): string[] {
  const parts = html.matchAll(/(?<=")[^"]*tests-\w+\.json(?=")|(?<=<img [^>]*src=")[^"]+/g);
  const addresses = [...parts].map(([part]) => new URL(part, page).href);
  // Each once: a picture may be shown twice, and `addAll` refuses what it is given twice.
  return [...new Set(addresses)].filter((url) => url.startsWith(scope));
}

/** No page of the release before is open any more: what no kept page names can go. */
async function forgetPartsOfOtherReleases(): Promise<void> {
  const cache = await caches.open(PAGES);
  const kept = await cache.keys();
  const named = new Set<string>();
  for (const { url } of kept.filter(isPage)) {
    const html = await (await cache.match(url))?.text();
    for (const part of partsOf(html ?? "", url)) named.add(part);
  }
  for (const request of kept) {
    if (!isPage(request) && !named.has(request.url)) await cache.delete(request);
  }
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
      forgetPartsOfOtherReleases(),
      forgetFilesOfOtherReleases(),
      self.registration.navigationPreload?.enable(),
      self.clients.claim(),
    ]),
  );
});

self.addEventListener("message", (event) => {
  if (event.data?.ask === "release") event.ports[0]?.postMessage(release.name);
});
