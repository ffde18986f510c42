const FIRST = 20_000; // milliseconds

/** Acts when nothing has been heard for a while; after that it waits twice as long. */
export class Patience {
  #limit = FIRST;
  #timer: number | undefined;

  constructor(private readonly act: () => void) {}

  /** Something was heard, and more is awaited. */
  renew(): void {
    this.end();
    this.#timer = window.setTimeout(() => {
      this.#limit *= 2;
      this.act();
    }, this.#limit);
  }

  /** Nothing more is awaited. */
  end(): void {
    window.clearTimeout(this.#timer);
  }
}
