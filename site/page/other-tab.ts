/** Two tabs on one problem: neither overwrites silently what was typed in the other. */
import type { Editor } from "./editor";
import { find } from "./find";
import type { CodeStore } from "./store";

/**
 * Keeps the code of this tab. When another tab has saved other code, it says so and, until the
 * learner has chosen, keeps this tab's apart. What is not chosen is kept among the attempts.
 */
export class CodeKeeper {
  readonly #bar = find("#other-tab");

  constructor(
    private readonly store: CodeStore,
    private readonly editor: Editor,
    private readonly starter: string,
    private readonly keepCopy: (code: string) => boolean,
    private readonly said: (saved: boolean, apart: boolean) => void,
    private readonly refuse: () => void,
  ) {
    this.#bar.hidden = store.loadApart() === undefined;
    store.onChangeElsewhere((code) => this.#changedElsewhere(code));
    document.addEventListener("visibilitychange", () => this.#saveIfCleared());
    // Nobody tells a page in the back/forward cache what was saved meanwhile.
    window.addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.#changedElsewhere(store.load());
    });
    const other = () => store.load() ?? editor.text;
    find("#take-other").addEventListener("click", () => this.#choose(other(), editor.text));
    find("#keep-this").addEventListener("click", () => this.#choose(editor.text, other()));
  }

  save(code: string): void {
    const apart = !this.#bar.hidden;
    this.said(apart ? this.store.saveApart(code) : this.store.save(code), apart);
  }

  #choose(code: string, left: string): void {
    if (left !== code && !this.keepCopy(left)) {
      this.refuse();
      return;
    }
    this.#settle();
    if (code === this.editor.text) this.save(code);
    else this.editor.replace(code); // which saves it
    this.editor.focus(); // the pressed button is hidden now
  }

  #changedElsewhere(code: string | undefined): void {
    if (code === undefined) {
      this.#saveIfCleared();
    } else if (code === this.editor.text) {
      this.#settle();
    } else {
      this.#bar.hidden = false;
      this.save(this.editor.text);
    }
  }

  /** Somebody has cleared the browser's storage: what is on the page is still there. */
  #saveIfCleared(): void {
    const { text } = this.editor;
    if (this.store.load() === undefined && text !== this.starter) this.save(text);
  }

  #settle(): void {
    this.#bar.hidden = true;
    this.store.saveApart(undefined);
  }
}
