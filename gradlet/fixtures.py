"""The parameters of hidden tests: pytest must find a value for each of them."""

import ast
import re
from collections.abc import Iterator

# Those of the plugins that site/grader/session.py leaves on, and the grader's own.
FIXTURES = frozenset(
    """
    capfd capfdbinary capsys capsysbinary capteesys monkeypatch pytestconfig request solution
    subtests
    """.split()  # noqa: SIM905 - one word after another reads best
)
# Through these a file may bring parameters and fixtures that nobody finds by reading it.
_HOOKS = frozenset(("pytest_generate_tests", "pytest_plugins"))


def unknown(test: ast.FunctionDef | ast.AsyncFunctionDef, tree: ast.Module) -> list[ast.arg]:
    """The parameters of a test that are surely no fixtures; not all that are none.

    Whatever the file calls so at its top level might be one, and a decorator that is not pytest's,
    or computes names, might give the test any.
    """
    arguments = test.args
    plain = arguments.args[: len(arguments.args) - len(arguments.defaults)]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    wanted = [*plain, *(argument for argument, default in pairs if default is None)]
    wanted = [argument for argument in wanted if argument.arg not in FIXTURES]
    if not wanted or not all(map(_is_plain_mark, test.decorator_list)):
        return []
    known = {word for decorator in test.decorator_list for word in _words(decorator)}
    known.update(_at_top_level(tree))
    return [] if known & _HOOKS else [each for each in wanted if each.arg not in known]


def _is_plain_mark(decorator: ast.expr) -> bool:
    """Whether it is pytest's, with names, if it has any, that stand in it as texts."""
    if not ast.unparse(decorator).startswith("pytest.mark."):
        return False
    if not isinstance(decorator, ast.Call):
        return True
    named = (word.value for word in decorator.keywords if word.arg in ("argnames", None))
    parts = (part for names in (*decorator.args[:1], *named) for part in ast.walk(names))
    return all(isinstance(part, ast.Constant | ast.List | ast.Tuple | ast.Load) for part in parts)


def _at_top_level(parent: ast.AST) -> Iterator[str]:
    """What a file names outside of its functions, and the functions that may be fixtures."""
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if node.name in _HOOKS or node.decorator_list:
                yield node.name
            if not node.name.startswith("test"):
                for decorator in node.decorator_list:
                    yield from _words(decorator)
        elif isinstance(node, ast.alias):
            yield node.asname or node.name
        elif isinstance(node, ast.expr):
            yield from _words(node)
        else:
            yield from _at_top_level(node)


def _words(expression: ast.expr) -> Iterator[str]:
    """The names that it gives, and the words of its texts: `"x, y"` of a parametrize."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"\w+", node.value)
