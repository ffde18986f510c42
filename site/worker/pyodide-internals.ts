/**
 * All that Gradlet knows of Pyodide's insides: how an interpreter is written down, built again from
 * what was written, and put back between two runs. Each assumption has a comment that begins with
 * "Assumes"; docs/runtime.md says how to move to another Pyodide, and tests/test_browser_runtime.py
 * fails where one of them no longer holds.
 *
 * Assumes throughout: Pyodide 314.0, whose Module has Emscripten's own functions as properties.
 */
import type { loadPyodide, PyodideAPI } from "pyodide";
import { type FileSystem, Files } from "./files";

/** A side module (.so) of the recorded interpreter, and where it was linked. */
export interface Library {
  path: string;
  handle: number; // address of dlopen's own record of it
  global: boolean;
  memory: number; // address of its data
  table: number; // index of its first function
}

/** All of a recorded interpreter but its memory and the code of its libraries. */
export interface Recorded {
  conf: number[]; // Pyodide's own head of a snapshot: what JavaScript objects Python holds
  heapBytes: number;
  staticBytes: number; // of the main program's own data, at the beginning of the memory
  tableBefore: number; // length of the function table before the first library
  mainFunctions: number[]; // where in it the main program's lie, each less the one before it
  tableAfter: number;
  functions: Record<string, number>; // where in it those are that libraries ask for by name
  stackPointer: number;
  libraries: Library[];
}

/** The function table before any library. */
type Table = Pick<Recorded, "tableBefore" | "mainFunctions">;

interface Dso {
  name: string;
  refcount: number;
  global: boolean;
  exports: WebAssembly.Exports | "loading";
}

interface Module {
  HEAPU8: Uint8Array;
  HEAP32: Int32Array;
  HEAPU32: Uint32Array;
  FS: FileSystem;
  GOT: Record<string, WebAssembly.Global<"i32">>;
  GOTHandler: ProxyHandler<Set<string>>;
  LDSO: { loadedLibsByName: Record<string, Dso>; loadedLibsByHandle: Record<number, Dso> };
  ___stack_pointer: WebAssembly.Global<"i32">;
  __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET: number;
  __PyRuntime: number;
  wasmTable: WebAssembly.Table;
  _emscripten_stack_get_end(): number;
  _sbrk(increment: number): number;
  _malloc(bytes: number): number;
  _free(address: number): void;
  getDylinkMetadata(module: WebAssembly.Module): { tableSize: number; weakImports: Set<string> };
  growMemory(bytes: number): 1 | undefined;
  mergeLibSymbols(exports: WebAssembly.Exports, name: string): void;
  newDSO(name: string, handle: number, exports: "loading"): Dso;
  relocateExports(exports: WebAssembly.Exports, memory: number): WebAssembly.Exports;
  reportUndefinedSymbols(): void;
  setWasmTableEntry(index: number, code: WebAssembly.ExportValue): void;
  updateGOT(exports: WebAssembly.Exports): void;
  updateTableMap(start: number, count: number): void;
}

interface Settings {
  instantiateWasm(
    imports: WebAssembly.Imports,
    done: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
  ): unknown;
}

export type CreateModule = (settings: Settings) => Promise<Module>;
type Options = NonNullable<Parameters<typeof loadPyodide>[0]>;

type Instantiate = (
  source: unknown,
  imports: WebAssembly.Imports,
) => Promise<WebAssembly.WebAssemblyInstantiatedSource>;

// Libraries begin here, in every engine: their own tables differ a little in length before that.
const TABLE_START = 16384;

function moduleOf(python: PyodideAPI): Module {
  return (python as unknown as { _module: Module })._module;
}

// -- starting plainly

/** Options for `loadPyodide`, which with them rejects if the code of Pyodide is damaged. */
export function plain(create: CreateModule): Options {
  const { instantiateStreaming } = WebAssembly;
  return {
    createPyodideModule: (settings: Settings) =>
      creating(create, settings, (source, imports) =>
        instantiateStreaming(source as Response, imports),
      ),
  } as unknown as Options;
}

/**
 * The module, whose code `ours` instantiates and `seen` sees before it runs.
 *
 * Assumes: Pyodide completes the imports, and then has a file instantiated with them that it has
 * asked `fetch` for. Where that fails it says so in the console, and would wait for ever.
 */
