"""A class: everything that was handed in, graded, and what a teacher may want to look at."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gradlet.catalogue import chosen
from gradlet.fingerprint import tests_hash, text_hash
from gradlet.problem import Problem
from gradlet.regrade.cache import Cache
from gradlet.regrade.grade import Task, Verdict
from gradlet.regrade.known import Known, Mistake, same_mistake
from gradlet.regrade.parallel import grade_all
from gradlet.regrade.submission import Learner, Submission, learner_of, moodle_number, submissions
from gradlet.regrade.work_file import Refused, expand, printable, read

Progress = Callable[[int, int], object]  # tasks done, tasks in all
NAMED = 3  # unknown problems of one file that are named


@dataclass(frozen=True)
class Graded:
    """A submission and its verdict; `mistake` is the known one that it makes, if any."""

    submission: Submission
    verdict: Verdict
    mistake: Mistake | None = None


@dataclass(frozen=True)
class Finding:
    """Something to look at, never an accusation."""

    kind: str
    problem: str  # its title, or nothing
    learners: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class RefusedFile:
    file: Path
    reason: str

    def __str__(self) -> str:
        return f"{printable(str(self.file), 200)}: not graded: {self.reason}"


@dataclass
class Classroom:
    """What came of a class. `best` is each learner's best submission for each problem."""

    problems: list[Problem]
    learners: list[Learner]
    best: dict[tuple[str, str], Graded]  # by the learner's key and the problem's slug
    findings: list[Finding]
    refused: list[RefusedFile]
    troubles: dict[str, str]  # of whole problems, by slug
    tasks: int = 0
    fresh: int = 0  # that were not in the cache
    memory: int = 0  # bytes that one code used at most
    not_denied: list[str] = field(default_factory=list)  # to learners' code, in words

    @property
    def graded_problems(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.slug not in self.troubles]

    def of(self, problem: Problem) -> list[Graded]:
        """Every learner's best submission for a problem, in the order of the learners."""
        found = (self.best.get((learner.key, problem.slug)) for learner in self.learners)
        return [each for each in found if each]

    def share(self, learner: Learner, problem: Problem) -> float | None:
        """The part of the tests that passed, 0 without a submission; None if none were graded."""
        if problem.slug in self.troubles:
            return None
        graded = self.best.get((learner.key, problem.slug))
        return graded.verdict.share if graded else 0.0

    def total(self, learner: Learner) -> float | None:
        """The mean over all problems that were graded; None if there are none."""
        shares = [self.share(learner, each) or 0.0 for each in self.graded_problems]
        return sum(shares) / len(shares) if shares else None

    def failing(self, problem: Problem) -> dict[str, int]:
        """How many learners do not pass each test."""
        return {
            test.name: sum(test.name in each.verdict.not_passed for each in self.of(problem))
            for test in problem.tests
        }

    def mistakes(self, problem: Problem) -> list[tuple[Mistake, int]]:
        """The known mistakes that were made, the most frequent first."""
        found = [each.mistake for each in self.of(problem) if each.mistake]
        by_name = {mistake.name: mistake for mistake in found}
        counted = Counter(mistake.name for mistake in found)
        return [(by_name[name], count) for name, count in counted.most_common()]


def regrade(
    root: Path,
    catalogue: Sequence[Problem],
    paths: Iterable[Path],
    cache: Cache,
    *,
    only: Sequence[str] = (),
    dask: str | None = None,
    progress: Progress = lambda done, total: None,
) -> Classroom:
    """Grade what is in `paths`, files and folders: the problems `only`, or all of them.

    Raises:
        UnknownProblem: `only` names no problem.
        ClusterError, CannotStart: nothing can be graded.
    """
    chosen(catalogue, only)
    by_slug = {problem.slug: problem for problem in catalogue}
    return _Regrading(root, by_slug, only).run(paths, cache, dask, progress)


