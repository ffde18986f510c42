/**
 * Counts what arrives through `fetch` while Python loads, so that the page can show real
 * progress: Pyodide itself reports none. Returns a function that puts `fetch` back.
 */
export function countBytes(report: (bytes: number) => void): () => void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const response = await original(input, init);
    if (!response.ok) {
      throw new Error(`${response.url} answered ${response.status} ${response.statusText}`);
    }
    if (!response.body) return response;
    const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        report(chunk.byteLength);
        controller.enqueue(chunk);
      },
    });
    // The headers stay: a browser compiles WebAssembly as it arrives only under its own type.
    return new Response(response.body.pipeThrough(counter), response);
  };
  return () => {
    globalThis.fetch = original;
  };
}
