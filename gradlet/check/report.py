"""What a check found, for each problem: numbers, errors and notices."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from gradlet.complaint import Complaint


@dataclass(frozen=True, order=True)
class Notice(Complaint):
    """Something to look at that is no error; `diff` is the change that no test noticed."""

    diff: str


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    good: int
    total: int

    def __add__(self, other: "Count") -> "Count":
        return Count(self.good + other.good, self.total + other.total)

    def __str__(self) -> str:
        return f"{self.good}/{self.total}"


@dataclass
class Report:
    """What came of one problem. Of what could not be tried there are none, or None."""

    slug: str
    tests: int
    reference: bool = False  # passes every test
    starter: bool = False  # can be graded, and fails
    examples: Count = Count(0, 0)  # true ones, of all languages
    wrong_solutions: Count = Count(0, 0)  # that fail just the tests they name
    mutants: Count | None = None  # noticed by a test; those marked as equivalent do not count
    seconds: float = 0.0  # of all runs, one after another
    errors: list[Complaint] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there are no errors; notices do not count."""
        return not self.errors


def as_json(reports: Sequence[Report], errors: Sequence[Complaint] = ()) -> dict[str, Any]:
    """What `check --json` prints; `errors` are those that stopped the check before any run.

    `{"ok": bool, "errors": [complaint], "problems": [problem]}`, where a complaint is
    `{"file", "line", "problem", "fix"}`, and a problem is `{"slug", "ok", "tests": int,
    "reference": bool, "starter": bool, "examples": count, "wrong_solutions": count,
    "mutants": count or null, "seconds": float, "errors": [complaint], "notices": [complaint with
    "diff"]}`; a count is `{"good": int, "total": int}`.
    """
    return {
        "ok": not errors and all(report.ok for report in reports),
        "errors": [_complaint(error) for error in errors],
        "problems": [
            {
                **asdict(report),
                "ok": report.ok,
                "errors": [_complaint(error) for error in report.errors],
                "notices": [_complaint(notice) for notice in report.notices],
            }
            for report in reports
        ],
    }


def _complaint(complaint: Complaint) -> dict[str, Any]:
    return {**asdict(complaint), "file": complaint.file.as_posix()}
