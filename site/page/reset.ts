/** What puts other code in the place of the learner's: reset, which asks first, and an attempt. */
import type { Attempts } from "./attempts";
import type { Editor } from "./editor";
import { find } from "./find";
import type { CodeStore } from "./store";
import { text } from "./text";

/** Both can be undone, a reset even after a reload; nothing that was typed goes without a copy. */
export class Reset {
  readonly #dialog = find<HTMLDialogElement>("#reset-dialog");
  readonly #bar = find("#undo-reset");
  #beforeAttempt: string | undefined; // the code whose place an earlier attempt has taken

  /** `refuse` tells the learner that no copy can be kept, so that nothing was replaced. */
  constructor(
    private readonly editor: Editor,
    private readonly store: CodeStore,
    private readonly attempts: Attempts,
    private readonly starter: string,
    private readonly refuse: () => void,
  ) {
    find("#reset").addEventListener("click", () => {
      this.#dialog.returnValue = ""; // Escape would leave the answer of the last time
      this.#dialog.showModal();
    });
    this.#dialog.addEventListener("close", () => {
      if (this.#dialog.returnValue === "reset") this.#reset();
    });
    find("#undo").addEventListener("click", () => this.#undo());
    this.#show();
  }

  /** Put the code of an attempt into the editor. */
  useAttempt(code: string): void {
    const { text: before } = this.editor;
    if (code === before) return;
    if (!this.#keep(before)) return;
    this.#beforeAttempt = before;
    this.#replace(code);
  }

  /** Other code has been written and run: the one from before the reset joins the attempts. */
  settle(): void {
    const before = this.store.loadBeforeReset();
    if (before === undefined || !this.attempts.keep(before)) return;
    this.store.saveBeforeReset(undefined);
    this.#show();
  }

  #reset(): void {
    const { text: before } = this.editor;
    if (before === this.starter) return; // what a reset before this one has kept stays kept
    const earlier = this.store.loadBeforeReset();
    if (earlier !== undefined && !this.#keep(earlier)) return;
    if (!this.store.saveBeforeReset(before)) {
      this.refuse();
      return;
    }
    this.#beforeAttempt = undefined; // it is among the attempts
    this.#replace(this.starter);
  }

  #undo(): void {
    const before = this.#beforeAttempt ?? this.store.loadBeforeReset();
    if (before === undefined) return;
    const { text: now } = this.editor; // perhaps typed since
    if (now !== this.starter && now !== before && !this.#keep(now)) return;
    if (this.#beforeAttempt === undefined) this.store.saveBeforeReset(undefined);
    this.#beforeAttempt = undefined;
    this.#replace(before);
  }

  #keep(code: string): boolean {
    const kept = this.attempts.keep(code);
    if (!kept) this.refuse();
    return kept;
  }

  #replace(code: string): void {
    this.editor.replace(code);
    this.#show();
    this.editor.focus();
  }

  #show(): void {
    const isReset = this.#beforeAttempt === undefined;
    this.#bar.hidden = isReset && this.store.loadBeforeReset() === undefined;
    find("#undo-what").textContent = text(isReset ? "problem.replaced" : "attempts.replaced");
    find("#undo").textContent = text(isReset ? "problem.undoReset" : "attempts.undo");
  }
}
