/** Pictures of expected and got, drawn as SVG; each is described in words as well. */
import { cutNote, indexOf, type Part } from "./comparison";
import { element, svg } from "./element";
import { digits, pair } from "./numbers";
import * as words from "./words";

const HEIGHT = 100; // of the bars, in units of the drawing

/** Bars of a vector: wide ones for what was expected, narrow ones in them for what came. */
export function bars(part: Part): HTMLElement {
  const values = [...part.expected, ...part.got].filter(Number.isFinite);
  const top = Math.max(0, ...values);
  const bottom = Math.min(0, ...values);
  const scale = HEIGHT / (top - bottom || 1);
  const count = part.got.length;
  const drawing = svg("svg", { viewBox: `0 0 ${count} ${HEIGHT}`, preserveAspectRatio: "none" });
  const bar = (kind: string, value: number, at: number, width: number) => {
    const y = (top - Math.max(value, 0)) * scale;
    const height = Math.abs(value) * scale;
    const x = at + (1 - width) / 2;
    return svg("rect", { class: kind, x, y, width, height });
  };
  for (let at = 0; at < count; at++) {
    const [expected = 0, got = 0] = [part.expected[at], part.got[at]];
    if (Number.isFinite(expected)) drawing.append(bar("wanted", expected, at, 0.84));
    const kind = part.wrong[at] ? "came wrong" : "came";
    if (Number.isFinite(got)) drawing.append(bar(kind, got, at, 0.36));
    // What is no number has no height: its whole place is marked.
    else drawing.append(svg("rect", { class: "no-number", x: at, y: 0, width: 1, height: HEIGHT }));
  }
  const zero = top * scale;
  drawing.append(svg("line", { class: "zero", x1: 0, x2: count, y1: zero, y2: zero }));
  const plot = element("div", "bars");
  plot.append(scaleOf(top, bottom), drawing, ends(indexOf(part, 0), indexOf(part, count - 1)));
  const legend = [
    key("wanted", words.expected),
    key("came", words.gotRight),
    key("came wrong", words.gotWrong),
  ];
  if (!part.got.every(Number.isFinite)) legend.push(key("no-number", words.noNumber));
  return figure(part, plot, drawing, legend);
}

/** How far a matrix is off, cell by cell: the fuller the colour, the further. */
export function heatMap(part: Part, rows: number, columns: number): HTMLElement {
  const gaps = part.got.map((got, at) => got - (part.expected[at] ?? 0));
  const largest = Math.max(...gaps.filter(Number.isFinite).map(Math.abs)) || 1;
  const drawing = svg("svg", { viewBox: `0 0 ${columns} ${rows}` });
  for (const [at, gap] of gaps.entries()) {
    const place = { x: at % columns, y: Math.floor(at / columns), width: 1, height: 1 };
    const kind = !part.wrong[at]
      ? "right"
      : !Number.isFinite(gap)
        ? "no-number"
        : gap > 0
          ? "above"
          : "below";
    const share = Number.isFinite(gap) ? Math.abs(gap) / largest : 1;
    const opacity = part.wrong[at] ? (0.25 + 0.75 * share).toFixed(2) : 1;
    drawing.append(svg("rect", { class: kind, ...place, "fill-opacity": opacity }));
  }
  const last = part.got.length - 1;
  const plot = element("div", "heat", ends(indexOf(part, 0), indexOf(part, columns - 1)));
  plot.append(drawing, ends(indexOf(part, last - columns + 1), indexOf(part, last)));
  const legend = [
    key("right", words.right),
    key("above", words.tooLarge(digits(largest, 3))),
    key("below", words.tooSmall(digits(largest, 3))),
  ];
  if (!gaps.every(Number.isFinite)) legend.push(key("no-number", words.noNumber));
  return figure(part, plot, drawing, legend);
}

function figure(
  part: Part,
  plot: HTMLElement,
  drawing: SVGElement,
  legend: HTMLElement[],
): HTMLElement {
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", describe(part));
  return element("figure", "plot", plot, element("figcaption", "", ...legend, ...cutNote(part)));
}

/** The picture in words: how many entries are wrong, and where the result is furthest off. */
function describe(part: Part): string {
  const wrong = part.wrong.flatMap((is, at) => (is ? [at] : []));
  const gap = (at: number) => Math.abs((part.got[at] ?? 0) - (part.expected[at] ?? 0));
  const size = (at: number) => (Number.isFinite(gap(at)) ? gap(at) : Number.POSITIVE_INFINITY);
  const worst = [...wrong].sort((one, other) => size(other) - size(one)).slice(0, 3);
  const places = worst.map((at) => {
    const [expected, got] = pair(part.expected[at] ?? 0, part.got[at] ?? 0);
    return words.wrongAt(indexOf(part, at), expected, got);
  });
  return words.plot(indexOf(part, 0), indexOf(part, part.got.length - 1), wrong.length, places);
}

function scaleOf(top: number, bottom: number): HTMLElement {
  const box = element("div", "scale", element("span", "", digits(top, 3)));
  box.append(element("span", "", digits(bottom, 3)));
  box.setAttribute("aria-hidden", "true");
  return box;
}

function ends(first: string, last: string): HTMLElement {
  const box = element("div", "ends", element("span", "", first), element("span", "", last));
  box.setAttribute("aria-hidden", "true");
  return box;
}

function key(kind: string, text: string): HTMLElement {
  const sample = svg("svg", { viewBox: "0 0 1 1", class: "sample", "aria-hidden": "true" });
  sample.append(svg("rect", { class: kind, x: 0, y: 0, width: 1, height: 1 }));
  const label = element("span", "key");
  label.append(sample, text);
  return label;
}
