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
    wrong: comparison.wrong,
  };
  if (isVector(part)) {
    return part.got.length > ROWS ? bars(part) : vectorTable(part, comparison.inputs);
  }
  const [rows = 1, columns = 1] = part.size.slice(-2);
  const isSmall = part.shape.length === 2 && Math.max(rows, columns) <= SIDE;
  return isSmall ? matrixTable(part, columns) : heatMap(part, rows, columns);
}

/** Whether all numbers are in the table that `showComparison` makes, so that no text need be. */
export function isTabled({ shape, got }: Comparison): boolean {
  const count = shape.reduce((product, length) => product * length, 1);
  const longest = Math.max(...shape);
  return count === got.length && (count === longest ? count <= ROWS : longest <= SIDE);
}

const isVector = ({ size, got }: Part) => Math.max(...size) === got.length;

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
  return scrollable(
    element("table", "", element("thead", "", head), element("tbody", "", ...rows)),
  );
}

function wrongCell(difference: number): HTMLElement {
  const sign = element("span", "sign", "✗ ");
  sign.setAttribute("aria-hidden", "true");
  const text = `${difference > 0 ? "+" : ""}${digits(difference, 3)}`;
  return element("td", "gap", sign, Number.isNaN(difference) ? words.wrong : text);
}

function rightCell(): HTMLElement {
  const sign = element("span", "sign", "✓");
  sign.setAttribute("aria-hidden", "true");
  return element("td", "gap", sign, element("span", "for-ears", words.right));
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
      const sign = element("span", "sign", "✗ ");
      sign.setAttribute("aria-hidden", "true");
      return element(
        "td",
        "wrong",
        element("span", "came", sign, came),
        element("span", "wanted", words.insteadOf(wanted)),
      );
    });
    rows.push(element("tr", "", rowHeader(`[${from / columns}]`), ...cells));
  }
  const head = element("thead", "", element("tr", "", corner, ...titles));
  return scrollable(element("table", "", head, element("tbody", "", ...rows)));
}

function rowHeader(text: string): HTMLElement {
  const header = element("th", "", text);
  header.scope = "row";
  return header;
}

/** What is too wide for a phone scrolls by itself, by keyboard too. */
function scrollable(table: HTMLTableElement): HTMLElement {
  const box = element("div", "comparison", table);
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", words.comparison);
  return box;
}
