/**
 * A worker for learners' code, under the policy of this page, which lets it send nothing to other
 * hosts. A worker from a file has only the policy that the host sends with the file, and many
 * hosts send none; one from a blob: address inherits the page's.
 */
export function startPythonWorker(script: string): Worker {
  const source = new Blob([`import ${JSON.stringify(script)};`], { type: "text/javascript" });
  const address = URL.createObjectURL(source);
  try {
    return new Worker(address, { type: "module" });
  } finally {
    URL.revokeObjectURL(address); // what has been asked for is still delivered
  }
}
