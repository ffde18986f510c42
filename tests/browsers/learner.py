"""A problem's page as a person uses it, in whatever engine."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from browsers.engines import Engine

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
PATIENCE = 120  # seconds


class Took(TypedDict):
    """Milliseconds from the last press of a button."""

    verdict: float
    ready: float  # for the next run
    frozen: float  # the longest time in which the page did nothing else


@dataclass(frozen=True)
class Outcome:
    took: Took
    statuses: dict[str, str]  # of each test, in their order
    verdict: str
    told: str  # the sentence beside the button
    shown: str  # all of the results
    safe: bool  # the code is kept, or the learner is told that it is not
    injected: bool  # a script of the case has run in the page
    exceptions: list[str]  # in the page


class Learner:
    """Somebody at an engine."""

    def __init__(self, engine: Engine, site: str) -> None:
        self.engine = engine
        self._site = site

    def open(self, slug: str) -> float:
        """Open a problem and wait for Python: how many milliseconds, by the page's own clock."""
        self.engine.open(f"{self._site}problems/{slug}/")
        deadline = time.monotonic() + PATIENCE
        while (
            state := self.engine.evaluate("document.documentElement.dataset.runtime")
        ) != "ready":
            assert state == "loading", self.engine.evaluate("document.body.innerText")
            assert time.monotonic() < deadline, "Python did not load"
            time.sleep(0.02)
        milliseconds: float = self.engine.evaluate("performance.now()")
        self.engine.evaluate(f"(() => {{{SCRIPT}}})()")
        return milliseconds

    def run(self, code: str, stop_after: int = 0) -> Outcome:
        """Run the tests on `code`, and if so many milliseconds are given, stop them then."""
        outcome = self.engine.evaluate(f"run({json.dumps(code)}, {stop_after})")
        return Outcome(**{**outcome, "statuses": dict(outcome["statuses"])})
