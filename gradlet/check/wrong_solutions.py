"""The wrong solutions of a problem: plausible mistakes, each with the tests that notice it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradlet import python_source
from gradlet.complaint import Complain, Complaint, closest, complain_to
from gradlet.mistakes import FOLDER
from gradlet.text_files import is_leftover

EQUIVALENT = "equivalent.toml"
FAILS = "Fails:"
_EXAMPLE = "`Fails: test_sum, test_shape`, with every test that should notice the mistake"


@dataclass(frozen=True)
class WrongSolution:
    """A file of `hidden_tests/wrong/<name>/`; `path` is relative to the clone."""

    path: Path
    code: str
    mistake: str  # in one sentence
    fails: tuple[str, ...]
    line: int  # of the tests that fail
    imports: tuple[python_source.Import, ...]

    @property
    def problem(self) -> str:
        """The name of the problem's Python modules."""
        return self.path.parent.name

    def __str__(self) -> str:
        return f"{self.problem}/{self.path.stem}"


def read_wrong_solutions(
    root: Path, folder: Path, tests: Sequence[str], complaints: list[Complaint]
) -> list[WrongSolution]:
    """The wrong solutions in a folder of the clone; those with complaints are left out."""
    solutions = []
    for file in sorted((root / folder).glob("*")):
        path = file.relative_to(root)
        if is_leftover(file.name):
            continue
        if file.suffix == ".py":
            code = file.read_text(encoding="utf-8-sig")
            solutions.append(_read(path, code, tests, complain_to(complaints, path)))
        elif file.name not in (EQUIVALENT, "__pycache__"):
            fix = "give it the ending .py, or move it elsewhere"
            complaints.append(Complaint(path, 1, "the file is no wrong solution", fix))
    return [solution for solution in solutions if solution]


def strays(root: Path, names: Sequence[str]) -> Iterator[Complaint]:
    """Complaints about what belongs to no problem; `names` are those of the Python modules."""
    for file in sorted((root / FOLDER).glob("*")):
        path = file.relative_to(root)
        if is_leftover(file.name) or file.name == "__pycache__":
            continue
        if file.is_dir() and file.name in names:
            continue
        if file.is_dir():
            meant = closest(file.name, names)
            problem = f"the folder belongs to no problem: there is no reference/{file.name}.py"
            fix = f"rename it to {FOLDER.as_posix()}/{meant}" if meant else "remove it"
        else:
            problem = "the file belongs to no problem"
            fix = f"move it to {FOLDER.as_posix()}/<name>/, named as reference/<name>.py is"
        yield Complaint(path, 1, problem, fix)


def _read(path: Path, code: str, tests: Sequence[str], complain: Complain) -> WrongSolution | None:
    tree = python_source.parse(code, complain)
    if not tree:
        return None
    docstring = ast.get_docstring(tree, clean=False)
    mistake, *rest = (docstring or "").split("\n")
    if not mistake.strip() or mistake.startswith(FAILS):
        fix = 'say it in one sentence: """The sum is taken over the wrong axis."""'
        complain(1, "the first line does not say what the mistake is", fix)
        return None
    found = [n for n, line in enumerate(rest, tree.body[0].lineno + 1) if line.startswith(FAILS)]
    if len(found) != 1:
        problem = f"there are {len(found) or 'no'} lines of the docstring that begin with {FAILS!r}"
        complain(1, problem, f"write one such line below the first: {_EXAMPLE}")
        return None
    line = found[0]
    named = rest[line - tree.body[0].lineno - 1].removeprefix(FAILS).replace(",", " ").split()
    if not named:
        complain(line, "no test is named that fails", f"write {_EXAMPLE}")
    for test in named:
        if test not in tests:
            meant = closest(test, tests)
            fix = f"write {meant!r}" if meant else f"the tests are {', '.join(tests)}"
            complain(line, f"there is no hidden test {test!r}", fix)
    if not named or not set(named) <= set(tests):
        return None
    imports = python_source.imports(tree)
    return WrongSolution(path, code, mistake.strip(), tuple(named), line, imports)
