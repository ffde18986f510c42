/** What the grader tells the page, one event after another (made by site/grader/run.py). */
export type GraderEvent =
  | { kind: "unusable"; message: string; line: number | null; traceback: string | null }
  | { kind: "test"; test: string }
  | { kind: "output"; test: string | null; text: string }
  | { kind: "figure"; test: string | null; png: string | null; alt: string } // no png: alt says why
  | ({ kind: "result" } & TestResult)
  | { kind: "broken"; message: string };

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
  line: number | null;
  traceback: string | null;
}

export interface Difference {
  largest: number;
  index: number[];
  expected: number;
  got: number;
}

/** The states of a hidden test on the page; `timeout` and the first three only the page knows. */
export type TestStatus = "idle" | "running" | "passed" | "failed" | "error" | "timeout" | "skipped";
