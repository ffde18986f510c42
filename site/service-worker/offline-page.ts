/** What is shown, without a network, in place of a page that has not been opened before. */
export function offlinePage(siteRoot: string): Response {
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>No connection · Gradlet</title>
<style>
  body { max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; font: 1.0625rem/1.5 system-ui, sans-serif; }
</style>
<h1>No connection</h1>
<p>This page has not been opened in this browser before, so it is not kept here.
Problems that you have opened before work without a connection, tests and all.</p>
<p><a href="${siteRoot}">All problems</a></p>
</html>`;
  return new Response(html, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8" },
  });
}
