/** The start page: the learner's own state, search and filters, the map, and the way on. */
import { Filters } from "./filters";
import { find } from "./find";
import { Progress } from "./progress";
import { count, language, text } from "./text";
import { lastTouched, type ProblemState, stateOf } from "./work";
import { connectWork } from "./work-dialogs";

/** Where a problem stands on the map: not begun, it is `open` or `later`, by its prerequisites. */
type Standing = Exclude<ProblemState, "new"> | "open" | "later";

interface Entry {
  slug: string;
  needs: string[];
  item: HTMLElement;
  link: HTMLAnchorElement;
  state: ProblemState;
  standing: Standing;
  touched: string; // ISO time, or "" if never
}

const main = find("#main");
const siteRoot = new URL(main.dataset.siteRoot ?? "", document.baseURI).href;
const progress = new Progress(siteRoot);
const items = [...document.querySelectorAll<HTMLElement>(".catalogue > li")];
const entries = new Map<string, Entry>(items.map((item) => [item.dataset.slug ?? "", entry(item)]));
const filters = new Filters(find("#filters"), items, showEntries);

function entry(item: HTMLElement): Entry {
  const link = item.querySelector("a");
  if (!link) throw new Error("an entry of the list has no link");
  return {
    slug: item.dataset.slug ?? "",
    needs: words(item.dataset.needs),
    item,
    link,
    state: "new",
    standing: "open",
    touched: "",
  };
}

function words(list = ""): string[] {
  return list.split(" ").filter(Boolean);
}

// -- states

function readStates(): void {
  for (const each of entries.values()) {
    const work = progress.work(each.slug);
    each.state = stateOf(work);
    each.touched = lastTouched(work);
  }
  for (const each of entries.values()) {
    const ready = each.needs.every((slug) => entries.get(slug)?.state === "solved");
    each.standing = each.state !== "new" ? each.state : ready ? "open" : "later";
    each.item.dataset.state = each.state;
    each.item.dataset.standing = each.standing;
  }
}

function showStates(): void {
  readStates();
  for (const { item, state } of entries.values()) {
    const label = item.querySelector<HTMLElement>(".state");
    if (!label) continue;
    label.textContent = text(`state.${state}`);
    label.hidden = state === "new";
  }
  showSolved();
  showMap();
  showContinue();
  filters.apply();
}

function showSolved(): void {
  const solved = [...entries.values()].filter(({ state }) => state === "solved").length;
  const total = entries.size.toLocaleString(language);
  find("#solved").textContent = `${count("index.solved", solved, { total })}.`;
  find("#progress").hidden = false;
}

const MARKS: Record<Standing, string> = { solved: "✓", started: "◐", open: "", later: "" };

function showMap(): void {
  for (const box of document.querySelectorAll<SVGAElement>(".box")) {
    const { slug = "", name = "" } = box.dataset;
    const standing = entries.get(slug)?.standing ?? "open";
    box.dataset.standing = standing;
    const state = text(`state.${standing}`);
    box.setAttribute("aria-label", text("map.boxState", { box: name, state }));
    const mark = box.querySelector(".box-mark");
    if (mark) mark.textContent = MARKS[standing];
  }
  for (const way of document.querySelectorAll<SVGPathElement>(".way")) {
    way.dataset.standing = entries.get(way.dataset.before ?? "")?.standing ?? "open";
  }
  const legend = document.querySelector<HTMLElement>("#legend");
  if (legend) legend.hidden = false;
}

/** What was worked on last and is not solved; else, for who has solved something, what is open. */
function showContinue(): void {
  const all = [...entries.values()];
  const latest = all
    .filter(({ state }) => state === "started")
    .sort((one, two) => (one.touched < two.touched ? 1 : -1))[0];
  const begun = all.some(({ state }) => state !== "new");
  const next = latest ?? (begun ? all.find(({ standing }) => standing === "open") : undefined);
  find("#continue").hidden = !next;
  if (!next) return;
  find("#continue-why").textContent = text(latest ? "index.continue" : "index.next");
  const link = find<HTMLAnchorElement>("#continue-link");
  link.href = next.link.href;
  link.textContent = next.link.textContent;
  const touched = Date.parse(latest?.touched ?? ""); // what is stored may be no time
  find("#continue-when").textContent = Number.isFinite(touched)
    ? text("index.lastWorked", { when: ago(touched) })
    : "";
}

function ago(then: number): string {
  const seconds = (then - Date.now()) / 1000;
  const units: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const [unit, length] = units.find(([, length]) => -seconds >= length) ?? [];
  if (!unit || !length) return text("index.justNow");
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(Math.round(seconds / length), unit);
}

// -- the list

function showEntries(shown: number): void {
  const total = entries.size.toLocaleString(language);
  find("#found").textContent = !shown
    ? text("filter.none")
    : shown === entries.size
      ? count("filter.all", shown)
      : count("filter.found", shown, { total });
}

find(".work-buttons").hidden = false;
connectWork({
  progress,
  siteRoot,
  version: main.dataset.version ?? "",
  slugs: () => progress.slugs(),
  hashes(slug) {
    const [problem, tests] = words(entries.get(slug)?.item.dataset.hashes);
    return { problem: problem ?? null, tests: tests ?? null };
  },
  opened: showStates,
});

showStates();
// Another tab has solved something, or the learner has come back with the back button.
window.addEventListener("storage", showStates);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) showStates();
});
