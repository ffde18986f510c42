"""What a failed comparison passes on: its numbers, a pattern, a known mistake."""

import json
import math
from typing import Any

import grading
import numpy as np
import pytest
from grading import Events, Grade
from wrong_solutions import WRONG_SOLUTIONS, WrongSolution

import grader.mistakes
from grader import Problem, patterns
from grader.comparison import MATRIX, VECTOR, Arrays, as_data
from grader.mistakes import Mistake


def compared(expected: Any, got: Any, **arguments: Any) -> dict[str, Any]:
    expected, got = np.asarray(expected), np.asarray(got)
    wrong = ~np.isclose(got, expected, equal_nan=True)
    data = as_data(Arrays(expected, got, wrong), arguments)
    assert data is not None
    json.dumps(data, allow_nan=False)
    return data


# -- the numbers


def test_short_vector_comes_whole_with_arguments_of_its_shape() -> None:
    values = np.array([1, 2, 3])
    assert compared([2.0, 4.0, 6.0], [2.0, 4.5, 6.0], values=values, target=1, other="abc") == {
        "shape": [3],
        "start": [0],
        "size": [3],
        "expected": [2.0, 4.0, 6.0],
        "got": [2.0, 4.5, 6.0],
        "wrong": [False, True, False],
        "inputs": [{"name": "values", "values": [1.0, 2.0, 3.0]}],
    }


def test_what_json_cannot_hold_comes_as_javascripts_word_for_it() -> None:
    data = compared([1.0, 2.0, np.inf], [math.nan, -math.inf, np.inf])
    assert data["got"] == ["NaN", "-Infinity", "Infinity"]
    assert data["wrong"] == [True, True, False]


@pytest.mark.parametrize("at", [0, 40, 500, 999])
def test_long_vector_is_cut_to_a_window_around_the_worst_entry(at: int) -> None:
    expected = np.zeros(1000)
    got = expected.copy()
    got[at] = 1.0
    data = compared(expected, got, values=np.arange(1000.0))
    (start,), (size,) = data["start"], data["size"]
    assert size == VECTOR
    assert start <= at < start + size
    assert data["got"][at - start] == 1.0
    assert data["inputs"][0]["values"][0] == start


def test_large_matrix_and_more_axes_are_cut_too() -> None:
    expected = np.zeros((3, 100, 40))
    got = expected.copy()
    got[1, 99, 5] = np.nan
    got[0, 3, 5] = 2.0
    data = compared(expected, got)
    assert data["shape"] == [3, 100, 40]
    assert data["size"] == [1, MATRIX, MATRIX]
    assert data["start"] == [1, 100 - MATRIX, 0], "NaN is further from right than any number"
    assert len(data["got"]) == MATRIX * MATRIX


@pytest.mark.parametrize("got", [np.array(1.0), np.array([1 + 1j, 2]), np.array(["a", "b"])])
def test_what_cannot_be_laid_side_by_side_is_not(got: Any) -> None:
    wrong = np.ones(got.shape, dtype=bool)
    assert as_data(Arrays(np.zeros(got.shape), got, wrong), {}) is None
    assert as_data(Arrays(np.zeros((5, 5)), got), {}) is None, "of another shape"


# -- patterns

EXPECTED = np.array([0.5, -1.0, 2.0, 4.0])
SQUARE = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("expected", "got", "pattern"),
    [
        (EXPECTED, -EXPECTED, {"kind": "negative"}),
        (EXPECTED, EXPECTED / 4, {"kind": "mean", "size": 4}),
        (EXPECTED, EXPECTED * 4, {"kind": "sum", "size": 4}),
        (EXPECTED, EXPECTED * 0.3, {"kind": "factor", "value": pytest.approx(0.3)}),
        (EXPECTED, EXPECTED - 2, {"kind": "offset", "value": pytest.approx(-2.0)}),
        (EXPECTED, np.sort(EXPECTED), {"kind": "sorted"}),
        (EXPECTED, EXPECTED[::-1], {"kind": "order"}),
        (EXPECTED, EXPECTED.reshape(4, 1), {"kind": "shape"}),
        (SQUARE, SQUARE.T, {"kind": "transposed"}),
        (SQUARE[:2], SQUARE[:2].T, {"kind": "transposed"}),
        (EXPECTED, EXPECTED**2, None),
        (EXPECTED, EXPECTED * 0, None),
        (EXPECTED, EXPECTED * 1j, None),
        (EXPECTED, np.array([np.nan, 1, 2, 3]), None),
        (np.array([1.0, -1.0]), np.array([0.2, -0.2]), None),  # two entries say too little
        (np.array([3.0, 3.0, 3.0]), np.array([2.0, 2.0, 2.0]), None),  # equal ones, too
    ],
)
def test_pattern(expected: Any, got: Any, pattern: dict[str, Any] | None) -> None:
    assert patterns.find(Arrays(expected, got), {"values": np.ones(4)}) == pattern


@pytest.mark.parametrize(
    ("given", "pattern"),
    [
        ([1000.0, 1.0], {"kind": "overflow", "value": 1000.0}),
        ([-1000.0, 1.0], {"kind": "underflow", "value": -1000.0}),
        ([5.0, 1.0], None),
        ([np.inf, 1.0], None),
    ],
)
def test_no_numbers_for_large_inputs(given: list[float], pattern: dict[str, Any] | None) -> None:
    arrays = Arrays(np.ones(2), np.array([np.nan, 1.0]))
    assert patterns.find(arrays, {"values": np.array(given), "name": "x"}) == pattern


