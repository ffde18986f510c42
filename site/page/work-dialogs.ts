/** "Save my work" and "Open saved work", on any page that has templates/work-dialogs.html. */
import { find } from "./find";
import type { Progress } from "./progress";
import { count, language, text } from "./text";
import { ATTEMPTS, CODE_LENGTH, merge, misfit, type Work } from "./work";
import { compose, type Hashes, Refused, readWorkFile, type WorkFile } from "./work-file";

interface WorkPage {
  progress: Progress;
  siteRoot: string;
  version: string;
  /** The problems whose work is to be saved. */
  slugs(): string[];
  /** The version of a problem that the site has: nulls if none, undefined if the page cannot tell. */
  hashes(slug: string): Hashes | undefined;
  /** The work of these problems has changed. */
  opened(slugs: string[]): void;
}

export function connectWork(page: WorkPage): void {
  const dialog = find<HTMLDialogElement>("#save-dialog");
  const learner = find<HTMLInputElement>("#learner");
  const file = find<HTMLInputElement>("#open-file");
  find("#save-work").addEventListener("click", () => {
    const { works, leftOut } = gather(page);
    const nothing = works.size === 0;
    find("#save-what").textContent = nothing
      ? text("save.nothing")
      : count("save.what", works.size);
    find("#save-left-out").hidden = !leftOut.length;
    find("#save-left-out").textContent = leftOut.join(" ");
    find<HTMLButtonElement>("#save-dialog [value=save]").disabled = nothing;
    dialog.returnValue = "";
    dialog.showModal();
  });
  // No submit button, or Enter in the field for the name would press it.
  find("#save-cancel").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "save") save(page, learner.value.trim());
  });
  find("#open-work").addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (chosen) await open(page, chosen);
    file.value = ""; // the same file can be chosen again
  });
}

const LIMITS = { tooLong: CODE_LENGTH, tooMany: ATTEMPTS };

/** What there is to save, and sentences on what a file cannot hold. */
function gather({ progress, slugs }: WorkPage): { works: Map<string, Work>; leftOut: string[] } {
  const works = new Map<string, Work>();
  const misfits = { tooLong: [] as string[], tooMany: [] as string[] };
  for (const slug of slugs()) {
    const work = progress.work(slug);
    if (work.code === null && !work.attempts.length) continue;
    const why = misfit(work);
    if (why) misfits[why].push(slug);
    else works.set(slug, work);
  }
  const leftOut = (["tooLong", "tooMany"] as const)
    .filter((why) => misfits[why].length)
    .map((why) => {
      const limit = LIMITS[why].toLocaleString(language);
      return text(`save.${why}`, { limit, problems: misfits[why].join(", ") });
    });
  return { works, leftOut };
}

function save(page: WorkPage, learner: string): void {
  const { works } = gather(page);
  const site = { version: page.version, address: page.siteRoot.slice(0, 500) };
  const content = compose(works, page.hashes, site, learner);
  const [slug] = works.size === 1 ? works.keys() : [];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
  link.download = `gradlet-${slug ? `${slug}-` : ""}${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function open(page: WorkPage, file: File): Promise<void> {
  let said: string[];
  try {
    said = keep(page, await readWorkFile(file));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    said = [text("open.failed", { why: error.message })];
  }
  const place = find("#open-said");
  place.replaceChildren();
  find<HTMLDialogElement>("#open-dialog").showModal();
  for (const sentence of said) {
    const paragraph = document.createElement("p");
    paragraph.textContent = sentence;
    place.append(paragraph);
  }
}

/** Merge the file's work into the browser's; what to tell of it. */
function keep(page: WorkPage, file: WorkFile): string[] {
  const merged = new Map<string, Work>();
  let [attempts, replaced, elsewhere, otherTests] = [0, 0, 0, 0];
  for (const [slug, theirs] of Object.entries(file.problems)) {
    const mine = page.progress.work(slug);
    const both = merge(mine, theirs);
    if (JSON.stringify(both) === JSON.stringify(mine)) continue;
    merged.set(slug, both);
    attempts += both.attempts.length - mine.attempts.length;
    if (mine.code !== null && both.code !== mine.code) replaced++;
    const here = page.hashes(slug);
    if (here?.tests === null) elsewhere++;
    else if (here && here.tests !== theirs.tests) otherTests++;
  }
  if (!page.progress.write(merged)) throw new Refused("open.noRoom");
  page.opened([...merged.keys()]);
  return [
    merged.size ? count("open.done", merged.size) : text("open.same"),
    file.learner ? text("open.from", { learner: file.learner }) : "",
    attempts ? count("open.attempts", attempts) : "",
    replaced ? count("open.replaced", replaced) : "",
    elsewhere ? count("open.elsewhere", elsewhere) : "",
    otherTests ? count("open.otherTests", otherTests) : "",
  ].filter(Boolean);
}
