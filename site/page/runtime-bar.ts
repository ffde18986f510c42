/** What happens to Python, beside the run button: a word on its state, and how far it has loaded. */
import type { Stage } from "../worker/worker";
import { find } from "./find";
import type { RuntimeState } from "./runner";
import * as words from "./words";

export class RuntimeBar {
  readonly #said = find("#runtime-text");
  readonly #loading = find("#loading");
  readonly #loadingText = find("#loading-text");
  readonly #bar = find<HTMLProgressElement>("#runtime-progress");
  #state: RuntimeState | undefined;

  constructor(private readonly total: number /* bytes */) {
    this.#bar.max = total;
  }

  /** `waiting`: what is said while a run waits for Python. */
  show(state: RuntimeState, waiting: string | undefined): void {
    const states = {
      loading: "",
      ready: words.ready,
      running: words.running,
      broken: words.broken,
    };
    this.#said.textContent = waiting ?? states[state];
    this.#loading.hidden = state !== "loading";
    if (state === "loading" && this.#state !== "loading") this.#begin();
    this.#state = state;
  }

  progress(stage: Stage, bytes: number): void {
    this.#bar.value = bytes;
    this.#loadingText.textContent = words.loading(stage, bytes, this.total);
  }

  /** Nothing has come for a while: said, instead of a bar that stands still. */
  stalled(): void {
    this.#loadingText.textContent = words.stalled;
  }

  #begin(): void {
    this.#bar.value = 0;
    this.#loadingText.textContent = words.loadingBegins;
  }
}
