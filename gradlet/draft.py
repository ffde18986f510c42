"""One problem file, taken apart and checked by itself; its formulas and code not yet typeset."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markdown_it.token import Token

from . import front_matter, python_source
from .complaint import Complain, Complaint, closest, complain_to
from .examination import Mentions, examine, line_of, unclosed_block
from .examples import examples
from .markdown import parse, plain_text, render
from .problem import SECTIONS

OPTIONAL = ("Notes", "Hints")
OUTSIDE_STATEMENT = ("Starter code", "Hints")


@dataclass(frozen=True)
class Part:
    """The blocks below one second-level heading; the summary's part has no title."""

    title: str
    line: int
    tokens: list[Token]


@dataclass(frozen=True)
class Text:
    """What the page shows, as HTML with marks where `gradlet.typesetting` puts something.

    The parsed file is many times as large, and done with when this has been made of it.
    """

    summary: str
    plain_summary: str
    sections: tuple[tuple[str, str], ...]  # of the statement: title and HTML
    examples: tuple[str, ...]
    hints: tuple[str, ...]


@dataclass(frozen=True)
class Starter:
    """The code the learner begins with; `line` of it in the file, and the function in it."""

    code: str
    line: int
    function: python_source.Function | None
    imports: tuple[python_source.Import, ...]


