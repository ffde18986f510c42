/** Python, its packages and the grader: restored from a snapshot, or else started plainly. */
import type { loadPyodide, PyodideAPI } from "pyodide";
import { addLazyFile, type FileSystem } from "./files";
import type { FetchWatch } from "./progress";
import { type CreateModule, plain, restoring } from "./pyodide-internals";
import type { Head, RuntimeFile } from "./snapshot-file";
import { bringBody } from "./snapshot-store";

/** Where the page's own files of the runtime lie; all addresses are absolute. */
export interface RuntimeConfig {
  index: string; // folder of Pyodide, ends in a slash
  packages: string[]; // of every problem
  extra: string[]; // of this problem alone, as it names them
  grader: string; // zip of site/grader
  problem: string; // JSON for grader.bridge
  head: string; // of the snapshot
  body: string;
  bytes: number; // of all files that are loaded
}

// Pyodide's own folder for packages, which Python has on its path.
const SITE_PACKAGES = "/lib/python3.14/site-packages";

// Fails in an engine that has built the interpreter, but not as it was.
const TRIAL = "import numpy; assert numpy.exp(numpy.zeros(3)).sum() == 3, 'NumPy cannot add'";

/** What a browser has compiled: a worker can give it to the next one. */
export interface Compiled {
  main: WebAssembly.Module;
  libraries: WebAssembly.Module[];
}

export interface Booted {
  python: PyodideAPI;
  compiled: Compiled | undefined; // only of what was restored
  /** What can wait until the learner does not. */
  afterwards(): Promise<void>;
}

/** Python with the grader, however it can be had here; `before` is what an earlier worker gave. */
export async function boot(
  config: RuntimeConfig,
  watch: FetchWatch,
  before: Compiled | undefined,
): Promise<Booted> {
  try {
    return await restore(config, watch, before);
  } catch (error) {
    console.info("Gradlet: Python is started plainly, which takes longer.", error);
    return await watch.during(() => start(config, watch));
  }
}

/** The usual way: import everything. */
async function start(config: RuntimeConfig, watch: FetchWatch): Promise<Booted> {
  const { index, packages } = config;
  const { loadPyodide } = await watch.awaiting(importPyodide(index));
  const [python, grader] = await Promise.all([
    loadPyodide({
      ...plain(await watch.awaiting(importModule(index))),
      indexURL: index,
      packages,
    }),
    fetch(config.grader).then((response) => response.arrayBuffer()),
  ]);
  python.unpackArchive(grader, "zip", { extractDir: SITE_PACKAGES });
  return { python, compiled: undefined, afterwards: async () => {} };
}

/** The fast way: everything is imported already. */
async function restore(
  config: RuntimeConfig,
  watch: FetchWatch,
  before: Compiled | undefined,
): Promise<Booted> {
  const { index } = config;
  const main = before?.main ?? WebAssembly.compileStreaming(fetch(`${index}pyodide.asm.wasm`));
  const early = fetch(config.head).then((response) => response.json() as Promise<Head>);
  const brought = bringBody(config.body, early, fetch);
  const libraries =
    before?.libraries ??
    brought.then(({ body }) =>
      Promise.all(body.libraries.map((code) => WebAssembly.compile(code))),
    );
  // What goes wrong is told below, where they are waited for; `brought` perhaps nowhere else.
  Promise.all([main, libraries, brought]).catch(() => {});
  const [{ loadPyodide }, create, lock, head] = await Promise.all([
    watch.awaiting(importPyodide(index)),
    watch.awaiting(importModule(index)),
    fetch(`${index}pyodide-lock.json`).then((response) => response.text()),
    early,
  ]);
  const python = await withoutFetching(() =>
    loadPyodide({
      ...restoring(create, {
        recorded: head.recorded,
        main,
        libraries,
        writeMemory: async (heap) => (await brought).body.writeMemory(heap),
        addFiles: adding(head.lazyFiles, index),
      }),
      indexURL: index,
      packageBaseUrl: index,
      lockFileContents: lock,
    }),
  );
  python.runPython(TRIAL);
  for (const name of Object.keys(head.packages)) python.loadedPackages[name] = "snapshot";
  const compiled = { main: await main, libraries: await libraries };
  return { python, compiled, afterwards: (await brought).keep };
}

/** Not inside `restore`: these functions live on, and would keep all that it knows. */
function adding(files: RuntimeFile[], index: string): (fs: FileSystem) => void {
  return (fs) => {
    for (const { path, bytes, name } of files) {
      addLazyFile(fs, path, bytes, () => fetchNow(index + name));
    }
  };
}

/** loadPyodide asks for its code and the standard library; the one is there, the other can wait. */
async function withoutFetching<T>(load: () => Promise<T>): Promise<T> {
  const { fetch } = globalThis;
  globalThis.fetch = async () => new Response();
  try {
    return await load();
  } finally {
    globalThis.fetch = fetch;
  }
}

// Kept from what learners' code can reach: see lockdown.ts.
const Request = XMLHttpRequest;

/** A file, while Python waits for it: it cannot go on without. */
function fetchNow(address: string): Uint8Array {
  const request = new Request();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${address}: ${request.status}`);
  return new Uint8Array(request.response as ArrayBuffer);
}

function importPyodide(index: string): Promise<{ loadPyodide: typeof loadPyodide }> {
  return import(`${index}pyodide.mjs`);
}

async function importModule(index: string): Promise<CreateModule> {
  return (await import(`${index}pyodide.asm.mjs`)).default;
}
