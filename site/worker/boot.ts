/** Python, its packages and the grader: restored from a snapshot, or else started plainly. */
import type { loadPyodide, PyodideAPI } from "pyodide";
import { addLazyFile, type FileSystem } from "./files";
import type { FetchWatch } from "./progress";
import { type CreateModule, plain, restoring } from "./pyodide-internals";
import type { RuntimeFile } from "./snapshot-file";
import { bringSnapshot } from "./snapshot-store";

/** Where the page's own files of the runtime lie; all addresses are absolute. */
export interface RuntimeConfig {
  index: string; // folder of Pyodide, ends in a slash
  packages: string[]; // of every problem
  extra: string[]; // of this problem alone, as it names them
  grader: string; // zip of site/grader
  problem: string; // JSON for grader.bridge
  snapshot: string;
  bytes: number; // of all files that are loaded
}

// Pyodide's own folder for packages, which Python has on its path.
const SITE_PACKAGES = "/lib/python3.14/site-packages";

export interface Booted {
  python: PyodideAPI;
  /** What can wait until the learner does not. */
  afterwards(): Promise<void>;
}

/** Python with the grader, however it can be had here. */
export async function boot(config: RuntimeConfig, watch: FetchWatch): Promise<Booted> {
  const given = new AbortController();
  try {
    return await watch.during(() => restore(config, given.signal));
  } catch (error) {
    given.abort(error);
    console.info("Gradlet: Python is started plainly, which takes longer.", error);
    return await watch.during(() => start(config));
  }
}

/** The usual way: import everything. */
async function start(config: RuntimeConfig): Promise<Booted> {
  const { index, packages } = config;
  const { loadPyodide } = await importPyodide(index);
  const [python, grader] = await Promise.all([
    loadPyodide({ ...plain(await importModule(index)), indexURL: index, packages }),
    fetch(config.grader).then((response) => response.arrayBuffer()),
  ]);
  python.unpackArchive(grader, "zip", { extractDir: SITE_PACKAGES });
  return { python, afterwards: async () => {} };
}

/** The fast way: everything is imported already. */
async function restore(config: RuntimeConfig, given: AbortSignal): Promise<Booted> {
  const { index } = config;
  const main = WebAssembly.compileStreaming(fetch(`${index}pyodide.asm.wasm`));
  const [{ loadPyodide }, create, lock, { snapshot, keep }] = await Promise.all([
    importPyodide(index),
    importModule(index),
    fetch(`${index}pyodide-lock.json`).then((response) => response.text()),
    bringSnapshot(config.snapshot),
  ]);
  given.throwIfAborted(); // a file could not be had: Python is being started by now
  const libraries = Promise.all(snapshot.libraries.map((code) => WebAssembly.compile(code)));
  const { recorded, writeMemory, lazyFiles } = snapshot;
  const addFiles = adding(lazyFiles, index);
  const python = await withoutFetching(() =>
    loadPyodide({
      ...restoring(create, { recorded, main, libraries, writeMemory, addFiles }),
      indexURL: index,
      packageBaseUrl: index,
      lockFileContents: lock,
    }),
  );
  for (const name of Object.keys(snapshot.packages)) python.loadedPackages[name] = "snapshot";
  return { python, afterwards: keep };
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
