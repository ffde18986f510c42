/**
 * Begins to load Python while the page is still being read. It is a script of its own, small, that
 * the browser runs at once: modules, and scripts that are loaded beside the page, wait for all of
 * it. The page's script finds in `window.early` what was begun.
 */
import { find } from "./find";
import { type PageData, readPageData } from "./page-data";
import { PythonWorker } from "./python-worker";
import { canRunPython } from "./support";

export interface Early {
  data: PageData;
  canRun: boolean;
  python: PythonWorker | undefined; // if it has begun
}

declare global {
  interface Window {
    early: Early;
  }
}

const data = readPageData(find("#page-data").textContent ?? "", document.baseURI);
const canRun = canRunPython();
// On a first visit Python is megabytes away: the page, which is kilobytes, comes before it.
const isKept = navigator.serviceWorker?.controller;
window.early = { data, canRun, python: canRun && isKept ? begin(data) : undefined };

/** Undefined if that fails: the page tries again, and says why. */
function begin({ worker, runtime }: PageData): PythonWorker | undefined {
  try {
    return new PythonWorker(worker, runtime);
  } catch {
    return undefined;
  }
}
