import type { GraderEvent } from "../verdict";
import type { Compiled, RuntimeConfig } from "../worker/boot";
import type { Stage } from "../worker/worker";
import { AwakeTimer } from "./awake-timer";
import { Patience } from "./patience";
import { PythonWorker } from "./python-worker";

export type RuntimeState = "loading" | "ready" | "running" | "broken";

/** How a run ended: by itself, by the learner, by the time limit, or with Python itself. */
export type Ending = "finished" | "stopped" | "timeout" | "crashed";

interface Listener {
  /** `waiting`: a run has been asked for and starts when Python is ready. */
  state(state: RuntimeState, waiting: boolean): void;
  progress(stage: Stage, bytes: number): void;
  /** Nothing of Python has come for a while; it is asked for anew. */
  stalled(): void;
  /** Python cannot be had; `why` is the technical reason. */
  broken(why: string): void;
  /** A run begins (after waiting for Python, if it was asked for early). */
  began(run: Run): void;
  event(event: GraderEvent): void;
  ended(ending: Ending): void;
}

/**
 * What to grade, or with `call` only to run; the rest is there for `build.py check`, which tries a
 * problem's tests.
 */
export interface Run {
  code: string;
  call?: string; // of the learner's own
  problem?: string; // JSON for the grader, in place of the page's own
  timeLimit?: number; // seconds, in place of the problem's
}

const PATIENCE = 5000; // milliseconds in which an idle worker has to answer
// Milliseconds for which events are gathered: a page that is drawn anew for each of them would be
// the slower part of a run.
const PACE = 20;

/**
 * Owns the worker that Python runs in. A run is ended by ending the worker, the only thing that
 * stops every loop in every browser; a new worker then takes its place.
 */
export class Runner {
  #state: RuntimeState = "loading";
  #python: PythonWorker | undefined;
  #compiled: Compiled | undefined;
  #queued: Run | undefined;
  #begun = false; // the listener was told of a run, and not yet of its end
  #timer: AwakeTimer | undefined;
  #events: GraderEvent[] = []; // not yet told
  // An answer that is awaited may be lost: with the connection, or in the browser itself.
  readonly #patience = new Patience(() => {
    console.info("Gradlet: nothing of Python has come for a while; it is asked for anew.");
    this.listener.stalled();
    this.boot();
  });
  #telling: number | undefined;

  constructor(
    private readonly script: string,
    private readonly config: RuntimeConfig,
    private readonly timeLimit: number, // seconds
    private readonly tests: number, // how many there are
    private readonly listener: Listener,
  ) {}

  /** Run it now, or as soon as Python is ready. */
  run(run: Run): void {
    if (this.#state === "running") return;
    this.#queued = run;
    if (this.#state === "ready") this.#grade();
    else if (this.#state === "broken") this.boot();
    else this.#set("loading");
  }

  /** End the run, or give up waiting for it. */
  stop(ending: "stopped" | "timeout" = "stopped"): void {
    this.#queued = undefined;
    this.#end(ending);
    if (this.#state === "running") this.boot();
    else this.#set(this.#state); // no longer waiting
  }

  /** Load Python, or wait for the one that is `begun`, in the place of the one before. */
  async boot(begun?: PythonWorker): Promise<void> {
    this.#python?.end();
    this.#set("loading");
    this.#patience.renew();
    let python: PythonWorker;
    try {
      python = begun ?? new PythonWorker(this.script, this.config, this.#compiled);
    } catch (error) {
      return this.#break(error);
    }
    this.#python = python;
    python.failed.then((why) => this.#failed(python, why));
    python.onProgress = (stage, bytes) => {
      this.listener.progress(stage, bytes);
      // When all has arrived, a slow machine may take its time.
      if (stage === "download") this.#patience.renew();
      else this.#patience.end();
    };
    try {
      this.#compiled = await python.booted;
    } catch (error) {
      return this.#failed(python, error);
    }
    if (this.#python !== python) return;
    this.#set("ready");
    if (this.#queued !== undefined) this.#grade();
  }

  async #grade(): Promise<void> {
    const [python, run] = [this.#python, this.#queued];
    if (!python || !run) return;
    // A worker that has been replaced is not listened to any more.
    const current = () => this.#python === python;
    this.#queued = undefined;
    this.#begun = true;
    this.listener.began(run);
    this.#set("running");
    let left = this.tests;
    const listen = (event: GraderEvent) => {
      if (!current()) return;
      this.#events.push(event);
      if (event.kind === "result" && --left === 0) this.#tell();
      else this.#telling ??= window.setTimeout(() => this.#tell(), PACE);
    };
    const alive = answers(python); // before it begins
    const done =
      run.call === undefined
        ? python.run(run.code, listen, run.problem)
        : python.tryIt(run.code, run.call, listen);
    done.catch(() => {}); // heard of below
    if (!(await alive)) {
      // The browser has ended it, as one does with what takes much memory and is not looked at.
      if (!current()) return;
      this.#queued = run;
      return this.boot();
    }
    if (!current()) return;
    const limit = (run.timeLimit ?? this.timeLimit) * 1000;
    this.#timer = new AwakeTimer(limit, () => this.stop("timeout"));
    let isPristine: boolean;
    try {
      await done;
      if (current()) this.#tell();
      isPristine = await python.putBack();
    } catch (error) {
      return this.#failed(python, error);
    }
    if (!current()) return;
    this.#end("finished");
    if (isPristine) this.#set("ready");
    else this.boot();
  }

  #failed(python: PythonWorker, why: unknown): void {
    if (this.#python !== python) return;
    if (this.#state === "running") this.#crash(why);
    else this.#break(why);
  }

  /** The code has brought Python itself down: that ends the run, and a new Python takes over. */
  #crash(why: unknown): void {
    console.warn("Gradlet: Python has crashed.", why);
    this.#end("crashed");
    this.boot();
  }

  #tell(): void {
    window.clearTimeout(this.#telling);
    this.#telling = undefined;
    for (const event of this.#events.splice(0)) this.listener.event(event);
  }

  #end(ending: Ending): void {
    this.#timer?.stop();
    if (!this.#begun) return;
    this.#tell();
    this.#begun = false;
    this.listener.ended(ending);
  }

  #break(why: unknown): void {
    this.#python?.end();
    this.#python = undefined;
    this.#queued = undefined;
    this.#end("stopped");
    this.#set("broken");
    this.listener.broken(why instanceof Error ? why.message : String(why));
  }

  #set(state: RuntimeState): void {
    this.#state = state;
    if (state !== "loading") this.#patience.end();
    this.listener.state(state, this.#queued !== undefined);
  }
}

/** Whether a worker that has nothing to do answers at once, as it should. */
async function answers(python: PythonWorker): Promise<boolean> {
  let timer: AwakeTimer | undefined;
  const silence = new Promise<boolean>((resolve) => {
    timer = new AwakeTimer(PATIENCE, () => resolve(false));
  });
  try {
    return await Promise.race([python.isThere(), silence]);
  } finally {
    timer?.stop();
  }
}
