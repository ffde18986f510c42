"""Markdown: what authors may write, and the HTML it becomes.

Parsing is apart from rendering because `gradlet.examination` writes on the tokens, in between,
what the HTML needs.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, autolink, image, link
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

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

# How LaTeX itself begins formulas: markdown would make ( of \( and leave \begin{ as it is.
_STRAY_TEX = re.compile(r"\\[(\[]|\\begin(?=\{)")


def parse(text: str) -> list[Token]:
    """The tokens of a whole problem file, front matter and all."""
    return _parser().parse(text)


def render(tokens: Sequence[Token]) -> str:
    """The HTML of block tokens, with marks where `gradlet.typesetting` puts something."""
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {}))


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


def formula_in_sentence(text: str) -> str | None:
    """The first formula that the sentence would have in the text of a problem, with its dollars."""
    if "$" not in text:
        return None
    children = _sentence_parser().parseInline(text)[0].children or []
    return next((token.content for token in children if token.type == "formula"), None)


def anchor(text: str) -> str:
    """An id for a heading: its words joined by hyphens."""
    return re.sub(r"\W+", "-", text.lower()).strip("-") or "section"


@lru_cache
def _sentence_parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["backticks", "emphasis", "escape"])
    parser.inline.ruler.before("escape", "formula", _sentence_formula)
    parser.add_render_rule("formula", _render_stray)
    return parser


@lru_cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "alerts": True})
    parser.enable(["table", "strikethrough"])
    parser.use(front_matter_plugin)
    parser.use(dollarmath_plugin, allow_labels=False, allow_blank_lines=False)
    # The plugin's inline rule looks at the last character of the paragraph when it wants the
    # one before the first, and has nothing to say about dollars that are not closed.
    parser.inline.ruler.at("math_inline", _with_line(_inline_math))
    parser.inline.ruler.before("escape", "stray_tex", _with_line(_stray_tex))
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
        before, start = len(state.tokens), state.pos
        matched = rule(state, silent)
        for token in state.tokens[before:]:
            token.meta.setdefault("line", state.src.count("\n", 0, start))
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


def _sentence_formula(state: StateInline, silent: bool) -> bool:
    formula = _MATH.match(state.src, state.pos, state.posMax)
    if formula and not silent:
        state.push("formula", "", 0).content = formula[0]
    state.pos = formula.end() if formula else state.pos
    return bool(formula)


def _stray_tex(state: StateInline, silent: bool) -> bool:
    stray = _STRAY_TEX.match(state.src, state.pos, state.posMax)
    if not stray:
        return False
    if not silent:
        state.push("stray_tex", "", 0).content = stray[0]
    state.pos = stray.end()
    return True


FIGURE = "figure"  # in the place of a code block's language: its script's name follows


def language(token: Token) -> str:
    """The language that a code block names, or nothing."""
    return next(iter(token.info.split()), "")


@lru_cache
def lexer_of(language: str) -> Lexer | None:
    """Pygments' lexer for a language that it knows."""
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
    if "figure" in token.meta:
        return _render_figure(token)
    opening = _scrollable("div", "code", token)
    return f"{opening}<pre><code>{_code_html(token)}</code></pre></div>\n"


def _code_html(token: Token) -> str:
    if "python" in token.meta:
        mark: str = token.meta["python"].mark
        return mark
    lexer = lexer_of(language(token))
    return highlight(token.content, lexer, _FORMATTER) if lexer else escape(token.content)


def _render_figure(token: Token) -> str:
    name, text = token.meta["figure"], escape(" ".join(token.content.split()))
    image = f'<img src="../figures/{name}.svg" alt="{text}">'  # until a script takes its place
    return f'<figure class="play" data-figure="{name}">{image}</figure>\n'


def _render_table_open(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    return f"{_scrollable('div', 'table', tokens[index])}<table>\n"


def _render_table_close(*_: Any) -> str:
    return "</table></div>\n"


def _render_formula(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    html: str = token.meta["formula"].mark
    if token.type == "math_inline":
        return html
    # Inside a paragraph no div may stand. A group, as regions would crowd the landmarks.
    element = "div" if token.type == "math_block" else "span"
    return f"{_scrollable(element, 'formula', token, 'group')}{html}</{element}>"


def _render_image(renderer: Any, tokens: Sequence[Token], index: int, *_: Any) -> str:
    return f"<img{renderer.renderAttrs(tokens[index])}>"


def _render_stray(_: Any, tokens: Sequence[Token], index: int, *__: Any) -> str:
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
    "stray_dollar": _render_stray,
    "stray_tex": _render_stray,
}
