"""Formulas, rendered once by KaTeX for the whole build and kept for the next one."""

import json
import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from .setup import SetupError

SCRIPT = Path(__file__).with_name("katex.mjs")


class Formula(NamedTuple):
    """TeX source; `display` stands on a line of its own, the rest runs in the text."""

    tex: str
    display: bool


@dataclass(frozen=True)
class Broken:
    """What KaTeX has against a formula; `line` of the formula, from 0, where it stumbled."""

    message: str
    line: int


class Mathematics:
    """Rendered formulas by their source; node is started only for those not yet known."""

    def __init__(self, node: Path | str = "node") -> None:
        self._node = node
        self._rendered: dict[Formula, str | Broken] = {}

    def render_all(self, formulas: Iterable[Formula]) -> None:
        """Make `html` and `broken` know these formulas.

        Raises:
            SetupError: node or KaTeX cannot be run.
        """
        unknown = [formula for formula in dict.fromkeys(formulas) if formula not in self._rendered]
        if unknown:
            self._rendered.update(zip(unknown, _katex(self._node, unknown), strict=True))

    def broken(self, formula: Formula) -> Broken | None:
        """What is wrong with the formula, None if nothing."""
        rendered = self._rendered[formula]
        return rendered if isinstance(rendered, Broken) else None

    def html(self, formula: Formula) -> str:
        """HTML and MathML of the formula.

        Raises:
            ValueError: the formula is broken.
        """
        rendered = self._rendered[formula]
        if isinstance(rendered, Broken):
            raise ValueError(rendered.message)
        return rendered


def _katex(node: Path | str, formulas: list[Formula]) -> list[str | Broken]:
    request = json.dumps([formula._asdict() for formula in formulas])
    command = [str(node), str(SCRIPT)]
    try:
        run = subprocess.run(command, input=request, capture_output=True, encoding="utf-8")
    except OSError as error:
        raise SetupError(
            f"The formulas cannot be rendered: Node.js did not start as {str(node)!r} "
            f"({error.strerror}). Install Node.js 20 or newer."
        ) from error
    if run.returncode != 0:
        raise SetupError(
            "The formulas cannot be rendered: KaTeX failed in Node.js. If it says that it "
            f"cannot find the package 'katex', run 'npm ci'. It said:\n{run.stderr.strip()}"
        )
    return [
        answer["html"] if "html" in answer else _broken(formula, **answer)
        for formula, answer in zip(formulas, json.loads(run.stdout), strict=True)
    ]


def _broken(formula: Formula, error: str, position: int | None) -> Broken:
    # KaTeX speaks of its own strict mode and names its rules; neither helps an author.
    message = re.sub(r"^LaTeX-incompatible input and strict mode.*?: | \[\w+\]$", "", error)
    if position is None:
        return Broken(message, 0)
    # JavaScript counts UTF-16 units; a character beyond those is too rare to matter here.
    before, after = formula.tex[:position], formula.tex[position:].strip()
    where = f", at {after.splitlines()[0][:30]!r}" if after else ", at its end"
    return Broken(message + where, before.count("\n"))
