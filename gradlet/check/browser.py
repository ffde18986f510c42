"""Runs jobs inside Pyodide in a real Chromium, by the code that grades on a learner's page."""

import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Page, sync_playwright

from gradlet.check.runner import Job, Outcome
from gradlet.publish import build
from gradlet.serve import serving
from gradlet.setup.browser import ensure_browser, launch_flags

OPEN = """async ([script, address]) => {
  const { openGrader } = await import(script);
  globalThis.grade = await openGrader(address);
}"""


class BrowserRunner:
    """A `Runner`. Two seeds or two orders of sets are not told apart: a browser has its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stack = ExitStack()
        self._page: Page | None = None
        self._open = ""  # the name of the modules of the problem that the page grades

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        build(self._root, folder, development=True)
        (self._script,) = folder.glob("assets/batch-*.js")
        self._site = self._stack.enter_context(serving(folder))
        playwright = self._stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=launch_flags())
        self._stack.callback(browser.close)
        self._context = browser.new_context()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def run(self, jobs: Sequence[Job], advance: Callable[[], object]) -> list[Outcome]:
        """See `Runner`; one job after another, since each problem has one Python."""
        outcomes = []
        for job in jobs:
            outcomes.append(self._run(job))
            advance()
        return outcomes

    def _run(self, job: Job) -> Outcome:
        page = self._ensure_open(str(json.loads(job.problem)["name"]))
        start = time.perf_counter()
        run = {"code": job.code, "problem": job.problem, "timeLimit": job.limit}
        graded = page.evaluate("(run) => globalThis.grade(run)", run)
        seconds = time.perf_counter() - start
        end = {"finished": "done", "timeout": "timeout"}.get(graded["ending"], "died")
        return Outcome(job, tuple(graded["events"]), end, seconds)  # type: ignore[arg-type]

    def _ensure_open(self, name: str) -> Page:
        """A page that grades the problem. There is one at a time: each has a Python of its own."""
        if self._page is None or self._open != name:
            if self._page:
                self._page.close()
            self._page, self._open = self._context.new_page(), name
            self._page.goto(self._site)
            address = f"{self._site}problems/{name.replace('_', '-')}/"
            self._page.evaluate(OPEN, [f"{self._site}assets/{self._script.name}", address])
        return self._page
