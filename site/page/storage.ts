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

  /** Call `listener` when another tab has changed what is kept under `key`, or cleared all. */
  onChangeElsewhere(key: string, listener: (value: string | undefined) => void): void {
    window.addEventListener("storage", (event) => {
      if (event.key === null || event.key === this.#prefix + key) listener(this.read(key));
    });
  }

  /** What this tab alone keeps, as long as it is open, even over a reload. */
  readHere(key: string): string | undefined {
    return sessionStorageOrNone()?.getItem(this.#prefix + key) ?? undefined;
  }

  writeHere(key: string, value: string | undefined): boolean {
    try {
      if (value === undefined) sessionStorageOrNone()?.removeItem(this.#prefix + key);
      else sessionStorage.setItem(this.#prefix + key, value);
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

function sessionStorageOrNone(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined; // forbidden
  }
}
