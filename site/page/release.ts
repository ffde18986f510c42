/** Whether the site was built anew since this page was opened: it then lacks some of its files. */
export async function isRenewed(files: readonly string[]): Promise<boolean> {
  return (await Promise.all(files.map(isGone))).some(Boolean);
}

async function isGone(address: string): Promise<boolean> {
  try {
    return (await fetch(address, { method: "HEAD", cache: "no-store" })).status === 404;
  } catch {
    return false; // no connection: nothing is known
  }
}
