"""Python files looked at without being run."""

import ast
from typing import NamedTuple

from .complaint import Complain

FOLDERS = ("hidden_tests", "reference")  # of the clone, for Python files that belong to a problem


def parse(source: str, complain: Complain, first_line: int = 1) -> ast.Module | None:
    """The syntax tree, or None after a complaint. `first_line` of the source in its file."""
    try:
        return ast.parse(source)
    except SyntaxError as error:
        line, reason = error.lineno or 1, error.msg
    except ValueError as error:  # null bytes
        line, reason = 1, str(error)
    complain(first_line + line - 1, f"this is not valid Python: {reason}", "correct the syntax")
    return None


class Function(NamedTuple):
    """A function's first line, and how it is called: `name(parameters)`, unannotated."""

    line: int
    signature: str


def functions(tree: ast.Module) -> dict[str, Function]:
    """The top-level functions by name; the last one of a name, as Python has it."""
    return {
        node.name: Function(node.lineno, f"{node.name}({ast.unparse(_unannotated(node.args))})")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


class Import(NamedTuple):
    """A module that is imported, by its full name, and the line."""

    line: int
    module: str


def imports(tree: ast.Module) -> tuple[Import, ...]:
    """Every import, those in functions and other blocks too; a relative one begins with a dot."""
    found = []
    nodes: list[ast.AST] = [tree]
    for node in nodes:  # grows meanwhile, by statements only: most of a tree are expressions
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = _modules(node)
        else:
            for block in ("body", "handlers", "orelse", "finalbody", "cases"):
                nodes += getattr(node, block, ())
            continue
        found += [Import(node.lineno, name) for name in names]
    return tuple(found)


def _modules(node: ast.ImportFrom) -> list[str]:
    module = "." * node.level + (node.module or "")
    # What is imported from these folders can only be modules in them.
    inner = module in FOLDERS and node.names[0].name != "*"
    return [f"{module}.{alias.name}" for alias in node.names] if inner else [module]


def _unannotated(arguments: ast.arguments) -> ast.arguments:
    return ast.arguments(
        posonlyargs=[ast.arg(one.arg) for one in arguments.posonlyargs],
        args=[ast.arg(one.arg) for one in arguments.args],
        vararg=arguments.vararg and ast.arg(arguments.vararg.arg),
        kwonlyargs=[ast.arg(one.arg) for one in arguments.kwonlyargs],
        kw_defaults=arguments.kw_defaults,
        kwarg=arguments.kwarg and ast.arg(arguments.kwarg.arg),
        defaults=arguments.defaults,
    )
