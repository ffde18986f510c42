"""The same grading in each browser. Not named test_...: `make test` needs only Chromium."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from wrong_solutions import WRONG_SOLUTIONS, WrongSolution

from browsers.engines import Engine, started
from gradlet.problem import Problem, module_name

Problems = dict[str, Problem]
SLUGS = ("softmax-from-scratch", "cross-entropy-gradient")
WRONG = [wrong for wrong in WRONG_SOLUTIONS if wrong.path.stem in ("sigmoid", "not_normalised")]
PATIENCE = 120  # seconds

PASTE = """
const content = document.querySelector(".cm-content");
content.focus();
getSelection().selectAllChildren(content);
await new Promise((resolve) => setTimeout(resolve, 100));
// Firefox lets no script put anything on the clipboard of an event that it makes.
const paste = new Event("paste", { bubbles: true, cancelable: true });
const clipboardData = { getData: (type) => (type === "text/plain" ? CODE : ""), files: [] };
Object.defineProperty(paste, "clipboardData", { value: clipboardData });
content.dispatchEvent(paste);
"""
PRESS = """
const items = [...document.querySelectorAll("#tests > li")];
const results = document.querySelector("#results");
const root = document.documentElement;
const start = performance.now();
document.querySelector("#run").click();
"""
VERDICT = """
let ended;
while (results.dataset.verdict === "running" || root.dataset.runtime !== "ready") {
  if (!ended && results.dataset.verdict !== "running") ended = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 1));
}
return {
  milliseconds: (ended ?? performance.now()) - start,
  statuses: items.map((item) => [item.dataset.test, item.dataset.status]), // in their order
};
"""
STOP = """
await new Promise((resolve) => setTimeout(resolve, 1500));
if (root.dataset.runtime !== "running") throw new Error("the loop does not run");
const stopped = performance.now();
document.querySelector("#stop").click();
while (root.dataset.runtime !== "ready") await new Promise((resolve) => setTimeout(resolve, 5));
return {
  milliseconds: performance.now() - stopped,
  statuses: items.map((item) => [item.dataset.test, item.dataset.status]), // in their order
};
"""


class Learner:
    """Somebody at an engine, with a note of how long things took."""

    def __init__(self, engine: Engine, site: str) -> None:
        self.engine = engine
        self.site = site
        self.times: dict[str, list[float]] = {}

    def open(self, slug: str, note: str = "another page") -> None:
        """Open a problem and wait for Python."""
        self.engine.open(f"{self.site}problems/{slug}/")
        deadline = time.monotonic() + PATIENCE
        while (
            state := self.engine.evaluate("document.documentElement.dataset.runtime")
        ) != "ready":
            assert state == "loading", self.engine.evaluate("document.body.innerText")
            assert time.monotonic() < deadline, "Python did not load"
            time.sleep(0.02)
        # Since the page was opened, as its own clock has it.
        self.note(note, self.engine.evaluate("performance.now()"))

    def run(self, code: str, note: str = "run") -> dict[str, str]:
        """The status of each test."""
        return self._do(code, PRESS + VERDICT, note)

    def run_and_stop(self, code: str) -> dict[str, str]:
        return self._do(code, PRESS + STOP, "stopped until ready")

    def _do(self, code: str, script: str, note: str) -> dict[str, str]:
        paste = PASTE.replace("CODE", json.dumps(code))
        answer: dict[str, Any] = self.engine.evaluate(f"(async () => {{{paste}{script}}})()")
        self.note(note, answer["milliseconds"])
        return dict(answer["statuses"])

    def note(self, what: str, milliseconds: float) -> None:
        self.times.setdefault(what, []).append(milliseconds)


@pytest.fixture(scope="module", params=["chromium", "firefox", "webkit"])
def learner(request: pytest.FixtureRequest, site: str) -> Iterator[Learner]:
    with started(request.param) as engine:
        learner = Learner(engine, site)
        learner.open(SLUGS[0], "first visit")
        yield learner
        learner.engine.open("about:blank")
        for _ in range(3):
            learner.open(SLUGS[0], "later visit")
        for _ in range(5):
            learner.run("x = 1\n", "run that defines no function")
        print(f"\n{engine.version}")
        for what, times in learner.times.items():
            median = sorted(times)[len(times) // 2]
            print(f"  {what}: {median:.0f} ms (median of {len(times)})")


@pytest.mark.parametrize("slug", SLUGS)
def test_reference_passes_and_starter_fails(
    learner: Learner, problems: Problems, slug: str
) -> None:
    problem = problems[slug]
    learner.open(slug)
    assert set(learner.run(problem.starter).values()) <= {"failed", "error"}
    passed = {test.name: "passed" for test in problem.tests}
    for _ in range(5):
        assert learner.run(problem.reference_source, "run that passes") == passed


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_wrong_solution_fails_the_tests_it_names(learner: Learner, wrong: WrongSolution) -> None:
    (slug,) = (slug for slug in SLUGS if module_name(slug) == wrong.problem)
    learner.open(slug)
    statuses = learner.run(wrong.code, "run that fails")
    assert tuple(name for name, status in statuses.items() if status != "passed") == wrong.fails


def test_loop_is_stopped_and_the_next_run_is_right(learner: Learner, problems: Problems) -> None:
    problem = problems["cross-entropy-gradient"]
    learner.open(problem.slug)
    loop = f"def {problem.function}(logits, target):\n    while True: pass\n"
    statuses = learner.run_and_stop(loop)
    assert "passed" not in statuses.values()
    assert set(learner.run(problem.reference_source).values()) == {"passed"}
