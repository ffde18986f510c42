/**
 * Watches `fetch` while Python loads. Pyodide reports no progress, and where a file cannot be had
 * it may wait for ever: so the page's progress and its word of a failure come from here.
 */
export class FetchWatch {
  readonly #original = globalThis.fetch;
  #awaited = 0; // answers of which something is still to come
  #fail: (why: Error) => void = () => {};

  /** `report` hears of each part that comes, and whether more is awaited. */
  constructor(private readonly report: (bytes: number, more: boolean) => void) {
    globalThis.fetch = (input, init) => this.#fetch(input, init);
  }

  /** What `load` resolves to; rejects, too, as soon as a file cannot be had. */
  during<T>(load: () => Promise<T>): Promise<T> {
    const failure = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    return Promise.race([load(), failure]);
  }

  /** What comes by other means than `fetch` is awaited, too. */
  async awaiting<T>(what: Promise<T>): Promise<T> {
    this.#await(1);
    try {
      return await what;
    } finally {
      this.#await(-1);
    }
  }

  /** Put `fetch` back as it was. */
  end(): void {
    globalThis.fetch = this.#original;
  }

  async #fetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const name = nameOf(input);
    this.#await(1);
    try {
      const response = await this.#original.call(globalThis, input, init);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      this.#count(response.clone(), name);
      return response; // as it came: of another the browser would not keep the compiled code
    } catch (error) {
      this.#await(-1);
      throw this.#failed(name, error);
    }
  }

  async #count({ body }: Response, name: string): Promise<void> {
    try {
      const reader = body?.getReader();
      for (;;) {
        const part = await reader?.read();
        if (!part?.value) return;
        this.#tell(part.value.byteLength);
      }
    } catch (error) {
      this.#failed(name, error);
    } finally {
      this.#await(-1);
    }
  }

  #await(more: 1 | -1): void {
    this.#awaited += more;
    this.#tell(0);
  }

  #tell(bytes: number): void {
    this.report(bytes, this.#awaited > 0);
  }

  #failed(name: string, error: unknown): Error {
    const why = new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    this.#fail(why);
    return why;
  }
}

function nameOf(input: RequestInfo | URL): string {
  const address = input instanceof Request ? input.url : String(input);
  return address.slice(address.lastIndexOf("/") + 1);
}
