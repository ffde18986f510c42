"""The reference passes every hidden test: in any order, with any random seed, and fast."""

import random
import re

from gradlet.check.report import Report
from gradlet.check.runner import Event, Outcome
from gradlet.check.subject import Subject
from gradlet.complaint import Complain, complain_to

SHARE = 0.1  # of the time limit, for one test

_ALONE = (
    "let the test set up all it needs, and make random numbers with a seed of its own: "
    "rng = np.random.default_rng(1)"
)

# Appended to the reference: tells tests apart that do not always give the same arguments.
_WITNESS = """

def _witnessed(function):
    import functools, hashlib, pickle

    @functools.wraps(function)
    def witness(*args, **kwargs):
        try:
            print(hashlib.sha256(pickle.dumps((args, kwargs))).hexdigest()[:8])
        except Exception:  # not everything can be pickled
            pass
        return function(*args, **kwargs)

    return witness

{function} = _witnessed({function})
"""


class ReferenceRuns:
    """Three runs: in file order, in reverse order, and shuffled."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        code = subject.problem.reference_source
        witness = code + _WITNESS.format(function=subject.problem.function)
        backwards = subject.tests[::-1]
        shuffled = random.Random(1).sample(subject.tests, k=len(subject.tests))
        if shuffled == backwards:  # of two tests, say
            shuffled = subject.tests
        self.jobs = [
            subject.job(code),
            subject.job(witness, backwards, seed=1),
            subject.job(witness, shuffled, seed=2),
        ]

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        first, *others = outcomes
        complain = complain_to(report.errors, self._subject.tests_file)
        if first.broken:
            file, line, said = first.broken
            what = "hidden tests" if file == self._subject.tests_file else "reference solution"
            problem = f"the {what} cannot be loaded: {said}"
            fix = "correct what this line does" if line else "correct this file"
            complain_to(report.errors, file)(line or 1, problem, fix)
            return
        if first.trouble:
            problem = f"the reference solution cannot be graded: {first.trouble}"
            complain(1, problem, f"correct this file or {self._subject.reference_file.as_posix()}")
            return
        if self._are_others(list(first.results), complain):
            return
        for test in first.not_passed:
            message = self._said(first.results[test])
            problem = f"the reference solution does not pass {test!r}: {message}"
            fix = f"correct the test or {self._subject.reference_file.as_posix()}"
            complain(self._subject.lines[test], problem, fix)
        if first.not_passed:
            return
        report.reference = True
        self._check_speed(outcomes, complain)
        for test in self._subject.tests:
            self._check_order(test, others, complain)

    def _said(self, result: Event) -> str:
        """The message, and where the reference has raised it: as the learner's code, or called by
        the test for what is expected."""
        line = result["line"] or result["reference_line"]
        where = f" ({self._subject.reference_file.as_posix()}:{line})" if line else ""
        return f"{result['message']}{where}"

    def _are_others(self, run: list[str], complain: Complain) -> bool:
        """Whether pytest has run other tests than those that the page lists."""
        lines, source = self._subject.lines, self._subject.problem.test_source.split("\n")
        if missing := [test for test in lines if test not in run]:
            fix = "let nothing at the top level skip or replace it, such as pytest.importorskip"
            complain(lines[missing[0]], f"pytest does not run {', '.join(missing)}", fix)
        unlisted = [test for test in run if test not in lines]
        for test in unlisted:
            named = (n for n, line in enumerate(source, 1) if re.search(rf"\b{test}\b", line))
            problem = f"pytest takes {test!r} for a test, but the page does not list it"
            fix = f"write 'def {test}(solution):' if it is one, else a name that is not test..."
            complain(next(named, 1), problem, fix)
        return bool(missing or unlisted)

    def _check_order(self, test: str, others: list[Outcome], complain: Complain) -> None:
        line = self._subject.lines[test]
        for outcome in others:
            if outcome.trouble or test in outcome.not_passed:
                message = outcome.trouble or self._said(outcome.results[test])
                problem = (
                    f"{test!r} passes, but not in another order or with other seeds: {message}"
                )
                complain(line, problem, _ALONE)
                return
        if len({outcome.printed(test) for outcome in others}) > 1:
            problem = f"{test!r} tests other values in another order or with other seeds"
            complain(line, problem, _ALONE)

    def _check_speed(self, outcomes: list[Outcome], complain: Complain) -> None:
        limit = self._subject.problem.time_limit
        for test, line in self._subject.lines.items():
            # The fastest of the runs: a machine that is busy with other things does not count.
            seconds = min(
                outcome.results[test]["seconds"] for outcome in outcomes if test in outcome.results
            )
            if seconds > SHARE * limit:
                problem = (
                    f"{test!r} takes {seconds:.2f} s with the reference solution, more than a "
                    f"tenth of the time limit of {limit:g} s"
                )
                complain(line, problem, "test less, or set a higher time_limit in the front matter")
