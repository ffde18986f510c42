// Renders formulas: reads lines, each [{tex, display}] as JSON, from stdin; answers each, in the
// same order, with a line [{html} or {error, position}]. position: index into tex, null if unknown.
import { createInterface } from "node:readline";
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

function render({ tex, display }) {
  try {
    return { html: katex.renderToString(tex, { ...OPTIONS, displayMode: display }) };
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return { error: error.rawMessage, position: error.position ?? null };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(JSON.parse(line).map(render))}\n`);
}
