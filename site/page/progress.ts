/** What the learner has done with every problem, as the browser keeps it. */
import { SiteStorage } from "./storage";
import { readAttempts, readTime, type Work } from "./work";

export class Progress {
  readonly #storage: SiteStorage;

  constructor(siteRoot: string) {
    this.#storage = new SiteStorage(siteRoot);
  }

  /** The problems of which something is kept; some may have left the site. */
  slugs(): string[] {
    const found = this.#storage
      .keys()
      .map((key) => /^([a-z0-9-]+):(?:code|attempts)$/.exec(key)?.[1]);
    return [...new Set(found.filter((slug) => slug !== undefined))];
  }

  work(slug: string): Work {
    return {
      code: this.#storage.read(`${slug}:code`) ?? null,
      changed: readTime(this.#storage.read(`${slug}:changed`)),
      attempts: readAttempts(this.#storage.read(`${slug}:attempts`)),
    };
  }

  /** Keep code among the attempts, without being run, unless it is there already. */
  keep(slug: string, code: string): boolean {
    const work = this.work(slug);
    if (work.attempts.some((attempt) => attempt.code === code)) return true;
    const kept = { at: new Date().toISOString(), code, passed: false, results: {} };
    return this.write(new Map([[slug, { ...work, attempts: [...work.attempts, kept] }]]));
  }

  /** Keep all of it, or, if the browser has no room for that, none of it: then false. */
  write(works: ReadonlyMap<string, Work>): boolean {
    const before = new Map<string, string | undefined>();
    for (const [key, value] of entries(works)) {
      before.set(key, this.#storage.read(key));
      if (this.#storage.write(key, value)) continue;
      for (const [written, old] of before) this.#storage.write(written, old);
      return false;
    }
    return true;
  }
}

function* entries(works: ReadonlyMap<string, Work>): Iterable<[string, string | undefined]> {
  for (const [slug, work] of works) {
    yield [`${slug}:code`, work.code ?? undefined];
    yield [`${slug}:changed`, work.changed ?? undefined];
    yield [`${slug}:attempts`, work.attempts.length ? JSON.stringify(work.attempts) : undefined];
  }
}
