"""The wrong solutions of this repository, each with the tests that its first lines name."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class WrongSolution:
    path: Path
    code: str
    fails: tuple[str, ...]

    @property
    def problem(self) -> str:
        """The name of the problem's Python modules."""
        return self.path.parent.name

    def __str__(self) -> str:
        return f"{self.problem}/{self.path.stem}"


def read(path: Path) -> WrongSolution:
    code = path.read_text(encoding="utf-8")
    (line,) = (line for line in code.splitlines() if line.startswith("Fails: "))
    return WrongSolution(path, code, tuple(line.removeprefix("Fails: ").split(", ")))


WRONG_SOLUTIONS = [read(path) for path in sorted(ROOT.glob("hidden_tests/wrong/*/*.py"))]
