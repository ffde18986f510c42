/**
 * What learners' code, were it to get hold of JavaScript, could use to outlast its run or to leave
 * its worker: other workers, what the site stores, other pages of the site, and the network, which
 * the page's policy has closed already to all but the site itself.
 */
const NOT_FOR_LEARNERS = [
  "BroadcastChannel",
  "Cache",
  "CacheStorage",
  "caches",
  "EventSource",
  "FileSystemDirectoryHandle",
  "FileSystemHandle",
  "IDBFactory",
  "Notification",
  "SharedWorker",
  "StorageManager",
  "WebSocket",
  "WebSocketStream",
  "WebTransport",
  "Worker",
  "XMLHttpRequest",
  "cookieStore",
  "fetch",
  "importScripts",
  "indexedDB",
];

/** Take them off this worker; Python is loaded by now, and needs none of them. */
export function lockDown(): void {
  const nothing = { value: undefined, writable: false, configurable: false };
  for (const name of NOT_FOR_LEARNERS) {
    for (let place: object | null = globalThis; place; place = Object.getPrototypeOf(place)) {
      if (Object.hasOwn(place, name)) Object.defineProperty(place, name, nothing);
    }
  }
  Object.defineProperty(globalThis, "navigator", nothing);
}
