"""Every check of every problem: the runs are gathered, done together, and judged."""

from collections.abc import Callable, Collection, Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol

from gradlet.catalogue import Catalogue, chosen
from gradlet.check.examples import Examples
from gradlet.check.mutant_runs import MutantRuns
from gradlet.check.native import NativeRunner
from gradlet.check.reference_runs import ReferenceRuns
from gradlet.check.report import Report
from gradlet.check.runner import Job, Outcome, Runner
from gradlet.check.starter_run import StarterRun
from gradlet.check.subject import Subject
from gradlet.check.wrong_runs import WrongRuns
from gradlet.check.wrong_solutions import strays
from gradlet.complaint import Complaints
from gradlet.setup.node import find_node

Progress = Callable[[int, int], object]  # runs done, and runs known of


class Aspect(Protocol):
    """One thing to check of a problem: runs, and what is to be made of them."""

    @property
    def jobs(self) -> Sequence[Job]: ...

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        """Write into the report what the outcomes of `jobs` say."""


def check_problems(
    root: Path,
    slugs: Collection[str] | None = None,
    *,
    catalogue: Catalogue | None = None,
    runner: Runner | None = None,
    mutants: bool = True,
    progress: Progress = lambda done, total: None,
) -> list[Report]:
    """Check the problems of the clone at `root`, all or those named, in catalogue order.

    A `catalogue` and a `runner` that are kept from one check to the next save the time to read
    all problems and to start processes. Most of the rest is saved by leaving out `mutants`.

    Raises:
        Complaints: what would stop a build, or wrong solutions of no problem.
        UnknownProblem: a slug is that of no problem.
        SetupError: Node.js or the grader cannot be run.
    """
    problems = (catalogue or Catalogue(root, find_node())).read()
    if stray := list(strays(root, [problem.name for problem in problems])):
        raise Complaints(stray)
    some = chosen(problems, slugs) if slugs else problems
    subjects = [Subject(root, problem) for problem in some]
    if runner:
        return _Checks(runner, progress).reports(subjects, mutants)
    with NativeRunner() as native:
        return _Checks(native, progress).reports(subjects, mutants)


class _Checks:
    def __init__(self, runner: Runner, progress: Progress) -> None:
        self._runner = runner
        self._progress = progress
        self._done = self._total = 0

    def reports(self, subjects: list[Subject], mutants: bool) -> list[Report]:
        reports = [Report(subject.problem.slug, len(subject.tests)) for subject in subjects]
        self._check([[ReferenceRuns(subject)] for subject in subjects], reports)
        aspects: list[list[Aspect]] = []
        for subject, report in zip(subjects, reports, strict=True):
            # While the reference does not pass, what comes of anything else says little.
            several: list[Aspect] = []
            if report.reference:
                several = [StarterRun(subject), *map(Examples, subject.languages)]
                several.append(WrongRuns(subject))
                if mutants:
                    several.append(MutantRuns(subject, report.seconds))
            aspects.append(several)
        self._check(aspects, reports)
        return reports

    def _check(self, aspects: Sequence[Sequence[Aspect]], reports: list[Report]) -> None:
        """Run all jobs at once, so that no process waits for those of another problem."""
        jobs = [job for several in aspects for aspect in several for job in aspect.jobs]
        self._total += len(jobs)
        outcomes = iter(self._runner.run(jobs, self._advance))
        for several, report in zip(aspects, reports, strict=True):
            for aspect in several:
                own = list(islice(outcomes, len(aspect.jobs)))
                aspect.judge(own, report)
                report.seconds += sum(outcome.seconds for outcome in own)
            report.errors.sort()

    def _advance(self) -> None:
        self._done += 1
        self._progress(self._done, self._total)
