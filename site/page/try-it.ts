/** The scratch area: the learner's code with a call of their own, and what comes of it. */
import type { GraderEvent } from "../verdict";
import { button, element, english } from "./element";
import { find } from "./find";
import { picture } from "./picture";
import type { Mark } from "./results";
import type { Ending } from "./runner";
import { SiteStorage } from "./storage";
import { language, text } from "./text";
import * as words from "./words";

interface TryItOptions {
  siteRoot: string;
  slug: string;
  examples: string[];
  timeLimit: number; // seconds
  /** Run a call; if that cannot be, the answer is why. */
  run(call: string): string | undefined;
  goTo(line: number): void;
}

export class TryIt {
  readonly #panel = find("#try");
  readonly #call = find<HTMLTextAreaElement>("#try-call");
  readonly #result = find("#try-result");
  readonly #stale = find("#try-stale");
  readonly #toggle = find<HTMLButtonElement>("#try-toggle");
  #mark: Mark | undefined;
  #line: number | undefined; // in which it was last seen
  #printed: HTMLElement | undefined;
  #hasRun = false;

  constructor(private readonly options: TryItOptions) {
    const storage = new SiteStorage(options.siteRoot);
    const key = `${options.slug}:call`;
    this.#call.value = storage.read(key) ?? options.examples[0] ?? "";
    this.#call.addEventListener("input", () => storage.write(key, this.#call.value));
    this.#call.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#run(this.#call.value);
    });
    find("#try-run").addEventListener("click", () => this.#run(this.#call.value));
    this.#toggle.addEventListener("click", () => {
      const open = this.#panel.hidden !== false;
      this.#open(open);
      if (open) this.#call.focus();
    });
    for (const [at, example] of this.#panel.querySelectorAll(".example").entries()) {
      example.addEventListener("click", () => {
        const call = options.examples[at] ?? "";
        if (!this.#run(call)) return;
        this.#call.value = call;
        storage.write(key, call);
      });
    }
  }

  /** It begins to run. */
  begin(): void {
    this.#mark = undefined;
    this.#line = undefined;
    this.#printed = undefined;
    this.#hasRun = true;
    this.#result.replaceChildren(element("p", "note", text("try.running")));
    this.stale = false;
  }

  /** Whether the code has changed since the call whose result is shown. */
  set stale(stale: boolean) {
    const said = stale && this.#hasRun;
    this.#stale.hidden = !said;
    this.#stale.textContent = said ? text("problem.stale") : "";
  }

  show(event: GraderEvent): void {
    if (event.kind === "line") this.#line = event.line;
    else this.#add(event);
  }

  #add(event: GraderEvent): void {
    this.#unsay();
    if (event.kind === "output") this.#print(event.text);
    else if (event.kind === "figure") this.#result.append(picture(event.png, event.alt));
    else if (event.kind === "value") {
      this.#result.append(
        element("p", "gives", text("try.gives")),
        element("pre", "value", event.text),
      );
    } else if (event.kind === "error") {
      this.#result.append(english(element("p", "error", event.message)));
      if (event.traceback) this.#result.append(element("pre", "traceback", event.traceback));
      if (event.line !== null) this.#pointTo(event.line, event.message);
    }
  }

  end(ending: Ending): void {
    this.#unsay();
    const seconds = this.options.timeLimit.toLocaleString(language);
    if (ending === "finished") {
      if (!this.#result.childNodes.length) this.#say(text("try.nothing"));
      return;
    }
    const said = {
      stopped: text("try.stopped"),
      timeout: text("try.timeout", { seconds }),
      crashed: text("try.crashed"),
    }[ending];
    const wasAt = this.#line ? words.wasAt(this.#line) : "";
    this.#say(`${said} ${wasAt}`.trim());
    if (this.#line) this.#pointTo(this.#line, wasAt);
  }

  /** The line of the learner's code that went wrong. */
  get marks(): Mark[] {
    return this.#mark ? [this.#mark] : [];
  }

  #pointTo(line: number, message: string): void {
    this.#mark = { line, message };
    this.#result.append(button("line", words.line(line), () => this.options.goTo(line)));
  }

  /** Whether it runs, now or soon. */
  #run(call: string): boolean {
    const why = this.options.run(call);
    if (why !== undefined) this.#say(why);
    return why === undefined;
  }

  #open(open: boolean): void {
    this.#panel.hidden = !open;
    this.#toggle.setAttribute("aria-expanded", String(open));
  }

  #print(text: string): void {
    if (!this.#printed) {
      this.#printed = element("pre");
      this.#result.append(this.#printed);
    }
    this.#printed.append(text);
  }

  #unsay(): void {
    this.#result.querySelector(".note")?.remove();
  }

  #say(sentence: string): void {
    this.#unsay();
    this.#result.append(element("p", "note", sentence));
  }
}
