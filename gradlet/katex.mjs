// Renders formulas: reads [{tex, display}] as JSON from stdin, writes, in the same order,
// [{html} or {error, position}] as JSON to stdout. position: index into tex, null if unknown.
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import katex from "katex";

const WORTH_A_THREAD = 1000; // formulas; fewer are rendered sooner than a thread starts

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

function renderInThread(formulas) {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: formulas });
    thread.once("message", resolve).once("error", reject);
  });
}

async function renderAll(formulas) {
  const threads = Math.min(availableParallelism(), Math.floor(formulas.length / WORTH_A_THREAD));
  if (threads < 2) return formulas.map(render);
  const share = Math.ceil(formulas.length / threads);
  const shares = Array.from({ length: threads }, (_, i) =>
    formulas.slice(i * share, (i + 1) * share),
  );
  return (await Promise.all(shares.map(renderInThread))).flat();
}

if (isMainThread) {
  const rendered = await renderAll(JSON.parse(readFileSync(0, "utf8")));
  process.stdout.write(JSON.stringify(rendered));
} else {
  parentPort.postMessage(workerData.map(render));
}