function creating(
  create: CreateModule,
  settings: Settings,
  ours: Instantiate,
  seen: (instance: WebAssembly.Instance) => void = () => {},
): Promise<Module> {
  const { instantiateStreaming, instantiate } = WebAssembly;
  const { instantiateWasm } = settings;
  const failure = new Promise<never>((_, reject) => {
    const fail = (error: unknown): never => {
      reject(error);
      throw error;
    };
    settings.instantiateWasm = (imports, done) => {
      const noticing =
        (others: Instantiate): Instantiate =>
        (source, given) => {
          if (given !== imports) return others.call(WebAssembly, source, given);
          Object.assign(WebAssembly, { instantiateStreaming, instantiate });
          return ours(source, imports).catch(fail);
        };
      Object.assign(WebAssembly, {
        instantiateStreaming: noticing(instantiateStreaming as Instantiate),
        instantiate: noticing(instantiate as Instantiate),
      });
      return instantiateWasm(imports, (instance, module) => {
        try {
          seen(instance);
          done(instance, module);
        } catch (error) {
          fail(error);
        }
      });
    };
  });
  return Promise.race([create(settings), failure]);
}

// -- writing down

/** Options for `loadPyodide`, so that `record` can be used afterwards. */
export function recordable(create: CreateModule): Options {
  return { _makeSnapshot: true, createPyodideModule: create } as unknown as Options;
}

/** Call once, before anything loads a library; what it returns is for `record`. */
export function prepareToRecord(python: PyodideAPI): Table {
  const module = moduleOf(python);
  const tableBefore = module.wasmTable.length;
  module.wasmTable.grow(TABLE_START - tableBefore);
  const places = mainFunctions(module).map(({ value }) => value);
  return { tableBefore, mainFunctions: places.map((place, at) => place - (places[at - 1] ?? 0)) };
}

/**
 * Fill free memory with zeros, since what was there before would be written down as well.
 *
 * Assumes: Python has its memory from malloc, and pieces that are asked for from large to small
 * come from what is free before the heap grows.
 */
export function clearFreeMemory(python: PyodideAPI): void {
  const module = moduleOf(python);
  for (const handle of Object.keys(module.LDSO.loadedLibsByHandle))
    freeLibraryFile(module, +handle);
  const end = module._sbrk(0);
  const pieces: number[] = [];
  for (let size = 1 << 16; size >= 8; size = size > 64 ? size >> 1 : size - 8) {
    for (let at = 0; at < end; ) {
      at = module._malloc(size);
      pieces.push(at);
      module.HEAPU8.fill(0, at, at + size);
    }
  }
  for (const piece of pieces) module._free(piece);
}

/** Assumes: `struct dso` has the bytes of the file, of which nothing is needed any more, at 28. */
function freeLibraryFile(module: Module, handle: number): void {
  const place = handle / 4 + 7;
  const bytes = module.HEAPU32[place];
  if (!handle || !bytes) return; // the main program has none
  module._free(bytes);
  module.HEAPU32.fill(0, place, place + 2);
}

/** Everything of an interpreter that runs nothing at the moment, and its memory. */
export function record(python: PyodideAPI, table: Table): [Recorded, Uint8Array] {
  const module = moduleOf(python);
  // Assumes: Pyodide restores the packages it has loaded from an empty list (Pyodide issue 5195).
  for (const name of Object.keys(python.loadedPackages)) delete python.loadedPackages[name];
  const { makeMemorySnapshot } = python as unknown as {
    makeMemorySnapshot(options: { serializer: () => null }): Uint8Array;
  };
  const snapshot = makeMemorySnapshot({ serializer: () => null });
  // Assumes: its second word is the length of its head, behind which lies the memory.
  const headBytes = new Uint32Array(snapshot.buffer, 0, 2)[1] ?? 0;
  const heap = snapshot.subarray(headBytes);
  // Assumes: the stack lies behind the static data, and grows down; what calls have left below its
  // end is read by nobody.
  const staticBytes = module._emscripten_stack_get_end();
  heap.fill(0, staticBytes, module.___stack_pointer.value);
  const recorded: Recorded = {
    staticBytes,
    conf: [...snapshot.subarray(0, headBytes)],
    heapBytes: heap.length,
    ...table,
    tableAfter: module.wasmTable.length,
    functions: linkedFunctions(module),
    stackPointer: module.___stack_pointer.value,
    libraries: libraries(module),
  };
  return [recorded, heap];
}

