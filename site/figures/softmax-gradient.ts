/** Logits to be dragged; softmax, the one-hot of the true class and their difference as bars. */
import { element, svg } from "../page/element";
import { playFigure } from "../page/figure";
import { language, text } from "../page/text";

const LOGITS = [1, 2, 3, 0.5];
const LIMIT = 5; // of a logit, up and down

function softmax(logits: number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

function withDigits(value: number, digits: number): string {
  const both = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(language, both);
}

/** Two digits, and no zero with a sign. */
const shown = (value: number) => withDigits(Math.abs(value) < 0.005 ? 0 : value, 2);

/** A cell with a number and its bar, which grows to the right, or to the left below zero. */
class Bar {
  readonly cell = element("td");
  readonly #number = element("span", "number");
  readonly #bar = svg("rect", { y: 0, height: 1 });

  constructor(private readonly lowest: 0 | -1) {
    const length = 1 - lowest;
    const drawing = svg("svg", {
      viewBox: `${lowest} 0 ${length} 1`,
      preserveAspectRatio: "none",
      "aria-hidden": "true",
    });
    drawing.append(this.#bar, svg("line", { x1: 0, x2: 0, y1: 0, y2: 1 }));
    this.cell.append(this.#number, drawing);
  }

  set value(value: number) {
    this.#number.textContent = shown(value);
    this.#bar.setAttribute("class", value < 0 ? "minus" : "plus");
    this.#bar.setAttribute("x", String(Math.max(Math.min(value, 0), this.lowest)));
    this.#bar.setAttribute("width", String(Math.abs(value)));
  }
}

class Row {
  readonly slider = element("input");
  readonly radio = element("input");
  readonly softmax = new Bar(0);
  readonly oneHot = new Bar(0);
  readonly gradient = new Bar(-1);
  readonly #logit = element("span", "number");

  constructor(
    private readonly index: number,
    group: string,
    logit: number,
    change: () => void,
  ) {
    Object.assign(this.slider, { type: "range", min: -LIMIT, max: LIMIT, step: 0.1 });
    this.slider.value = String(logit);
    this.slider.setAttribute("aria-label", text("figure.logit", { index }));
    this.slider.addEventListener("input", change);
    Object.assign(this.radio, { type: "radio", name: group, checked: index === 2 });
    this.radio.setAttribute("aria-label", text("figure.makeTrue", { index }));
    this.radio.addEventListener("change", change);
  }

  get logit(): number {
    return this.slider.valueAsNumber;
  }

  show(softmax: number, oneHot: number): void {
    this.#logit.textContent = withDigits(this.logit, 1);
    this.softmax.value = softmax;
    this.oneHot.value = oneHot;
    this.gradient.value = softmax - oneHot;
  }

  get element(): HTMLElement {
    const header = element("th", "", element("label", "", this.radio, String(this.index)));
    header.scope = "row";
    const bars = [this.softmax, this.oneHot, this.gradient].map((bar) => bar.cell);
    return element("tr", "", header, element("td", "", this.#logit, this.slider), ...bars);
  }
}

let figures = 0; // on this page

function make(): Node {
  const group = `true-class-${figures++}`;
  const said = element("p", "said");
  said.setAttribute("aria-live", "polite");
  const sums = [0, 1, 2].map(() => element("td"));
  const rows = LOGITS.map((logit, index) => new Row(index, group, logit, () => show()));

  function show(): void {
    const probabilities = softmax(rows.map((row) => row.logit));
    const target = rows.findIndex((row) => row.radio.checked);
    const oneHot = rows.map((_, index) => Number(index === target));
    const gradient = probabilities.map((p, index) => p - (oneHot[index] ?? 0));
    for (const [index, row] of rows.entries()) {
      row.show(probabilities[index] ?? 0, oneHot[index] ?? 0);
    }
    for (const [at, values] of [probabilities, oneHot, gradient].entries()) {
      const sum = sums[at];
      if (sum) sum.textContent = shown(total(values));
    }
    said.textContent = text("figure.said", {
      index: target,
      probability: shown(probabilities[target] ?? 0),
      gradient: shown(gradient[target] ?? 0),
    });
  }

  const heads = [
    text("figure.true"),
    text("figure.logits"),
    "softmax",
    text("figure.oneHot"),
    text("figure.gradient"),
  ].map((title) => {
    const head = element("th", "", title);
    head.scope = "col";
    return head;
  });
  const sum = element("th", "", text("figure.sum"));
  sum.scope = "row";
  const table = element(
    "table",
    "",
    element("caption", "", text("figure.about")),
    element("thead", "", element("tr", "", ...heads)),
    element("tbody", "", ...rows.map((row) => row.element)),
    element("tfoot", "", element("tr", "", sum, element("td"), ...sums)),
  );
  show();
  return element("div", "softmax-gradient", table, said);
}

playFigure("softmax-gradient", make);
