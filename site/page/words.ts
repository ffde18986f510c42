/** Every sentence that the page's scripts say to a learner. */

import type { TestStatus } from "../verdict";
import type { Stage } from "../worker/worker";
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

export const notSaved =
  "Your browser does not let this page save what you type. Copy your code before you leave.";
export const saved = "Saved in this browser";
export const afterReset = "Your code was replaced by the starter code.";
export const stale = "You have changed your code since this run.";
export const printed = "Printed";
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

export function difference(
  largest: number,
  index: number[],
  expected: number,
  got: number,
): string {
  const at = index.length ? ` at index [${index.join(", ")}]` : "";
  const digits = (value: number) => String(Number(value.toPrecision(6)));
  return `${Number(largest.toPrecision(3))}${at}: expected ${digits(expected)}, got ${digits(got)}`;
}

export const milliseconds = (seconds: number) =>
  seconds < 0.001 ? "< 1 ms" : `${Math.round(seconds * 1000)} ms`;
