"""A problem under check: where its files are, and the jobs that are made of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gradlet.check.runner import Job
from gradlet.mistakes import FOLDER
from gradlet.pages import for_grader
from gradlet.problem import Problem


@dataclass(frozen=True)
class Subject:
    """One problem of the clone at `root`. The other paths are relative to the clone."""

    root: Path
    problem: Problem

    @property
    def tests_file(self) -> Path:
        return Path("hidden_tests", f"test_{self.problem.name}.py")

    @property
    def reference_file(self) -> Path:
        return Path("reference", f"{self.problem.name}.py")

    @property
    def wrong_folder(self) -> Path:
        return FOLDER / self.problem.name

    @cached_property
    def text(self) -> str:
        """The problem file, as the learner's page is made of it."""
        return (self.root / self.problem.path).read_text(encoding="utf-8-sig")

    @property
    def languages(self) -> list["Subject"]:
        """The problem itself, and as each of its translations has it."""
        translations = self.problem.translations.values()
        return [self, *(Subject(self.root, one) for one in translations)]

    @cached_property
    def lines(self) -> dict[str, int]:
        """The line of each hidden test in its file."""
        return {test.name: test.line for test in self.problem.tests}

    @property
    def tests(self) -> list[str]:
        """The names of the hidden tests, in file order."""
        return list(self.lines)

    def job(self, code: str, order: Sequence[str] | None = None, seed: int = 0) -> Job:
        """A run of the hidden tests on `code`, in file order or another.

        With an odd `seed`, sets are in another order, too: in a process of its own.
        """
        fields = json.loads(for_grader(self.problem)) | {
            "tests": order or self.tests,
            "mistakes": [],
        }
        limit = self.problem.time_limit
        return Job(json.dumps(fields), code, limit, seed, hash_seed=seed % 2)
