import { SiteStorage } from "./storage";

/** What the learner typed for one problem, kept in the browser. */
export class CodeStore {
  readonly #storage: SiteStorage;

  constructor(
    siteRoot: string,
    private readonly slug: string,
  ) {
    this.#storage = new SiteStorage(siteRoot);
  }

  /** The saved code, or undefined if there is none or it cannot be read. */
  load(): string | undefined {
    return this.#storage.read(`${this.slug}:code`);
  }

  /** Save `code`; false if the browser refuses (storage full, or forbidden for this site). */
  save(code: string): boolean {
    const saved = this.#storage.write(`${this.slug}:code`, code);
    return saved && this.#storage.write(`${this.slug}:changed`, new Date().toISOString());
  }

  /** When the code was last changed, if that was not when it was saved. */
  set changed(time: string | null) {
    this.#storage.write(`${this.slug}:changed`, time ?? undefined);
  }

  /** The code as it was before the last reset. */
  loadBeforeReset(): string | undefined {
    return this.#storage.read(`${this.slug}:before-reset`);
  }

  saveBeforeReset(code: string | undefined): boolean {
    return this.#storage.write(`${this.slug}:before-reset`, code);
  }
}
