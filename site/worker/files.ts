/** The files that Python sees, all in memory: noted at one moment, put back after each run. */

interface FsNode {
  mode: number;
  mount: unknown;
  mtime: number;
  ctime: number;
  contents: Uint8Array | Record<string, FsNode>;
  usedBytes: number;
}

/** The part of Emscripten's FS that is used here. */
export interface FileSystem {
  ErrnoError: new (errno: number) => Error;
  root: FsNode;
  streams: unknown[];
  cwd(): string;
  chdir(path: string): void;
  chmod(path: string, mode: number): void;
  isDir(mode: number): boolean;
  isFile(mode: number): boolean;
  lookupPath(path: string): { node: FsNode };
  mkdir(path: string): unknown;
  mkdirTree(path: string): unknown;
  rmdir(path: string): void;
  unlink(path: string): void;
  utime(path: string, accessed: number, modified: number): void;
  writeFile(path: string, data: Uint8Array): void;
}

/**
 * Add a file whose contents `fetch` brings when they are first read.
 *
 * Assumes: a file in memory is read from the array `contents` of its node, up to `usedBytes`.
 */
export function addLazyFile(
  fs: FileSystem,
  path: string,
  bytes: number,
  fetch: () => Uint8Array,
): void {
  fs.mkdirTree(path.slice(0, path.lastIndexOf("/")));
  fs.writeFile(path, new Uint8Array());
  fs.chmod(path, 0o444);
  const { node } = fs.lookupPath(path);
  node.usedBytes = bytes;
  Object.defineProperty(node, "contents", {
    configurable: true,
    enumerable: true,
    get() {
      const value = fetchOr(fs, path, fetch);
      Object.defineProperty(node, "contents", { value, writable: true });
      return value;
    },
  });
}

/** Assumes: an ErrnoError is what Python sees as OSError. 29 is EIO, a device that fails. */
function fetchOr(fs: FileSystem, path: string, fetch: () => Uint8Array): Uint8Array {
  try {
    return fetch();
  } catch (error) {
    console.warn(`Gradlet: ${path} could not be fetched.`, error);
    throw new fs.ErrnoError(29);
  }
}

interface Noted {
  node: FsNode;
  mode: number;
  mtime: number;
  ctime: number;
  contents: Uint8Array | undefined; // undefined: a folder, a device, or a file not yet fetched
}

/** All files as they are when this is made. */
export class Files {
  readonly #fs: FileSystem;
  readonly #noted: Map<string, Noted>;
  readonly #streams: unknown[];
  readonly #folder: string;

  constructor(fs: FileSystem) {
    this.#fs = fs;
    this.#noted = new Map([...walk(fs)].map(([path, node]) => [path, note(fs, node)]));
    this.#streams = [...fs.streams];
    this.#folder = fs.cwd();
  }

  /** Put back what differs. False if that is impossible, for a file that was never fetched. */
  putBack(): boolean {
    const fs = this.#fs;
    fs.streams.splice(0, fs.streams.length, ...this.#streams);
    const found = new Map(walk(fs));
    for (const [path, node] of [...found].reverse()) {
      if (this.#noted.get(path)?.node === node) continue;
      if (fs.isDir(node.mode)) fs.rmdir(path);
      else fs.unlink(path);
      found.delete(path);
    }
    for (const [path, noted] of this.#noted) {
      const node = found.get(path);
      if (node && isAsNoted(fs, node, noted)) continue;
      if (!this.#write(path, noted)) return false;
    }
    fs.chdir(this.#folder);
    return true;
  }

  #write(path: string, { mode, contents }: Noted): boolean {
    const fs = this.#fs;
    if (fs.isDir(mode)) {
      fs.mkdirTree(path);
    } else {
      if (!contents) return false;
      fs.writeFile(path, contents);
    }
    fs.chmod(path, mode);
    this.#noted.set(path, note(fs, fs.lookupPath(path).node));
    return true;
  }
}

/** Every folder and file below the root, a folder before what is in it; no devices, no /proc. */
function* walk(fs: FileSystem, folder = fs.root, path = ""): Generator<[string, FsNode]> {
  for (const [name, node] of Object.entries(folder.contents as Record<string, FsNode>)) {
    if (node.mount !== fs.root.mount) continue;
    yield [`${path}/${name}`, node];
    if (fs.isDir(node.mode)) yield* walk(fs, node, `${path}/${name}`);
  }
}

function note(fs: FileSystem, node: FsNode): Noted {
  const { mode, mtime, ctime } = node;
  const isHere = Object.getOwnPropertyDescriptor(node, "contents")?.get === undefined;
  const contents =
    fs.isFile(mode) && isHere
      ? (node.contents as Uint8Array | null)?.slice(0, node.usedBytes)
      : undefined;
  return { node, mode, mtime, ctime, contents };
}

/** Whether nothing was written to a file. Code can set all its times but that of its change. */
function isAsNoted(fs: FileSystem, node: FsNode, noted: Noted): boolean {
  if (node.mode !== noted.mode) return false;
  return fs.isDir(node.mode) || (node.mtime === noted.mtime && node.ctime === noted.ctime);
}
