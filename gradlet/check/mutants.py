"""Small changes of a reference solution, each of which some hidden test should notice.

A mutant is the source with one piece of its text replaced, so that a diff shows the author's own
lines. Which piece and by what, the syntax tree tells; the text decides how the result is parsed.
"""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import pairwise
from pathlib import Path

Edit = tuple[int, int, str]  # the bytes from start to end, replaced by a text


@dataclass(frozen=True)
class Mutant:
    """One change: its first line, the lines before and after it, and the whole code after it."""

    line: int
    before: str
    after: str
    code: str


def diff(original: str, mutant: Mutant, file: Path) -> str:
    """The change as a unified diff with one line around it."""
    lines = unified_diff(
        original.splitlines(), mutant.code.splitlines(), str(file), "mutant", n=1, lineterm=""
    )
    return "\n".join(lines)


def mutants(source: str) -> list[Mutant]:
    """Every mutant that is valid Python and another program than the source."""
    text = _Text(source)
    tree = ast.parse(source)
    seen = {ast.dump(tree)}
    found = []
    for node in _nodes(tree):
        for edit in _edits(node, text):
            mutant = text.mutant(edit)
            try:
                with warnings.catch_warnings(action="ignore"):
                    program = ast.dump(ast.parse(mutant.code))
            except SyntaxError:
                continue
            if program not in seen:
                seen.add(program)
                found.append(mutant)
    return sorted(found, key=lambda mutant: mutant.line)


class _Text:
    """The source, whose nodes give their places in bytes."""

    def __init__(self, source: str) -> None:
        self._data = source.encode()
        self._starts = [0]
        for line in self._data.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.keyword) -> int:
        assert node.end_lineno
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def of(self, node: ast.expr) -> str:
        """The text of an expression, in brackets if it has operators."""
        text = self._data[self.start(node) : self.end(node)].decode()
        bare = ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.Constant
        return text if isinstance(node, bare) else f"({text})"

    def replace(self, node: ast.expr | ast.stmt, text: str) -> Edit:
        return self.start(node), self.end(node), text

    def between(self, left: ast.expr, right: ast.expr, old: str, new: str) -> Iterator[Edit]:
        """The operator between two operands, replaced."""
        start = self._data.find(old.encode(), self.end(left), self.start(right))
        if start >= 0:
            yield start, start + len(old), new

    def mutant(self, edit: Edit) -> Mutant:
        start, end, new = edit
        data = self._data
        first = data.rfind(b"\n", 0, start) + 1
        last = data.find(b"\n", end)
        last = len(data) if last < 0 else last
        before = data[first:last].decode()
        after = (data[first:start] + new.encode() + data[end:last]).decode()
        code = (data[:start] + new.encode() + data[end:]).decode()
        return Mutant(data.count(b"\n", 0, first) + 1, _stripped(before), _stripped(after), code)


