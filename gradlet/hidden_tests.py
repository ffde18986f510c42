"""The hidden tests of a problem, listed for the learner without running them."""

import ast
import re
from collections.abc import Iterator

from . import fixtures
from .complaint import Complain, closest
from .markdown import formula_in_sentence, sentence
from .problem import HiddenTest

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PYTESTS = ", ".join(sorted(fixtures.FIXTURES - {"solution"}))
_DOCSTRING_FIX = 'write a docstring below the def: """Rows sum to one."""'


def read(tree: ast.Module, complain: Complain) -> tuple[HiddenTest, ...]:
    """The tests of a hidden test file in their order; those with complaints may be missing."""
    functions = list(_tests(tree, complain))
    if not functions:
        complain(1, "the file has no tests", "write a function 'def test_...(solution):'")
    _check_names(functions, complain)
    for function in functions:
        _check_parameters(function, tree, complain)
    tests = tuple(test for function in functions if (test := _read_test(function, complain)))
    _check_sentences(tests, complain)
    return tests


def _tests(tree: ast.Module, complain: Complain) -> Iterator[_Function]:
    for node in _outside_functions(tree):
        if isinstance(node, ast.ClassDef):
            if node.name.startswith("Test") or any(map(_is_test, node.body)):
                problem = f"the tests in class {node.name!r} are not listed"
                complain(node.lineno, problem, "make each test a function outside a class")
        elif isinstance(node, _Function) and _is_test(node):
            if node not in tree.body:
                problem = f"the test {node.name!r} is inside another statement and not listed"
                complain(node.lineno, problem, "write its def at the beginning of a line")
            else:
                yield node


def _outside_functions(parent: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(parent):
        yield node
        if not isinstance(node, _Function | ast.ClassDef | ast.expr):
            yield from _outside_functions(node)


def _is_test(node: ast.AST) -> bool:
    # As pytest sees it: it also collects `testing` and `test2`.
    return isinstance(node, _Function) and node.name.startswith("test")


def _check_names(functions: list[_Function], complain: Complain) -> None:
    lines: dict[str, int] = {}
    for function in functions:
        name = function.name
        if not name.startswith("test_"):
            fix = "name it test_... if it is a test, and otherwise not test..."
            complain(function.lineno, f"pytest takes {name!r} for a test", fix)
        if name in lines:
            problem = f"second test {name!r}: the first, on line {lines[name]}, would never run"
            complain(function.lineno, problem, "give it another name")
        lines.setdefault(name, function.lineno)


def _check_parameters(function: _Function, tree: ast.Module, complain: Complain) -> None:
    name, arguments = function.name, function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    if "solution" not in [argument.arg for argument in every]:
        problem = f"the test {name!r} does not test the learner's code"
        fix = f"take it as an argument: 'def {name}(solution):'"
        complain(function.lineno, problem, fix)
        return
    for argument in fixtures.unknown(function, tree):
        meant = closest(argument.arg, fixtures.FIXTURES)
        problem = f"nothing gives the test {name!r} its parameter {argument.arg!r}"
        fix = (
            (f"write {meant!r}, or " if meant else "")
            + "name it in a pytest.mark.parametrize of this test, or define a fixture of that name "
            f"in this file; of pytest's own there are {_PYTESTS}"
        )
        complain(argument.lineno, problem, fix)


def _read_test(function: _Function, complain: Complain) -> HiddenTest | None:
    name, line = function.name, function.lineno
    if isinstance(function, ast.AsyncFunctionDef):
        complain(line, f"the test {name!r} is async, which is not supported", "write a plain def")
    paragraph = re.split(r"\n\s*\n", ast.get_docstring(function) or "")[0]
    text = " ".join(paragraph.split())
    if not text:
        complain(line, f"the test {name!r} has no sentence for the learner", _DOCSTRING_FIX)
        return None
    if formula := formula_in_sentence(text):
        problem = f"the sentence of {name!r} holds {formula}, and formulas are not set in it"
        complain(function.body[0].lineno, problem, "say it in words, or as code in backticks")
    sentence_html, sentence_text = sentence(text)
    return HiddenTest(
        name=name, sentence_html=sentence_html, sentence_text=sentence_text, line=line
    )


def _check_sentences(tests: tuple[HiddenTest, ...], complain: Complain) -> None:
    lines: dict[str, int] = {}
    for test in tests:
        text = test.sentence_text
        if text in lines:
            problem = f"{test.name!r} has the same sentence as the test on line {lines[text]}"
            complain(test.line, problem, "say what this test asks beyond the other")
        lines.setdefault(text, test.line)
