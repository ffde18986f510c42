/** What a learner has done with one problem, and how two of these become one. */
import * as v from "valibot";

// The limits of docs/work-file.md.
export const CODE_LENGTH = 200_000;
export const ATTEMPTS = 1_000;
const RESULTS = 500;

export const TimeSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/),
  v.check((text) => !Number.isNaN(Date.parse(text))),
);
const CodeSchema = v.pipe(v.string(), v.maxLength(CODE_LENGTH));

const StoredAttemptSchema = v.object({
  at: TimeSchema,
  code: v.string(), // as long as the browser could keep
  passed: v.boolean(),
  results: v.pipe(
    v.record(
      v.pipe(v.string(), v.regex(/^test[\p{L}\p{N}_]{0,196}$/u)),
      v.picklist(["passed", "failed", "error", "timeout", "skipped"]),
    ),
    v.check((results) => Object.keys(results).length <= RESULTS),
  ),
});

export const WorkSchema = v.object({
  code: v.nullable(CodeSchema),
  changed: v.nullable(TimeSchema),
  attempts: v.pipe(
    v.array(v.object({ ...StoredAttemptSchema.entries, code: CodeSchema })),
    v.maxLength(ATTEMPTS),
  ),
});

/** A run that was kept; without results: code that was kept without being run. */
export type Attempt = v.InferOutput<typeof StoredAttemptSchema>;
/** `code` is what is in the editor, null if nothing was ever typed; times are ISO 8601 in UTC. */
export type Work = v.InferOutput<typeof WorkSchema>;
export type ProblemState = "new" | "started" | "solved";

/** Attempts from storage, which anybody may have written into: what is none is left out. */
export function readAttempts(json: string | undefined): Attempt[] {
  if (json === undefined) return [];
  try {
    const list: unknown = JSON.parse(json);
    if (!Array.isArray(list)) return [];
    return list.filter((each): each is Attempt => v.is(StoredAttemptSchema, each));
  } catch {
    return [];
  }
}

/** Why a file of saved work cannot hold it, if it cannot. */
export function misfit(work: Work): "tooLong" | "tooMany" | undefined {
  const codes = [work.code ?? "", ...work.attempts.map(({ code }) => code)];
  if (codes.some((code) => code.length > CODE_LENGTH)) return "tooLong";
  return work.attempts.length > ATTEMPTS ? "tooMany" : undefined;
}

/** A time from storage; null if it is none. */
export function readTime(text: string | undefined): string | null {
  return v.is(TimeSchema, text) ? text : null;
}

export function stateOf(work: Work): ProblemState {
  if (work.attempts.some((attempt) => attempt.passed)) return "solved";
  return work.code !== null || work.attempts.length ? "started" : "new";
}

/** When the learner last did something, or "" if never. */
export function lastTouched(work: Work): string {
  return [work.changed ?? "", ...work.attempts.map((attempt) => attempt.at)].sort().at(-1) ?? "";
}

/** Both, without loss: see docs/work-file.md. */
export function merge(mine: Work, theirs: Work): Work {
  const attempts = new Map<string, Attempt>();
  for (const attempt of [...mine.attempts, ...theirs.attempts]) keep(attempts, attempt);
  const [newer, older] =
    (theirs.changed ?? "") > (mine.changed ?? "") ? [theirs, mine] : [mine, theirs];
  const [current, other] = newer.code === null ? [older, newer] : [newer, older];
  if (other.code !== null && other.code !== current.code) {
    keep(attempts, { at: other.changed ?? LONG_AGO, code: other.code, passed: false, results: {} });
  }
  return {
    code: current.code,
    changed: current.changed,
    attempts: [...attempts.values()].sort(byTime),
  };
}

/** The time of code whose time is not known. */
export const LONG_AGO = "1970-01-01T00:00:00.000Z";

const byTime = (one: Attempt, two: Attempt) => (one.at < two.at ? -1 : one.at > two.at ? 1 : 0);

function keep(attempts: Map<string, Attempt>, attempt: Attempt): void {
  const key = `${attempt.at} ${attempt.code}`;
  const known = attempts.get(key);
  if (!known || !Object.keys(known.results).length) attempts.set(key, attempt);
}
