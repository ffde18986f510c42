/** Hints open one by one: each only after the one before. */
import { text } from "./text";

export function connectHints(hints: readonly HTMLDetailsElement[]): void {
  for (const [at, hint] of hints.entries()) {
    const before = hints[at - 1];
    const summary = hint.querySelector("summary");
    if (!before || !summary) continue;
    const note = document.createElement("span");
    note.className = "locked";
    note.textContent = text("hints.locked", { before: at });
    summary.append(" ", note);
    summary.setAttribute("aria-disabled", "true");
    const refuse = (event: Event) => event.preventDefault();
    summary.addEventListener("click", refuse); // a key that opens it is a click, too
    before.addEventListener("toggle", () => {
      if (!before.open) return;
      note.remove();
      summary.removeAttribute("aria-disabled");
      summary.removeEventListener("click", refuse);
    });
  }
}
