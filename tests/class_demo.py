"""A class of 300, hostile ones among them, graded in one run: `make class-demo`.

Prints throughput and memory, and everything that came out otherwise than expected. With
`--browser` every code also runs in Chromium, and the two verdicts are compared.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

from class_files import HOSTILE_FILES, ROOT, difference, write_class

from gradlet.catalogue import read_catalogue
from gradlet.check.browser import BrowserRunner
from gradlet.check.runner import Job
from gradlet.pages import for_grader
from gradlet.problem import Problem
from gradlet.regrade.cache import Cache
from gradlet.regrade.classroom import Classroom, Graded, regrade
from gradlet.setup.node import find_node

SLUGS = ("softmax-from-scratch", "cross-entropy-gradient")
LIMIT = 3.0  # seconds for one run


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--browser", action="store_true")
    options = parser.parse_args()
    every = {problem.slug: problem for problem in read_catalogue(ROOT, find_node())}
    problems = {slug: every[slug].model_copy(update={"time_limit": LIMIT}) for slug in SLUGS}
    with tempfile.TemporaryDirectory() as folder:
        expected = write_class(Path(folder, "class"), problems, options.count)
        start = time.perf_counter()
        classroom = regrade(
            ROOT, list(problems.values()), [Path(folder, "class")], Cache(Path(folder, "cache"))
        )
        seconds = time.perf_counter() - start
    wrong = [what for each in expected if (what := difference(each, classroom))]
    print(
        f"{len(expected)} learners and {len(HOSTILE_FILES)} hostile files: {classroom.fresh} codes "
        f"in {seconds:.1f} s, {classroom.fresh / seconds:.1f} a second; at most "
        f"{classroom.memory / 1e6:.0f} MB for one code, "
        f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB for the command"
    )
    print(f"{len(expected) - len(wrong)} of {len(expected)} verdicts as expected")
    print(f"{len(classroom.refused)} of {len(HOSTILE_FILES)} hostile files refused, each by a line")
    print(*wrong, sep="\n")
    fine = not wrong and len(classroom.refused) == len(HOSTILE_FILES)
    if options.browser:
        fine = compare(classroom, problems) and fine
    return 0 if fine else 1


def compare(classroom: Classroom, problems: dict[str, Problem]) -> bool:
    """Whether a browser comes to the same verdict on every code."""
    graded = list(classroom.best.values())
    jobs = [
        Job(for_grader(problem).decode(), each.submission.code, LIMIT)
        for each in graded
        for problem in [problems[each.submission.slug]]
    ]
    with BrowserRunner(ROOT) as runner:
        outcomes = runner.run(jobs, lambda: None)
    differing = [
        (each, outcome.results)
        for each, outcome in zip(graded, outcomes, strict=True)
        if outcome.passed != each.verdict.passed
        or (
            (not each.verdict.trouble and outcome.results.keys() == each.verdict.statuses.keys())
            and {test: result["status"] for test, result in outcome.results.items()}
            != each.verdict.statuses
        )
    ]
    print(f"The browser agrees on {len(graded) - len(differing)} of {len(graded)} codes")
    for each, results in differing:
        there = {test: result["status"] for test, result in results.items()}
        print(f"{_code(each)}\n  here {each.verdict.statuses}\n  browser {there}")
    return not differing


def _code(graded: Graded) -> str:
    return graded.submission.code.strip()


if __name__ == "__main__":
    sys.exit(main())