def test_pattern_and_numbers_come_with_the_result() -> None:
    result = run("def double(values):\n    return -2 * values\n").results["test_values"]
    assert result["pattern"] == {"kind": "negative"}
    assert result["comparison"]["inputs"] == [{"name": "values", "values": [1.0, 2.0, 4.0]}]
    assert result["difference"]["relative"] == 2.0


# -- known mistakes

REFERENCE = "def double(values):\n    return values * 2\n"
TESTS = '''
import numpy as np
from grader.compare import assert_close, assert_unchanged
from reference.doubling import double as reference_double

def test_values(solution):
    """Doubled."""
    values = np.array([1.0, 2.0, 4.0])
    assert_close(solution.double(values), reference_double(values))

def test_zero(solution):
    """Zero stays."""
    assert solution.double(np.zeros(1))[0] == 0

def test_argument(solution):
    """Leaves its argument alone."""
    values = np.zeros(2)
    solution.double(values)
    assert_unchanged(values, np.zeros(2))
'''
MISTAKES = (
    Mistake("One is added.", "def double(values):\n    return values + 1\n"),
    Mistake("Squared.", "def double(values):\n    return values ** 2\n"),
    Mistake(
        "Tripled in place.",
        "def double(values):\n    print('mistake')\n    values *= 3\n    return values\n",
    ),
    Mistake("Raises.", "def double(values):\n    raise ValueError\n"),
    Mistake("Broken.", "def double(values)\n"),
    Mistake("Right, in fact.", REFERENCE),
)
NAMES = ("test_values", "test_zero", "test_argument")


def run(code: str, mistakes: tuple[Mistake, ...] = MISTAKES) -> Events:
    return grading.run(Problem("doubling", "double", NAMES, TESTS, REFERENCE, mistakes), code)


def said(events: Events) -> dict[str, str]:
    assert [event["kind"] for event in events if event["kind"] == "output"] == []
    told = events.of("mistake")
    assert told == events[len(events) - len(told) :], "they come after the verdicts"
    return {event["test"]: event["text"] for event in events.of("mistake")}


@pytest.mark.parametrize(
    ("body", "explained"),
    [
        ("return 1 + values", {"test_values": "One is added.", "test_zero": "One is added."}),
        ("return values * values", {"test_values": "Squared."}),
        ("values *= 3; return values", {"test_values": "Tripled in place."}),
        ("return values - 7", {}),
        ("return values * float('nan')", {}),
        ("return values * 2", {}),
        ("raise ValueError", {}),
        ("return (i for i in values)", {}),
    ],
)
def test_mistake_is_told_only_where_all_results_are_its_own(
    body: str, explained: dict[str, str]
) -> None:
    assert said(run(f"def double(values):\n    {body}\n")) == explained


def test_where_two_mistakes_fit_neither_is_told() -> None:
    twice = (
        MISTAKES[1],
        Mistake("Its own product.", "def double(values):\n    return values * values\n"),
    )
    assert said(run("def double(values):\n    return values ** 2\n", twice)) == {}


def test_too_many_calls_are_not_kept() -> None:
    tests = TESTS.replace(
        "    assert_close(", "    for _ in range(300): solution.double(values)\n    assert_close("
    )
    problem = Problem("doubling", "double", NAMES, tests, REFERENCE, MISTAKES)
    events = grading.run(problem, "def double(values):\n    return values + 1\n")
    assert said(events) == {"test_zero": "One is added."}


def test_waiting_takes_nothing_from_the_time_for_an_explanation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grader.mistakes, "SECONDS", 0.5)
    sleeper = Mistake("Sleeps.", "import time\ntime.sleep(0.6)\ndouble = None\n")
    assert said(run("def double(values):\n    return values + 1\n", (sleeper, *MISTAKES)))


def test_time_for_an_explanation_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader.mistakes, "SECONDS", 0.0)
    assert said(run("def double(values):\n    return values + 1\n")) == {}


# What cannot be told from the numbers: mostly, which of two wrong solutions that return the same.
UNTOLD = (
    "softmax_from_scratch/maximum_of_absolute_values",
    "softmax_from_scratch/maximum_subtracted_if_positive",
    "gelu/minus_erf",
    "gelu/wrong_side",
    "gelu/one_number_only",  # raises, and gives nothing to compare
    "gelu/cancellation",  # differs from the reference by less than rounding might
)
RETURNING = [wrong for wrong in WRONG_SOLUTIONS if wrong.problem != "learning_rate_curves"]


@pytest.mark.parametrize("wrong", RETURNING, ids=str)
def test_wrong_solutions_of_this_repository_are_recognised(
    wrong: WrongSolution, graded: Grade
) -> None:
    explanation = wrong.code.removeprefix('"""').partition("\n")[0]
    expected = {} if str(wrong) in UNTOLD else dict.fromkeys(wrong.fails, explanation)
    events = graded(wrong.problem, wrong.code)
    assert {event["test"]: event["text"] for event in events.of("mistake")} == expected


def test_what_is_wrong_with_a_drawing_is_not_read_from_the_numbers(graded: Grade) -> None:
    wrong = next(each for each in WRONG_SOLUTIONS if each.path.stem == "linear_axis")
    events = graded(wrong.problem, wrong.code)
    assert events.not_passed == wrong.fails
    assert events.of("mistake") == []
