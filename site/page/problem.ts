/** The problem page: statement, editor, results, and the one-way street between them. */
import { connectAttempts } from "./attempts-dialog";
import { attempts, editor, keepCopy, progress, store } from "./code";
import type { Early } from "./early";
import { Embedding } from "./embedding";
import { find } from "./find";
import { connectHints } from "./hints";
import { makeRoomForKeyboard } from "./keyboard";
import { connectMenu } from "./menu";
import { keepForOffline } from "./offline";
import { isRenewed } from "./release";
import { Reset } from "./reset";
import { Results } from "./results";
import { type Run, Runner, type RuntimeState } from "./runner";
import { RuntimeBar } from "./runtime-bar";
import { tellNotKept, tellNotReplaced } from "./saved-note";
import { connectSharing } from "./sharing";
import { connectSolution } from "./solution";
import { TryIt } from "./try-it";
import { noticeTyping } from "./typing";
import * as words from "./words";
import { connectWork } from "./work-dialogs";

const { data, canRun, python }: Early = window.early;

// Of these a new release changes the names, if it changes anything that matters here.
const ownFiles = [data.worker, data.runtime.problem, data.runtime.body];
const runButton = find<HTMLButtonElement>("#run");
const stopButton = find<HTMLButtonElement>("#stop");
const tests = document.querySelectorAll("#tests > li").length;
const runtimeBar = new RuntimeBar(data.runtime.bytes);

// -- Python, which has begun to load

let asked: Run = { code: "" }; // what was asked for last
let current = asked; // what runs, or ran last

const runner = new Runner(data.worker, data.runtime, data.timeLimit, tests, {
  state: showState,
  progress: (stage, bytes) => runtimeBar.progress(stage, bytes),
  stalled: () => runtimeBar.stalled(),
  async broken(why) {
    find("#broken-help").textContent = words.brokenHelp(why);
    if (await isRenewed(ownFiles)) find("#broken-help").textContent = words.newRelease;
  },
  began(run) {
    current = run;
    place().begin();
    place().stale = run.code !== editor.text; // typed while it waited for Python
  },
  event: (event) => place().show(event),
  ended(ending) {
    place().end(ending);
    // The lines of code that has changed since are not those that went wrong.
    editor.mark(editor.text === current.code ? place().marks : []);
    if (place() === results && !results.broken) {
      if (!attempts.add(current.code, results.statuses)) tellNotKept();
      if (current.code !== data.starter) reset.settle();
      embedding.report(results.statuses);
    }
    find("#after").hidden = !results.passed;
  },
});

if (canRun) {
  runner.boot(python);
} else {
  showState("broken", false);
  find("#broken-help").textContent = words.tooOld;
  find("#retry").hidden = true;
}

// -- the learner's code

editor.onRun = runTests;
editor.onChange(() => {
  results.stale = true;
  tryIt.stale = true;
  editor.mark([]);
});

const reset = new Reset(editor, store, attempts, data.starter, tellNotReplaced);
connectAttempts(attempts, (code) => reset.useAttempt(code));

// -- work: shared, saved, opened

connectMenu(find("#work-menu"));
makeRoomForKeyboard();
noticeTyping(find("#editor"));
connectSharing(editor, keepCopy);
connectWork({
  progress,
  siteRoot: data.siteRoot,
  version: data.version,
  slugs: () => [data.slug],
  hashes: (slug) => (slug === data.slug ? data.hashes : undefined),
  opened() {
    const { code, changed } = progress.work(data.slug);
    if (code === null || code === editor.text) return;
    editor.replace(code);
    store.changed = changed;
  },
});

// -- hints and the solution

connectHints([...document.querySelectorAll<HTMLDetailsElement>("details.hint")]);
connectSolution({
  tests: data.runtime.problem,
  code: () => editor.text,
  mayRead: () => results.passed || attempts.solved,
  isRenewed: () => isRenewed(ownFiles),
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
  run: (call) => ask({ code: editor.text, call }),
  goTo: (line) => editor.goTo(line),
});
const embedding = new Embedding(data.slug, data.hashes.tests);

/** Where the events of the current run are shown. */
function place(): Results | TryIt {
  return current.call === undefined ? results : tryIt;
}

function showState(state: RuntimeState, waiting: boolean): void {
  document.documentElement.dataset.runtime = state;
  runtimeBar.show(state, waiting ? words.queued(asked.call !== undefined) : undefined);
  find("#broken").hidden = state !== "broken";
  const canStop = state === "running" || waiting;
  if (!canStop && document.activeElement === stopButton) runButton.focus();
  stopButton.hidden = !canStop;
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

// -- what the buttons do

/** Run it now or as soon as Python is there; if neither can be, the answer is why. */
function ask(run: Run): string | undefined {
  if (!canRun) return words.tooOld;
  if (document.documentElement.dataset.runtime === "running") return words.busy;
  asked = run;
  runner.run(run);
  return undefined;
}

function runTests(): void {
  ask({ code: editor.text });
}

// A button that hides under the learner's finger hands the focus on.
runButton.addEventListener("click", runTests);
stopButton.addEventListener("click", () => {
  runner.stop();
  runButton.focus();
});
find("#retry").addEventListener("click", () => {
  runner.boot();
  runButton.focus();
});
document.documentElement.toggleAttribute("data-started", true); // see old-browser.js
