/** The list of earlier attempts; choosing one puts its code into the editor. */
import type { Attempts } from "./attempts";
import { button, element } from "./element";
import { find } from "./find";
import { language, text } from "./text";
import { type Attempt, LONG_AGO } from "./work";

const region = language === "en" ? "en-GB" : language;

export function connectAttempts(attempts: Attempts, choose: (code: string) => void): void {
  const dialog = find<HTMLDialogElement>("#attempts-dialog");
  const list = find("#attempts-list");
  find("#show-attempts").addEventListener("click", () => {
    const all = [...attempts.list].reverse();
    const time = new Intl.DateTimeFormat(region, { dateStyle: "medium", timeStyle: "short" });
    find("#attempts-none").hidden = all.length > 0;
    list.replaceChildren(
      ...all.map((attempt, at) => {
        const use = button("", text("attempts.use"), () => {
          dialog.close();
          choose(attempt.code);
        });
        const when = element("span", "when", timeOf(attempt, time));
        when.id = `attempt-${at}`;
        use.setAttribute("aria-describedby", when.id);
        const verdict = element("span", attempt.passed ? "verdict-passed" : "", said(attempt));
        const title = element("summary", "", when, " ", verdict);
        const code = element("pre", "", attempt.code);
        return element("li", "", element("details", "", title, code), use);
      }),
    );
    dialog.showModal();
  });
}

function timeOf({ at }: Attempt, time: Intl.DateTimeFormat): string {
  return at === LONG_AGO ? text("attempts.longAgo") : time.format(new Date(at));
}

function said(attempt: Attempt): string {
  const statuses = Object.values(attempt.results);
  if (!statuses.length) return text("attempts.notRun");
  const passed = statuses.filter((status) => status === "passed").length;
  return text("attempts.passed", { passed, total: statuses.length });
}
