/** A page in the frame of another one: it reports its verdicts to it (docs/embedding.md). */
import { allPassed, type TestStatus } from "../verdict";

/** What is posted; `version` is that of this schema. */
export type Report = { version: 1; problem: string } & (
  | { type: "gradlet:ready" }
  | {
      type: "gradlet:verdict";
      tests: string | null; // which version of the hidden tests, as in docs/work-file.md
      passed: boolean;
      results: Record<string, TestStatus>;
    }
);

/**
 * Report to the page around this one, if the address of this page names its origin:
 * `?embed=https://school.example`. Nobody else can be told: the browser sees to it.
 */
export class Embedding {
  readonly #origin: string | undefined;

  constructor(
    private readonly problem: string,
    private readonly tests: string | null,
  ) {
    const given = new URLSearchParams(location.search).get("embed");
    if (given === null || window.parent === window) return;
    document.documentElement.dataset.embedded = "";
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]:not([href^="#"])')) {
      link.target = "_blank"; // another page in this frame would report nothing
    }
    this.#origin = originOf(given);
    if (!this.#origin) {
      console.warn(`?embed=${given} is no origin: write for example ?embed=https://school.example`);
    }
    this.#post({ type: "gradlet:ready", version: 1, problem });
  }

  /** A run has ended; `results` are those of all hidden tests. */
  report(results: ReadonlyMap<string, TestStatus>): void {
    const { problem, tests } = this;
    const passed = allPassed(results.values());
    const all = Object.fromEntries(results);
    this.#post({ type: "gradlet:verdict", version: 1, problem, tests, passed, results: all });
  }

  #post(report: Report): void {
    if (this.#origin) window.parent.postMessage(report, this.#origin);
  }
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return text === origin && /^https?:$/.test(protocol) ? origin : undefined;
}
