"""`make torture`: hostile code on a learner's page, each case followed by the reference.

The cases are data, in tests/torture/*.toml. Of each: `name`; `code`; `passed`, how many tests may
pass (0 if it is not given); `says`, texts that the learner must be shown. For what is long or odd
there are `newline`, `pad` (a comment of so many characters) and the names below.
"""

import argparse
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from page import ProblemPage, with_time_limit
from playwright.sync_api import Browser, Error, sync_playwright
from rich.console import Console
from rich.table import Table

from gradlet.publish import build
from gradlet.serve import serving
from gradlet.setup.browser import ensure_browser, launch_flags

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "torture"
SLUG = "cross-entropy-gradient"
REFERENCE = (ROOT / "reference" / "cross_entropy_gradient.py").read_text(encoding="utf-8")
TIME_LIMIT = 4  # seconds, in place of the problem's, so that all is over before lunch
ALL = ["passed"] * 6

RIGHT = """\
import numpy as np
def cross_entropy_grad(logits, target):
    exponentials = np.exp(np.asarray(logits, dtype=np.float64) - np.max(logits))
    gradient = exponentials / exponentials.sum()
    gradient[target] -= 1
    return gradient
"""
WRONG = "def cross_entropy_grad(logits, target): return None\n"
# Passes three tests, those of shape, sum and signs: a comparison that was tamed shows.
ALMOST = """\
def cross_entropy_grad(logits, target):
    from numpy import full
    gradient = full(logits.shape, 1.0)
    gradient[target] = 1.0 - gradient.size
    return gradient
"""
NAMES = {
    "$RIGHT": RIGHT,
    "$ALMOST": ALMOST,
    "$WRONG": WRONG,
    "$NESTED": "(" * 10_000 + "1" + ")" * 10_000,
    "$LONG": "x" * 1_000_000,
}


@dataclass(frozen=True)
class Case:
    kind: str
    name: str
    code: str
    passed: int
    says: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    case: Case
    happened: str
    seconds: float
    told: str
    wrong: tuple[str, ...]  # what was not as it should be


def read_cases() -> list[Case]:
    """Every case, in the order of files and within them."""
    return [
        Case(
            file.stem,
            entry["name"],
            _code(entry),
            entry.get("passed", 0),
            tuple(entry.get("says", ())),
        )
        for file in sorted(CASES.glob("*.toml"))
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["case"]
    ]


def _code(entry: dict[str, str]) -> str:
    code = entry["code"]
    for name, text in NAMES.items():
        code = code.replace(name, text)
    code += "#" * int(entry.get("pad", 0))
    return code.replace("\n", entry.get("newline", "\n"))


class Torture:
    """One learner's page, on which one case after another is run."""

    def __init__(self, browser: Browser, site: str) -> None:
        self._browser = browser
        self._site = site
        self._open()

    def _open(self) -> None:
        context = self._browser.new_context()
        self._page = ProblemPage(context.new_page(), self._site)
        self._page.page.route(
            f"**/problems/{SLUG}/", lambda route: with_time_limit(route, TIME_LIMIT)
        )
        self._page.open(SLUG)

    def run(self, case: Case) -> Row:
        self._page.trouble.clear()
        start = time.monotonic()
        try:
            return self._run(case, start)
        except (Error, AssertionError) as error:
            row = Row(case, "no end", time.monotonic() - start, "", (str(error)[:300],))
            self._page.page.context.close()
            self._open()
            return row

    def _run(self, case: Case, start: float) -> Row:
        page = self._page
        statuses = page.run(case.code)
        seconds = time.monotonic() - start
        shown = page.results.inner_text()
        told = page.verdict
        wrong = [f"not said: {text!r}" for text in case.says if text not in shown]
        if statuses.count("passed") != case.passed:
            wrong.append(f"{statuses.count('passed')} passed, not {case.passed}")
        if case.passed == 0 and page.results.get_attribute("data-verdict") == "passed":
            wrong.append("the verdict is 'passed'")
        if page.page.evaluate("'injected' in globalThis"):
            wrong.append("a script has run")
        if len(shown) > 100_000:
            wrong.append(f"{len(shown):,} characters are shown")
        if page.run(REFERENCE) != ALL:
            wrong.append(f"afterwards the reference gets: {page.verdict}")
        # A warning of the editor's over 5 MB of text, or of Pyodide's, is none for the learner.
        wrong += [each for each in page.trouble if each.startswith("exception")]
        return Row(case, _counted(statuses), seconds, told, tuple(wrong))


def _counted(statuses: Sequence[str]) -> str:
    kinds = dict.fromkeys(statuses)
    return ", ".join(f"{statuses.count(kind)} {kind}" for kind in kinds)


def rows(cases: Sequence[Case]) -> Iterator[Row]:
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
    ):
        build(ROOT, Path(folder))
        browser = playwright.chromium.launch(executable_path=ensure_browser(), args=launch_flags())
        with serving(Path(folder)) as site:
            torture = Torture(browser, site)
            for case in cases:
                yield torture.run(case)
        browser.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="*", help="kinds (names of files) or parts of names")
    wanted = parser.parse_args().wanted
    cases = [
        case
        for case in read_cases()
        if not wanted or any(word == case.kind or word in case.name for word in wanted)
    ]
    console = Console()
    table = Table("Kind", "Case", "What happened", "Seconds", "What the learner was told", "Right")
    bad = 0
    for row in rows(cases):
        verdict = "[red]NO: " + "; ".join(row.wrong).replace("[", r"\[") if row.wrong else "yes"
        bad += bool(row.wrong)
        told = row.told.replace("[", r"\[")
        cells = (row.case.kind, row.case.name, row.happened, f"{row.seconds:.1f}", told, verdict)
        table.add_row(*cells)
        said = f"\n{row.case.kind}: {row.case.name}: {'; '.join(row.wrong)}\n" if row.wrong else "."
        print(said, end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    console.print(table)
    console.print(f"{len(cases) - bad} of {len(cases)} cases are right.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
