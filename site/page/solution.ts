/** The reference solution beside the learner's: after passing, or when asked for deliberately. */
import { element } from "./element";
import { find } from "./find";
import { text } from "./text";
import * as words from "./words";

interface SolutionOptions {
  tests: string; // address of the file that holds the reference
  code(): string;
  mayRead(): boolean;
  isRenewed(): Promise<boolean>; // the site has another release than this page
}

const NARROW = "(max-width: 52rem)";

export function connectSolution(options: SolutionOptions): void {
  const ask = find<HTMLDialogElement>("#solution-ask");
  let asked = false;
  for (const opener of document.querySelectorAll<HTMLElement>("[data-solution]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => {
      if (asked || options.mayRead()) show(options);
      else {
        ask.returnValue = "";
        ask.showModal();
      }
    });
  }
  ask.addEventListener("close", () => {
    if (ask.returnValue !== "show") return;
    asked = true;
    show(options);
  });
}

async function show({ tests, code, isRenewed }: SolutionOptions): Promise<void> {
  const dialog = find<HTMLDialogElement>("#solution-dialog");
  const place = find("#solution-diff");
  place.replaceChildren(element("p", "note", text("solution.loading")));
  dialog.showModal();
  try {
    const [{ compare }, reference] = await Promise.all([import("./diff"), read(tests)]);
    if (!dialog.open) return;
    place.replaceChildren();
    const view = compare({
      parent: place,
      mine: code(),
      reference,
      mineLabel: text("solution.mine"),
      referenceLabel: text("solution.reference"),
      narrow: matchMedia(NARROW).matches,
    });
    dialog.addEventListener("close", () => view.destroy(), { once: true });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const said = (await isRenewed()) ? words.newRelease : text("solution.failed", { why });
    place.replaceChildren(element("p", "note", said));
  }
}

async function read(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const problem = (await response.json()) as { reference_source: string };
  return problem.reference_source;
}