function libraries({ LDSO, HEAPU32 }: Module): Library[] {
  const handles = new Map<Dso, number>();
  for (const [handle, dso] of Object.entries(LDSO.loadedLibsByHandle)) handles.set(dso, +handle);
  // The first one is the main program. The others are in the order in which they were loaded.
  return Object.values(LDSO.loadedLibsByName)
    .slice(1)
    .map((dso) => {
      const handle = handles.get(dso);
      if (!handle) throw new Error(`${dso.name} was not loaded by Python`);
      // Assumes: `struct dso` of Emscripten 5 has these fields at 12 and 20.
      const [memory = 0, table = 0] = [HEAPU32[(handle + 12) / 4], HEAPU32[(handle + 20) / 4]];
      return { path: dso.name, handle, global: dso.global, memory, table };
    });
}

/** Before any library is loaded: the symbols of functions, whose values are places in the table. */
function mainFunctions(module: Module): WebAssembly.Global<"i32">[] {
  const symbols = Object.entries(module.GOT);
  return symbols.filter(([name]) => findFunction(module, name)).map(([, symbol]) => symbol);
}

/** Assumes: GOT has the address of every symbol that libraries share, data and functions alike. */
function linkedFunctions(module: Module): Record<string, number> {
  const functions: Record<string, number> = {};
  for (const [name, { value }] of Object.entries(module.GOT)) {
    if (value >= TABLE_START && findFunction(module, name)) functions[name] = value;
  }
  return functions;
}

/** The function of that name, of the main program or else of the first library that has it. */
function findFunction({ LDSO }: Module, name: string): WebAssembly.ExportValue | undefined {
  const all = Object.values(LDSO.loadedLibsByName);
  const owner = all.find(
    ({ exports }) => typeof (exports as WebAssembly.Exports)[name] === "function",
  );
  return (owner?.exports as WebAssembly.Exports | undefined)?.[name];
}

// -- building again

/** What `restoring` is told of the interpreter, and how it lays the memory that was recorded. */
export interface Restorable {
  recorded: Recorded;
  main: WebAssembly.Module | Promise<WebAssembly.Module>;
  libraries: WebAssembly.Module[] | Promise<WebAssembly.Module[]>;
  /** Write into a memory that holds just what the main program and the libraries begin with. */
  writeMemory(heap: Uint8Array): void | Promise<void>;
  /** Add the files that were not recorded. */
  addFiles(fs: FileSystem): void;
}

/** Options for `loadPyodide` that build the recorded interpreter instead of a new one, once. */
export function restoring(create: CreateModule, from: Restorable): Options {
  // Assumes: loadPyodide copies what lies behind the head of the snapshot, which is nothing here.
  const _loadSnapshot = Uint8Array.from(from.recorded.conf);
  let once: Restorable | undefined = from; // Pyodide keeps these options, and would keep the memory
  const createPyodideModule = async (settings: Settings) => {
    const given = once;
    if (!given) throw new Error("these options can be used once");
    once = undefined;
    const [module, fresh] = await instantiate(create, settings, given);
    await layMemory(module, fresh, given);
    given.addFiles(module.FS);
    return module;
  };
  const _snapshotDeserializer = () => null;
  return { _loadSnapshot, createPyodideModule, _snapshotDeserializer } as unknown as Options;
}

/** The module, and its static data as they were before any of its code ran. */
async function instantiate(
  create: CreateModule,
  settings: Settings,
  { main, recorded }: Restorable,
): Promise<[Module, Uint8Array]> {
  const code = await main;
  const { instantiate } = WebAssembly;
  const ours: Instantiate = async (_, imports) => ({
    module: code,
    instance: await instantiate(code, imports),
  });
  const kept: { fresh?: Uint8Array } = {}; // emptied in the end: `settings` lives on
  const module = await creating(create, settings, ours, ({ exports }) => {
    const { buffer } = exports.memory as WebAssembly.Memory;
    kept.fresh = new Uint8Array(buffer).slice(0, recorded.staticBytes);
  });
  const { fresh } = kept;
  delete kept.fresh;
  if (!fresh) throw new Error("Pyodide has not instantiated its code");
  return [module, fresh];
}

