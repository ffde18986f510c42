import * as Comlink from "comlink";
import type { PyodideAPI } from "pyodide";
import type { GraderEvent } from "../verdict";
import { addPackages } from "./packages";
import { FetchWatch } from "./progress";

/** Where the page's own files of the runtime lie; all addresses are absolute. */
export interface RuntimeConfig {
  index: string; // folder of Pyodide, ends in a slash
  packages: string[];
  extra: string[]; // packages of this problem alone, as it names them
  grader: string; // zip of site/grader
  problem: string; // JSON for grader.bridge.run
  bytes: number; // of all files that are loaded
}

export type Stage = "download" | "start";
export type OnProgress = (stage: Stage, bytes: number) => void;
export type OnEvent = (event: GraderEvent) => unknown;

interface Bridge {
  run(problem: string, code: string, post: (text: string) => void): void;
}

// Pyodide's own folder for packages, which Python has on its path.
const SITE_PACKAGES = "/lib/python3.14/site-packages";

let bridge: Bridge;
let problem: string;

async function fetchAll(config: RuntimeConfig): Promise<[PyodideAPI, ArrayBuffer, string]> {
  const { loadPyodide } = await import(`${config.index}pyodide.mjs`);
  return Promise.all([
    loadPyodide({ indexURL: config.index, packages: config.packages }),
    fetch(config.grader).then((response) => response.arrayBuffer()),
    fetch(config.problem).then((response) => response.text()),
  ]);
}

const api = {
  /** Load Python, its packages and the grader. Resolves when a run can begin. */
  async boot(config: RuntimeConfig, onProgress: OnProgress): Promise<void> {
    let bytes = 0;
    const watch = new FetchWatch((more) => {
      bytes += more;
      onProgress(bytes < config.bytes ? "download" : "start", bytes);
    });
    const loaded = Promise.race([fetchAll(config), watch.failure]);
    const [python, grader, tests] = await loaded;
    problem = tests;
    python.unpackArchive(grader, "zip", { extractDir: SITE_PACKAGES });
    const added = addPackages(python, config.extra, problem);
    await Promise.race([added, watch.failure]);
    watch.end();
    bridge = python.pyimport("grader.bridge") as unknown as Bridge;
  },

  /** Grade `code`; `onEvent` hears of each step while it goes on. */
  async run(code: string, onEvent: OnEvent, variant = problem): Promise<void> {
    let heard: unknown;
    bridge.run(variant, code, (text) => {
      heard = onEvent(JSON.parse(text) as GraderEvent);
    });
    // Events and this answer travel on two ports: without waiting, the answer may arrive first.
    await heard;
  },
};

export type WorkerApi = typeof api;

Comlink.expose(api);
