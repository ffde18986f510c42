/** Expected beside got: a table for a few numbers, a picture for many. */
import type { Comparison } from "../verdict";
import { element } from "./element";
import { digits, pair } from "./numbers";
import { bars, heatMap } from "./plots";
import * as words from "./words";

const ROWS = 12; // of a table for a vector; what is longer becomes bars
const SIDE = 6; // of a table for a matrix; what is larger becomes a heat map

/** A part of two arrays of one shape, its numbers decoded. */
export interface Part {
  shape: number[];
  start: number[];
  size: number[];
  expected: number[];
  got: number[];
  wrong: boolean[];
}

export function showComparison(comparison: Comparison): HTMLElement {
  const part: Part = {
    ...comparison,
    expected: comparison.expected.map(Number),
    got: comparison.got.map(Number),
  };
  if (isVector(part)) {
    return part.got.length > ROWS ? bars(part) : vectorTable(part, comparison.inputs);
  }
  const [rows = 1, columns = 1] = part.size.slice(-2);
  return isSmall(part) ? matrixTable(part, columns) : heatMap(part, rows, columns);
}

/** Whether all numbers are in the table that `showComparison` makes, so that no text need be. */
export function isTabled(comparison: Comparison): boolean {
  if (comparison.got.length < entriesOf(comparison)) return false;
  return isVector(comparison) ? comparison.got.length <= ROWS : isSmall(comparison);
}

type Sized = Pick<Comparison, "shape" | "size"> & { got: unknown[] };

const isVector = ({ size, got }: Sized) => Math.max(...size) === got.length;
const isSmall = ({ shape, size }: Sized) => shape.length === 2 && Math.max(...size) <= SIDE;

const entriesOf = ({ shape }: Pick<Comparison, "shape">) =>
  shape.reduce((product, length) => product * length, 1);

/** What says that a part is not the whole; nothing if it is. */
export function cutNote(part: Part): HTMLElement[] {
  const total = entriesOf(part);
  const shown = part.got.length;
  return shown < total ? [element("span", "cut", words.cut(shown, total))] : [];
}

/** Where entry `at` of the part lies in the whole array: `[3]`, `[0, 2]`. */
export function indexOf({ start, size }: Part, at: number): string {
  const index: number[] = [];
  let rest = at;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    const length = size[axis] ?? 1;
    index.unshift((start[axis] ?? 0) + (rest % length));
    rest = Math.floor(rest / length);
  }
  return `[${index.join(", ")}]`;
}

function vectorTable(part: Part, inputs: Comparison["inputs"]): HTMLElement {
  const names = inputs.map(({ name }) => element("th", "", element("code", "", name)));
  const head = element(
    "tr",
    "",
    element("th", "", words.entry),
    ...names,
    ...[words.expected, words.got, words.difference].map((title) => element("th", "", title)),
  );
  for (const cell of head.cells) cell.scope = "col";
  const rows = part.got.map((got, at) => {
    const expected = part.expected[at] ?? Number.NaN;
    const wrong = part.wrong[at] ?? false;
    const given = inputs.map(({ values }) => element("td", "", digits(Number(values[at]))));
    const shown = wrong ? pair(expected, got) : [digits(expected), digits(got)];
    const row = element(
      "tr",
      wrong ? "wrong" : "",
      rowHeader(indexOf(part, at)),
      ...given,
      ...shown.map((text) => element("td", "", text)),
      wrong ? wrongCell(got - expected) : rightCell(),
    );
    return row;
  });
  const body = element("tbody", "", ...rows);
  return scrollable(element("table", "", element("thead", "", head), body), part);
}

function wrongCell(difference: number): HTMLElement {
  const text = `${difference > 0 ? "+" : ""}${digits(difference, 3)}`;
  return element("td", "gap", sign("✗ "), Number.isNaN(difference) ? words.wrong : text);
}

function rightCell(): HTMLElement {
  return element("td", "gap", sign("✓"), element("span", "for-ears", words.right));
}

/** For the eye; words say the same to the ear. */
function sign(text: string): HTMLElement {
  const made = element("span", "sign", text);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function matrixTable(part: Part, columns: number): HTMLElement {
  const corner = element("td", "");
  const titles = Array.from({ length: columns }, (_, at) => element("th", "", `[:, ${at}]`));
  for (const title of titles) title.scope = "col";
  const rows: HTMLElement[] = [];
  for (let from = 0; from < part.got.length; from += columns) {
    const cells = part.got.slice(from, from + columns).map((got, at) => {
      const expected = part.expected[from + at] ?? Number.NaN;
      if (!part.wrong[from + at]) return element("td", "", digits(got));
      const [wanted, came] = pair(expected, got);
      return element(
        "td",
        "wrong",
        element("span", "came", sign("✗ "), came),
        element("span", "wanted", words.insteadOf(wanted)),
      );
    });
    rows.push(element("tr", "", rowHeader(`[${from / columns}]`), ...cells));
  }
  const head = element("thead", "", element("tr", "", corner, ...titles));
  return scrollable(element("table", "", head, element("tbody", "", ...rows)), part);
}

function rowHeader(text: string): HTMLElement {
  const header = element("th", "", text);
  header.scope = "row";
  return header;
}

/** What is too wide for a phone scrolls by itself, by keyboard too. */
function scrollable(table: HTMLTableElement, part: Part): HTMLElement {
  const box = element("div", "comparison", table, ...cutNote(part));
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.comparison);
  return box;
}
