"""Markdown: what authors may write, what is wrong in it, and the HTML it becomes.

Parsing is apart from rendering because the formulas of all problems go to KaTeX in between.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.util import ClassNotFound

from .complaint import Complain, closest
from .mathematics import Formula, Mathematics
from .problem import SLUG

CALLOUTS = ("NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION")

_MATH = re.compile(
    r"""\$\$ (?P<display> (?:\\.|[^\\$])+ ) \$\$
      | (?<!\d) \$ (?![\s$]) (?P<inline> (?:\\.|[^\\$])+ ) (?<!\s) \$ (?!\d)""",
    re.VERBOSE | re.DOTALL,
)
# A dollar that begins no formula, though it is followed by what formulas are made of.
_STRAY_MATH = re.compile(
    r"""\$\$ | (?<![^\W\d_]) \$ (?: [^\W\d_] | [\\({|] ) | \$ \s [^$]* [\\^_={] [^$]* \$""",
    re.VERBOSE,
)
_PROBLEM_LINK = re.compile(rf"(?:\./)?({SLUG})\.md")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_CALLOUT = re.compile(r"\[!(\w+)\]")


@dataclass(frozen=True)
class Markdown:
    """A parsed text and what it refers to, each with its line in the file, from 1."""

    tokens: list[Token]
    formulas: list[tuple[int, Formula]]
    links: list[tuple[int, str]]  # slugs of problems
    images: list[tuple[int, PurePosixPath]]  # relative to problems/


def parse(text: str, complain: Complain) -> Markdown:
    """Parse a whole problem file; complain of what could not come out as it was meant."""
    return _Examination(text, complain).markdown


def render(tokens: Sequence[Token], mathematics: Mathematics) -> str:
    """The HTML of block tokens, whose formulas `mathematics` has rendered before."""
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {"mathematics": mathematics}))


def plain_text(tokens: Sequence[Token]) -> str:
    """The words of inline tokens, without markup; formulas as TeX."""
    parts = (
        plain_text(token.children or [])
        if token.type == "image"
        else " "
        if token.type in ("softbreak", "hardbreak")
        else token.content
        for token in tokens
    )
    return " ".join("".join(parts).split())


def sentence(text: str) -> tuple[str, str]:
    """HTML and plain text of a sentence with no markup but emphasis and code spans."""
    parser = _sentence_parser()
    children = parser.parseInline(text)[0].children or []
    return str(parser.renderer.render(children, parser.options, {})), plain_text(children)


def anchor(text: str) -> str:
    """An id for a heading: its words joined by hyphens."""
    return re.sub(r"\W+", "-", text.lower()).strip("-") or "section"


@lru_cache
def _sentence_parser() -> MarkdownIt:
    return MarkdownIt("zero").enable(["backticks", "emphasis", "escape"])


@lru_cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "alerts": True})
    parser.enable(["table", "strikethrough"])
    parser.use(front_matter_plugin)
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    # The plugin's inline rule looks at the last character of the paragraph when it wants the
    # one before the first, and has nothing to say about dollars that are not closed.
    parser.inline.ruler.at("math_inline", _with_line(_inline_math))
    parser.inline.ruler.at("link", _with_line(link))
    parser.inline.ruler.at("image", _with_line(image))
    parser.inline.ruler.at("autolink", _with_line(autolink))
    for kind, rule in _RENDER_RULES.items():
        parser.add_render_rule(kind, rule)
    return parser


# --- inline rules -----------------------------------------------------------------------

_InlineRule = Callable[[StateInline, bool], bool]


def _with_line(rule: _InlineRule) -> _InlineRule:
    """Note on the rule's tokens how many lines into the paragraph they stand."""

    def with_line(state: StateInline, silent: bool) -> bool:
        before, line = len(state.tokens), state.src.count("\n", 0, state.pos)
        matched = rule(state, silent)
        for token in state.tokens[before:]:
            token.meta.setdefault("line", line)
        return matched

    return with_line


def _inline_math(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    if formula := _MATH.match(state.src, state.pos, state.posMax):
        if not silent:
            display = formula["display"] is not None
            token = state.push("math_inline_double" if display else "math_inline", "math", 0)
            token.content = formula["display"] if display else formula["inline"]
        state.pos = formula.end()
        return True
    if _STRAY_MATH.match(state.src, state.pos, state.posMax):
        dollars = "$$" if state.src.startswith("$$", state.pos) else "$"
        if not silent:
            state.push("stray_dollar", "", 0).content = dollars
        state.pos += len(dollars)
        return True
    return False


# --- examination ------------------------------------------------------------------------


class _Examination:
    """Goes once over parsed tokens: gathers, complains, and writes what HTML needs on them."""

    def __init__(self, text: str, complain: Complain) -> None:
        tokens = _parser().parse(text)
        self.markdown = Markdown(tokens, [], [], [])
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
                self._columns = _cells(self._lines[_line(token) - 1])
            elif token.type == "tr_open":
                self._row(token)
            elif token.type == "math_block":
                self._formula(token, _line(token), display=True)

    def _inline(self, block: Token) -> None:
        for token in block.children or []:
            line = _line(block) + token.meta.get("line", 0)
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

    def _formula(self, token: Token, line: int, display: bool) -> None:
        token.meta["formula"] = formula = Formula(token.content, display)
        self.markdown.formulas.append((line, formula))
        if display:
            self._number(token, "Formula")

    def _number(self, token: Token, kind: str) -> None:
        # Numbered, because screen readers list the scrollable regions of a page by name.
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        token.meta["label"] = f"{kind} {self._numbers[kind]}"

    def _heading(self, token: Token, text: str) -> None:
        if token.tag == "h1":
            self._complain(
                _line(token),
                f"the heading {text!r} has one #, which only the title may",
                "write ## for a section and ### inside one; the title stands in the front matter",
            )
        if token.level:
            self._complain(
                _line(token),
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
                _line(quote),
                f"{callout[0]} begins no callout here",
                f"write `> [!{kind}]` alone on its line and the text on the next lines, each "
                f"after `> `; the kinds are {', '.join(CALLOUTS)}",
            )

    def _row(self, row: Token) -> None:
        if _cells(self._lines[_line(row) - 1]) > self._columns:
            self._complain(
                _line(row),
                "this row has more cells than the table has columns, the last would be lost",
                r"write \mid for a | in a formula and \| for one in code; or add a column",
            )

    def _code(self, token: Token) -> None:
        language = _language(token)
        lexer = _lexer(language)
        if language and not lexer:
            aliases = [alias for _, names, _, _ in get_all_lexers() for alias in names]
            self._complain(
                _line(token),
                f"unknown language {language!r} of a code block",
                f"write {closest(language, aliases) or 'python'!r} or, for output, 'text'",
            )
        self._number(token, f"{lexer.name} code" if lexer else "Code")

    def _link(self, token: Token, line: int) -> None:
        target = str(token.attrs["href"])
        if target.startswith(("https://", "http://")):
            token.attrs["rel"] = "noopener"
        elif problem := _PROBLEM_LINK.fullmatch(target):
            self.markdown.links.append((line, problem[1]))
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
        if any(urlsplit(source)[:2]) or path.is_absolute() or ".." in path.parts or not source:
            self._complain(
                line,
                f"the image {source!r} is not a file inside problems/",
                "put the file there and write its path from there, such as figures/curve.svg",
            )
        else:
            self.markdown.images.append((line, path))
        token.attrs = {"src": f"../{quote(str(path))}", "alt": alternative, "loading": "lazy"}


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _cells(row: str) -> int:
    inside = row.strip(" \t>").removeprefix("|").removesuffix("|")
    return len(_CELL_BORDER.findall(inside)) + 1


def _language(token: Token) -> str:
    return next(iter(token.info.split()), "")


@lru_cache
def _lexer(language: str) -> Lexer | None:
    try:
        return get_lexer_by_name(language, stripnl=False) if language else None
    except ClassNotFound:
        return None


# --- rendering --------------------------------------------------------------------------

_FORMATTER: HtmlFormatter[str] = HtmlFormatter(nowrap=True)


def _scrollable(element: str, kind: str, token: Token, role: str = "region") -> str:
    # What is too wide for a phone must scroll by keyboard too: hence focus, role and name.
    label = escape(token.meta["label"])
    return f'<{element} class="{kind}" tabindex="0" role="{role}" aria-label="{label}">'


def _render_code(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    lexer = _lexer(_language(token))
    code = highlight(token.content, lexer, _FORMATTER) if lexer else escape(token.content)
    return f"{_scrollable('div', 'code', token)}<pre><code>{code}</code></pre></div>\n"


def _render_table_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f"{_scrollable('div', 'table', tokens[index])}<table>\n"


def _render_table_close(*_: Any) -> str:
    return "</table></div>\n"


def _render_formula(_: Any, tokens: Sequence[Token], index: int, __: Any, env: Any) -> str:
    token = tokens[index]
    html: str = env["mathematics"].html(token.meta["formula"])
    if token.type == "math_inline":
        return html
    # Inside a paragraph no div may stand. A group, as regions would crowd the landmarks.
    element = "div" if token.type == "math_block" else "span"
    return f"{_scrollable(element, 'formula', token, 'group')}{html}</{element}>"


def _render_image(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f"<img{renderer.renderAttrs(tokens[index])}>"


def _render_dollar(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return tokens[index].content


_RENDER_RULES = {
    "fence": _render_code,
    "code_block": _render_code,
    "table_open": _render_table_open,
    "table_close": _render_table_close,
    "math_block": _render_formula,
    "math_inline": _render_formula,
    "math_inline_double": _render_formula,
    "image": _render_image,
    "stray_dollar": _render_dollar,
}
