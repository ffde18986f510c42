"""A problem file's markdown, examined: what it refers to, and what would not come out as meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from markdown_it.token import Token
from pygments.lexers import get_all_lexers

from .complaint import Complain, closest
from .markdown import FIGURE, anchor, language, lexer_of, plain_text
from .problem import SECTIONS, SLUG
from .typesetting import Formula, Piece, PythonCode

TEX = ("math", "latex", "tex")  # the first is how GitHub's markdown writes a formula
CALLOUTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")

_PROBLEM_LINK = re.compile(rf"(?:\./)?({SLUG})\.md")
_ELSEWHERE = re.compile(r"\w[\w+.-]*:|/")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_CALLOUT = re.compile(r"\[!(\w+)\]")


@dataclass(frozen=True)
class Mentions:
    """What a text refers to, with its line in the file, from 1, and the code in it."""

    formulas: list[tuple[int, Formula]] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)  # slugs of problems
    images: list[tuple[int, PurePosixPath]] = field(default_factory=list)  # below problems/
    figures: list[tuple[int, str]] = field(default_factory=list)  # names of scripts
    code: list[PythonCode] = field(default_factory=list)

    def pieces(self) -> Iterator[Piece]:
        """What is to be typeset."""
        yield from (formula for _, formula in self.formulas)
        yield from self.code


def examine(tokens: list[Token], text: str, complain: Complain) -> Mentions:
    """Look at all of a problem file."""
    return _Examination(text, tokens, complain).mentions


def unclosed_block(tokens: list[Token], text: str) -> Token | None:
    """The first code block that goes on to the end, or over what was to follow it."""
    lines = text.split("\n")
    return next(
        (token for token in tokens if token.type == "fence" and _is_open(token, lines)), None
    )


def _is_open(fence: Token, lines: list[str]) -> bool:
    first, end = fence.map or (0, 0)
    closed = end - first > 1 and re.fullmatch(rf"[\s>]*{fence.markup}+\s*", lines[end - 1])
    swallowed = rf"^ {{0,3}}(?:## +(?:{'|'.join(SECTIONS)}) *$|{fence.markup})"
    return not closed or bool(re.search(swallowed, fence.content, re.MULTILINE))


class _Examination:
    """Goes once over parsed tokens: gathers, complains, and writes what HTML needs on them."""

    def __init__(self, text: str, tokens: list[Token], complain: Complain) -> None:
        self.mentions = Mentions()
        self._lines = text.split("\n")
        self._columns = 0
        self._complain = complain
        self._numbers: dict[str, int] = {}
        self._anchors: dict[str, int] = {}
        self._section = ""
        for index, token in enumerate(tokens):
            if token.type == "inline":
                self._inline(token)
            elif token.type == "heading_open":
                self._heading(token, plain_text(tokens[index + 1].children or []))
            elif token.type == "blockquote_open":
                self._blockquote(token, tokens[index + 1 : index + 3])
            elif token.type in ("fence", "code_block"):
                self._code(token)
            elif token.type == "table_open":
                self._number(token, "Table")
                self._columns = _cells(self._lines[line_of(token) - 1])
            elif token.type == "tr_open":
                self._row(token)
            elif token.type == "math_block":
                self._formula(token, line_of(token), display=True)

    def _inline(self, block: Token) -> None:
        for token in block.children or []:
            line = line_of(block) + token.meta.get("line", 0)
            if token.type == "math_inline":
                self._formula(token, line, display=False)
            elif token.type == "math_inline_double":
                self._formula(token, line, display=True)
            elif token.type == "link_open":
                self._link(token, line)
            elif token.type == "image":
                self._image(token, line)
            elif token.type == "stray_dollar":
                self._complain(
                    line,
                    f"this {token.content} begins no formula",
                    "close the formula in the same paragraph, with no space inside the dollars "
                    r"and no digit right outside; in a table write \mid for |; where a dollar "
                    r"sign is meant, write \$",
                )
            elif token.type == "stray_tex":
                self._complain(
                    line,
                    f"this {token.content} begins no formula",
                    "write $...$ for a formula in the text and $$...$$ for one on its own; for a "
                    r"mere bracket leave out the \, and put what is no mathematics into `...`",
                )

    def _formula(self, token: Token, line: int, display: bool) -> None:
        token.meta["formula"] = formula = Formula(token.content, display)
        self.mentions.formulas.append((line, formula))
        if display:
            self._number(token, "Formula")

    def _number(self, token: Token, kind: str) -> None:
        # Numbered, because screen readers list the scrollable regions of a page by name.
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        token.meta["label"] = f"{kind} {self._numbers[kind]}"

    def _heading(self, token: Token, text: str) -> None:
        if token.tag == "h1":
            self._complain(
                line_of(token),
                f"the heading {text!r} has one #, which only the title may",
                "write ## for a section and ### inside one; the title stands in the front matter",
            )
        if token.level:
            self._complain(
                line_of(token),
                f"the heading {text!r} stands inside a list or quotation",
                "move it out, or write the words in **bold**",
            )
        elif token.tag == "h2":
            self._section = anchor(text)
            return
        # With the section's in front, no heading can take an id that the page itself uses.
        base = f"{self._section}-{anchor(text)}"
        self._anchors[base] = count = self._anchors.get(base, 0) + 1
        token.attrSet("id", base if count == 1 else f"{base}-{count}")

    def _blockquote(self, quote: Token, first: list[Token]) -> None:
        if callout := _CALLOUT.match(first[-1].content):
            kind = closest(callout[1], CALLOUTS) or CALLOUTS[0]
            self._complain(
                line_of(quote),
                f"{callout[0]} begins no callout here",
                f"write `> [!{kind}]` alone on its line and the text on the next lines, each "
                f"after `> `; the kinds are {', '.join(CALLOUTS)}",
            )

    def _row(self, row: Token) -> None:
        if _cells(self._lines[line_of(row) - 1]) > self._columns:
            self._complain(
                line_of(row),
                "this row has more cells than the table has columns, the last would be lost",
                r"write \mid for a | in a formula and \| for one in code; or add a column",
            )

    def _code(self, token: Token) -> None:
        name = language(token)
        if name == FIGURE:
            self._figure(token)
            return
        lexer = lexer_of(name)
        if name in TEX:
            self._complain(
                line_of(token),
                f"a code block of the language {name!r} is no formula",
                "write $$...$$ in its place, or 'text' if TeX itself is to be shown",
            )
        elif name and not lexer:
            aliases = [alias for _, names, _, _ in get_all_lexers() for alias in names]
            self._complain(
                line_of(token),
                f"unknown language {name!r} of a code block",
                f"write {closest(name, aliases) or 'python'!r} or, for output, 'text'",
            )
        self._number(token, f"{lexer.name} code" if lexer else "Code")
        if lexer and lexer.name == "Python":
            token.meta["python"] = code = PythonCode(token.content)
            self.mentions.code.append(code)

    def _figure(self, token: Token) -> None:
        line = line_of(token)
        name = token.info.split(maxsplit=1)[-1].strip()
        if name == FIGURE or not re.fullmatch(SLUG, name):
            self._complain(
                line,
                "this figure has no name of small letters, digits and hyphens",
                "write it behind the word, such as ```figure softmax-gradient",
            )
            return
        if not token.content.strip():
            self._complain(
                line,
                f"the figure {name!r} has no text for those who cannot see it",
                "say inside the block what the figure shows",
            )
        token.meta["figure"] = name
        self.mentions.figures.append((line, name))
        self.mentions.images.append((line, PurePosixPath("figures", f"{name}.svg")))

    def _link(self, token: Token, line: int) -> None:
        target = str(token.attrs["href"])
        if target.startswith(("https://", "http://")):
            token.attrs["rel"] = "noopener"
        elif problem := _PROBLEM_LINK.fullmatch(target):
            self.mentions.links.append((line, problem[1]))
            token.attrs["href"] = f"../{problem[1]}/"
        else:
            self._complain(
                line,
                f"the link to {target!r} leads nowhere on the site",
                "link to another problem by its file, such as (softmax-from-scratch.md), or to "
                "a full address beginning with https://",
            )

    def _image(self, token: Token, line: int) -> None:
        source = str(token.attrs["src"])
        path = PurePosixPath(unquote(source))
        alternative = plain_text(token.children or [])
        if not alternative:
            self._complain(
                line,
                f"the image {source!r} has no text for those who cannot see it",
                f"say between the brackets what it shows: ![a loss curve that falls]({source})",
            )
        outside = _ELSEWHERE.match(str(path)) or path.is_absolute() or ".." in path.parts
        if not source or outside:
            self._complain(
                line,
                f"the image {source!r} is not a file inside problems/",
                "put the file there and write its path from there, such as figures/curve.svg",
            )
        else:
            self.mentions.images.append((line, path))
        token.attrs = {"src": f"../{quote(str(path))}", "alt": alternative, "loading": "lazy"}


def line_of(token: Token) -> int:
    """The first line of a block, from 1."""
    return token.map[0] + 1 if token.map else 1


def _cells(row: str) -> int:
    inside = row.strip(" \t>").removeprefix("|").removesuffix("|")
    return len(_CELL_BORDER.findall(inside)) + 1
