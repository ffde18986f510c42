"""Formulas, rendered once by KaTeX for the whole build and kept for the next one."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from .node_script import NodeFailed, NodeScript, node_script
from .setup import SetupError

SCRIPT = Path(__file__).with_name("katex.mjs")
BORDER = "\0"  # of a mark: no markdown has NUL in it once it is parsed


class Formula(NamedTuple):
    """TeX source; `display` stands on a line of its own, the rest runs in the text."""

    tex: str
    display: bool

    @property
    def mark(self) -> str:
        """Stands for the formula in HTML until KaTeX has rendered it."""
        return f"{BORDER}{self.display:d}{self.tex}{BORDER}"

    @classmethod
    def of_mark(cls, inside: str) -> "Formula":
        """The formula by what stands between the borders of its mark."""
        return cls(inside[1:], inside[0] == "1")


@dataclass(frozen=True)
class Broken:
    """What KaTeX has against a formula; `line` of the formula, from 0, where it stumbled."""

    message: str
    line: int


class Mathematics:
    """Rendered formulas by their source; node is started only for those not yet known."""

    def __init__(self, node: Path | str = "node") -> None:
        self._node = node
        # As UTF-8: KaTeX's zero-width spaces make Python's strings twice as long.
        self._rendered: dict[Formula, bytes | Broken] = {}

    def render_all(self, formulas: Iterable[Formula]) -> None:
        """Make `html` and `broken` know these formulas.

        Raises:
            SetupError: node or KaTeX cannot be run.
        """
        with self.rendering() as render:
            render(formulas)

    @contextmanager
    def rendering(self) -> Iterator[Callable[[Iterable[Formula]], None]]:
        """Yields what has KaTeX begin with some formulas; after the block, all are known.

        Raises:
            SetupError: node or KaTeX cannot be run.
        """
        told: dict[Formula, None] = {}
        with node_script(self._node, SCRIPT) as katex:

            def render(formulas: Iterable[Formula]) -> None:
                wanted = dict.fromkeys(formulas)
                fresh = [one for one in wanted if one not in self._rendered and one not in told]
                if fresh:
                    told.update(dict.fromkeys(fresh))
                    self._tell(katex, fresh)

            yield render
            self._rendered.update(zip(told, _answers(katex, told), strict=True))

    def _tell(self, katex: NodeScript, formulas: Iterable[Formula]) -> None:
        try:
            katex.tell([formula._asdict() for formula in formulas])
        except OSError as error:
            raise SetupError(
                f"The formulas cannot be rendered: Node.js did not start as {str(self._node)!r} "
                f"({error.strerror}). Install Node.js 20 or newer."
            ) from error

    def broken(self, formula: Formula) -> Broken | None:
        """What is wrong with the formula, None if nothing."""
        rendered = self._rendered[formula]
        return rendered if isinstance(rendered, Broken) else None

    def html(self, formula: Formula) -> bytes:
        """HTML and MathML of the formula, in UTF-8.

        Raises:
            ValueError: the formula is broken.
        """
        rendered = self._rendered[formula]
        if isinstance(rendered, Broken):
            raise ValueError(rendered.message)
        return rendered

    def fill(self, html: str) -> tuple[bytes, ...]:
        """HTML with formulas in the place of their marks, in UTF-8 and not yet joined.

        They are most of a page, and `html` has all that is equal lie in memory once.
        """
        parts = html.split(BORDER)  # every other one is a formula
        return tuple(
            self.html(Formula.of_mark(part)) if index % 2 else part.encode()
            for index, part in enumerate(parts)
        )


def _answers(katex: NodeScript, formulas: Iterable[Formula]) -> Iterator[bytes | Broken]:
    try:
        answers = katex.answers()
    except NodeFailed as error:
        raise SetupError(
            "The formulas cannot be rendered: KaTeX failed in Node.js. If it says that it "
            f"cannot find the package 'katex', run 'npm ci'. It said:\n{error}"
        ) from error
    for formula, answer in zip(formulas, chain.from_iterable(answers), strict=True):
        yield answer["html"].encode() if "html" in answer else _broken(formula, **answer)


def _broken(formula: Formula, error: str, position: int | None) -> Broken:
    # KaTeX speaks of its own strict mode and names its rules; neither helps an author.
    message = re.sub(r"^LaTeX-incompatible input and strict mode.*?: | \[\w+\]$", "", error)
    if position is None:
        return Broken(message, 0)
    # JavaScript counts UTF-16 units; a character beyond those is too rare to matter here.
    before, after = formula.tex[:position], formula.tex[position:].strip()
    where = f", at {after.splitlines()[0][:30]!r}" if after else ", at its end"
    return Broken(message + where, before.count("\n"))