class _Grading:
    """Tasks graded in several goes, with one progress of them all."""

    def __init__(self, cache: Cache, dask: str | None, progress: Progress, total: int) -> None:
        self.verdicts: dict[Task, Verdict] = {}
        self.fresh = 0
        self._cache, self._dask, self._progress = cache, dask, progress
        self._done, self._total = 0, total

    def grade(self, tasks: Iterable[Task]) -> None:
        todo = [task for task in dict.fromkeys(tasks) if task not in self.verdicts]
        self.fresh += sum(self._cache.get(task) is None for task in todo)
        self._total = max(self._total, self._done + len(todo))
        self.verdicts |= grade_all(todo, self._cache, self._advance, self._dask)

    def _advance(self) -> None:
        self._done += 1
        self._progress(self._done, max(self._done, self._total))


@dataclass
class _Regrading:
    root: Path
    by_slug: Mapping[str, Problem]
    only: Sequence[str]
    learners: dict[str, Learner] = field(default_factory=dict)
    files: dict[str, list[Path]] = field(default_factory=lambda: defaultdict(list))
    numbers: dict[tuple[str, Path], set[str]] = field(default_factory=lambda: defaultdict(set))
    handed_in: list[Submission] = field(default_factory=list)
    refused: list[RefusedFile] = field(default_factory=list)
    findings: dict[Finding, None] = field(default_factory=dict)  # in order, each once

    def run(
        self, paths: Iterable[Path], cache: Cache, dask: str | None, progress: Progress
    ) -> Classroom:
        for file in dict.fromkeys(expand(paths)):
            self._read(file)
        slugs = set(self.only or (each.slug for each in self.handed_in))
        problems = [problem for slug, problem in self.by_slug.items() if slug in slugs]
        known = {problem.slug: Known(self.root, problem) for problem in problems}
        grading = _Grading(cache, dask, progress, len(self.handed_in))
        verdicts = grading.verdicts
        grading.grade(task for each in known.values() for task in each.tasks)
        for one in known.values():
            one.together = one.fails(verdicts)
        grading.grade(task for each in known.values() for task in each.tasks)
        tasks = {each: known[each.slug].task(each.code) for each in self.handed_in}
        grading.grade(tasks.values())
        troubles = {slug: why for slug, one in known.items() if (why := one.trouble(verdicts))}
        mistakes = {slug: one.mistakes(verdicts) for slug, one in known.items()}
        graded = [
            Graded(each, verdict, same_mistake(verdict, mistakes[each.slug]))
            for each in self.handed_in
            if each.slug not in troubles
            for verdict in [verdicts[tasks[each]]]
        ]
        self._look_at(graded)
        for slug, one in known.items():
            if one.together and slug not in troubles:
                text = (
                    "The hidden tests of this problem look at more than what is returned, and ran "
                    "in one process with the code. Code made to deceive them may have done so."
                )
                self._find("tests in one process", self.by_slug[slug], [], text)
        memory = max((each.verdict.memory for each in graded), default=0)
        return Classroom(
            problems,
            sorted(self.learners.values(), key=lambda each: (each.name.casefold(), each.key)),
            _best(graded),
            list(self.findings),
            self.refused,
            troubles,
            len(verdicts),
            grading.fresh,
            memory,
            sorted({what for each in verdicts.values() for what in each.not_denied}),
        )

    def _read(self, file: Path) -> None:
        try:
            work = read(file)
        except Refused as error:
            self.refused.append(RefusedFile(file, str(error)))
            return
        learner = learner_of(file, work)
        self.learners.setdefault(learner.key, learner)
        self.files[learner.key].append(file)
        if moodle := moodle_number(file):
            self.numbers[learner.key, moodle[0]].add(moodle[1])
        unknown: dict[str, None] = {}
        for each in submissions(file, work):
            if each.slug not in self.by_slug:
                unknown[each.slug] = None
            elif not self.only or each.slug in self.only:
                self.handed_in.append(each)
        if unknown:
            names = ", ".join(map(repr, list(unknown)[:NAMED]))
            more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
            text = f"{printable(file.name)} has work on {names}{more}: no problem here."
            self._find("unknown problem", None, [learner], text)

    # -- what to look at

    def _look_at(self, graded: list[Graded]) -> None:
        for key, files in self.files.items():
            if len(files) > 1:
                names = ", ".join(printable(file.name) for file in files)
                text = f"{len(files)} files: {names}. The best code of them all counts."
                self._find("several files", None, [self.learners[key]], text)
        self._look_at_people()
        for each in graded:
            self._look_at_one(each)
        self._look_at_equal(graded)

    def _look_at_people(self) -> None:
        """One person in two rows, or two in one: grades would reach somebody else."""
        for (key, folder), numbers in self.numbers.items():
            if len(numbers) > 1:
                where = printable(str(folder))
                text = (
                    f"This name has {len(numbers)} of Moodle's numbers in {where}. "
                    "If these are two people, they share one row here: grade the files of each by "
                    "themselves."
                )
                self._find("same name", None, [self.learners[key]], text)
        typed: dict[str, list[Learner]] = defaultdict(list)
        for learner in self.learners.values():
            if known_as := learner.number or learner.login:
                typed[known_as.casefold()].append(learner)
        for learners in typed.values():
            if len(learners) > 1:
                text = (
                    f"They all typed {learners[0].typed!r}. An import that goes by it keeps the "
                    "grades of one of them: find out whose it is."
                )
                self._find("same number", None, learners, text)

    def _look_at_one(self, graded: Graded) -> None:
        submission, verdict = graded.submission, graded.verdict
        problem = self.by_slug[submission.slug]
        old = [
            what
            for what, theirs, ours in (
                ("text", submission.problem_hash, text_hash(self.root, problem)),
                ("tests", submission.tests_hash, tests_hash(problem)),
            )
            if theirs != ours
        ]
        if old:
            text = f"Worked on another version of the problem's {' and '.join(old)}."
            self._find("another version", problem, [submission.learner], text)
        if submission.claims_to_pass and not verdict.passed:
            why = verdict.trouble or f"it fails {', '.join(verdict.not_passed)}"
            text = "The browser said that every test passes. Here the same code does not: "
            text += printable(why, 300)
            self._find("not confirmed", problem, [submission.learner], text)
        elif verdict.trouble and any(s in ("timeout", "error") for s in verdict.statuses.values()):
            text = f"The run did not end by itself: {printable(verdict.trouble, 300)}"
            self._find("stopped", problem, [submission.learner], text)

    def _look_at_equal(self, graded: list[Graded]) -> None:
        groups: dict[tuple[str, str], dict[str, Learner]] = defaultdict(dict)
        for each in graded:
            if each.verdict.canonical and each.verdict.share > 0:
                key = each.submission.slug, each.verdict.canonical
                groups[key][each.submission.learner.key] = each.submission.learner
        for (slug, _canonical), learners in groups.items():
            if len(learners) > 1:
                text = (
                    f"{len(learners)} codes are equal but for names, comments and layout. A short "
                    "function may have just one natural form."
                )
                self._find("equal code", self.by_slug[slug], learners.values(), text)

    def _find(
        self, kind: str, problem: Problem | None, learners: Iterable[Learner], text: str
    ) -> None:
        names = tuple(learner.name for learner in learners)
        self.findings[Finding(kind, problem.title if problem else "", names, text)] = None


def _best(graded: Iterable[Graded]) -> dict[tuple[str, str], Graded]:
    """Of a learner's codes for a problem the one that passes most; the first of equals."""
    best: dict[tuple[str, str], Graded] = {}
    for each in graded:
        key = each.submission.learner.key, each.submission.slug
        if key not in best or _rank(each) > _rank(best[key]):
            best[key] = each
    return best


def _rank(graded: Graded) -> tuple[bool, float]:
    return graded.verdict.passed, graded.verdict.share
