/**
 * The browser's storage under the site's own address: two sites on one host
 * (user.github.io/a, user.github.io/b) do not see each other's work.
 */
export class SiteStorage {
  readonly #prefix: string;

  constructor(siteRoot: string) {
    this.#prefix = `gradlet:${new URL(siteRoot).pathname}:`;
  }

  /** What is kept under `key`, or undefined if there is none or storage is forbidden. */
  read(key: string): string | undefined {
    try {
      return localStorage.getItem(this.#prefix + key) ?? undefined;
    } catch {
      return undefined;
    }
  }

  /** Keep a value, or with undefined forget it; false if the browser refuses (full, forbidden). */
  write(key: string, value: string | undefined): boolean {
    try {
      if (value === undefined) localStorage.removeItem(this.#prefix + key);
      else localStorage.setItem(this.#prefix + key, value);
      return true;
    } catch {
      return false;
    }
  }

  /** Every key that is kept. */
  keys(): string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.#prefix))
        .map((key) => key.slice(this.#prefix.length));
    } catch {
      return [];
    }
  }
}
