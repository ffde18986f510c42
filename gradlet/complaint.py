"""What is wrong with the files people write, said so that they can put it right."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

Complain = Callable[[int, str, str], None]
"""Takes the line (from 1), the problem and the fix; the file is known from the context."""


@dataclass(frozen=True, order=True)
class Complaint:
    """One thing to put right. `file` is relative to the clone, `line` counts from 1."""

    file: Path
    line: int
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file.as_posix()}:{self.line}: {self.problem}. Fix: {self.fix}."


class Complaints(Exception):
    """Everything found wrong, in `complaints`, sorted by file and line."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = sorted(set(complaints))
        super().__init__("\n".join(map(str, self.complaints)))


def complain_to(complaints: list[Complaint], file: Path) -> Complain:
    """A function that adds complaints about `file` to the list."""

    def complain(line: int, problem: str, fix: str) -> None:
        complaints.append(Complaint(file, line, problem, fix))

    return complain


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that was most likely meant, if one resembles it, whatever its case.

    Of many known words some resemble any word: they need a higher `cutoff`, of at most 1.
    """
    by_lower = {name.lower(): name for name in known}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return by_lower[matches[0]] if matches else None
