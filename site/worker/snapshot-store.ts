/** Brings the body of a snapshot: from this browser's cache, or else from the site, unpacked. */
import { XzReadableStream } from "xz-decompress";
import { type Body, decode, type Head } from "./snapshot-file";

const CACHE = "gradlet-python";

export interface Brought {
  body: Body;
  /** Keep it, unpacked, for the next visit. Call when there is time. */
  keep(): Promise<void>;
}

/**
 * The body at `address`, whose name changes with its content, of a snapshot that begins with `head`.
 *
 * Throws if it cannot be had, or is damaged: then it is not kept either.
 */
export async function bringBody(
  address: string,
  head: Promise<Head>,
  fetch: typeof globalThis.fetch,
): Promise<Brought> {
  const cache = await openCache();
  try {
    const kept = await cache?.match(address);
    if (kept) {
      const bytes = new Uint8Array(await kept.arrayBuffer());
      return { body: decode(await head, bytes), keep: async () => {} };
    }
  } catch (error) {
    await head; // if that is what is missing, the cache is not to blame
    console.warn("Gradlet: Python in this browser's cache is damaged, and fetched again.", error);
  }
  const response = await fetch(address);
  if (!response.ok || !response.body) throw new Error(`${address}: ${response.status}`);
  const stream = address.endsWith(".xz") ? new XzReadableStream(response.body) : response.body;
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const body = decode(await head, bytes);
  return { body, keep: async () => cache && (await keep(cache, address, bytes)) };
}

async function keep(cache: Cache, address: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    // Others first: the page may be closed at any moment, and nobody would come back for them.
    for (const { url } of await cache.keys()) {
      if (url !== address && isOfSameSite(url, address)) await cache.delete(url);
    }
    await cache.put(address, new Response(bytes));
  } catch (error) {
    console.info("Gradlet: Python is not kept for the next visit.", error); // no room for it
  }
}

/** Whether it is of an earlier release, of no use any more. A site may lie in another's folder. */
function isOfSameSite(url: string, address: string): boolean {
  const site = new URL("..", address).href;
  return url.startsWith(site) && url.slice(site.length).split("/").length === 2;
}

/** Undefined where a browser has none, or does not allow it: the next visit then unpacks again. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await caches.open(CACHE);
  } catch {
    return undefined;
  }
}
