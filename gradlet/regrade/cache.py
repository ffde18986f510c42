"""Verdicts kept in a folder, so that a run that was broken off goes on where it was."""

import hashlib
import importlib
import json
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from gradlet.regrade.grade import Task, Verdict, make_grader_importable

PARTS = ("child", "codec", "grade", "pipe", "remote", "sandbox", "similar")


class Cache:
    """One small file for each verdict; what cannot be read counts as not there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, task: Task) -> Verdict | None:
        try:
            return Verdict.from_json(self._file(task).read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError):
            return None

    def put(self, task: Task, verdict: Verdict) -> None:
        if verdict.fleeting:
            return
        file = self._file(task)
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(".part")
        temporary.write_text(verdict.to_json(), encoding="utf-8")
        temporary.replace(file)

    def _file(self, task: Task) -> Path:
        key = key_of(task)
        return self._folder / key[:2] / f"{key}.json"


def key_of(task: Task) -> str:
    """Different if anything differs that the verdict may depend on."""
    text = json.dumps([_grader_hash(), task.problem, task.code, task.limit, task.together])
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _grader_hash() -> str:
    """Of everything that grades, and of the versions of Python and of all its packages."""
    make_grader_importable()
    packages = sorted(f"{each.name} {each.version}" for each in metadata.distributions())
    digest = hashlib.sha256(f"{sys.version_info[:2]} {packages}".encode())
    files = [Path(__file__).with_name(f"{part}.py") for part in PARTS]
    files += sorted(Path(importlib.import_module("grader").__file__ or "").parent.glob("*.py"))
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
