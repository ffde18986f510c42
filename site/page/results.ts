import type { GraderEvent, TestResult, TestStatus } from "../verdict";
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
  #said: string | undefined; // instead of a count of tests, where none could run

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
    this.#said = undefined;
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
    if (event.kind === "test" && item) setStatus(item, "running");
    else if (event.kind === "output") this.#print(item, event.text);
    else if (event.kind === "figure") this.#draw(item, event.png, event.alt);
    else if (event.kind === "result" && item) this.#result(item, event);
    else if (event.kind === "unusable") this.#unusable(event);
    else if (event.kind === "broken") {
      this.#said = words.brokenProblem;
      this.general.append(element("pre", "traceback", event.message));
    }
  }

  /** A run has ended: what did not get its turn says so, and the verdict is spoken. */
  end(ending: Ending): void {
    for (const item of this.#items.values()) {
      if (item.dataset.status === "running") {
        setStatus(item, ENDED[ending]);
      } else if (item.dataset.status === "idle") {
        setStatus(item, "skipped");
      }
    }
    this.#showFirst();
    const statuses = [...this.#items.values()].map((item) => item.dataset.status as TestStatus);
    const passed = statuses.every((status) => status === "passed");
    this.#verdict(
      passed ? "passed" : this.#said === words.brokenProblem ? "broken" : "failed",
      this.#said ?? words.verdict(statuses, ending, this.timeLimit),
    );
  }

  /** The first test that did not pass is what to read next. */
  #showFirst(): void {
    const first = [...this.#items.values()].find((item) => item.dataset.status !== "passed");
    if (first?.dataset.status !== "skipped") first?.scrollIntoView({ block: "nearest" });
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

  #verdict(state: string, sentence: string): void {
    this.panel.dataset.verdict = state;
    this.status.textContent = sentence;
  }

  #unusable({ message, line, traceback }: Unusable): void {
    this.#said = words.unusable(message);
    if (traceback) this.general.append(element("pre", "traceback", traceback));
    if (line) {
      this.general.append(this.#lineButton(line));
      this.#marks.push({ line, message });
    }
  }

  #result(item: HTMLElement, result: TestResult): void {
    setStatus(item, result.status, result.status === "passed" ? result.seconds : undefined);
    if (result.status === "passed") {
      item.querySelector(".output")?.removeAttribute("open");
      return;
    }
    const detail = element("div", "failure");
    if (result.message) detail.append(element("p", "message", result.message));
    if (result.line) {
      const { line, message } = result;
      if (!this.#marks.some((mark) => mark.line === line)) {
        this.#marks.push({ line, message: message ?? "" });
      }
      detail.append(this.#lineButton(line));
    }
    const { difference } = result;
    detail.append(
      definitions([
        ["Called", result.call],
        ["Expected", result.expected],
        ["Got", result.got],
        [
          "Largest difference",
          difference &&
            words.difference(
              difference.largest,
              difference.index,
              difference.expected,
              difference.got,
            ),
        ],
      ]),
    );
    if (result.traceback) detail.append(this.#traceback(result.traceback));
    detailOf(item).prepend(detail);
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
      const box = element("details", "output");
      box.setAttribute("open", "");
      output = element("pre", "", "");
      box.append(element("summary", "", words.printed), output);
      place.append(box);
    }
    output.append(text);
  }

  #draw(item: HTMLElement | undefined, png: string | null, alt: string): void {
    const figure = element("figure", "", png === null ? alt : undefined);
    if (png !== null) {
      const image = document.createElement("img");
      image.src = `data:image/png;base64,${png}`;
      image.alt = alt;
      figure.append(image);
    }
    (item ? detailOf(item) : this.general).append(figure);
  }

  #lineButton(line: number): HTMLElement {
    const button = element("button", "line", `Line ${line}`) as HTMLButtonElement;
    button.type = "button";
    button.addEventListener("click", () => this.goTo(line));
    return button;
  }
}

function setStatus(item: HTMLElement, status: TestStatus, seconds?: number): void {
  item.dataset.status = status;
  const state = item.querySelector(".state");
  if (state) {
    state.textContent =
      words.stateOf[status] + (seconds === undefined ? "" : ` in ${words.milliseconds(seconds)}`);
  }
}

function detailOf(item: HTMLElement): HTMLElement {
  return item.querySelector<HTMLElement>(".detail") ?? item;
}

function definitions(rows: [string, string | null | undefined][]): HTMLElement {
  const list = element("dl", "values");
  for (const [term, value] of rows) {
    if (!value) continue;
    const box = element("dd", "");
    box.append(element("code", "", value));
    list.append(element("dt", "", term), box);
  }
  return list;
}

/** Text goes in as text, never as markup: it comes from the learner's code. */
function element(tag: string, className: string, text?: string): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  if (tag === "pre") made.tabIndex = 0; // wide text can be scrolled by keyboard
  return made;
}
