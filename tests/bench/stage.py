"""Where both sides are measured: all sites on one line, one browser, one clock."""

import math
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from page import wait_until
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from bench import bare, jupyterlite
from bench.line import Line, serving
from gradlet.publish import build
from gradlet.serve import application
from gradlet.setup.browser import ensure_browser, launch_flags

ROOT = Path(__file__).resolve().parents[2]
SLUG = "cross-entropy-gradient"
PATIENCE = 180_000  # milliseconds
SIDES = ("gradlet", "bare")
VISITED = (*SIDES, "jupyterlite")  # it is opened, too, and has no tests to press for

# The moment at which a page says that Python is ready, on the clock that starts with the page.
CLOCK = """
new MutationObserver(() => {
  if (document.documentElement?.dataset.runtime === "ready") window.readyAt ??= performance.now();
}).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-runtime"] });
"""
CLOCK += jupyterlite.SIGN


@dataclass
class Stage:
    """`addresses` of the page of each side, and what to open them with."""

    playwright: Playwright
    browser: Browser
    line: Line
    addresses: dict[str, str]

    @contextmanager
    def fresh(self) -> Iterator[BrowserContext]:
        """A profile without any memory."""
        context = self.browser.new_context()
        context.add_init_script(CLOCK)
        yield context
        context.close()

    @contextmanager
    def profile(self) -> Iterator[BrowserContext]:
        """A profile on the disk, as a learner has."""
        with tempfile.TemporaryDirectory() as folder:
            context = self.playwright.chromium.launch_persistent_context(
                folder, executable_path=ensure_browser(), args=launch_flags()
            )
            context.add_init_script(CLOCK)
            yield context
            context.close()


@contextmanager
def stage() -> Iterator[Stage]:
    """Build all sites, serve them, start the browser."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folders = {side: Path(name, side) for side in VISITED}
        build(ROOT, folders["gradlet"])
        bare.lay_out(ROOT, folders["bare"])
        jupyterlite.lay_out(ROOT, folders["jupyterlite"])
        apps = (
            application(folders["gradlet"]),
            application(folders["bare"]),
            jupyterlite.application(folders["jupyterlite"]),
        )
        line = Line()
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=launch_flags())
        with serving(line, *apps) as (gradlet, other, lite):
            addresses = {
                "gradlet": f"{gradlet}problems/{SLUG}/",
                "bare": other,
                "jupyterlite": lite + jupyterlite.PAGE,
            }
            yield Stage(playwright, browser, line, addresses)
        browser.close()


def ready(page: Page) -> float:
    """Wait until Python is ready; when that was, in seconds after the page was opened."""
    wait_until(page, "window.readyAt", timeout=PATIENCE)
    return float(page.evaluate("window.readyAt")) / 1000


def interleaved(
    times: int, sides: Sequence[str], measure: Callable[[str], Any]
) -> dict[str, list[Any]]:
    """A, B, A, B ...: what slows the machine for a while slows all."""
    results: dict[str, list[Any]] = {side: [] for side in sides}
    for _ in range(times):
        for side in sides:
            results[side].append(measure(side))
    return results


def summary(values: Sequence[float]) -> dict[str, Any]:
    """Median, 95th percentile, and all that was measured."""
    return {
        "median": round(statistics.median(values), 4),
        "p95": round(percentile(values, 0.95), 4),
        "values": [round(value, 4) for value in values],
    }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(round(share * len(ordered), 6)) - 1]