/** Make the memory what it was when it was recorded. */
async function layMemory(
  module: Module,
  fresh: Uint8Array,
  { recorded, libraries, writeMemory }: Restorable,
): Promise<void> {
  arrange(module, recorded);
  const { length } = module.wasmTable;
  module.wasmTable.grow(recorded.tableAfter - length);
  for (const [name, value] of Object.entries(recorded.functions)) {
    module.GOT[name] = new WebAssembly.Global({ value: "i32", mutable: true }, value);
  }
  const modules = await libraries;
  // Assumes: CPython keeps there the function that calls others whatever arguments they take, which
  // is this engine's own.
  const offset = module.HEAP32[module.__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET / 4] ?? 0;
  const place = (module.__PyRuntime + offset) / 4;
  const trampoline = module.HEAP32[place] ?? 0;
  // Assumes: INITIAL_MEMORY is ignored (Pyodide issue 6254).
  if (!module.growMemory(recorded.heapBytes)) throw new Error("there is not enough memory");
  // What has been running so far is forgotten. Assumes: nothing lies behind the break.
  module.HEAPU8.set(fresh);
  module.HEAPU8.fill(0, recorded.stackPointer, module._sbrk(0));
  for (const [index, library] of recorded.libraries.entries()) {
    const code = modules[index];
    if (!code) throw new Error(`the snapshot lacks ${library.path}`);
    link(module, library, code);
  }
  module.reportUndefinedSymbols();
  for (const [name, index] of Object.entries(recorded.functions)) {
    const code = findFunction(module, name);
    if (!code) throw new Error(`nobody has ${name}`);
    module.setWasmTableEntry(index, code);
    module.updateTableMap(index, 1);
  }
  if (module.wasmTable.length !== recorded.tableAfter) {
    throw new Error(`the function table ends at ${module.wasmTable.length}`);
  }
  await writeMemory(module.HEAPU8);
  module.HEAP32[place] = trampoline;
  module.___stack_pointer.value = recorded.stackPointer;
}

/**
 * Put the main program's functions where they were in the recorded table.
 *
 * Assumes: engines link the same symbols in the same order. But WebKit gives a function an entry for
 * each of its names, and what comes after lies a thousand entries behind. Other engines differ only
 * in the trampoline at the end.
 */
function arrange(module: Module, { tableBefore, mainFunctions: places }: Recorded): void {
  const { wasmTable } = module;
  if (wasmTable.length === tableBefore || wasmTable.length === tableBefore + 1) return;
  const symbols = mainFunctions(module);
  if (symbols.length !== places.length || wasmTable.length > TABLE_START) {
    throw new Error(`${symbols.length} functions are linked, not ${places.length}`);
  }
  const codes = symbols.map(({ value }) => wasmTable.get(value));
  let place = 0;
  for (const [at, symbol] of symbols.entries()) {
    place += places[at] ?? 0;
    symbol.value = place;
    module.setWasmTableEntry(place, codes[at] as WebAssembly.ExportValue);
  }
  module.updateTableMap(0, tableBefore);
}

/**
 * What Emscripten's loadWebAssemblyModule does, at the recorded addresses, and without running the
 * library's constructors and relocations: what those did is in the memory that was recorded.
 */
