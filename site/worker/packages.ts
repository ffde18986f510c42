/** What a problem needs beside numpy and pytest: its packages, and the imports that take long. */
import type { PyodideAPI } from "pyodide";

interface Micropip {
  install(requirements: string[]): Promise<void>;
}

interface Bridge {
  prepare(problem: string): void;
}

/**
 * Have micropip install `packages` (`scipy`, `einops==0.8.1`) from the site itself: it looks into
 * Pyodide's lock file first, which the build has cut to what the site has, each file with its hash.
 * Then import what the problem imports, so that the first run need not wait for it.
 */
export async function addPackages(
  python: PyodideAPI,
  packages: string[],
  problem: string, // JSON for grader.bridge
): Promise<void> {
  if (!packages.length) return;
  await python.loadPackage("micropip");
  await (python.pyimport("micropip") as unknown as Micropip).install(packages);
  (python.pyimport("grader.bridge") as unknown as Bridge).prepare(problem);
}
