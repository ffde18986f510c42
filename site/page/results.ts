import { allPassed, type GraderEvent, type TestResult, type TestStatus } from "../verdict";
import { isTabled, showComparison } from "./comparison";
import { button, element, english } from "./element";
import { picture } from "./picture";
import type { Ending } from "./runner";
import * as words from "./words";

/** What a test is that was running when the run ended. */
const ENDED: Record<Ending, TestStatus> = {
  finished: "skipped",
  stopped: "skipped",
  timeout: "timeout",
  crashed: "error",
};

type Unusable = Extract<GraderEvent, { kind: "unusable" }>;

export interface Mark {
  line: number;
  message: string;
}

/** The list of hidden tests and the sentence above it: shows events, keeps nothing else. */
export class Results {
  readonly #items = new Map<string, HTMLElement>();
  #marks: Mark[] = [];
  #places = new Set<string>();
  #mistakes = new Set<string>();
  #said: (string | Node)[] | undefined; // instead of a count of tests, where none could run
  #line: number | undefined; // in which the test that runs was last seen
  #testsFailed = false; // themselves, whatever the learner's code does

  constructor(
    private readonly panel: HTMLElement,
    list: HTMLElement,
    private readonly status: HTMLElement,
    private readonly general: HTMLElement, // what concerns the run, not one test
    private readonly timeLimit: number,
    private readonly goTo: (line: number) => void,
  ) {
    for (const item of list.querySelectorAll<HTMLElement>("[data-test]")) {
      this.#items.set(item.dataset.test ?? "", item);
    }
  }

  /** A run begins. */
  begin(): void {
    this.#marks = [];
    this.#places.clear();
    this.#mistakes.clear();
    this.#said = undefined;
    this.#line = undefined;
    this.#testsFailed = false;
    this.general.replaceChildren();
    for (const item of this.#items.values()) {
      setStatus(item, "idle");
      detailOf(item).replaceChildren();
    }
    this.#verdict("running", words.runningTests(this.#items.size));
    this.stale = false;
  }

  show(event: GraderEvent): void {
    const item = "test" in event && event.test ? this.#items.get(event.test) : undefined;
    // A test begins once, and has one result after that: whoever sends another is not the grader.
    if (event.kind === "test" && item?.dataset.status === "idle") {
      setStatus(item, "running");
      this.#line = undefined;
    } else if (event.kind === "line") this.#line = event.line;
    else if (event.kind === "output") this.#print(item, event.text);
    else if (event.kind === "figure") this.#draw(item, event.png, event.alt);
    else if (event.kind === "result" && item?.dataset.status === "running") {
      this.#result(item, event);
    } else if (event.kind === "mistake" && item) this.#mistake(item, event.text);
    else if (event.kind === "unusable") this.#unusable(event);
    else if (event.kind === "broken") {
      this.#said = [words.brokenProblem];
      this.#testsFailed = true;
      this.general.append(element("pre", "traceback", event.message));
    }
  }

  /** A run has ended: what did not get its turn says so, and the verdict is spoken. */
  end(ending: Ending): void {
    const line = ending === "finished" ? undefined : this.#line;
    if (line) this.#wasAt(line, ending);
    for (const item of this.#items.values()) {
      if (item.dataset.status === "running") {
        setStatus(item, ENDED[ending]);
      } else if (item.dataset.status === "idle") {
        setStatus(item, "skipped");
      }
    }
    const statuses = [...this.statuses.values()];
    this.#verdict(
      allPassed(statuses) ? "passed" : this.#testsFailed ? "broken" : "failed",
      ...(this.#said ?? [words.verdict(statuses, ending, this.timeLimit, line)]),
    );
    this.#showFirst();
  }

  /** The first test that failed is what to read next, right below the verdict. */
  #showFirst(): void {
    const first = [...this.#items.values()].find((item) => item.dataset.status !== "passed");
    if (!first || first.dataset.status === "skipped") {
      this.panel.scrollTop = 0; // all passed, or no test could run: what is said of it comes first
      this.status.scrollIntoView({ block: "nearest" });
      return;
    }
    // The verdict stays in sight above it.
    const { height } = (this.status.parentElement ?? this.status).getBoundingClientRect();
    first.style.scrollMarginTop = `${Math.ceil(height)}px`; // nothing of the test is covered
    const { top, bottom } = first.getBoundingClientRect();
    const inSight = top >= 0 && bottom <= window.innerHeight;
    first.scrollIntoView({ block: inSight ? "nearest" : "start" });
  }