function link(module: Module, library: Library, code: WebAssembly.Module): void {
  const { path, handle, memory, table } = library;
  const { tableSize, weakImports } = module.getDylinkMetadata(code);
  const dso = module.newDSO(path, handle, "loading");
  const main = module.LDSO.loadedLibsByName.__main__?.exports as WebAssembly.Exports;
  let exports: WebAssembly.Exports = {};
  const stubs: Record<string, WebAssembly.ImportValue> = {};
  const env = new Proxy(stubs, {
    get(_, name: string) {
      if (name === "__memory_base") return memory;
      if (name === "__table_base") return table;
      const found = main[name] as (WebAssembly.ExportValue & { stub?: boolean }) | undefined;
      if (found && !found.stub) return found;
      // Not there yet: a later library, or this one, may bring it before it is called.
      stubs[name] ??= (...given: unknown[]) => {
        const late = (main[name] ?? exports[name]) as
          | ((...given: unknown[]) => unknown)
          | undefined;
        if (!late) throw new Error(`${path} calls ${name}, which nobody has`);
        return late(...given);
      };
      return stubs[name];
    },
  });
  const got = new Proxy(weakImports, module.GOTHandler) as unknown as WebAssembly.ModuleImports;
  const instance = new WebAssembly.Instance(code, {
    "GOT.mem": got,
    "GOT.func": got,
    env,
    wasi_snapshot_preview1: env,
  });
  module.updateTableMap(table, tableSize);
  exports = module.relocateExports(instance.exports, memory);
  // Assumes: no library brings JavaScript of its own.
  const scripts = Object.keys(exports).filter((name) => /^__(em_js__|start_em_)/.test(name));
  if (scripts.length) throw new Error(`${path} brings JavaScript, which is not restored`);
  module.updateGOT(exports);
  if (library.global) module.mergeLibSymbols(exports, path);
  Object.assign(dso, { exports, global: library.global, refcount: Number.POSITIVE_INFINITY });
}

// -- running

/**
 * Have Python look up from its work every so often, and call `seen` then, which may call Python.
 *
 * So that its worker can be ended, too: WebKit's goes on until it is in JavaScript, which a loop in
 * compiled code never calls, and takes a processor from the Python in its place.
 *
 * Assumes: Python reads the first signal of a buffer that it is given, by JavaScript, at every
 * fiftieth turn of a loop and the like, and within long functions of its own, as `re` has: where
 * signals may have handlers in Python. What is thrown there is caught.
 */
export function lookUp(python: PyodideAPI, seen: () => void): void {
  const signals = {
    get 0() {
      JSON.stringify(0); // WebKit looks whether all is over in its own functions, not in ours
      seen();
      return 0; // no signal
    },
    set 0(_: number) {},
  };
  python.setInterruptBuffer(signals as unknown as Uint8Array);
}

/**
 * Let Python's event loop run nothing any more. What a run leaves to JavaScript's timers would come
 * after it: beside the grader's last words, or in memory that has been put back to another's run.
 *
 * Assumes: the loop reaches the timers by this one name.
 */
export function stopEventLoop(python: PyodideAPI): void {
  python.runPython(`
import pyodide.webloop

def _never(*_):
    raise RuntimeError("nothing can run later: a run is over when your function has returned")

assert callable(pyodide.webloop.scheduleCallback)
pyodide.webloop.scheduleCallback = _never
del _never
`);
}

// -- putting back

/** An interpreter as it was at one moment, to be put back after each run. */
export class Pristine {
  readonly #module: Module;
  readonly #data: Uint8Array;
  readonly #heap: Uint8Array; // and what is on the stack
  readonly #bytes: number;
  readonly #stackPointer: number;
  readonly #libraries: number;
  readonly #files: Files;

  constructor(python: PyodideAPI) {
    const module = moduleOf(python);
    this.#module = module;
    this.#stackPointer = module.___stack_pointer.value;
    // Assumes: what lies between the static data and the end of the stack is read by nobody, and
    // nothing lies behind the break, which the allocator moves up as it needs memory.
    this.#bytes = module._sbrk(0);
    this.#data = module.HEAPU8.slice(0, module._emscripten_stack_get_end());
    this.#heap = module.HEAPU8.slice(this.#stackPointer, this.#bytes);
    this.#libraries = this.#countLibraries();
    this.#files = new Files(module.FS);
  }

  /** Bytes that the run has taken beyond what there was. */
  get growth(): number {
    return this.#module.HEAPU8.length - this.#bytes;
  }

  /**
   * Put everything back. False if that cannot be done soundly: a library that the run has loaded
   * would be linked to memory that is gone, a file of the runtime has been changed.
   */
  putBack(): boolean {
    const module = this.#module;
    if (this.#countLibraries() !== this.#libraries) return false;
    module.HEAPU8.fill(0, this.#bytes, Math.max(this.#bytes, module._sbrk(0)));
    module.HEAPU8.set(this.#data);
    module.HEAPU8.set(this.#heap, this.#stackPointer);
    module.___stack_pointer.value = this.#stackPointer;
    return this.#files.putBack();
  }

  #countLibraries(): number {
    return Object.keys(this.#module.LDSO.loadedLibsByName).length;
  }
}
