/** Search and filters of the list: their state is the address, so that it can be kept and sent. */
import { find } from "./find";

const NAMES = ["q", "difficulty", "tag", "state"] as const;

export class Filters {
  readonly #texts: Map<HTMLElement, string>; // what the search looks through

  /** `shown` hears how many of the items fit, each time that it may have changed. */
  constructor(
    private readonly form: HTMLFormElement,
    private readonly items: HTMLElement[],
    private readonly shown: (count: number) => void,
  ) {
    this.#texts = new Map(items.map((item) => [item, searched(item)]));
    form.hidden = false;
    this.#fillIn();
    form.addEventListener("input", (event) => {
      // Typing is one step back, not one for each letter.
      const typing = event.target instanceof HTMLInputElement && this.#address.has("q");
      this.#go(typing ? "replaceState" : "pushState");
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      for (const name of NAMES) this.#control(name).value = "";
      this.#go("pushState");
      this.#control("q").focus();
    });
    window.addEventListener("popstate", () => {
      this.#fillIn();
      this.apply();
    });
    document.addEventListener("click", (event) => this.#followTag(event));
  }

  /** Show the items that fit, hide the others. */
  apply(): void {
    const address = this.#address;
    const [words, difficulty, tag, state] = [
      plain(address.get("q") ?? "")
        .split(/\s+/)
        .filter(Boolean),
      address.get("difficulty"),
      address.get("tag"),
      address.get("state"),
    ];
    let count = 0;
    for (const item of this.items) {
      const { dataset } = item;
      const text = this.#texts.get(item) ?? "";
      const fits =
        words.every((word) => text.includes(word)) &&
        (!difficulty || dataset.difficulty === difficulty) &&
        (!tag || dataset.tags?.split(" ").includes(tag)) &&
        (!state || dataset.state === state || dataset.standing === state);
      item.hidden = !fits;
      if (fits) count++;
    }
    find("#clear").hidden = !NAMES.some((name) => address.get(name));
    this.shown(count);
  }

  get #address(): URLSearchParams {
    return new URLSearchParams(location.search);
  }

  #control(name: string): HTMLInputElement | HTMLSelectElement {
    return find(`#${this.form.id} [name=${name}]`);
  }

  /** Into the form, what the address says; into the address, only what the form knows. */
  #fillIn(): void {
    const address = this.#address;
    for (const name of NAMES) {
      const control = this.#control(name);
      control.value = address.get(name) ?? "";
      if (control instanceof HTMLSelectElement && control.selectedIndex < 0) control.value = "";
    }
  }

  #go(how: "pushState" | "replaceState"): void {
    const address = new URL(location.href);
    for (const name of NAMES) {
      const { value } = this.#control(name);
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    if (address.href !== location.href) history[how](null, "", address);
    this.apply();
  }

  /** A topic in the list is a link to the list of that topic: no need to load the page anew. */
  #followTag(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest("a.tag") : null;
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    for (const name of NAMES) this.#control(name).value = "";
    this.#control("tag").value = target.textContent ?? "";
    this.#go("pushState");
    this.#control("tag").focus();
    this.form.scrollIntoView({ block: "nearest" });
  }
}

/** What is said of the problem itself, and not of those before it. */
function searched(item: HTMLElement): string {
  const parts = [...item.querySelectorAll("h3, .meta, .summary")];
  return plain(parts.map((part) => part.textContent).join(" "));
}

/** Small letters without accents: who searches for "derivee" means "dérivée". */
function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
