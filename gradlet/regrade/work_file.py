"""The file that a learner hands in, read as if it were hostile: docs/work-file.md."""

import json
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gradlet.problem import SLUG

BYTES = 20_000_000
ZIP = b"PK\x03\x04"  # how one begins
SHOWN = 80  # characters of a name

Short = Annotated[str, StringConstraints(max_length=500)]
Code = Annotated[str, StringConstraints(max_length=200_000)]
Time = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$", max_length=24)
]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{10}$")]
TestName = Annotated[str, StringConstraints(pattern=r"^test\w*$", max_length=200)]
Status = Literal["passed", "failed", "error", "timeout", "skipped"]
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$", max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class Attempt(_Strict):
    """One run in the learner's browser; `passed` and `results` are claims."""

    at: Time
    code: Code
    passed: bool
    results: Annotated[dict[TestName, Status], Field(max_length=500)]


class ProblemWork(_Strict):
    """What a learner did with one problem; hashes as in `gradlet.fingerprint`."""

    problem: Hash | None
    tests: Hash | None
    code: Code | None
    changed: Time | None
    attempts: Annotated[list[Attempt], Field(max_length=1_000)]


class Site(_Strict):
    version: Annotated[str, StringConstraints(max_length=40)]
    address: Short


class WorkFile(_Strict):
    """One file of saved work."""

    format: Literal["gradlet-work"]
    version: Literal[1]
    saved: Time
    site: Site
    learner: Annotated[str, StringConstraints(max_length=200)] = ""
    problems: Annotated[dict[Slug, ProblemWork], Field(max_length=2_000)]


class Refused(Exception):
    """A file that cannot be used; the message says why, in one line."""


def read(path: Path) -> WorkFile:
    """Read a file, which anybody may have written.

    Raises:
        Refused: it is not as docs/work-file.md says.
    """
    try:
        if not path.is_file():  # a pipe or a device would never end
            raise Refused("it is no file" if path.exists() else "there is no such file")
        with path.open("rb") as stream:
            if stream.read(len(ZIP)) == ZIP:
                raise Refused("it is a zip archive: unpack it first")
        if path.stat().st_size > BYTES:
            raise Refused(f"it is larger than {BYTES // 10**6} MB, the most that saved work has")
        data = path.read_bytes()
    except OSError as error:
        raise Refused(f"it cannot be read ({error.strerror})") from error
    try:
        head = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Refused("it is damaged, or not JSON at all") from error
    if not isinstance(head, dict) or head.get("format") != "gradlet-work":
        raise Refused("it is no saved work of Gradlet: its `format` is not `gradlet-work`")
    if head.get("version") != 1:
        raise Refused("another version of Gradlet wrote it: its `version` is not 1")
    try:
        return WorkFile.model_validate(head)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = printable(" → ".join(map(str, first["loc"])))
        raise Refused(f"it is damaged: {place}: {printable(first['msg'])}") from error


def expand(paths: Iterable[Path]) -> Iterator[Path]:
    """The files themselves, and of a folder every file in it that is not hidden, in order."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if _is_handed_in(file, path))
        else:
            yield path


def _is_handed_in(file: Path, folder: Path) -> bool:
    """Whether it is no folder, and nothing that a computer has put there, such as .DS_Store."""
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and not file.is_dir()


def printable(text: str, length: int = SHOWN) -> str:
    """`text` on one line, without characters that would control a terminal or turn text round."""
    shown = "".join(
        " " if char.isspace() else "\N{REPLACEMENT CHARACTER}" if _controls(char) else char
        for char in text
    )
    shown = " ".join(shown.split())
    return shown if len(shown) <= length else shown[: length - 1] + "…"


def _controls(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
