"""The reference and the known wrong solutions of a problem, graded like submissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gradlet.check.wrong_solutions import read_wrong_solutions
from gradlet.complaint import Complaint
from gradlet.mistakes import FOLDER
from gradlet.pages import for_grader
from gradlet.problem import Problem
from gradlet.regrade.grade import Task, Verdict


@dataclass(frozen=True)
class Mistake:
    """A known wrong solution, and what came of it here."""

    name: str
    sentence: str
    verdict: Verdict


class Known:
    """What is known of one problem.

    `together` is set where the hidden tests must run in one process with the code, since even the
    reference does not pass them from outside.
    """

    def __init__(self, root: Path, problem: Problem) -> None:
        self.together = False
        self._problem = problem
        self._fields = for_grader(problem).decode()  # once: there may be thousands of tasks
        tests = [test.name for test in problem.tests]
        complaints: list[Complaint] = []  # `check` says them; here they cost a comparison
        self._wrong = read_wrong_solutions(root, FOLDER / problem.name, tests, complaints)

    @property
    def tasks(self) -> list[Task]:
        codes = [self._problem.reference_source, *(wrong.code for wrong in self._wrong)]
        return [self.task(code) for code in codes]

    def task(self, code: str) -> Task:
        """The grading of any code for the problem."""
        return Task(self._fields, code, self._problem.time_limit, self.together)

    def trouble(self, verdicts: Mapping[Task, Verdict]) -> str | None:
        """Why verdicts of this problem cannot be trusted here, if so."""
        reference, *_ = (verdicts[task] for task in self.tasks)
        if reference.passed:
            return None
        why = reference.trouble or f"it fails {', '.join(reference.not_passed)}"
        return f"not graded, since the reference itself does not pass here: {why}"

    def fails(self, verdicts: Mapping[Task, Verdict]) -> bool:
        """Whether every test has a verdict on the reference, and not every one passes."""
        reference, *_ = (verdicts[task] for task in self.tasks)
        return not reference.passed and reference.trouble is None

    def mistakes(self, verdicts: Mapping[Task, Verdict]) -> list[Mistake]:
        return [
            Mistake(wrong.path.stem, wrong.mistake, verdicts[self.task(wrong.code)])
            for wrong in self._wrong
        ]


def same_mistake(verdict: Verdict, mistakes: Sequence[Mistake]) -> Mistake | None:
    """The mistake that fails the same tests with the same returned values."""
    if verdict.passed or verdict.trouble:
        return None
    return next((each for each in mistakes if _same(verdict, each.verdict)), None)


def _same(one: Verdict, other: Verdict) -> bool:
    if one.statuses != other.statuses or one.values.keys() != other.values.keys():
        return False
    if not one.values:
        return one.messages == other.messages
    return all(_close(one.values[test], other.values[test]) for test in one.values)


def _close(one: list[float], other: list[float]) -> bool:
    return len(one) == len(other) and np.allclose(one, other, rtol=1e-4, atol=1e-7, equal_nan=True)
