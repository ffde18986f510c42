/** The problem page: statement, editor, results, and the one-way street between them. */
import { Attempts } from "./attempts";
import { connectAttempts } from "./attempts-dialog";
import type { Early } from "./early";
import { Editor } from "./editor";
import { Embedding } from "./embedding";
import { find } from "./find";
import { connectHints } from "./hints";
import { makeRoomForKeyboard } from "./keyboard";
import { connectMenu } from "./menu";
import { keepForOffline } from "./offline";
import { CodeKeeper } from "./other-tab";
import { Progress } from "./progress";
import { Results } from "./results";
import { type Run, Runner, type RuntimeState } from "./runner";
import { connectSharing } from "./sharing";
import { connectSolution } from "./solution";
import { CodeStore } from "./store";
import { text } from "./text";
import { TryIt } from "./try-it";
import * as words from "./words";
import { connectWork } from "./work-dialogs";

const { data, canRun, python }: Early = window.early;

const store = new CodeStore(data.siteRoot, data.slug);
const runButton = find<HTMLButtonElement>("#run");
const stopButton = find<HTMLButtonElement>("#stop");
const saveNote = find("#saved");
const resetDialog = find<HTMLDialogElement>("#reset-dialog");
const undoBar = find("#undo-reset");
const runtimeText = find("#runtime-text");
const runtimeBar = find<HTMLProgressElement>("#runtime-progress");
const loadingText = find("#loading-text");

// -- Python, which has begun to load

let patience: number | undefined;
let current: Run = { code: "" }; // what runs, or ran last

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
  began(run) {
    current = run;
    place().begin();
  },
  event: (event) => place().show(event),
  ended(ending) {
    place().end(ending);
    editor.mark(place().marks);
    if (place() === results && !results.broken) {
      if (!attempts.add(current.code, results.statuses)) tellSaved(false);
      embedding.report(results.statuses);
    }
    find("#after").hidden = !results.passed;
  },
});

runtimeBar.max = data.runtime.bytes;
if (canRun) {
  expectMore();
  runner.boot(python);
} else {
  showState("broken", false);
  find("#broken-help").textContent = words.tooOld;
  find("#retry").hidden = true;
}

// -- editor

const editor = new Editor({
  parent: find("#editor"),
  text: store.loadApart() ?? store.load() ?? data.starter,
  label: words.editor,
  onChange(code) {
    keeper.save(code);
    results.stale = true;
    editor.mark([]);
  },
  onRun: () => run(),
});

const keeper = new CodeKeeper(store, editor, data.starter, tellSaved);

function tellSaved(done: boolean): void {
  saveNote.textContent = done ? words.saved : words.notSaved;
  saveNote.toggleAttribute("data-warning", !done);
}

// -- reset: asks first, and can be undone, even after a reload

let beforeAttempt: string | undefined; // the code whose place an earlier attempt has taken

function showUndo(): void {
  undoBar.hidden = (beforeAttempt ?? store.loadBeforeReset()) === undefined;
  const isReset = beforeAttempt === undefined;
  find("#undo-what").textContent = isReset ? words.afterReset : text("attempts.replaced");
  find("#undo").textContent = isReset ? words.undoReset : text("attempts.undo");
}

find("#reset").addEventListener("click", () => resetDialog.showModal());
resetDialog.addEventListener("close", () => {
  if (resetDialog.returnValue !== "reset") return;
  beforeAttempt = undefined; // it is among the attempts
  store.saveBeforeReset(editor.text);
  editor.replace(data.starter);
  showUndo();
  editor.focus();
});
find("#undo").addEventListener("click", () => {
  const before = beforeAttempt ?? store.loadBeforeReset();
  if (before !== undefined) editor.replace(before);
  if (beforeAttempt === undefined) store.saveBeforeReset(undefined);
  beforeAttempt = undefined;
  showUndo();
  editor.focus();
});
showUndo();

// -- work: shared, saved, opened

const progress = new Progress(data.siteRoot);
connectMenu(find("#work-menu"));
makeRoomForKeyboard();
connectSharing(editor, (code) => {
  if (code !== data.starter) progress.keep(data.slug, code);
});
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

const attempts = new Attempts(progress, data.slug);
connectAttempts(attempts, (code) => {
  if (code === editor.text) return;
  attempts.keep(editor.text);
  beforeAttempt = editor.text;
  editor.replace(code);
  showUndo();
  editor.focus();
});

// -- hints and the solution

connectHints([...document.querySelectorAll<HTMLDetailsElement>("details.hint")]);
connectSolution({
  tests: data.runtime.problem,
  code: () => editor.text,
  mayRead: () => attempts.solved,
});

// -- results

const results = new Results(
  find("#results"),
  find("#tests"),
  find(".verdict"),
  find("#general"),
  data.timeLimit,
  (line) => editor.goTo(line),
);
const tryIt = new TryIt({
  siteRoot: data.siteRoot,
  slug: data.slug,
  examples: data.examples,
  timeLimit: data.timeLimit,
  run: (call) => runner.run({ code: editor.text, call }),
  goTo: (line) => editor.goTo(line),
});
const embedding = new Embedding(data.slug, data.hashes.tests);
/** Where the events of the current run are shown. */
function place(): Results | TryIt {
  return current.call === undefined ? results : tryIt;
}

/** Whether the site has no such file any more: it was built anew since this page was opened. */
async function isGone(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status === 404;
  } catch {
    return false; // no connection: nothing is known
  }
}

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

const run = () => canRun && runner.run({ code: editor.text });
runButton.addEventListener("click", run);
stopButton.addEventListener("click", () => runner.stop());
find("#retry").addEventListener("click", () => runner.boot());
document.documentElement.toggleAttribute("data-started", true); // see old-browser.js
