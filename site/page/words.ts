/** Sentences of the problem page, made of the texts in site/words/. */

import type { Difference, Pattern, TestStatus } from "../verdict";
import type { Stage } from "../worker/worker";
import { element, english } from "./element";
import { digits } from "./numbers";
import type { Ending } from "./runner";
import { count, type Key, text } from "./text";

export const stateOf = (status: TestStatus) => text(`test.${status}`);
export const passedIn = (seconds: number) => text("test.passedIn", { time: milliseconds(seconds) });

// Whole ones: a decimal point would need `Intl`, which takes its time to wake.
const megabytes = (bytes: number) => Math.round(bytes / 1e6);

export const loadingBegins = text("python.loading");

export function loading(stage: Stage, bytes: number, total: number): string {
  return stage === "download"
    ? text("python.download", { loaded: megabytes(bytes), total: megabytes(total) })
    : text("python.start");
}

export const ready = text("python.ready");
export const running = text("python.running");
export const queued = (call: boolean) => text(call ? "python.queuedCall" : "python.queued");
export const busy = text("try.busy");
export const broken = text("python.broken");
export const brokenHelp = (why: string) => text("python.brokenHelp", { why });

export const printed = text("result.printed");
export const line = (line: number) => text("result.line", { line });
export const wasAt = (line: number) => text("result.wasAt", { line });
export const repeated = text("result.repeated");

export const tooOld = text("python.tooOld");
export const newRelease = text("python.newRelease");
export const stalled = text("python.stalled");

export const runningTests = (total: number) => count("run.running", total);

/** The overall verdict after a run in which tests ran. */
export function verdict(
  statuses: TestStatus[],
  ending: Ending,
  timeLimit: number,
  line: number | undefined, // where the code was when it was ended
): string {
  const having = (status: TestStatus) => statuses.filter((each) => each === status).length;
  const passed = having("passed");
  if (passed === statuses.length) return count("run.allPassed", passed);
  const parts = [count("run.passed", statuses.length, { passed })];
  if (having("failed")) parts.push(count("run.failed", having("failed")));
  if (having("error")) parts.push(count("run.errors", having("error")));
  const notRun = having("skipped");
  if (notRun && ending !== "finished") parts.push(count("run.notRun", notRun));
  const summary = `${parts.join(", ")}.${line ? ` ${wasAt(line)}` : ""}`;
  if (ending === "stopped") return text("run.stopped", { summary });
  if (ending === "timeout") return count("run.timeout", timeLimit, { summary });
  if (ending === "crashed") return text("run.crashed", { summary });
  return summary;
}

export const unusable = (message: string) => withEnglish("run.unusable", "message", message);
export const brokenProblem = text("run.brokenProblem");

export const called = text("result.called");
export const entry = text("result.entry");
export const expected = text("result.expected");
export const got = text("result.got");
export const difference = text("result.difference");
export const largestError = text("result.largestError");
export const numbers = text("result.numbers");
export const comparison = text("result.comparison");
export const right = text("result.right");
export const wrong = text("result.wrong");
export const insteadOf = (expected: string) => text("result.insteadOf", { expected });
export const gotRight = text("result.gotRight");
export const gotWrong = text("result.gotWrong");
export const noNumber = text("result.noNumber");
export const tooLarge = (gap: string) => text("result.tooLarge", { gap });
export const tooSmall = (gap: string) => text("result.tooSmall", { gap });
export const cut = (shown: number, total: number) => text("result.cut", { shown, total });
export const wrongAt = (index: string, expected: string, got: string) =>
  text("result.wrongAt", { index, expected, got });

/** A picture of a result, for those who cannot see it. */
export const plot = (first: string, last: string, wrong: number, worst: string[]) =>
  count("result.plot", wrong, { first, last, worst: worst.join("; ") });

export function largest({ largest, index, expected, got, relative }: Difference): string {
  const error = text(index.length ? "result.largestAt" : "result.largest", {
    largest: digits(largest, 3),
    index: `[${index.join(", ")}]`,
    expected: digits(expected),
    got: digits(got),
  });
  return relative === null ? error : text("result.relative", { error, share: digits(relative, 3) });
}

export const knownMistake = (explanation: string) =>
  withEnglish("result.knownMistake", "explanation", explanation);
export const sameMistake = text("result.sameMistake");

/** In which way a result is wrong, where the way says what to look for. */
export function pattern(found: Pattern): string {
  return text(`pattern.${found.kind}`, {
    ...("size" in found ? { size: found.size } : {}),
    ...("value" in found ? { value: digits(found.value) } : {}),
  });
}

const milliseconds = (seconds: number) =>
  seconds < 0.001 ? "< 1 ms" : `${Math.round(seconds * 1000)} ms`;

/** A text, and in the place of `name` what the grader said, which is English on every page. */
function withEnglish(key: Key, name: string, said: string): (string | Node)[] {
  const [before = "", after = ""] = text(key).split(`{${name}}`);
  return [before, english(element("span", "", said)), after];
}
