import * as Comlink from "comlink";
import type { GraderEvent } from "../verdict";
import type { RuntimeConfig } from "../worker/boot";
import type { Stage, WorkerApi } from "../worker/worker";

export type RuntimeState = "loading" | "ready" | "running" | "broken";

/** How a run ended: by itself, by the learner, by the time limit, or with Python itself. */
export type Ending = "finished" | "stopped" | "timeout" | "crashed";

export interface Listener {
  /** `waiting`: a run has been asked for and starts when Python is ready. */
  state(state: RuntimeState, waiting: boolean): void;
  progress(stage: Stage, bytes: number): void;
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

/**
 * Owns the worker that Python runs in. A run is ended by ending the worker, the only thing that
 * stops every loop in every browser; a new worker then takes its place.
 */
export class Runner {
  #state: RuntimeState = "loading";
  #worker: Worker | undefined;
  #remote: Comlink.Remote<WorkerApi> | undefined;
  #queued: Run | undefined;
  #timer: number | undefined;

  constructor(
    private readonly script: string,
    private readonly config: RuntimeConfig,
    private readonly timeLimit: number, // seconds
    private readonly listener: Listener,
  ) {}

  /** Run the hidden tests: now, or as soon as Python is ready. */
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
    if (this.#state === "running") {
      this.#end(ending);
      this.boot();
    } else {
      this.#set(this.#state); // no longer waiting
    }
  }

  /** Start a worker, in the place of the one before, and load Python in it. */
  async boot(): Promise<void> {
    this.#worker?.terminate();
    const worker = new Worker(this.script, { type: "module" });
    this.#worker = worker;
    this.#set("loading");
    // A worker that has been replaced is not listened to any more.
    const current = () => this.#worker === worker;
    const fail = (why: unknown) => {
      if (!current()) return;
      if (this.#state === "running") this.#crash(why);
      else this.#break(why instanceof Error ? why.message : String(why));
    };
    worker.addEventListener("error", (event) => fail(event.message || `no ${this.script}`));
    const remote = Comlink.wrap<WorkerApi>(worker);
    const progress = Comlink.proxy((stage: Stage, bytes: number) => {
      if (current()) this.listener.progress(stage, bytes);
    });
    try {
      await remote.boot(this.config, progress);
    } catch (error) {
      return fail(error);
    }
    if (!current()) return;
    this.#remote = remote;
    this.#set("ready");
    if (this.#queued !== undefined) this.#grade();
  }

  async #grade(): Promise<void> {
    const [worker, remote, run] = [this.#worker, this.#remote, this.#queued];
    if (!remote || !run) return;
    const current = () => this.#worker === worker;
    this.#queued = undefined;
    this.listener.began(run);
    this.#set("running");
    const limit = (run.timeLimit ?? this.timeLimit) * 1000;
    this.#timer = window.setTimeout(() => this.stop("timeout"), limit);
    const listen = Comlink.proxy((event: GraderEvent) => {
      if (current()) this.listener.event(event);
    });
    let isPristine: boolean;
    try {
      if (run.call === undefined) await remote.run(run.code, listen, run.problem);
      else await remote.tryIt(run.code, run.call, listen);
      isPristine = await remote.putBack();
    } catch (error) {
      if (current()) this.#crash(error);
      return;
    }
    if (!current()) return;
    this.#end("finished");
    if (isPristine) this.#set("ready");
    else this.boot();
  }

  /** The code has brought Python itself down: that ends the run, and a new Python takes over. */
  #crash(why: unknown): void {
    console.warn("Gradlet: Python has crashed.", why);
    this.#end("crashed");
    this.boot();
  }

  #end(ending: Ending): void {
    window.clearTimeout(this.#timer);
    this.listener.ended(ending);
  }

  #break(why: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#queued = undefined;
    this.#set("broken");
    this.listener.broken(why);
  }

  #set(state: RuntimeState): void {
    this.#state = state;
    this.listener.state(state, this.#queued !== undefined);
  }
}
