/** What the page says, as HTML, in one language (written by gradlet/offline.py). */
export interface OfflineTexts {
  language: string;
  site: string;
  title: string;
  text: string;
  all: string;
}

/** What is shown, without a network, in place of a page that has not been opened before. */
export function offlinePage(home: string, texts: OfflineTexts): Response {
  const html = `<!doctype html>
<html lang="${texts.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title} · ${texts.site}</title>
<style>
  body { max-width: 36rem; margin: 15vh auto; padding: 0 1.5rem; font: 1.0625rem/1.5 system-ui, sans-serif; }
</style>
<h1>${texts.title}</h1>
<p>${texts.text}</p>
<p><a href="${home}">${texts.all}</a></p>
</html>`;
  return new Response(html, {
    status: 503,
    headers: { "Content-Type": "text/html; charset=utf-8" },
  });
}