  /** What came of each test, by its name. */
  get statuses(): Map<string, TestStatus> {
    const status = (item: HTMLElement) => item.dataset.status as TestStatus;
    return new Map([...this.#items].map(([test, item]) => [test, status(item)]));
  }

  get passed(): boolean {
    return this.panel.dataset.verdict === "passed";
  }

  /** Whether the tests themselves, not the learner's code, are what failed. */
  get broken(): boolean {
    return this.panel.dataset.verdict === "broken";
  }

  /** The lines of the learner's code that went wrong in this run. */
  get marks(): Mark[] {
    return this.#marks;
  }

  /** Whether the code has changed since the run that is shown. */
  set stale(stale: boolean) {
    if (this.panel.dataset.verdict === "idle") return;
    this.panel.toggleAttribute("data-stale", stale);
  }

  #verdict(state: string, ...sentence: (string | Node)[]): void {
    this.panel.dataset.verdict = state;
    this.status.replaceChildren(...sentence);
  }

  #unusable({ message, line, traceback }: Unusable): void {
    this.#said = words.unusable(message);
    if (traceback) this.general.append(element("pre", "traceback", traceback));
    if (line) this.general.append(this.#pointTo(line, message));
  }

  /** Where the code was: in the test that it belongs to, unless that counts as not run. */
  #wasAt(line: number, ending: Ending): void {
    const running = [...this.#items.values()].find(({ dataset }) => dataset.status === "running");
    const place = running && ENDED[ending] !== "skipped" ? detailOf(running) : this.general;
    place.prepend(this.#pointTo(line, words.wasAt(line)));
  }

  #result(item: HTMLElement, result: TestResult): void {
    setStatus(item, result.status, result.status === "passed" ? result.seconds : undefined);
    if (result.status === "passed") {
      item.querySelector(".output")?.removeAttribute("open");
      return;
    }
    const detail = element("div", "failure");
    if (result.message) detail.append(english(element("p", "message", result.message)));
    if (result.line) detail.append(this.#pointTo(result.line, result.message ?? ""));
    const { comparison, difference } = result;
    const hint = element("p", "known");
    if (result.pattern) hint.append(words.pattern(result.pattern));
    const call: Row = [words.called, result.call];
    const values: Row[] = [
      [words.expected, result.expected],
      [words.got, result.got],
    ];
    const error: Row = [words.largestError, difference && words.largest(difference)];
    detail.append(hint, definitions([call, ...(comparison ? [] : values), error]));
    if (comparison) {
      detail.append(showComparison(comparison));
      if (!isTabled(comparison)) {
        const title = element("summary", "", words.numbers);
        detail.append(element("details", "output", title, definitions(values)));
      }
    }
    if (result.traceback) detail.append(this.#traceback(result.traceback));
    detailOf(item).prepend(detail);
  }

  /** It says more than the pattern of the numbers, whose place it takes; in full only once. */
  #mistake(item: HTMLElement, text: string): void {
    const said = this.#mistakes.has(text) ? [words.sameMistake] : words.knownMistake(text);
    this.#mistakes.add(text);
    item.querySelector(".known")?.replaceChildren(...said);
  }

  /** Each place once: six tests that end in the same line show the way to it only once. */
  #traceback(text: string): HTMLElement {
    const place = text.slice(0, text.lastIndexOf("\n")); // the last line, the error, is said anyway
    if (this.#places.has(place)) return element("p", "note", words.repeated);
    this.#places.add(place);
    return element("pre", "traceback", text);
  }

  #print(item: HTMLElement | undefined, text: string): void {
    const place = item ? detailOf(item) : this.general;
    let output = place.querySelector(".output pre");
    if (!output) {
      output = element("pre");
      const box = element("details", "output", element("summary", "", words.printed), output);
      box.open = true;
      place.append(box);
    }
    output.append(text);
  }

  #draw(item: HTMLElement | undefined, png: string | null, alt: string): void {
    (item ? detailOf(item) : this.general).append(picture(png, alt));
  }

  /** The way to a line, which is marked in the editor, too: once, if several tests end there. */
  #pointTo(line: number, message: string): HTMLElement {
    if (!this.#marks.some((mark) => mark.line === line)) this.#marks.push({ line, message });
    return button("line", words.line(line), () => this.goTo(line));
  }
}

function setStatus(item: HTMLElement, status: TestStatus, seconds?: number): void {
  item.dataset.status = status;
  const state = item.querySelector(".state");
  if (state) {
    state.textContent = seconds === undefined ? words.stateOf(status) : words.passedIn(seconds);
  }
}

function detailOf(item: HTMLElement): HTMLElement {
  return item.querySelector<HTMLElement>(".detail") ?? item;
}

type Row = [term: string, value: string | null | undefined];

function definitions(rows: Row[]): HTMLElement {
  const list = element("dl", "values");
  for (const [term, value] of rows) {
    if (!value) continue;
    list.append(element("dt", "", term), element("dd", "", element("code", "", value)));
  }
  return list;
}
