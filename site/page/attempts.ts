/** The runs of one problem: the latest ones, and the first that passed. */
import { allPassed, type TestStatus } from "../verdict";
import type { Progress } from "./progress";
import type { Attempt } from "./work";

const KEPT = 50; // of the runs in this browser

export class Attempts {
  constructor(
    private readonly progress: Progress,
    private readonly slug: string,
  ) {}

  /** The oldest first. */
  get list(): Attempt[] {
    return this.progress.work(this.slug).attempts;
  }

  get solved(): boolean {
    return this.list.some((attempt) => attempt.passed);
  }

  /** Keep a run; false if the browser has no room even after old ones have been dropped. */
  add(code: string, statuses: ReadonlyMap<string, TestStatus>): boolean {
    const results: Attempt["results"] = {};
    for (const [test, status] of statuses) {
      if (status !== "idle" && status !== "running") results[test] = status;
    }
    const passed = allPassed(statuses.values());
    const attempt = { at: new Date().toISOString(), code, passed, results };
    const work = this.progress.work(this.slug);
    let before = [...work.attempts];
    // The same code run again says nothing new: the later run takes the place of the one before.
    const last = before.at(-1);
    if (last?.code === code && last.passed === passed) before.pop();
    // A file of saved work may have brought more: those stay.
    const most = Math.max(KEPT, work.attempts.length);
    while (before.length >= most) before = withoutOldest(before);
    const write = () => {
      const attempts = [...before, attempt];
      return this.progress.write(new Map([[this.slug, { ...work, attempts }]]));
    };
    while (!write()) {
      if (!hasOldest(before)) return false;
      // Room for as much as is new: to try with one less each time, long code takes seconds.
      const most = sizeOf(before) - code.length;
      do before = withoutOldest(before);
      while (hasOldest(before) && sizeOf(before) > most);
    }
    return true;
  }

  /** Keep code that has not been run, unless it is there already. */
  keep(code: string): boolean {
    return this.progress.keep(this.slug, code);
  }
}

function sizeOf(attempts: Attempt[]): number {
  return attempts.reduce((sum, { code }) => sum + code.length, 0);
}

/** Where the oldest is that can be dropped: the first that passed stays. */
function placeOfOldest(attempts: Attempt[]): number {
  return attempts[0]?.passed ? 1 : 0;
}

function hasOldest(attempts: Attempt[]): boolean {
  return attempts.length > placeOfOldest(attempts);
}

function withoutOldest(attempts: Attempt[]): Attempt[] {
  const dropped = placeOfOldest(attempts);
  return attempts.filter((_, at) => at !== dropped);
}
