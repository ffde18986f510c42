/** The problem page: statement, editor, results, and the one-way street between them. */
import { Editor } from "./editor";
import { find } from "./find";
import { connectMenu } from "./menu";
import { CodeKeeper } from "./other-tab";
import { readPageData } from "./page-data";
import { Progress } from "./progress";
import { Results } from "./results";
import { Runner, type RuntimeState } from "./runner";
import { connectSharing } from "./sharing";
import { CodeStore } from "./store";
import { canRunPython } from "./support";
import * as words from "./words";
import { connectWork } from "./work-dialogs";

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
  text: store.loadApart() ?? store.load() ?? data.starter,
  label: "Your code. Press Escape, then Tab, to leave the editor.",
  onChange(code) {
    keeper.save(code);
    results.stale = true;
    editor.mark([]);
  },
  onRun: () => run(),
});

const keeper = new CodeKeeper(store, editor, data.starter, (saved) => {
  saveNote.textContent = saved ? words.saved : words.notSaved;
  saveNote.toggleAttribute("data-warning", !saved);
});

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

// -- work: shared, saved, opened

const progress = new Progress(data.siteRoot);
connectMenu(find("#work-menu"));
connectSharing(editor, (code) => progress.keep(data.slug, code));
connectWork({
  progress,
  siteRoot: data.siteRoot,
  version: data.version,
  slugs: () => [data.slug],
  hashes: (slug) => (slug === data.slug ? data.hashes : { problem: null, tests: null }),
  opened() {
    const { code, changed } = progress.work(data.slug);
    if (code === null || code === editor.text) return;
    editor.replace(code);
    store.changed = changed;
  },
});

// -- results and Python

const results = new Results(
  find("#results"),
  find("#tests"),
  find("#results [role=status]"),
  find("#general"),
  data.timeLimit,
  (line) => editor.goTo(line),
);

const runner = new Runner(data.worker, data.runtime, data.timeLimit, {
  state: showState,
  progress(stage, bytes) {
    expectMore();
    runtimeBar.value = bytes;
    loadingText.textContent = words.loading(stage, bytes, data.runtime.bytes);
  },
  async broken(why) {
    find("#broken-help").textContent = words.brokenHelp(why);
    if (await isGone(data.worker)) find("#broken-help").textContent = words.newRelease;
  },
  began: () => results.begin(),
  event: (event) => results.show(event),
  ended(ending) {
    results.end(ending);
    editor.mark(results.marks);
  },
});

/** Whether the site has no such file any more: it was built anew since this page was opened. */
async function isGone(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status === 404;
  } catch {
    return false; // no connection: nothing is known
  }
}

let patience: number | undefined;

/** Nothing has come for a while: say so, instead of a bar that stands still. */
function expectMore(): void {
  window.clearTimeout(patience);
  patience = window.setTimeout(() => {
    loadingText.textContent = words.stalled;
  }, words.STALLED_AFTER);
}

function showState(state: RuntimeState, waiting: boolean): void {
  document.documentElement.dataset.runtime = state;
  runtimeText.textContent = waiting
    ? words.queued
    : { loading: "", ready: words.ready, running: words.running, broken: words.broken }[state];
  find("#loading").hidden = state !== "loading";
  find("#broken").hidden = state !== "broken";
  stopButton.hidden = !(state === "running" || waiting);
  runButton.setAttribute("aria-disabled", String(state === "running"));
}

const canRun = canRunPython();
const run = () => canRun && runner.run({ code: editor.text });
runButton.addEventListener("click", run);
stopButton.addEventListener("click", () => runner.stop());
find("#retry").addEventListener("click", () => runner.boot());
runtimeBar.max = data.runtime.bytes;
if (canRun) {
  expectMore();
  runner.boot();
} else {
  showState("broken", false);
  find("#broken-help").textContent = words.tooOld;
  find("#retry").hidden = true;
}
document.documentElement.toggleAttribute("data-started", true); // see old-browser.js
