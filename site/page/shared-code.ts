/**
 * Code in a link: after the #, compressed, so that no server ever sees it. Opening such a link
 * only shows that there is code; what is done with it is for the visitor to say.
 */
const NAME = "code=";
const LIMIT = 200_000; // characters of code
const BYTES = 4 * LIMIT;

/** The address of this page with `code` in it. */
export async function linkWith(code: string): Promise<string> {
  const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(packed).arrayBuffer());
  const address = new URL(location.href);
  address.search = "";
  address.hash = NAME + toBase64Url(bytes);
  return address.href;
}

/** The code in a fragment; undefined if it has none, null if it is damaged or far too long. */
export async function codeIn(fragment: string): Promise<string | undefined | null> {
  const [, text] = fragment.split(`#${NAME}`);
  if (text === undefined) return undefined;
  try {
    const bytes = fromBase64Url(text);
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    const code = new TextDecoder("utf-8", { fatal: true }).decode(await atMost(unpacked, BYTES));
    return code.length <= LIMIT ? code : null;
  } catch {
    return null;
  }
}

/** All bytes of a stream: a small link may unpack to gigabytes, and then it throws. */
async function atMost(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  limit: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = stream.getReader();
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(await new Blob(chunks).arrayBuffer());
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError(`more than ${limit} bytes`);
    }
    chunks.push(value);
  }
}

function toBase64Url(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
