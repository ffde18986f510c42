/** What the learner has chosen for the editor (settings.ts): indentation, Vim keys. */
import { indentUnit } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";

const indentation = new Compartment();
const keys = new Compartment();

/** Stands before the other extensions: Vim's keys go first. */
export function editorSettings(): Extension {
  return [keys.of([]), indentation.of(chosenIndentation())];
}

/** Follow the learner's choices, now and whenever they change. */
export function followSettings(view: EditorView): void {
  let vim = "off";
  const follow = async () => {
    view.dispatch({ effects: indentation.reconfigure(chosenIndentation()) });
    const { vim: wanted = "off" } = document.documentElement.dataset;
    if (wanted === vim) return;
    vim = wanted;
    const extension =
      vim === "on" ? (await import("@replit/codemirror-vim")).vim({ status: true }) : [];
    view.dispatch({ effects: keys.reconfigure(extension) });
  };
  document.addEventListener("gradlet:settings", follow);
  follow();
}

function chosenIndentation(): Extension {
  const width = Number(document.documentElement.dataset.tab ?? 4);
  return [indentUnit.of(" ".repeat(width)), EditorState.tabSize.of(width)];
}
