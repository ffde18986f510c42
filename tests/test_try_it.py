"""The learner's code with a call of their own."""

import sys
from typing import Any

import pytest

from grader.try_it import try_it

CODE = """import numpy as np

def double(values):
    print('given', values)
    return values * 2

def broken(values):
    return values[99]
"""


def tried(call: str, code: str = CODE) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    try_it(code, call, events.append)
    return events


def test_prints_come_first_and_then_the_value() -> None:
    *printed, value = tried("double(np.array([1.0, 2.0]))")
    assert {(event["kind"], event["test"]) for event in printed} == {("output", None)}
    assert "".join(event["text"] for event in printed) == "given [1. 2.]\n"
    assert value == {"kind": "value", "text": "array([2., 4.])"}


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ("x = 3\nx + 1", "4"),
        ("double(2), 'a'", "(4, 'a')"),
        ("None", "None"),
        ("np.float64(1.5)", "1.5"),
        ("[i for i in range(3)]", "[0, 1, 2]"),
    ],
)
def test_value_is_that_of_the_last_expression(call: str, text: str) -> None:
    assert tried(call)[-1] == {"kind": "value", "text": text}


@pytest.mark.parametrize("call", ["x = 3", "", "# nothing", "for i in range(3): pass"])
def test_statement_gives_nothing(call: str) -> None:
    assert tried(call) == []


def test_numpy_is_there_even_if_the_code_does_not_import_it() -> None:
    assert tried("np.ones(2)", "x = 1\n") == [{"kind": "value", "text": "array([1., 1.])"}]
    assert tried("np", "np = 7\n") == [{"kind": "value", "text": "7"}], "but the learner's first"


def test_error_in_the_code_names_its_line() -> None:
    (event,) = tried("broken(np.ones(2))")
    assert event["kind"] == "error"
    assert event["message"].startswith("IndexError: index 99 is out of bounds")
    assert event["line"] == 8
    assert 'File "solution.py", line 8, in broken' in event["traceback"]
    assert "try_it" not in event["traceback"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("duble(1)", "NameError: name 'duble' is not defined"),
        ("double(", "This is not valid Python: '(' was never closed."),
        ("double()", "missing 1 required positional argument: 'values'"),
        ("exit()", "Your code raised SystemExit, which would end the program."),
        ("import reference.doubling", "No module named 'reference"),
    ],
)
def test_error_in_the_call_has_no_line_of_the_code(call: str, message: str) -> None:
    (event,) = tried(call)
    assert message in event["message"]
    assert event["line"] is None
    assert event["traceback"] is None


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("def f(:\n", 1, "SyntaxError on line 1"),
        ("x = 1\ny = x / 0\n", 2, "ZeroDivisionError"),
        ("x = 1\x00", None, "null bytes"),
    ],
)
def test_code_that_cannot_be_loaded(code: str, line: int | None, message: str) -> None:
    (event,) = tried("1", code)
    assert (event["kind"], event["line"]) == ("error", line)
    assert message in event["message"]


def test_missing_module_is_told_in_the_learners_words() -> None:
    code = (
        "raise ModuleNotFoundError(\"The module 'seaborn' is included in Pyodide. You can install "
        "it by calling: await micropip.install('seaborn')\", name='seaborn')\n"
    )
    (event,) = tried("1", code)
    assert event["message"] == "ModuleNotFoundError: this page has no module named 'seaborn'"


def test_figures_are_drawn() -> None:
    code = "import matplotlib.pyplot as plt\n"
    (event,) = tried("plt.plot([1, 2]); plt.title('Rising'); x = 1", code)
    assert event["kind"] == "figure"
    assert event["test"] is None
    assert event["png"]
    assert event["alt"] == "Figure: Rising."


def test_warnings_are_told_and_nothing_is_left_behind() -> None:
    *warned, value = tried("np.exp(np.array([1000.0]))")
    assert "RuntimeWarning: overflow" in "".join(event["text"] for event in warned)
    assert value == {"kind": "value", "text": "array([inf])"}
    assert "solution" not in sys.modules
