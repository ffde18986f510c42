"""Mutants that a problem's author has found to make no difference, each with the reason."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from gradlet.check.mutants import Mutant
from gradlet.check.wrong_solutions import EQUIVALENT
from gradlet.complaint import Complaint

KEYS = ("before", "after", "reason")
_FORM = "write [[equivalent]] and below it, each on its line, before = '...', after = '...', reason"


@dataclass(frozen=True)
class Equivalent:
    """An entry of `equivalent.toml`: the lines before and after the change, and its own line."""

    before: str
    after: str
    reason: str
    line: int

    def is_of(self, mutant: Mutant) -> bool:
        return (_words(self.before), _words(self.after)) == (
            _words(mutant.before),
            _words(mutant.after),
        )


def _words(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def read_equivalents(root: Path, folder: Path, complaints: list[Complaint]) -> list[Equivalent]:
    """The entries of the folder's file, if it has one; those with complaints are left out."""
    path = folder / EQUIVALENT
    if not (root / path).exists():
        return []
    text = (root / path).read_text(encoding="utf-8-sig")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1
        complaints.append(Complaint(path, line, f"this is not valid TOML: {error}", _FORM))
        return []
    entries = content.pop("equivalent", [])
    if content or not isinstance(entries, list):
        problem = "the file should hold [[equivalent]] entries and nothing else"
        complaints.append(Complaint(path, 1, problem, _FORM))
        return []
    lines = [n for n, line in enumerate(text.split("\n"), 1) if "[[equivalent]]" in line]
    found = []
    for line, entry in zip(lines, entries, strict=False):
        if sorted(entry) == sorted(KEYS) and all(str(value).strip() for value in entry.values()):
            found.append(Equivalent(**entry, line=line))
        else:
            problem = f"the entry should have {', '.join(KEYS)}, none empty, and nothing else"
            complaints.append(Complaint(path, line, problem, _FORM))
    return found
