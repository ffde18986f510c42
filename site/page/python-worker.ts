import * as Comlink from "comlink";
import type { Compiled, RuntimeConfig } from "../worker/boot";
import type { OnEvent, OnProgress, WorkerApi } from "../worker/worker";

/** A worker in which Python is being loaded, from the moment when this is made. */
export class PythonWorker {
  /** Resolves when a run can begin, to what the next worker can begin with. */
  readonly booted: Promise<Compiled | undefined>;
  /** Resolves if the worker ends by itself, to why. */
  readonly failed: Promise<Error>;
  readonly #worker: Worker;
  readonly #remote: Comlink.Remote<WorkerApi>;
  #progress: Parameters<OnProgress> | undefined;
  #listener: OnProgress = () => {};

  constructor(script: string, config: RuntimeConfig, before?: Compiled) {
    this.#worker = start(script);
    this.failed = new Promise((resolve) => {
      this.#worker.addEventListener("error", (event) => {
        event.preventDefault(); // it is no error of the page's, least of all once it has ended
        resolve(new Error(event.message || `no ${script}`));
      });
    });
    this.#remote = Comlink.wrap<WorkerApi>(this.#worker);
    this.booted = this.#remote.boot(
      config,
      Comlink.proxy((...progress: Parameters<OnProgress>) => {
        this.#progress = progress;
        this.#listener(...progress);
      }),
      before,
    );
    this.booted.catch(() => {}); // whoever waits hears of it, however late
  }

  /** Also of the progress before anybody listened. */
  set onProgress(listener: OnProgress) {
    this.#listener = listener;
    if (this.#progress) listener(...this.#progress);
  }

  /** A sign of life. */
  isThere(): Promise<boolean> {
    return this.#remote.isThere();
  }

  /** See `WorkerApi`, also for what follows. */
  run(code: string, onEvent: OnEvent, problem?: string): Promise<void> {
    return this.#remote.run(code, Comlink.proxy(onEvent), problem);
  }

  tryIt(code: string, call: string, onEvent: OnEvent): Promise<void> {
    return this.#remote.tryIt(code, call, Comlink.proxy(onEvent));
  }

  putBack(): Promise<boolean> {
    return this.#remote.putBack();
  }

  /** Nothing is heard of it any more. */
  end(): void {
    this.#listener = () => {};
    this.#worker.terminate();
  }
}

/**
 * A worker for learners' code, under the policy of this page, which lets it send nothing to other
 * hosts. A worker from a file has only the policy that the host sends with the file, and many
 * hosts send none; one from a blob: address inherits the page's.
 */
function start(script: string): Worker {
  const source = new Blob([`import ${JSON.stringify(script)};`], { type: "text/javascript" });
  const address = URL.createObjectURL(source);
  try {
    return new Worker(address, { type: "module" });
  } finally {
    URL.revokeObjectURL(address); // what has been asked for is still delivered
  }
}
