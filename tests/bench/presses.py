"""With Python warm: from the press of a button until the learner sees what came of it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from page import ProblemPage, wait_until
from playwright.sync_api import Page

from bench.stage import ROOT, SIDES, SLUG, Stage, interleaved, ready, summary

PRESSES, STOPS = 60, 7
PAUSE = 150  # milliseconds that nobody presses faster than
MODULE = SLUG.replace("-", "_")
RIGHT = ROOT / f"reference/{MODULE}.py"
WRONG = ROOT / "hidden_tests/wrong" / MODULE / "one_hot_missing.py"
LOOP = "def cross_entropy_grad(logits, target):\n    while True: pass\n"

# A run could begin.
UNTIL_READY = """
  const root = document.documentElement;
  const untilReady = () => new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (root.dataset.runtime === "ready") { observer.disconnect(); resolve(); }
    });
    observer.observe(root, { attributes: true });
  });
"""
PRESS = (
    "async () => {"
    + UNTIL_READY
    + """
  const items = [...document.querySelectorAll("#tests > li")];
  const open = () => items.some((item) => ["idle", "running"].includes(item.dataset.status));
  const start = performance.now();
  document.querySelector("#run").click();
  if (!open()) throw new Error("the verdicts of the run before are still there");
  await new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!open()) { observer.disconnect(); resolve(); }
    });
    observer.observe(document.querySelector("#tests"), { attributes: true, subtree: true });
  });
  const end = performance.now();
  if (root.dataset.runtime === "ready") throw new Error("Python is fresh already");
  await untilReady();
  return [end - start, items.map((item) => item.dataset.status), performance.now() - end];
}
"""
)
BARE_PRESS = """
async (files) => {
  const start = performance.now();
  const outcomes = await run(files);
  return [performance.now() - start, Object.values(JSON.parse(outcomes)), 0];
}
"""
# From the press of Stop, or from the end of the worker, until a run could begin again.
RESTART = (
    "async (stop) => {"
    + UNTIL_READY
    + """
  const start = performance.now();
  if (stop) document.querySelector("#stop").click(); else boot();
  if (root.dataset.runtime === "ready") throw new Error("nothing was stopped");
  await untilReady();
  return performance.now() - start;
}
"""
)


class Press(NamedTuple):
    """What came of one."""

    milliseconds: float  # until the sixth verdict
    statuses: list[str]
    fresh: float  # milliseconds after that until Python is as before the run; only Gradlet's is


def verdicts(stage: Stage) -> dict[str, Any]:
    """Press to six verdicts: a solution that passes, and one that fails."""
    solutions = {
        "right": text_of(RIGHT),
        "wrong": text_of(WRONG),
    }
    stage.line.open()
    with stage.fresh() as context:
        pages = {side: open_page(stage, context.new_page(), side) for side in SIDES}
        return {
            kind: _verdicts(pages, code, passes=kind == "right") for kind, code in solutions.items()
        }


def open_page(stage: Stage, page: Page, side: str) -> Page:
    page.goto(stage.addresses[side])
    ready(page)
    return page


def _verdicts(pages: dict[str, Page], code: str, *, passes: bool) -> dict[str, Any]:
    ProblemPage(pages["gradlet"], "").paste(code)

    def measure(side: str) -> Press:
        page = pages[side]
        page.bring_to_front()
        pressed = press(page, side, code)
        assert (set(pressed.statuses) == {"passed"}) == passes, pressed
        return pressed

    interleaved(2, SIDES, measure)  # the first ones are compiled
    measured = interleaved(PRESSES, SIDES, measure)
    found = {
        side: {"milliseconds": summary([press.milliseconds for press in presses])}
        for side, presses in measured.items()
    }
    found["gradlet"]["fresh"] = summary([press.fresh for press in measured["gradlet"]])
    return found


def press(page: Page, side: str, code: str) -> Press:
    """One press. The bare page runs `code`; Gradlet's what is in its editor."""
    wait_until(page, "document.documentElement.dataset.runtime === 'ready'")
    page.wait_for_timeout(PAUSE)
    told = (
        page.evaluate(PRESS)
        if side == "gradlet"
        else page.evaluate(BARE_PRESS, json.dumps(files_for_pytest(code)))
    )
    pressed = Press(*told)
    assert len(pressed.statuses) == 6, pressed
    return pressed


def files_for_pytest(code: str) -> dict[str, str]:
    """The problem and a solution as pytest on its own takes them."""
    files = {
        "/work/solution.py": code,
        "/work/conftest.py": "import pytest, solution as code\n"
        "@pytest.fixture\ndef solution():\n    return code\n",
        "/work/test_it.py": text_of(ROOT / f"hidden_tests/test_{MODULE}.py"),
        f"/work/reference/{MODULE}.py": text_of(RIGHT),
    }
    grader = ROOT / "site/grader"
    return files | {f"/work/grader/{path.name}": text_of(path) for path in grader.glob("*.py")}


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def restarts(stage: Stage) -> dict[str, Any]:
    """After a loop that never ends was stopped: ready again, with Python's files in the cache."""
    stage.line.open()
    with stage.profile() as context:
        pages = {side: open_page(stage, context.new_page(), side) for side in SIDES}
        pages["gradlet"].wait_for_timeout(3000)
        ProblemPage(pages["gradlet"], "").paste(LOOP)

        def restart(side: str) -> float:
            page = pages[side]
            page.bring_to_front()
            if side == "gradlet":
                page.evaluate("document.querySelector('#run').click()")
                page.wait_for_selector("[data-status=running]")
                page.wait_for_timeout(300)
            seconds = float(page.evaluate(RESTART, side == "gradlet")) / 1000
            page.wait_for_timeout(500)
            return seconds

        interleaved(1, SIDES, restart)
        measured = interleaved(STOPS, SIDES, restart)
    return {side: {"seconds": summary(values)} for side, values in measured.items()}
