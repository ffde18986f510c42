"""An exception becomes a result that a learner can read."""

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType
from typing import Any, Literal

from . import patterns
from .compare import NONE, Difference, Mismatch
from .comparison import as_data
from .plain import name_of
from .reference import PACKAGE
from .show import show
from .solution import FILE, Escaped, Solution, contained, told_safely

LIMIT = 4_000  # characters of a message or a traceback
# What numpy says of an array that would not fit into any memory.
TOO_BIG = re.compile("ValueError: (Maximum allowed dimension exceeded|array is too big)").match
MEMORY = "Your code used more memory than there is for it, 1 GB."

Status = Literal["passed", "failed", "error", "skipped"]


@dataclass
class Result:
    """What came of one test, as the page gets it (see `TestResult` in site/verdict.ts)."""

    test: str
    status: Status = "passed"
    seconds: float = 0.0
    message: str | None = None
    call: str | None = None  # the last call of the learner's function
    expected: str | None = None
    got: str | None = None
    difference: dict[str, Any] | None = None
    comparison: dict[str, Any] | None = None
    pattern: patterns.Pattern | None = None
    line: int | None = None  # of the learner's code
    reference_line: int | None = None  # for its author: that of the reference, where it raised
    traceback: str | None = None  # cut to the learner's frames


def explain(result: Result, error: BaseException, solution: Solution | None) -> None:
    """Fill `result` in with what `error`, raised while the test ran, means to the learner.

    An exception that came through the learner's code is an error, wherever it was raised. Any
    other is a failure if it is an assertion; if not, the test could not use what it was given.
    """
    if solution is not None:
        result.call = solution.call()
        if solution.has_returned:
            result.got = show(solution.returned)
    error = told_safely(error)
    line, text = trace(error)
    result.reference_line = last_line(error, _of_reference)
    if line is not None:
        result.status, result.message = "error", headline(error)
        result.line, result.traceback, result.got = line, text, None
    elif isinstance(error, Mismatch):
        result.status, result.message = "failed", error.message
        result.expected, result.got = error.expected, error.got
        result.difference = _as_dict(error.difference)
        if error.arrays is not None:
            arguments = solution.arguments() if solution is not None else {}
            result.comparison = as_data(error.arrays, arguments)
            result.pattern = patterns.find(error.arrays, arguments)
    elif isinstance(error, AssertionError):
        result.status, result.message = "failed", _words(error)
    elif solution is not None and solution.has_returned and solution.returned is None:
        result.status, result.message = "error", NONE
    else:
        result.status = "error"
        result.message = (
            f"The test could not use what your function returned: {headline(error)}"
            if result.got is not None
            else f"Calling your function failed: {headline(error)}"
        )


def headline(error: BaseException) -> str:
    """The last line of a traceback, with Python's own suggestion where it has one."""
    if isinstance(error, Escaped):
        return str(error)
    text = _said(lambda: _last_line(error)) or name_of(error)
    return f"{MEMORY} ({text})" if isinstance(error, MemoryError) or TOO_BIG(text) else text


def _last_line(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and "micropip" in str(error):
        # Pyodide's own words tell how to install it, which a learner's code cannot.
        return f"ModuleNotFoundError: this page has no module named {error.name!r}"
    if isinstance(error, RuntimeError) and "stack switch" in str(error):  # Pyodide's own words
        return "RuntimeError: nothing can be waited for here: write it without async and await"
    short = _short(error)
    short.__notes__ = None  # they come last, and are in the traceback
    return list(short.format_exception_only())[-1].strip()


def _said(tell: Callable[[], str]) -> str | None:
    """What an exception says of itself: the learner's code, too, which may raise another."""
    try:
        return cut(contained(tell))
    except Exception:
        return None


def trace(error: BaseException) -> tuple[int | None, str | None]:
    """The line of the learner's code that was reached last, and the traceback cut to it.

    (None, None) if the exception did not come through the learner's code.
    """
    if isinstance(error, Escaped) and error.__cause__:
        error = error.__cause__
    line = last_line(error, _own)
    if line is None:
        return None, None
    told = _said(lambda: "".join(_short(error).format()).rstrip())
    # What these say is a whole sentence; their names are the grader's.
    return line, told and re.sub(r"\n(Ended|Escaped): ", "\n", told)


def cut(text: str) -> str:
    """The beginning and the end of a long text."""
    if len(text) <= LIMIT:
        return text
    half = LIMIT // 2
    return f"{text[:half]}\n… {len(text) - LIMIT:,} characters cut …\n{text[-half:]}"


def _words(error: AssertionError) -> str:
    """The author's message; where a bare `assert` has none, what pytest found in its place."""
    text = str(error)
    message, _, _found = text.partition("\nassert ")
    return cut(message or text) or "An assertion of the test failed."


def last_line(error: BaseException, is_meant: Callable[[CodeType], bool]) -> int | None:
    """The line that was reached last in the code that is meant; None if none was."""
    frames = traceback.walk_tb(error.__traceback__)
    return next((line for frame, line in reversed([*frames]) if is_meant(frame.f_code)), None)


def _own(code: CodeType) -> bool:
    return code.co_filename == FILE


def _of_reference(code: CodeType) -> bool:
    return code.co_filename.startswith(f"{PACKAGE}/")


def _short(error: BaseException) -> traceback.TracebackException:
    """The traceback without the frames of pytest, the grader and the hidden tests."""
    full = traceback.TracebackException.from_exception(error, limit=-60)
    part: traceback.TracebackException | None = full
    while part is not None:
        part.stack = traceback.StackSummary.from_list(f for f in part.stack if f.filename == FILE)
        part = part.__cause__ or part.__context__
    return full


def _as_dict(difference: Difference | None) -> dict[str, Any] | None:
    if difference is None:
        return None
    return {**difference.__dict__, "index": list(difference.index)}
