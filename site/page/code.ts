/** The learner's code: typed in the editor, kept in the browser. */
import { Editor } from "./editor";
import { find } from "./find";
import { CodeKeeper } from "./other-tab";
import { tellSaved } from "./saved-note";
import { CodeStore } from "./store";
import { text } from "./text";

const { data } = window.early;

export const store = new CodeStore(data.siteRoot, data.slug);
export const editor = new Editor({
  parent: find("#editor"),
  text: store.loadApart() ?? store.load() ?? data.starter,
  label: text("problem.editor"),
});

const keeper = new CodeKeeper(store, editor, data.starter, tellSaved);
editor.onChange((code) => keeper.save(code));
