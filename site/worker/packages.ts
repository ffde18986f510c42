/** What a problem needs beside numpy and pytest. */
import type { PyodideAPI } from "pyodide";

interface Micropip {
  install(requirements: string[]): Promise<void>;
}

/**
 * Have micropip install `packages` (`scipy`, `einops==0.8.1`) from the site itself: it looks into
 * Pyodide's lock file first, which the build has cut to what the site has, each file with its hash.
 */
export async function addPackages(python: PyodideAPI, packages: string[]): Promise<void> {
  if (!packages.length) return;
  await python.loadPackage("micropip");
  await (python.pyimport("micropip") as unknown as Micropip).install(packages);
}
