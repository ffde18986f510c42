/** What the grader tells the page, one event after another (made by site/grader/run.py). */
export type GraderEvent =
  | { kind: "unusable"; message: string; line: number | null; traceback: string | null }
  | { kind: "test"; test: string }
  | { kind: "output"; test: string | null; text: string }
  | { kind: "figure"; test: string | null; png: string | null; alt: string } // no png: alt says why
  | ({ kind: "result" } & TestResult)
  | { kind: "mistake"; test: string; text: string } // the known one behind a failed test
  | { kind: "broken"; message: string; file: string | null; line: number | null } // the author's
  | { kind: "line"; line: number } // of the learner's code: where it is, now and then
  // Of a call of the learner's own (site/grader/try_it.py), which ends in one of these or neither:
  | { kind: "value"; text: string }
  | { kind: "error"; message: string; line: number | null; traceback: string | null };

/** What came of one test (`Result` in site/grader/report.py). */
export interface TestResult {
  test: string;
  status: "passed" | "failed" | "error" | "skipped";
  seconds: number;
  message: string | null;
  call: string | null;
  expected: string | null;
  got: string | null;
  difference: Difference | null;
  comparison: Comparison | null;
  pattern: Pattern | null;
  line: number | null;
  reference_line: number | null;
  traceback: string | null;
}

export interface Difference {
  largest: number;
  index: number[];
  expected: number;
  got: number;
  relative: number | null; // the largest, of the entries that are not expected to be 0
}

/** A number of a result; JSON has no word for some. `Number` makes a number of each. */
type Value = number | "NaN" | "Infinity" | "-Infinity";

/**
 * Expected beside got (`as_data` in site/grader/comparison.py): of arrays of one `shape` the part
 * from `start` on that has `size`, in row-major order.
 */
export interface Comparison {
  shape: number[];
  start: number[];
  size: number[];
  expected: Value[];
  got: Value[];
  wrong: boolean[];
  inputs: { name: string; values: Value[] }[]; // arguments of the same shape
}

/** In which way a wrong result differs (`find` in site/grader/patterns.py). */
export type Pattern =
  | { kind: "negative" | "transposed" | "shape" | "sorted" | "order" }
  | { kind: "mean" | "sum"; size: number }
  | { kind: "factor" | "offset" | "overflow" | "underflow"; value: number };

/** The states of a hidden test on the page: `idle`, `running` and `timeout` only the page knows. */
export type TestStatus = "idle" | "running" | "passed" | "failed" | "error" | "timeout" | "skipped";

export function allPassed(statuses: Iterable<TestStatus>): boolean {
  return [...statuses].every((status) => status === "passed");
}
