import * as Comlink from "comlink";
import type { GraderEvent } from "../verdict";
import { boot, type Compiled, type RuntimeConfig } from "./boot";
import { lockDown } from "./lockdown";
import { limitMemory } from "./memory";
import { addPackages } from "./packages";
import { FetchWatch } from "./progress";
import { lookUp, Pristine, stopEventLoop } from "./pyodide-internals";

export type Stage = "download" | "start";
export type OnProgress = (stage: Stage, bytes: number) => void;
export type OnEvent = (event: GraderEvent) => unknown;

type Post = (text: string) => void;

/** `grader.bridge`, the grader as Python has it. */
interface Bridge {
  Prepared(problem: string, post: Post): { run(code: string): void };
  run(problem: string, code: string, post: Post): void;
  try_it(code: string, call: string, post: Post): void;
  line(): number;
}

// A run that has made the memory grow by more than this ends its worker: memory never shrinks.
const MOST_GROWTH = 256 * 2 ** 20; // bytes
const PACE = 250; // milliseconds, after which a run tells in which line it is

let runPrepared: (code: string) => void;
let runOther: Bridge["run"];
let runCall: Bridge["try_it"];
let lineNow: Bridge["line"];
let pristine: () => Pristine; // the copy is made when this is first called
let listener: OnEvent;
let heard: unknown;
let due = Number.POSITIVE_INFINITY; // when a run tells next in which line it is

/** A learner whose loop never ends wants to know where it is. */
function tellLine(): void {
  if (Date.now() < due) return;
  due = Date.now() + PACE;
  const line = lineNow();
  if (line) listener({ kind: "line", line });
}

const post: Post = (text) => {
  heard = listener(JSON.parse(text) as GraderEvent);
};

function begin(onEvent: OnEvent): void {
  pristine();
  listener = onEvent;
  due = Date.now() + PACE;
}

const api = {
  /**
   * Load Python, its packages and the grader. Resolves when a run can begin, to what may be given
   * to the next worker as `before`.
   */
  async boot(
    config: RuntimeConfig,
    onProgress: OnProgress,
    before?: Compiled,
  ): Promise<Compiled | undefined> {
    let bytes = 0;
    const watch = new FetchWatch((part, more) => {
      bytes += part;
      onProgress(more ? "download" : "start", bytes);
    });
    const [{ python, compiled, afterwards }, problem] = await Promise.all([
      boot(config, watch, before),
      fetch(config.problem).then((response) => response.text()),
    ]);
    await watch.during(() => addPackages(python, config.extra));
    watch.end();
    stopEventLoop(python);
    lookUp(python, tellLine);
    const bridge = python.pyimport("grader.bridge") as unknown as Bridge;
    // Taken once: JavaScript's side of a Python object must be as old as the copy of Python's side.
    runOther = bridge.run;
    runCall = bridge.try_it;
    lineNow = bridge.line;
    runPrepared = bridge.Prepared(problem, post).run;
    let copy: Pristine | undefined;
    pristine = () => {
      copy ??= new Pristine(python);
      return copy;
    };
    setTimeout(pristine);
    setTimeout(afterwards, 1000);
    lockDown();
    return compiled;
  },

  /** A sign of life. */
  isThere: () => true,

  /** Grade `code`; `onEvent` hears of each step while it goes on. */
  async run(code: string, onEvent: OnEvent, problem?: string): Promise<void> {
    begin(onEvent);
    if (problem) runOther(problem, code, post);
    else runPrepared(code);
    // Events and this answer travel on two ports: without waiting, the answer may arrive first.
    await heard;
  },

  /** Run `code` with a call of the learner's own; `onEvent` hears of each step. */
  async tryIt(code: string, call: string, onEvent: OnEvent): Promise<void> {
    begin(onEvent);
    runCall(code, call, post);
    await heard;
  },

  /** Make Python what it was before the run. False if this worker cannot be used again. */
  putBack(): boolean {
    return pristine().growth < MOST_GROWTH && pristine().putBack();
  },
};

export type WorkerApi = typeof api;

limitMemory();
// From a file, a worker has no policy but what the host sends: see site/page/python-worker.ts.
if (location.protocol === "blob:") Comlink.expose(api);
