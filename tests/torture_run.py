"""`make torture`: hostile code on a learner's page, each case followed by the reference, in
Chromium and in Firefox, or in WebKit.

The cases are data, in tests/torture/*.toml. Of each: `name`; `code`; `passed`, how many tests may
pass (0 if it is not given); `says`, texts that the learner must be shown, a list in place of a text
if any one of them will do. For what is long or odd there are `newline`, `pad` (a comment of so many
characters) and the names below.
"""

import argparse
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from browsers.engines import started
from browsers.learner import Learner
from rich.console import Console
from rich.table import Table

from gradlet.catalogue import Catalogue
from gradlet.problem import Problem
from gradlet.publish import build
from gradlet.serve import serving
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "torture"
SLUG = "cross-entropy-gradient"
REFERENCE = (ROOT / "reference" / "cross_entropy_gradient.py").read_text(encoding="utf-8")
TIME_LIMIT = 6.0  # seconds: a million printed lines take 4 on a slow machine
FROZEN = 3000  # milliseconds, of a page that stands still for longer than a slow machine would
NO_END = "no end"
BROWSERS = ("chromium", "firefox", "webkit")

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
    says: tuple[tuple[str, ...], ...]  # of each, one


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
            tuple((each,) if isinstance(each, str) else (*each,) for each in entry.get("says", ())),
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


def tried(learner: Learner, case: Case) -> Row:
    """Run the case, then the reference, and look at what came of it."""
    start = time.monotonic()
    try:
        outcome = learner.run(case.code)
        afterwards = learner.run(REFERENCE)
    except RuntimeError as error:
        return Row(case, NO_END, time.monotonic() - start, "", (str(error)[:300],))
    statuses = [*outcome.statuses.values()]
    wrong = [
        f"not said: {' or '.join(map(repr, texts))}"
        for texts in case.says
        if not any(text in outcome.shown for text in texts)
    ]
    if statuses.count("passed") != case.passed:
        wrong.append(f"{statuses.count('passed')} passed, not {case.passed}")
    if case.passed == 0 and outcome.verdict == "passed":
        wrong.append("the verdict is 'passed'")
    if outcome.injected:
        wrong.append("a script has run")
    if len(outcome.shown) > 100_000:
        wrong.append(f"{len(outcome.shown):,} characters are shown")
    if outcome.took["frozen"] > FROZEN:
        wrong.append(f"the page did nothing for {outcome.took['frozen']:.0f} ms")
    if not outcome.safe:
        wrong.append("the code is not kept")
    if set(afterwards.statuses.values()) != {"passed"} or len(afterwards.statuses) != 6:
        wrong.append(f"afterwards the reference gets: {afterwards.told}")
    wrong += [f"exception: {each}" for each in (*outcome.exceptions, *afterwards.exceptions)]
    seconds = outcome.took["verdict"] / 1000
    return Row(case, _counted(statuses), seconds, outcome.told, tuple(wrong))


def _counted(statuses: Sequence[str]) -> str:
    kinds = dict.fromkeys(statuses)
    return ", ".join(f"{statuses.count(kind)} {kind}" for kind in kinds)


class Impatient(Catalogue):
    """The same problems, with less time for a run, so that all is over before lunch."""

    def read(self) -> list[Problem]:
        return [problem.model_copy(update={"time_limit": TIME_LIMIT}) for problem in super().read()]


def rows(browser: str, site: str, cases: Sequence[Case]) -> Iterator[Row]:
    """What comes of the cases, on one page as long as it can be used."""
    left = list(cases)
    while left:
        with started(browser) as engine:
            print(engine.version, file=sys.stderr)
            learner = Learner(engine, site)
            learner.open(SLUG)
            while left:
                row = tried(learner, left.pop(0))
                yield row
                if row.happened == NO_END:
                    break


def report(browser: str, rows: Iterable[Row]) -> int:
    """Print them as a table; returns how many are not right."""
    console = Console()
    table = Table("Kind", "Case", "What happened", "Seconds", "What the learner was told", "Right")
    bad = 0
    for row in rows:
        verdict = "[red]NO: " + "; ".join(row.wrong).replace("[", r"\[") if row.wrong else "yes"
        bad += bool(row.wrong)
        told = row.told.replace("[", r"\[")
        cells = (row.case.kind, row.case.name, row.happened, f"{row.seconds:.1f}", told, verdict)
        table.add_row(*cells)
        said = f"\n{row.case.kind}: {row.case.name}: {'; '.join(row.wrong)}\n" if row.wrong else "."
        print(said, end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)
    console.print(table)
    right = table.row_count - bad
    console.print(f"{right} of {table.row_count} cases are right in {browser.capitalize()}.")
    return bad


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--browser", action="append", choices=BROWSERS, help="only in this one")
    parser.add_argument("wanted", nargs="*", help="kinds (names of files) or parts of names")
    options = parser.parse_args()
    cases = [
        case
        for case in read_cases()
        if not options.wanted
        or any(word == case.kind or word in case.name for word in options.wanted)
    ]
    with tempfile.TemporaryDirectory() as folder:
        build(ROOT, Path(folder), catalogue=Impatient(ROOT, find_node()))
        with serving(Path(folder)) as site:
            bad = [
                report(browser, rows(browser, site, cases))
                for browser in options.browser or BROWSERS
            ]
    return 1 if any(bad) else 0


if __name__ == "__main__":
    sys.exit(main())