@dataclass(frozen=True, eq=False)
class Draft:
    """What one file says. Unless there are complaints, nothing in it is missing."""

    path: Path
    front: front_matter.Located | None
    mentions: Mentions
    text: Text | None
    starter: Starter | None
    complaints: list[Complaint]

    @cached_property
    def slug(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    def line_of(self, *field: str | int) -> int:
        """The line of a front matter field, or of an item of it."""
        return self.front.lines.get(field, 1) if self.front else 1


def read(path: Path, text: str) -> Draft:
    """Take the problem file apart; it says itself what is wrong with it."""
    complaints: list[Complaint] = []
    complain = complain_to(complaints, path)
    tokens = parse(text)
    if unclosed := unclosed_block(tokens, text):
        fix = (
            f"write {unclosed.markup} alone on the line where the code ends; if it is there, no "
            "line of the code may look like the heading of a section"
        )
        complain(line_of(unclosed), "this code block is not closed", fix)
    mentions = Mentions() if unclosed else examine(tokens, text, complain)
    if not tokens or tokens[0].type != "front_matter":
        if text.startswith("---"):
            fix = "write a second line --- below its last field"
            complain(1, "the front matter that begins here has no end", fix)
        else:
            fix = (
                "make the first line ---, then write the fields, such as `title: Softmax`, then a "
                "second line ---"
            )
            complain(1, "the file does not begin with a front matter", fix)
        # All else would only be misunderstood.
        return Draft(path, None, mentions, None, None, complaints)

    front = front_matter.read(tokens[0].content, complain)
    if unclosed:
        return Draft(path, front, mentions, None, None, complaints)
    summary, *parts = _split(tokens)
    _check_order(parts, text.count("\n") + 1, complain)
    by_title = {part.title: part for part in parts}
    starter, hints = by_title.get("Starter code"), by_title.get("Hints")
    inline = _summary(summary, complain)
    code = _starter(starter, front, complain) if starter else None
    items = list(_hints(hints, complain)) if hints else []
    shown = _text(inline, by_title, items) if inline and not complaints else None
    return Draft(path, front, mentions, shown, code, complaints)


def _text(summary: Token, parts: dict[str, Part], hints: list[list[Token]]) -> Text:
    statement = [part for title, part in parts.items() if title not in OUTSIDE_STATEMENT]
    return Text(
        render([summary]),
        plain_text(summary.children or []),
        tuple((part.title, render(part.tokens)) for part in statement),
        tuple(examples(parts["Examples"].tokens)),
        tuple(render(hint) for hint in hints),
    )


def _split(tokens: list[Token]) -> list[Part]:
    parts = [Part("", (tokens[0].map or [0, 1])[1] + 1, [])]
    for index, token in enumerate(tokens[1:], 1):
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            parts.append(Part(plain_text(tokens[index + 1].children or []), line_of(token), []))
        parts[-1].tokens.append(token)
    # The heading itself is three tokens: open, inline, close.
    return [parts[0], *(Part(part.title, part.line, part.tokens[3:]) for part in parts[1:])]


def _check_order(parts: list[Part], last_line: int, complain: Complain) -> None:
    order = f"the sections are, in this order: {', '.join(SECTIONS)}"
    lines: dict[str, int] = {}
    for part in parts:
        title = part.title
        if title not in SECTIONS:
            meant = closest(title, SECTIONS)
            complain(
                part.line,
                f"unknown section {title!r}",
                f"write '## {meant}'" if meant else f"write ### for a smaller heading; {order}",
            )
            if not meant:
                continue
            title = meant
        if title in lines:
            first = lines[title]
            complain(part.line, f"second section {title!r}, after line {first}", "join the two")
            continue
        later = [other for other in lines if SECTIONS.index(other) > SECTIONS.index(title)]
        if later:
            complain(part.line, f"{title!r} stands after {later[0]!r}", f"move it; {order}")
        if not part.tokens:
            complain(part.line, f"the section {title!r} is empty", "write its text")
        lines[title] = part.line
    for index, title in enumerate(SECTIONS):
        if title not in lines and title not in OPTIONAL:
            before = [lines[other] for other in SECTIONS[index:] if other in lines]
            line = before[0] if before else last_line
            complain(line, f"the section {title!r} is missing", f"write '## {title}' here; {order}")


def _summary(part: Part, complain: Complain) -> Token | None:
    kinds = [token.type for token in part.tokens]
    if kinds != ["paragraph_open", "inline", "paragraph_close"]:
        complain(
            line_of(part.tokens[0]) if part.tokens else part.line,
            "before the first section one paragraph should stand, the summary",
            "write one or two sentences that say what the problem is about",
        )
        return None
    inline = part.tokens[1]
    for token in inline.children or []:
        # The catalogue shows the summary inside a link, on another page.
        if token.type in ("link_open", "image", "math_inline_double"):
            complain(
                line_of(inline) + token.meta["line"],
                "the summary holds a link, an image or a formula in $$",
                "move it to the Background",
            )
    return inline


def _starter(part: Part, front: front_matter.Located | None, complain: Complain) -> Starter | None:
    fence = part.tokens[0] if part.tokens else None
    if not fence:
        return None  # said already: the section is empty
    if len(part.tokens) != 1 or fence.type != "fence" or fence.info.strip() != "python":
        complain(
            part.line,
            "'Starter code' should hold one ```python block and nothing else",
            "put all starter code into one block, and text into another section",
        )
        return None
    line = line_of(fence) + 1
    tree = python_source.parse(fence.content, complain, first_line=line)
    name = front.fields.function if front else ""
    function = python_source.functions(tree).get(name) if tree else None
    if tree and name and not function:
        complain(
            line,
            f"the starter code does not define the function {name!r}",
            f"write 'def {name}(...):' in it, or correct 'function' in the front matter",
        )
    imports = python_source.imports(tree) if tree else ()
    return Starter(fence.content, line, function, imports)


def _hints(part: Part, complain: Complain) -> Iterator[list[Token]]:
    outer = [token for token in part.tokens if token.level == 0]
    if [token.type.partition("_")[2] for token in outer] != ["list_open", "list_close"]:
        if outer:
            complain(
                part.line,
                "'Hints' should hold one list and nothing else",
                "begin each hint with '- ' and indent its further lines by two spaces",
            )
        return
    item: list[Token] = []
    for token in part.tokens:
        if token.type == "list_item_open" and token.level == 1:
            item = []
        elif token.type == "list_item_close" and token.level == 1:
            if not item:
                complain(part.line, "a hint is empty", "write its text after the '- '")
            yield item
        elif token.level >= 2:
            if token.type.startswith("paragraph") and token.level == 2:
                token.hidden = False  # a hint is shown by itself: a paragraph, not a list item
            item.append(token)
