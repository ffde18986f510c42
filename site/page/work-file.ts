/** The file of saved work: docs/work-file.md. */
import * as v from "valibot";
import { type Key, text } from "./text";
import { TimeSchema, type Work, WorkSchema } from "./work";

const FILE_BYTES = 20_000_000;
const FORMAT = "gradlet-work";
const VERSION = 1;
const PROBLEMS = 2_000;

const short = (length: number) => v.pipe(v.string(), v.maxLength(length));
const HashSchema = v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{10}$/)));

const FileSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  saved: TimeSchema,
  site: v.object({ version: short(40), address: short(500) }),
  learner: v.optional(short(200)),
  problems: v.pipe(
    v.record(
      v.pipe(v.string(), v.maxLength(100), v.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)),
      v.object({ problem: HashSchema, tests: HashSchema, ...WorkSchema.entries }),
    ),
    v.check((problems) => Object.keys(problems).length <= PROBLEMS),
  ),
});

export type WorkFile = v.InferOutput<typeof FileSchema>;

/** Which version of a problem the site has: of its text, and of its tests (gradlet/fingerprint.py). */
export interface Hashes {
  problem: string | null;
  tests: string | null;
}

const UNKNOWN: Hashes = { problem: null, tests: null };

/** Why a file cannot be opened, in words for the learner. */
export class Refused extends Error {
  constructor(key: Key, values: Record<string, string> = {}) {
    super(text(key, values));
  }
}

export function compose(
  works: ReadonlyMap<string, Work>,
  hashes: (slug: string) => Hashes | undefined,
  site: WorkFile["site"],
  learner: string,
): string {
  const problems = Object.fromEntries(
    [...works].map(([slug, work]) => [slug, { ...(hashes(slug) ?? UNKNOWN), ...work }]),
  );
  const file: WorkFile = {
    format: FORMAT,
    version: VERSION,
    saved: new Date().toISOString(),
    site,
    ...(learner ? { learner } : {}),
    problems,
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/**
 * Read a file, which may have been written by anybody.
 *
 * Throws `Refused` unless all of it is as docs/work-file.md says.
 */
export async function readWorkFile(file: Blob): Promise<WorkFile> {
  if (file.size > FILE_BYTES) throw new Refused("open.tooLarge");
  let content: unknown;
  try {
    content = JSON.parse(await file.text());
  } catch {
    throw new Refused("open.notJson");
  }
  const head = v.safeParse(v.object({ format: v.literal(FORMAT), version: v.number() }), content);
  if (!head.success) throw new Refused("open.otherFormat");
  if (head.output.version !== VERSION) throw new Refused("open.otherVersion");
  const read = v.safeParse(FileSchema, content, { abortEarly: true });
  if (read.success) return read.output;
  const place = read.issues[0].path?.map((part) => String(part.key)).join(" → ") ?? "";
  throw new Refused("open.damaged", { place: place.slice(0, 200) });
}
