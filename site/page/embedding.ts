/** A page in the frame of another one: it reports its verdicts to it (docs/embedding.md). */
import type { TestStatus } from "../verdict";

/** What is posted; `version` is that of this schema. */
export type Report = { version: 1; problem: string } & (
  | { type: "gradlet:ready" }
  | {
      type: "gradlet:verdict";
      tests: string | null; // which version of the hidden tests, as in docs/work-file.md
      passed: boolean;
      results: Record<string, TestStatus>;
    }
);

/**
 * Report to the page around this one, if the address of this page names its origin:
 * `?embed=https://school.example`. Nobody else can be told: the browser sees to it.
 */
export function connectEmbedding(problem: string, tests: string | null): void {
  const given = new URLSearchParams(location.search).get("embed");
  if (given === null || window.parent === window) return;
  document.documentElement.dataset.embedded = "";
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href]:not([href^="#"])')) {
    link.target = "_blank"; // another page in this frame would report nothing
  }
  const origin = originOf(given);
  if (!origin) {
    console.warn(`?embed=${given} is no origin: write for example ?embed=https://school.example`);
    return;
  }
  const post = (report: Report) => window.parent.postMessage(report, origin);
  const panel = document.querySelector<HTMLElement>("#results");
  if (!panel) throw new Error("the page has no #results");
  const observer = new MutationObserver(() => {
    const { verdict } = panel.dataset;
    if (verdict !== "passed" && verdict !== "failed") return;
    const results = statuses(panel);
    const passed = Object.values(results).every((status) => status === "passed");
    post({ type: "gradlet:verdict", version: 1, problem, tests, passed, results });
  });
  observer.observe(panel, { attributes: true, attributeFilter: ["data-verdict"] });
  post({ type: "gradlet:ready", version: 1, problem });
}

/** What each hidden test has come to, as the page shows it. */
function statuses(panel: HTMLElement): Record<string, TestStatus> {
  const items = [...panel.querySelectorAll<HTMLElement>("[data-test]")];
  return Object.fromEntries(
    items.map((item) => [item.dataset.test ?? "", item.dataset.status as TestStatus]),
  );
}

function originOf(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { origin, protocol } = new URL(text);
  return text === origin && /^https?:$/.test(protocol) ? origin : undefined;
}
