/** For `build.py check --browser`: the page's own way to grade, one code after another. */
import type { GraderEvent } from "../verdict";
import { readPageData } from "./page-data";
import { type Ending, type Run, Runner } from "./runner";

interface Graded {
  events: GraderEvent[];
  ending: Ending;
}

/** A grader of the problem whose page is at `address`; a call must wait for the one before. */
export async function openGrader(address: string): Promise<(run: Run) => Promise<Graded>> {
  const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
  const data = readPageData(page.querySelector("#page-data")?.textContent ?? "", address);
  let events: GraderEvent[] = [];
  let done: (graded: Graded) => void = () => {};
  let fail: (why: Error) => void = () => {};
  const runner = new Runner(data.worker, data.runtime, data.timeLimit, 0, {
    state: () => {},
    progress: () => {},
    stalled: () => {},
    broken: (why) => fail(new Error(why)),
    began: () => {},
    event: (event) => events.push(event),
    ended: (ending) => done({ events, ending }),
  });
  runner.boot();
  return (run) =>
    new Promise((resolve, reject) => {
      events = [];
      // The runner is ready for the next code only after it has told of this one's end.
      done = (graded) => setTimeout(() => resolve(graded), 0);
      fail = reject;
      runner.run(run);
    });
}
