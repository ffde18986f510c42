/**
 * Records the interpreter that learners' browsers begin with. For Node, when the site is built:
 *
 *     node record.mjs JOB.json
 *
 * where the job is a `Job` as JSON. The snapshot is restored once before it is written, so that
 * one that does not work stops the build.
 */
/// <reference types="node" />
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import type { loadPyodide, PyodideAPI } from "pyodide";
import {
  type CreateModule,
  clearFreeMemory,
  prepareToRecord,
  record,
  recordable,
  restoring,
} from "./pyodide-internals";
import { encode, type RuntimeFile } from "./snapshot-file";

interface Job {
  pyodide: string; // folder
  wheels: { name: string; version: string; path: string }[];
  grader: string; // zip of site/grader
  warmUp: string; // warm_up.py
  head: string; // files to write
  body: string;
}

const SITE_PACKAGES = "/lib/python3.14/site-packages";
const STANDARD_LIBRARY = "/lib/python314.zip";
const WHEELS = "/lib/wheels";

async function main(job: Job): Promise<void> {
  const { loadPyodide: load } = await importFrom<{ loadPyodide: typeof loadPyodide }>(
    `${job.pyodide}/pyodide.mjs`,
  );
  const { default: create } = await importFrom<{ default: CreateModule }>(
    `${job.pyodide}/pyodide.asm.mjs`,
  );
  const python = await load({ ...recordable(create), indexURL: job.pyodide });
  const table = prepareToRecord(python);
  await install(python, job);
  clearFreeMemory(python);
  const [recorded, heap] = record(python, table);
  const libraries = recorded.libraries.map(({ path }) => python.FS.readFile(path) as Uint8Array);

  let fresh = new Uint8Array();
  const from = {
    recorded,
    main: new WebAssembly.Module(readFileSync(`${job.pyodide}/pyodide.asm.wasm`)),
    libraries: libraries.map((code) => new WebAssembly.Module(code.slice())),
    writeMemory(memory: Uint8Array) {
      fresh = memory.slice();
      // What calls have left on the stack is not read: see `record`.
      fresh.fill(0, recorded.staticBytes, recorded.stackPointer);
      memory.set(heap);
    },
    addFiles() {},
  };
  const restored = await load({ ...restoring(create, from), indexURL: job.pyodide });
  restored.runPython("import warm_up; warm_up.try_out()");

  const packages = Object.fromEntries(job.wheels.map(({ name, version }) => [name, version]));
  const lazyFiles = [lazyFile(`${job.pyodide}/python_stdlib.zip`, STANDARD_LIBRARY)];
  lazyFiles.push(...job.wheels.map(({ path }) => lazyFile(path, placeOf(path))));
  const [head, body] = encode({ recorded, packages, lazyFiles }, libraries, heap, fresh);
  writeFileSync(job.head, JSON.stringify(head));
  writeFileSync(job.body, body);
}

function importFrom<T>(path: string): Promise<T> {
  return import(pathToFileURL(path).href);
}

/** Unpack the wheels and the grader, and let warm_up.py import and trim them. */
async function install(python: PyodideAPI, job: Job): Promise<void> {
  const unpack = (path: string, format: string) => {
    const bytes = new Uint8Array(readFileSync(path)).slice();
    python.unpackArchive(bytes.buffer, format, { extractDir: SITE_PACKAGES });
  };
  for (const { path } of job.wheels) unpack(path, "wheel");
  unpack(job.grader, "zip");
  python.FS.writeFile(`${SITE_PACKAGES}/warm_up.py`, readFileSync(job.warmUp));
  const wheels = Object.fromEntries(job.wheels.map(({ name, path }) => [name, placeOf(path)]));
  python.runPython(`
import json, warm_up
warm_up.warm_up(json.loads(${JSON.stringify(JSON.stringify(wheels))}))
`);
}

const placeOf = (wheel: string) => `${WHEELS}/${basename(wheel)}`;

function lazyFile(file: string, path: string): RuntimeFile {
  return { path, name: basename(file), bytes: statSync(file).size };
}

await main(JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Job);
