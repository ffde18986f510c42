"""Formulas and Python code, made HTML by KaTeX and by the editor's own parser (Lezer).

Both run in Node.js, once for the whole build, and what they made is kept for the next one.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from .node_script import NodeFailed, NodeScript, node_script
from .setup import SetupError

SCRIPT = Path(__file__).with_name("typeset.mjs")
BORDER = "\0"  # of a mark: no markdown has NUL in it once it is parsed


class Formula(NamedTuple):
    """TeX source; `display` stands on a line of its own, the rest runs in the text."""

    tex: str
    display: bool

    @property
    def mark(self) -> str:
        """Stands for the formula in HTML until KaTeX has rendered it."""
        return f"{BORDER}{'d' if self.display else 'i'}{self.tex}{BORDER}"


class PythonCode(NamedTuple):
    """Lines of Python, or of what Python answered."""

    python: str

    @property
    def mark(self) -> str:
        """Stands for the code in HTML until it has its colours."""
        return f"{BORDER}p{self.python}{BORDER}"


Piece = Formula | PythonCode


def _of_mark(inside: str) -> Piece:
    """The piece by what stands between the borders of its mark."""
    kind, source = inside[0], inside[1:]
    return PythonCode(source) if kind == "p" else Formula(source, kind == "d")


@dataclass(frozen=True)
class Broken:
    """What KaTeX has against a formula; `line` of the formula, from 0, where it stumbled."""

    message: str
    line: int


class Typesetter:
    """Pieces' HTML by their source; node is started only for those not yet known."""

    def __init__(self, node: Path | str = "node") -> None:
        self._node = node
        # As UTF-8: KaTeX's zero-width spaces make Python's strings twice as long.
        self._rendered: dict[Piece, bytes | Broken] = {}

    def render_all(self, pieces: Iterable[Piece]) -> None:
        """Make `html` and `broken` know these pieces.

        Raises:
            SetupError: node, or the script in it, cannot be run.
        """
        with self.rendering() as render:
            render(pieces)

    @contextmanager
    def rendering(self) -> Iterator[Callable[[Iterable[Piece]], None]]:
        """Yields what has Node.js begin with some pieces; after the block, all are known.

        Raises:
            SetupError: node, or the script in it, cannot be run.
        """
        told: dict[Piece, None] = {}
        with node_script(self._node, SCRIPT) as script:

            def render(pieces: Iterable[Piece]) -> None:
                wanted = dict.fromkeys(pieces)
                fresh = [one for one in wanted if one not in self._rendered and one not in told]
                if fresh:
                    told.update(dict.fromkeys(fresh))
                    self._tell(script, fresh)

            yield render
            self._rendered.update(zip(told, _answers(script, told), strict=True))

    def _tell(self, script: NodeScript, pieces: Iterable[Piece]) -> None:
        try:
            script.tell([piece._asdict() for piece in pieces])
        except OSError as error:
            raise SetupError(
                "Formulas and code cannot be typeset: Node.js did not start as "
                f"{str(self._node)!r} ({error.strerror}). Install Node.js 20 or newer."
            ) from error

    def broken(self, formula: Formula) -> Broken | None:
        """What is wrong with the formula, None if nothing."""
        rendered = self._rendered[formula]
        return rendered if isinstance(rendered, Broken) else None

    def html(self, piece: Piece) -> bytes:
        """Code's HTML, or the HTML and MathML of a formula, in UTF-8.

        Raises:
            ValueError: the formula is broken.
        """
        rendered = self._rendered[piece]
        if isinstance(rendered, Broken):
            raise ValueError(rendered.message)
        return rendered

    def fill(self, html: str) -> tuple[bytes, ...]:
        """HTML with all pieces in the place of their marks, in UTF-8 and not yet joined.

        They are most of a page, and `html` has all that is equal lie in memory once.
        """
        parts = html.split(BORDER)  # every other one is a mark
        return tuple(
            self.html(_of_mark(part)) if index % 2 else part.encode()
            for index, part in enumerate(parts)
        )


def _answers(script: NodeScript, pieces: Iterable[Piece]) -> Iterator[bytes | Broken]:
    try:
        answers = script.answers()
    except NodeFailed as error:
        raise SetupError(
            f"Formulas and code cannot be typeset: {SCRIPT.name} failed in Node.js. If it says "
            f"that it cannot find a package, run 'npm ci'. It said:\n{error}"
        ) from error
    for piece, answer in zip(pieces, chain.from_iterable(answers), strict=True):
        yield answer["html"].encode() if "html" in answer else _broken(piece[0], **answer)


def _broken(tex: str, error: str, position: int | None) -> Broken:
    # KaTeX speaks of its own strict mode and names its rules; neither helps an author.
    message = re.sub(r"^LaTeX-incompatible input and strict mode.*?: | \[\w+\]$", "", error)
    if position is None:
        return Broken(message, 0)
    # JavaScript counts UTF-16 units; a character beyond those is too rare to matter here.
    before, after = tex[:position], tex[position:].strip()
    where = f", at {after.splitlines()[0][:30]!r}" if after else ", at its end"
    return Broken(message + where, before.count("\n"))
