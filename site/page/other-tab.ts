/** Two tabs on one problem: neither overwrites silently what was typed in the other. */
import type { Editor } from "./editor";
import { find } from "./find";
import type { CodeStore } from "./store";

/**
 * Keeps the code of this tab. When another tab has saved other code, it says so and, until the
 * learner has chosen, keeps this tab's apart.
 */
export class CodeKeeper {
  readonly #bar = find("#other-tab");

  constructor(
    private readonly store: CodeStore,
    private readonly editor: Editor,
    private readonly starter: string,
    private readonly said: (saved: boolean) => void,
  ) {
    this.#bar.hidden = store.loadApart() === undefined;
    store.onChangeElsewhere((code) => this.#changedElsewhere(code));
    document.addEventListener("visibilitychange", () => this.#saveIfCleared());
    find("#take-other").addEventListener("click", () => {
      const code = store.load();
      this.#settle();
      if (code !== undefined) editor.replace(code);
      editor.focus(); // the pressed button is hidden now
    });
    find("#keep-this").addEventListener("click", () => {
      this.#settle();
      this.save(editor.text);
      editor.focus();
    });
  }

  save(code: string): void {
    this.said(this.#bar.hidden ? this.store.save(code) : this.store.saveApart(code));
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
