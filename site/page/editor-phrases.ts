/** What CodeMirror shows and says, in the page's language; the keys are its own English. */
import { text } from "./text";

export const phrases = {
  Find: text("editor.find"),
  Replace: text("editor.replacement"),
  next: text("editor.next"),
  previous: text("editor.previous"),
  all: text("editor.all"),
  "match case": text("editor.case"),
  regexp: text("editor.regexp"),
  "by word": text("editor.word"),
  replace: text("editor.replace"),
  "replace all": text("editor.replaceAll"),
  close: text("editor.close"),
  "current match": text("editor.current"),
  "on line": text("editor.onLine"),
  "replaced match on line $": text("editor.replacedOn"),
  "replaced $ matches": text("editor.replacedAll"),
  "Go to line": text("editor.line"),
  go: text("editor.go"),
  "Selection deleted": text("editor.deleted"),
  Completions: text("editor.completions"),
  Diagnostics: text("editor.diagnostics"),
  "No diagnostics": text("editor.noDiagnostics"),
  "Control character": text("editor.control"),
};
