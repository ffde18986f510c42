import type { RuntimeConfig } from "../worker/boot";
import type { Hashes } from "./work-file";

/** What gradlet/pages.py writes into a problem's page, every address made absolute. */
interface PageData {
  slug: string;
  starter: string;
  examples: string[]; // calls that the statement shows, each to be run by itself
  timeLimit: number; // seconds
  siteRoot: string;
  release: string; // empty in development
  worker: string;
  runtime: RuntimeConfig;
  version: string; // of Gradlet
  hashes: Hashes;
}

/** Read the JSON of a page at `base`, to which its addresses are relative. */
export function readPageData(json: string, base: string): PageData {
  const data = JSON.parse(json) as PageData;
  const absolute = (address: string) => new URL(address, base).href;
  const { index, grader, problem, snapshot } = data.runtime;
  return {
    ...data,
    siteRoot: absolute(data.siteRoot),
    worker: absolute(data.worker),
    runtime: {
      ...data.runtime,
      index: absolute(index),
      grader: absolute(grader),
      problem: absolute(problem),
      snapshot: absolute(snapshot),
    },
  };
}
