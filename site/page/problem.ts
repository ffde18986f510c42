/** The problem page: statement, editor, results, and the one-way street between them. */
import { Editor } from "./editor";
import { keepForOffline } from "./offline";
import { readPageData } from "./page-data";
import { Results } from "./results";
import { Runner, type RuntimeState } from "./runner";
import { CodeStore } from "./store";
import * as words from "./words";

function find<T extends HTMLElement>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

const data = readPageData(find("#page-data").textContent ?? "", document.baseURI);

const store = new CodeStore(data.siteRoot, data.slug);
const runButton = find<HTMLButtonElement>("#run");
const stopButton = find<HTMLButtonElement>("#stop");
const saveNote = find("#saved");
const resetDialog = find<HTMLDialogElement>("#reset-dialog");
const undoBar = find("#undo-reset");
const runtimeText = find("#runtime-text");
const runtimeBar = find<HTMLProgressElement>("#runtime-progress");
const loadingText = find("#loading-text");

// -- editor

const editor = new Editor({
  parent: find("#editor"),
  text: store.load() ?? data.starter,
  label: "Your code. Press Escape, then Tab, to leave the editor.",
  onChange(code) {
    save(code);
    results.stale = true;
    editor.mark([]);
  },
  onRun: () => run(),
});

function save(code: string): void {
  const done = store.save(code);
  saveNote.textContent = done ? words.saved : words.notSaved;
  saveNote.toggleAttribute("data-warning", !done);
}

// -- reset: asks first, and can be undone, even after a reload

function showUndo(): void {
  undoBar.hidden = store.loadBeforeReset() === undefined;
}

find("#reset").addEventListener("click", () => resetDialog.showModal());
resetDialog.addEventListener("close", () => {
  if (resetDialog.returnValue !== "reset") return;
  store.saveBeforeReset(editor.text);
  editor.replace(data.starter);
  showUndo();
  editor.focus();
});
find("#undo").addEventListener("click", () => {
  const before = store.loadBeforeReset();
  if (before !== undefined) editor.replace(before);
  store.saveBeforeReset(undefined);
  showUndo();
  editor.focus();
});
showUndo();

// -- results and Python

const results = new Results(
  find("#results"),
  find("#tests"),
  find("[role=status]"),
  find("#general"),
  data.timeLimit,
  (line) => editor.goTo(line),
);

const runner = new Runner(data.worker, data.runtime, data.timeLimit, {
  state: showState,
  progress(stage, bytes) {
    runtimeBar.value = bytes;
    loadingText.textContent = words.loading(stage, bytes, data.runtime.bytes);
  },
  broken(why) {
    find("#broken-help").textContent = words.brokenHelp(why);
  },
  began: () => results.begin(),
  event: (event) => results.show(event),
  ended(ending) {
    results.end(ending);
    editor.mark(results.marks);
  },
});

function showState(state: RuntimeState, waiting: boolean): void {
  document.documentElement.dataset.runtime = state;
  runtimeText.textContent = waiting
    ? words.queued
    : { loading: "", ready: words.ready, running: words.running, broken: words.broken }[state];
  find("#loading").hidden = state !== "loading";
  find("#broken").hidden = state !== "broken";
  stopButton.hidden = !(state === "running" || waiting);
  runButton.setAttribute("aria-disabled", String(state === "running"));
  if (state === "ready") keepOnce();
}

// -- without a network; in development old files would only be in the way

let kept = !data.release;
function keepOnce(): void {
  if (kept) return;
  kept = true;
  keepForOffline(data.siteRoot, data.release, () => {
    find("#newer").hidden = false;
  });
}
find("#reload").addEventListener("click", () => location.reload());

const run = () => runner.run({ code: editor.text });
runButton.addEventListener("click", run);
stopButton.addEventListener("click", () => runner.stop());
find("#retry").addEventListener("click", () => runner.boot());
runtimeBar.max = data.runtime.bytes;
runner.boot();
