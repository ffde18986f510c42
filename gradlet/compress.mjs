// Compresses files: reads [{source, target, quality}] as JSON from stdin. The target's ending
// says how, .br or .gz; quality is Brotli's. A target is there whole or not at all.
import { readFileSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

async function compress({ source, target, quality }) {
  const data = await readFile(source);
  const packed = target.endsWith(".br")
    ? await packBrotli(data, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: quality,
          [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
        },
      })
    : await packGzip(data, { level: Math.min(quality + 1, constants.Z_BEST_COMPRESSION) });
  const part = `${target}.${process.pid}.part`;
  await writeFile(part, packed);
  await rename(part, target);
}

const jobs = JSON.parse(readFileSync(0, "utf8"));

async function work() {
  for (let job = jobs.pop(); job; job = jobs.pop()) await compress(job);
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
