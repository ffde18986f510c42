const TICK = 200; // milliseconds
const LONGEST = 1000; // what one tick counts for, however long the computer has slept

/** A timer that does not count the time in which the computer, and Python with it, slept. */
export class AwakeTimer {
  readonly #ticking: number;

  constructor(milliseconds: number, act: () => void) {
    let left = milliseconds;
    let last = performance.now();
    this.#ticking = window.setInterval(() => {
      const now = performance.now();
      left -= Math.min(Math.max(now - last, 0), LONGEST);
      last = now;
      if (left > 0) return;
      this.stop();
      act();
    }, TICK);
  }

  stop(): void {
    window.clearInterval(this.#ticking);
  }
}
