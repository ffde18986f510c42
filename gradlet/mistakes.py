"""The mistakes that authors foresee, for the grader to recognise in a learner's results."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .complaint import Complaint
from .problem import Mistake

FOLDER = Path("hidden_tests", "wrong")


@dataclass(frozen=True, eq=False)
class WrongFile:
    """One file of `hidden_tests/wrong/<name>/`, `path` relative to the clone.

    A build complains of what is no text; what else is wrong is for `build.py check` to say.
    """

    path: Path
    source: str
    complaints: list[Complaint]


def mistakes(files: Iterable[WrongFile]) -> Iterator[Mistake]:
    """Those whose file says in its first line what the mistake is."""
    for file in files:
        try:
            docstring = ast.get_docstring(ast.parse(file.source)) or ""
        except (SyntaxError, ValueError):
            continue
        explanation = docstring.partition("\n")[0].strip()
        if explanation and not explanation.startswith("Fails:"):
            yield Mistake(explanation=explanation, code=file.source)
