/** What stands beside "Your code": whether it is saved, and for whom. */
import { find } from "./find";
import { text } from "./text";

const note = find("#saved");

/** `apart`: for this tab alone. */
export function tellSaved(done: boolean, apart: boolean): void {
  tell(text(done ? (apart ? "code.apart" : "code.saved") : "code.notSaved"), !done);
}

/** The code is saved, its run is not; where neither is, the code is what matters. */
export function tellNotKept(): void {
  if (!note.hasAttribute("data-warning")) tell(text("attempts.notKept"), true);
}

/** The code that would be replaced cannot be kept, so it stays. */
export function tellNotReplaced(): void {
  tell(text("code.notReplaced"), true);
}

function tell(sentence: string, warning: boolean): void {
  if (note.textContent === sentence) return; // else it would be spoken with each key
  note.toggleAttribute("data-warning", warning);
  note.role = warning ? "alert" : null;
  note.textContent = sentence;
}
