/**
 * A recorded interpreter as two files: a small head of JSON, with which the building can begin, and
 * a body of bytes, which are the pieces of its memory that differ from what the main program and
 * the libraries begin with, and the code of the libraries.
 */
import type { Recorded } from "./pyodide-internals";

/** A file of the runtime that the interpreter may still read: fetched when it does. */
export interface RuntimeFile {
  path: string; // as Python sees it
  name: string; // in the runtime's folder of the site
  bytes: number;
}

export interface Head {
  recorded: Recorded;
  packages: Record<string, string>; // that are in it, with their versions
  lazyFiles: RuntimeFile[];
  libraryBytes: number[];
  pieces: number; // how many
  bytes: number; // of the body
  sum: number; // of these bytes
}

export interface Body {
  libraries: Uint8Array<ArrayBuffer>[];
  writeMemory(heap: Uint8Array): void;
}

const GRAIN = 64; // bytes; smaller ones differ in fewer bytes, in more pieces

/** Where `heap` differs from `fresh`: pairs of start and length, in units of `GRAIN`. */
function differences(heap: Uint8Array, fresh: Uint8Array): Uint32Array<ArrayBuffer> {
  const pieces: number[] = [];
  const [now, before] = [words(heap), words(fresh)];
  const step = GRAIN / 4;
  let end = -1; // of the last piece
  for (let at = 0; at < now.length; at += step) {
    let same = true;
    for (let i = at; same && i < at + step; i++) same = now[i] === before[i];
    if (same) continue;
    const grain = at / step;
    if (grain === end) pieces[pieces.length - 1] = (pieces.at(-1) ?? 0) + 1;
    else pieces.push(grain, 1);
    end = grain + 1;
  }
  return Uint32Array.from(pieces);
}

function words(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}

/** The files of a snapshot whose libraries and memories, recorded and fresh, are given. */
export function encode(
  known: Pick<Head, "recorded" | "packages" | "lazyFiles">,
  libraries: Uint8Array[],
  heap: Uint8Array,
  fresh: Uint8Array,
): [Head, Uint8Array] {
  const pieces = differences(heap, fresh);
  const parts: Uint8Array[] = [new Uint8Array(pieces.buffer)];
  for (let i = 0; i < pieces.length; i += 2) {
    const start = (pieces[i] ?? 0) * GRAIN;
    parts.push(heap.subarray(start, start + (pieces[i + 1] ?? 0) * GRAIN));
  }
  parts.push(...libraries);
  const body = joined([...parts, spaces(parts)]);
  const head: Head = {
    ...known,
    libraryBytes: libraries.map((library) => library.length),
    pieces: pieces.length / 2,
    bytes: body.length,
    sum: sumOf(body),
  };
  return [head, body];
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** As many as make `parts` end at a multiple of four, so that they can be read as words. */
function spaces(parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(-lengthOf(parts) & 3).fill(32);
}

function lengthOf(parts: Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** What `encode` made. Throws if it is damaged, or the body of another head. */
export function decode(head: Head, bytes: Uint8Array<ArrayBuffer>): Body {
  if (bytes.length !== head.bytes || sumOf(bytes) !== head.sum) {
    throw new Error("the snapshot is damaged");
  }
  let at = 0;
  const next = (length: number) => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const pieces = words(next(head.pieces * 8));
  const places: [start: number, data: Uint8Array][] = [];
  for (let i = 0; i < pieces.length; i += 2) {
    places.push([(pieces[i] ?? 0) * GRAIN, next((pieces[i + 1] ?? 0) * GRAIN)]);
  }
  const writeMemory = (heap: Uint8Array) => {
    for (const [start, data] of places) heap.set(data, start);
  };
  return { libraries: head.libraryBytes.map(next), writeMemory };
}

/** A checksum that costs milliseconds, against damage and not against malice. */
function sumOf(bytes: Uint8Array): number {
  const whole = words(bytes);
  let sum = bytes.length;
  for (let i = 0; i < whole.length; i++) sum = (Math.imul(sum, 31) + (whole[i] ?? 0)) | 0;
  return sum;
}
