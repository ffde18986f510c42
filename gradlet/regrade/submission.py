"""Who handed in what: the codes of a file that are worth grading, and whose they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradlet.regrade.work_file import ProblemWork, WorkFile, printable

# How learning platforms name what a teacher downloads. Moodle writes a space for each _ of a name,
# so the first _ ends it; what follows "file" is the learner's own name for it, whatever it is.
_MOODLE = re.compile(r"(?P<name>[^_/\\]+)_(?P<number>\d+)_assignsubmission_file")
_CANVAS = re.compile(r"(?P<name>[^_/\\]+)_(?:LATE_)?(?P<number>\d+)_\d+_.*")


@dataclass(frozen=True)
class Learner:
    """Somebody who handed in files; two files with the same `key` are by the same person.

    The name that the platform gives is believed before the one that was typed.
    """

    key: str
    name: str
    typed: str = ""
    canvas_id: str = ""

    @property
    def number(self) -> str:
        """What was typed, if it is a student number."""
        typed = self.typed
        return typed if re.search(r"\d", typed) and not re.search(r"[\s@]", typed) else ""

    @property
    def login(self) -> str:
        """What was typed, if it is an e-mail address."""
        return self.typed if re.fullmatch(r"[^\s@]+@[^\s@]+", self.typed) else ""


@dataclass(frozen=True)
class Submission:
    """One code of a learner for one problem, with what the learner's browser said of it."""

    learner: Learner
    file: Path
    slug: str
    code: str
    claims_to_pass: bool
    problem_hash: str | None
    tests_hash: str | None


def learner_of(file: Path, work: WorkFile) -> Learner:
    """Whose file it is, by the platform's name for it, what was typed, or the file's own name."""
    typed = printable(work.learner)
    if moodle := _moodle(file):
        name = printable(moodle[1]["name"])
        return Learner(f"moodle {name.casefold()}", name, typed)
    if match := _CANVAS.fullmatch(file.name):
        key = f"canvas {match['number']}"
        return Learner(key, printable(match["name"]), typed, match["number"])
    name = typed or printable(file.stem)
    return Learner(f"name {name.casefold()}", name, typed)


def moodle_number(file: Path) -> tuple[Path, str] | None:
    """The download that a file of Moodle's is from, and the learner's number in it.

    In another week's download, the same learner has another number.
    """
    moodle = _moodle(file)
    return (moodle[0], moodle[1]["number"]) if moodle else None


def _moodle(file: Path) -> tuple[Path, re.Match[str]] | None:
    """What Moodle named, and the folder that it lies in: what lies deeper, learners have named."""
    for path in reversed((file, *file.parents)):
        if match := _MOODLE.match(path.name):
            return path.parent, match
    return None


def submissions(file: Path, work: WorkFile) -> Iterator[Submission]:
    """For each problem the current code and, if that is another, the last that claims to pass.

    Who goes on trying things after solving a problem loses nothing by it.
    """
    learner = learner_of(file, work)
    for slug, problem in work.problems.items():
        for code in _codes(problem):
            claims = any(each.passed for each in problem.attempts if each.code == code)
            yield Submission(learner, file, slug, code, claims, problem.problem, problem.tests)


def _codes(problem: ProblemWork) -> list[str]:
    passed = [attempt for attempt in problem.attempts if attempt.passed]
    codes = [max(passed, key=lambda attempt: attempt.at).code] if passed else []
    if problem.code is not None and problem.code not in codes:
        codes.append(problem.code)
    return codes
