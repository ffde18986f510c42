"""The learner's code with a call of their own: what it prints, draws and gives."""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from .figures import Figures
from .output import Output, listening
from .report import headline, trace
from .show import show
from .solution import Unusable, contained, load, modules_restored

FILE = "your call"

Emit = Callable[[dict[str, Any]], object]


def try_it(code: str, call: str, emit: Emit) -> None:
    """Execute the learner's `code`, then `call`, any Python that uses it.

    Calls `emit` with events as a run of the tests does: `output` and `figure`, whose test is
    None, and in the end `value` (text: what the last line gives, if it is an expression) or
    `error` (message; line of `code` or None; traceback or None).
    """
    output = Output(lambda text: emit({"kind": "output", "test": None, "text": text}))
    figures = Figures(
        lambda png, alt: emit({"kind": "figure", "test": None, "png": png, "alt": alt})
    )
    figures.begin()
    with modules_restored(), listening(output):
        try:
            last = _value(_run(code, call))
        except Exception as error:
            last = _error(error)
    figures.show()
    if last:
        emit(last)


_NOTHING = object()  # the call ends in a statement


def _run(code: str, call: str) -> Any:
    names = load(code).__dict__
    names.setdefault("np", np)  # the examples of problems use it
    tree = ast.parse(call, FILE)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        contained(exec, compile(tree, FILE, "exec", dont_inherit=True), names)
        return _NOTHING
    before = ast.Module(tree.body[:-1], [])
    contained(exec, compile(before, FILE, "exec", dont_inherit=True), names)
    value = compile(ast.Expression(last.value), FILE, "eval", dont_inherit=True)
    return contained(eval, value, names)


def _value(value: Any) -> dict[str, Any] | None:
    return None if value is _NOTHING else {"kind": "value", "text": show(value)}


def _error(error: Exception) -> dict[str, Any]:
    if isinstance(error, Unusable):
        return {"kind": "error", "message": str(error), "line": error.line, "traceback": None}
    line, text = trace(error)
    message = headline(error)
    if isinstance(error, SyntaxError) and error.filename == FILE:
        message = f"This is not valid Python: {error.msg}."
    return {"kind": "error", "message": message, "line": line, "traceback": text}
