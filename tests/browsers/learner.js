/** What learner.py does on a problem's page: it has an engine evaluate this when the page is open. */

// What goes wrong in the page's own scripts, unheard by anybody.
const exceptions = [];
addEventListener("error", ({ message }) => exceptions.push(message));
addEventListener("unhandledrejection", ({ reason }) => exceptions.push(String(reason)));

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const $ = (selector) => document.querySelector(selector);
const results = $("#results");
const { dataset } = document.documentElement;

/** In place of all that is in the editor. */
function paste(code) {
  const content = $(".cm-content");
  content.focus();
  const all = new KeyboardEvent("keydown", { key: "a", ctrlKey: true, cancelable: true });
  content.dispatchEvent(all);
  if (!all.defaultPrevented) throw new Error("the editor did not select all");
  // Firefox lets no script put anything on the clipboard of an event that it makes.
  const event = new Event("paste", { bubbles: true, cancelable: true });
  const clipboardData = { getData: (type) => (type === "text/plain" ? code : ""), files: [] };
  Object.defineProperty(event, "clipboardData", { value: clipboardData });
  content.dispatchEvent(event);
}

/** Until the run is over and Python is ready for the next; tells how long each took. */
async function wait() {
  const start = performance.now();
  const took = { verdict: undefined, ready: 0, frozen: 0 };
  do {
    const before = performance.now();
    await pause(1);
    took.ready = performance.now() - start;
    took.frozen = Math.max(took.frozen, performance.now() - before);
    if (results.dataset.verdict !== "running") took.verdict ??= took.ready;
  } while (took.verdict === undefined || dataset.runtime !== "ready");
  return took;
}

/** Whether the browser has `code`, or the learner is told that it has not. */
function isSafe(code) {
  const name = `${location.pathname.split("/").at(-2)}:code`;
  const key = Object.keys(localStorage).find((each) => each.endsWith(name));
  const kept = localStorage[key] === code.replace(/\r\n?/g, "\n"); // an editor has lines
  return kept || $("#saved").hasAttribute("data-warning");
}

/** Paste, press Run tests and perhaps, so many milliseconds later, Stop; wait, and look. */
globalThis.run = async (code, stopAfter) => {
  paste(code);
  $("#run").click();
  if (stopAfter) {
    await pause(stopAfter);
    if (dataset.runtime !== "running") throw new Error("nothing runs that could be stopped");
    $("#stop").click();
  }
  const took = await wait();
  const items = [...document.querySelectorAll("#tests > li")];
  return {
    took,
    // As pairs: WebKit's driver sorts the names of an object.
    statuses: items.map((item) => [item.dataset.test, item.dataset.status]),
    verdict: results.dataset.verdict,
    told: $("[role=status]").innerText,
    shown: results.innerText,
    safe: isSafe(code),
    injected: "injected" in globalThis,
    exceptions: exceptions.splice(0),
  };
};
