/**
 * What the learner typed, kept in the browser under the site's own address: two sites on one
 * host (user.github.io/a, user.github.io/b) do not see each other's code.
 */
export class CodeStore {
  readonly #key: string;

  constructor(siteRoot: string, slug: string) {
    this.#key = `gradlet:${new URL(siteRoot).pathname}:${slug}`;
  }

  /** The saved code, or undefined if there is none or it cannot be read. */
  load(): string | undefined {
    return this.#read(`${this.#key}:code`);
  }

  /** Save `code`; false if the browser refuses (storage full, or forbidden for this site). */
  save(code: string): boolean {
    return this.#write(`${this.#key}:code`, code);
  }

  /** The code as it was before the last reset. */
  loadBeforeReset(): string | undefined {
    return this.#read(`${this.#key}:before-reset`);
  }

  saveBeforeReset(code: string | undefined): boolean {
    return this.#write(`${this.#key}:before-reset`, code);
  }

  #read(key: string): string | undefined {
    try {
      return localStorage.getItem(key) ?? undefined;
    } catch {
      return undefined; // storage is forbidden here: `save` tells the learner
    }
  }

  #write(key: string, value: string | undefined): boolean {
    try {
      if (value === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }
}
