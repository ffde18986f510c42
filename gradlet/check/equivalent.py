"""Mutants that a problem's author has found to make no difference, each with the reason."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from gradlet.check.mutants import Mutant
from gradlet.check.wrong_solutions import EQUIVALENT
from gradlet.complaint import Complaint
from gradlet.text_files import decoded

KEYS = ("before", "after", "reason")
_HEADER = re.compile(r"\s*\[\[\s*equivalent\s*\]\]")
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


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _words(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


def read_equivalents(root: Path, folder: Path, complaints: list[Complaint]) -> list[Equivalent]:
    """The entries of the folder's file, if it has one; those with complaints are left out."""
    path = folder / EQUIVALENT
    if not (root / path).exists():
        return []
    text = decoded((root / path).read_bytes(), path, complaints)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+)", str(error))
        line = int(where[1]) if where else text.count("\n") + 1
        complaints.append(Complaint(path, line, f"this is not valid TOML: {error}", _FORM))
        return []
    entries = content.pop("equivalent", [])
    lines = [n for n, line in enumerate(text.split("\n"), 1) if _HEADER.match(line)]
    if content or not isinstance(entries, list) or len(entries) != len(lines):
        problem = "the file should hold [[equivalent]] entries and nothing else"
        complaints.append(Complaint(path, 1, problem, _FORM))
        return []
    found = []
    for line, entry in zip(lines, entries, strict=True):
        if sorted(entry) == sorted(KEYS) and all(map(_is_text, entry.values())):
            found.append(Equivalent(**entry, line=line))
        else:
            problem = f"the entry should have {', '.join(KEYS)}, each a text, and nothing else"
            complaints.append(Complaint(path, line, problem, _FORM))
    return found
