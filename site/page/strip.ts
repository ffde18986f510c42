/** What `check` found about a problem (made by `Author` in gradlet/cli.py). */
export interface Verdict {
  slug: string;
  ok: boolean;
  says: string;
  errors: string[];
}

/** A line at the bottom of the page, for the author who is writing it; errors open below it. */
export class Strip {
  readonly #box = document.createElement("details");
  readonly #line = document.createElement("summary");

  say(state: "checking" | "passed" | "failed", line: string, errors: string[] = []): void {
    this.#box.id = "strip";
    this.#box.dataset.state = state;
    this.#line.textContent = line;
    this.#box.replaceChildren(this.#line, ...errors.map(paragraph));
    this.#box.open = errors.length > 0;
    document.body.append(this.#box);
  }
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
