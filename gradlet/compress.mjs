// Compresses files: reads lines, each {source, targets, quality} as JSON, from stdin. A target's
// ending says how, .br or .gz; quality is Brotli's. A target is there whole or not at all.
// One after the other: promises would cost as much as the pages' compression.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

function pack(data, target, quality) {
  if (target.endsWith(".gz"))
    return gzipSync(data, { level: Math.min(quality + 1, constants.Z_BEST_COMPRESSION) });
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: quality,
    [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  return brotliCompressSync(data, { params });
}

function compress({ source, targets, quality }) {
  const data = readFileSync(source);
  for (const target of targets) {
    const part = `${target}.${process.pid}.part`;
    writeFileSync(part, pack(data, target, quality));
    renameSync(part, target);
  }
}

for await (const line of createInterface({ input: process.stdin })) compress(JSON.parse(line));
