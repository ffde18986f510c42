/** What the learner has chosen for the editor (settings.ts): indentation, Vim keys. */
import { indentUnit } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

const indentation = new Compartment();
const keys = new Compartment();

// Escape, then Tab, leaves the editor: Vim takes the Escape, and the editor would not see it.
const wayOut = EditorView.domEventObservers({
  keydown(event, view) {
    if (event.key === "Escape") view.setTabFocusMode(2000);
  },
});

/** Stands before the other extensions: Vim's keys go first. */
export function editorSettings(): Extension {
  return [keys.of([]), indentation.of(chosenIndentation()), wayOut];
}

/** Follow the learner's choices whenever they change, and load Vim's keys if they are wanted now. */
export function followSettings(view: EditorView): void {
  let vim = "off";
  const followKeys = async () => {
    const { vim: wanted = "off" } = document.documentElement.dataset;
    if (wanted === vim) return;
    vim = wanted;
    const failed = document.querySelector<HTMLElement>("#vim-failed");
    if (failed) failed.hidden = true;
    try {
      const extension = wanted === "on" ? await vimKeys() : [];
      // They may have been switched off while they loaded.
      if (vim === wanted) view.dispatch({ effects: keys.reconfigure(extension) });
    } catch {
      vim = "off"; // so that the next choice tries again
      if (failed) failed.hidden = false;
    }
  };
  document.addEventListener("gradlet:settings", () => {
    view.dispatch({ effects: indentation.reconfigure(chosenIndentation()) });
    followKeys();
  });
  followKeys();
}

async function vimKeys(): Promise<Extension> {
  const { vim } = await import("@replit/codemirror-vim");
  return vim({ status: true });
}

function chosenIndentation(): Extension {
  const width = Number(document.documentElement.dataset.tab ?? 4);
  return [indentUnit.of(" ".repeat(width)), EditorState.tabSize.of(width)];
}
