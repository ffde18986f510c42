/** Every sentence that the page's scripts say to a learner. */

import type { Difference, Pattern, TestStatus } from "../verdict";
import type { Stage } from "../worker/worker";
import { digits } from "./numbers";
import type { Ending } from "./runner";

export const stateOf: Record<TestStatus, string> = {
  idle: "Not run",
  running: "Running",
  passed: "Passed",
  failed: "Failed",
  error: "Error",
  timeout: "Timed out",
  skipped: "Not run",
};

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

export function loading(stage: Stage, bytes: number, total: number): string {
  return stage === "download"
    ? `Loading Python: ${megabytes(bytes)} of ${megabytes(total)} MB`
    : "Starting Python";
}

export const ready = "Python is ready";
export const running = "Running your code";
export const queued = "Your tests start as soon as Python is ready";
export const broken = "Python could not be loaded";

export const brokenHelp = (why: string) =>
  "The tests need Python, and your browser could not load it. Your code is safe. " +
  "Check the connection, then try again. If it keeps failing, reload the page or try a current " +
  `version of Firefox, Chrome, Edge or Safari. (The reason given: ${why})`;

export const tooOld =
  "Your browser is too old to run Python. What you write here is saved all the same. To run the " +
  "tests, update the browser, or open this page in a Firefox, Chrome, Edge or Safari of the last " +
  "two years.";

export const newRelease =
  "The site has been renewed since you opened this page. Reload the page to go on: your code is " +
  "saved and will be here.";

export const STALLED_AFTER = 20_000; // milliseconds
export const stalled =
  "Nothing has arrived for a while: is the connection gone? Loading goes on by itself, or reload " +
  "the page. Your code is safe.";

export const notSaved =
  "Your browser does not let this page save what you type. Copy your code before you leave.";
export const saved = "Saved in this browser";
export const afterReset = "Your code was replaced by the starter code.";
export const stale = "You have changed your code since this run.";
export const printed = "Printed";
export const line = (line: number) => `Line ${line}`;
export const repeated = "In the same place as above.";

export const runningTests = (total: number) => `Running ${total} hidden tests …`;

const tests = (count: number) => (count === 1 ? "1 hidden test" : `${count} hidden tests`);

const seconds = (count: number) => (count === 1 ? "1 second" : `${count} seconds`);

/** The overall verdict after a run in which tests ran. */
export function verdict(statuses: TestStatus[], ending: Ending, timeLimit: number): string {
  const count = (status: TestStatus) => statuses.filter((each) => each === status).length;
  const passed = count("passed");
  if (passed === statuses.length) return `All ${tests(passed)} passed.`;
  const parts = [`${passed} of ${tests(statuses.length)} passed`];
  if (count("failed")) parts.push(`${count("failed")} failed`);
  if (count("error")) parts.push(`${count("error")} ended with an error`);
  if (count("skipped") && ending !== "finished") parts.push(`${count("skipped")} not run`);
  const summary = `${parts.join(", ")}.`;
  if (ending === "stopped") return `You stopped the run. ${summary}`;
  if (ending === "timeout") {
    return (
      `Stopped after ${seconds(timeLimit)}, the time limit of this problem: ` +
      `is there a loop that never ends? ${summary}`
    );
  }
  if (ending === "crashed") {
    return (
      "Your code brought Python itself down: does it call itself without end, or use more memory " +
      `than there is? Python has been started again. ${summary}`
    );
  }
  return summary;
}

export const unusable = (message: string) => `No test was run. ${message}`;

export const brokenProblem =
  "The hidden tests could not be run. This is a fault of the problem or of the site, not of your " +
  "code.";

export const called = "Called";
export const entry = "Entry";
export const expected = "Expected";
export const got = "Got";
export const difference = "Difference";
export const largestError = "Largest error";
export const numbers = "Numbers";
export const comparison = "Expected beside got";
export const right = "right";
export const wrong = "wrong";
export const insteadOf = (expected: string) => `expected ${expected}`;
export const gotRight = "Got, right";
export const gotWrong = "Got, wrong";
export const noNumber = "not a finite number";
export const tooLarge = (gap: string) => `too large, by up to ${gap}`;
export const tooSmall = (gap: string) => `too small, by up to ${gap}`;
export const cut = (shown: number, total: number) =>
  `The part around the largest difference: ${shown} of ${total} entries.`;
export const wrongAt = (index: string, expected: string, got: string) =>
  `${index}: expected ${expected}, got ${got}`;

/** A picture of a result, for those who cannot see it. */
export function plot(first: string, last: string, wrong: number, worst: string[]): string {
  const count = wrong === 1 ? "1 is wrong" : `${wrong} are wrong`;
  return `Entries ${first} to ${last}: ${count}. Furthest off: ${worst.join("; ")}.`;
}

export function largest({ largest, index, expected, got, relative }: Difference): string {
  const at = index.length ? ` at index [${index.join(", ")}]` : "";
  const values = `expected ${digits(expected)}, got ${digits(got)}`;
  const share = relative === null ? "" : `. Largest relative error: ${digits(relative, 3)}`;
  return `${digits(largest, 3)}${at}: ${values}${share}`;
}

export const knownMistake = (explanation: string) => `This is a known mistake. ${explanation}`;
export const sameMistake = "The same known mistake as above.";

/** In which way a result is wrong, where the way says what to look for. */
export function pattern(found: Pattern): string {
  switch (found.kind) {
    case "negative":
      return "Your result is the negative of the expected one: is a sign turned?";
    case "transposed":
      return "Your result is the transpose of the expected one: rows and columns are exchanged.";
    case "shape":
      return "The numbers are right, only their shape is not.";
    case "sorted":
      return "These are the expected numbers, but sorted: each is to stay in its place.";
    case "order":
      return "These are the expected numbers in other places: is an index or an axis wrong?";
    case "mean":
      return (
        `Your result is the expected one divided by ${found.size}: ` +
        "was a mean taken instead of a sum?"
      );
    case "sum":
      return (
        `Your result is ${found.size} times the expected one: ` +
        "was a sum taken instead of a mean?"
      );
    case "factor":
      return (
        `Every entry is ${digits(found.value)} times the expected one: ` +
        "a factor is missing, or there is one too many."
      );
    case "offset":
      return (
        `Every entry differs from the expected one by the same ${digits(found.value)}: ` +
        "a number was added everywhere, or left out."
      );
    case "overflow":
      return (
        `The input holds ${digits(found.value)}, and exp of a number above 709 is too large for ` +
        "a float: it becomes infinity, and infinity divided by infinity is NaN. If your code " +
        "takes exp, subtract the maximum first."
      );
    case "underflow":
      return (
        `The input holds ${digits(found.value)}, and exp of a number so far below 0 is rounded ` +
        "to 0: where all are, 0 divided by 0 is NaN. If your code takes exp, subtract the " +
        "maximum first."
      );
  }
}

export const milliseconds = (seconds: number) =>
  seconds < 0.001 ? "< 1 ms" : `${Math.round(seconds * 1000)} ms`;
