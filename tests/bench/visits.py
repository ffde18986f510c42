"""How long from opening the page until Python is ready, and what that costs on the line."""

from typing import Any

from page import ProblemPage

from bench.presses import RIGHT, press, text_of
from bench.stage import SIDES, VISITED, Stage, interleaved, ready, summary

LATER, WARM_UP = 11, 3  # visits; the browser keeps compiled code only after some
PRESSES = 6  # runs of the tests in each visit before those that are measured
SETTLE = 4000  # milliseconds for what a page does after Python is ready: fill its caches
DELAY = 0.02  # seconds, one way and back, for each answer over the narrow line
LINES = {"20": (20, 3), "4": (4, 2)}  # name: Mbit/s, visits


def later(stage: Stage) -> dict[str, Any]:
    """The same profile comes again, after visits in which the tests were run."""
    stage.line.open()
    with stage.profile() as context:

        def visit(side: str, presses: int = 0) -> tuple[float, int]:
            stage.line.bytes.clear()
            page = context.new_page()
            page.goto(stage.addresses[side])
            seconds = ready(page)
            sent = stage.line.bytes.total()
            if presses and side == "gradlet":
                ProblemPage(page, "").paste(text_of(RIGHT))
            for _ in range(presses if side in SIDES else 0):
                press(page, side, text_of(RIGHT))
            page.wait_for_timeout(SETTLE if presses else 300)
            page.close()
            return seconds, sent

        interleaved(WARM_UP, VISITED, lambda side: visit(side, PRESSES))
        measured = interleaved(LATER, VISITED, visit)
    return {
        side: {
            "seconds": summary([seconds for seconds, _ in visits]),
            "bytes": max(sent for _, sent in visits),
        }
        for side, visits in measured.items()
    }


def first(stage: Stage, name: str) -> dict[str, Any]:
    """An empty profile each time, over a narrow line."""
    megabits, times = LINES[name]
    paths: dict[str, dict[str, int]] = {}

    def visit(side: str) -> tuple[float, int]:
        with stage.fresh() as context:
            stage.line.open(megabits, DELAY)
            page = context.new_page()
            page.goto(stage.addresses[side], timeout=0)
            seconds = ready(page)
            paths[side] = {path: sent for path, sent in stage.line.bytes.items() if sent}
            stage.line.open()  # what the page does afterwards need not be waited for
            return seconds, sum(paths[side].values())

    measured = interleaved(times, VISITED, visit)
    return {
        side: {
            "seconds": summary([seconds for seconds, _ in visits]),
            "bytes": max(sent for _, sent in visits),
            "files": paths[side],
        }
        for side, visits in measured.items()
    }


def page_weight(files: dict[str, int]) -> int:
    """Of the bytes on the line, those that are not Python."""
    return sum(size for path, size in files.items() if not is_runtime(path))


def is_runtime(path: str) -> bool:
    """Whether a file is part of the browser's Python: all in its folder, the grader, the worker
    in which it runs, and the hidden tests that it reads. Nothing of these draws the page."""
    ours = ("/runtime-", "/assets/grader-", "/assets/worker-")
    return path.startswith(ours) or "/tests-" in path
