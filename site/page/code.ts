/** The learner's code: typed in the editor, kept in the browser. */
import { Attempts } from "./attempts";
import { Editor } from "./editor";
import { find } from "./find";
import { CodeKeeper } from "./other-tab";
import { Progress } from "./progress";
import { tellNotReplaced, tellSaved } from "./saved-note";
import { CodeStore } from "./store";
import { text } from "./text";

const { data } = window.early;

export const store = new CodeStore(data.siteRoot, data.slug);
export const editor = new Editor({
  parent: find("#editor"),
  text: store.loadApart() ?? store.load() ?? data.starter,
  label: text("problem.editor"),
});

export const progress = new Progress(data.siteRoot);
export const attempts = new Attempts(progress, data.slug);

/**
 * Keep a copy, among the attempts, of code that other code is to replace; the starter code needs
 * none. False if it cannot be kept: then nothing may be replaced.
 */
export function keepCopy(code: string): boolean {
  return code === data.starter || attempts.keep(code);
}

const keeper = new CodeKeeper(store, editor, data.starter, keepCopy, tellSaved, tellNotReplaced);
editor.onChange((code) => keeper.save(code));
