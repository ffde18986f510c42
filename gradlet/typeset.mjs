// Makes HTML of formulas and of Python code: reads lines, each a list of {tex, display} and
// {python} as JSON, from stdin; answers each, in the same order, with a line [{html} or
// {error, position}]. position: index into tex, null if unknown.
import { createInterface } from "node:readline";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";
import katex from "katex";

const OPTIONS = {
  output: "htmlAndMathml",
  throwOnError: true,
  // What LaTeX would refuse is refused, but a line break (\\) without an environment is
  // kept: strictly, it would vanish without a word.
  strict: (code) => (code === "newLineInDisplayMode" ? "ignore" : "error"),
  // Links, images and HTML in formulas; merely untrusted, they would come out as red text.
  trust: ({ command }) => {
    throw new katex.ParseError(`${command} is not allowed in a formula`);
  },
};

function formula(tex, display) {
  try {
    return { html: katex.renderToString(tex, { ...OPTIONS, displayMode: display }) };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: error.position ?? null };
  }
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

function escaped(text) {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character]);
}

// Most of any code, and without a colour of its own in site/styles/code.css.
const PLAIN = ["", "tok-variableName", "tok-propertyName", "tok-operator", "tok-punctuation"];

/** With the classes that the editor gives to the same code. */
function highlighted(code) {
  let html = "";
  const put = (text, classes) => {
    const shown = escaped(text);
    html += PLAIN.includes(classes) ? shown : `<span class="${classes}">${shown}</span>`;
  };
  const putBreak = () => {
    html += "\n";
  };
  highlightCode(code, parser.parse(code), classHighlighter, put, putBreak);
  return html;
}

function typeset({ python, tex, display }) {
  return python === undefined ? formula(tex, display) : { html: highlighted(python) };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(typeset))}\n`);
}