def _stripped(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """What is executed: no annotations, decorators, imports, docstrings, f-strings."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            skipped = isinstance(node, ast.Import | ast.ImportFrom | ast.JoinedStr)
            if isinstance(node, ast.AST) and not _is_silent(node) and not skipped:
                yield node
                yield from _nodes(node)


ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "//"),
    ast.Pow: ("**", "*"),
    ast.MatMult: ("@", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
}
COMPARISONS: dict[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
}
_PAIRS = [
    *(("max", "min"), ("argmax", "argmin"), ("maximum", "minimum"), ("sum", "mean")),
    *(("any", "all"), ("zeros", "ones"), ("zeros_like", "ones_like"), ("floor", "ceil")),
    *(("var", "std"), ("sin", "cos"), ("hstack", "vstack"), ("cumsum", "cumprod")),
]
FUNCTIONS = {one: other for a, b in _PAIRS for one, other in ((a, b), (b, a))}
KEYWORDS = ("axis", "keepdims", "ddof")


def _edits(node: ast.AST, text: _Text) -> Iterator[Edit]:
    match node:
        case ast.BinOp(left, operator, right):
            yield from text.between(left, right, *ARITHMETIC[type(operator)])
            yield text.replace(node, text.of(left))  # a term or factor is dropped
            yield text.replace(node, text.of(right))
        case ast.AugAssign(target, operator, value):
            old, new = ARITHMETIC[type(operator)]
            yield from text.between(target, value, f"{old}=", f"{new}=")
        case ast.Compare():
            yield from _comparison(node, text)
        case ast.BoolOp(operator, values):
            swap = ("and", "or") if isinstance(operator, ast.And) else ("or", "and")
            for left, right in pairwise(values):
                yield from text.between(left, right, *swap)
        case ast.UnaryOp(ast.USub() | ast.Not(), operand):
            yield text.replace(node, text.of(operand))
        case ast.Constant(value):
            for other in _constants(value):
                yield text.replace(node, other)
        case ast.Call():
            yield from _call(node, text)
        case ast.Subscript(_, index):
            for each in index.elts if isinstance(index, ast.Tuple) else [index]:
                yield from _index(each, text)
        case ast.If(test) | ast.IfExp(test):
            yield text.replace(test, f"not ({text.of(test)})")
    if isinstance(node, ast.FunctionDef):
        yield from _arguments(node, text)
    if isinstance(node, ast.FunctionDef | ast.For | ast.While | ast.If | ast.With):
        yield from _statements(node.body, text)


def _arguments(function: ast.FunctionDef, text: _Text) -> Iterator[Edit]:
    """Each argument overwritten: a number by 0, an array by zeros in its place, a list by nothing.

    That deceives a test that goes on with the array that it gave. (Not in a function on one line.)
    """
    first = next((each for each in function.body if not _is_silent(each)), None)
    if first is None:
        return
    given = function.args
    for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        at = text.start(first)
        yield at, at, f"{argument.arg} *= 0\n{' ' * first.col_offset}"


def _is_silent(statement: ast.AST) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _statements(body: list[ast.stmt], text: _Text) -> Iterator[Edit]:
    """Each statement dropped. Without a return, or an inner function, nothing would be left."""
    for statement in body:
        kept = isinstance(statement, ast.Return | ast.FunctionDef | ast.Import | ast.ImportFrom)
        if not _is_silent(statement) and not kept:
            yield text.replace(statement, "pass")


def _comparison(node: ast.Compare, text: _Text) -> Iterator[Edit]:
    operands = pairwise([node.left, *node.comparators])
    for (left, right), operator in zip(operands, node.ops, strict=True):
        old, others = COMPARISONS[type(operator)]
        for new in others:
            yield from text.between(left, right, old, new)


def _constants(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield repr(not value)
    elif isinstance(value, int | float):
        yield from (repr(other) for other in (value + 1, 0, 1) if other != value)


def _call(node: ast.Call, text: _Text) -> Iterator[Edit]:
    function = node.func
    name = getattr(function, "attr", getattr(function, "id", None))
    if name in FUNCTIONS:
        end = text.end(function)
        yield end - len(name), end, FUNCTIONS[name]
    if isinstance(function, ast.Attribute) and name == "copy" and not node.args:
        yield text.replace(node, text.of(function.value))
    given: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    given.sort(key=text.start)
    for index, argument in enumerate(given):
        if isinstance(argument, ast.keyword) and argument.arg in KEYWORDS:
            if index:
                yield text.end(given[index - 1]), text.end(argument), ""
            else:
                following = given[1:2]
                end = text.start(following[0]) if following else text.end(argument)
                yield text.start(argument), end, ""


def _index(index: ast.expr, text: _Text) -> Iterator[Edit]:
    """Indices and bounds of slices shifted by one, bounds dropped; numbers are changed anyway."""
    bounds = [index.lower, index.upper] if isinstance(index, ast.Slice) else []
    for bound in bounds:
        if bound:
            yield text.replace(bound, "")
    for place in bounds or [index]:
        if place and not isinstance(place, ast.Constant | ast.Slice):
            yield text.replace(place, f"{text.of(place)} - 1")
