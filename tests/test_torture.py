"""The cases of `make torture` that need no browser: no wrong solution passes, nothing is left."""

import builtins
import sys
from collections.abc import Callable

import grading
import numpy as np
import pytest
from torture_run import REFERENCE, Case, read_cases

from grader import guard
from grader.plain import Liar, plain

CASES = read_cases()
# What takes all there is, ends processes or changes files stays in the browser.
HARMLESS = [
    case
    for case in CASES
    if case.kind in ("lies", "reaches", "replaces") and "os.walk" not in case.code
]
Graded = Callable[[str, str], grading.Events]


def test_cases_are_many_and_told_apart() -> None:
    assert len(CASES) >= 60
    assert len({(case.kind, case.name) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", HARMLESS, ids=lambda case: f"{case.kind}: {case.name}")
def test_case(graded: Graded, case: Case) -> None:
    names = {**vars(builtins)}, {**vars(np)}, dict(sys.modules)
    events = graded("cross_entropy_gradient", case.code)
    passed = [result["status"] for result in events.results.values()].count("passed")
    assert passed == case.passed
    for now, before in zip((vars(builtins), vars(np), sys.modules), names, strict=True):
        assert {name: now.get(name) for name in before} == before
    afterwards = graded("cross_entropy_gradient", REFERENCE)
    assert afterwards.not_passed == ()
    assert len(afterwards.results) == 6


# -- guard.py


def test_settings_last_for_the_learner_and_do_not_reach_the_grader() -> None:
    guard.begin()
    before = np.geterr(), np.get_printoptions(), sys.getrecursionlimit()
    guard.contained(np.seterr, all="raise")
    guard.contained(np.set_printoptions, precision=1)
    guard.contained(sys.setrecursionlimit, 4321)
    assert (np.geterr(), np.get_printoptions(), sys.getrecursionlimit()) == before
    assert guard.contained(np.geterr)["divide"] == "raise"
    assert guard.contained(sys.getrecursionlimit) == 4321
    guard.begin()
    assert guard.contained(np.geterr) == before[0]


def test_a_function_of_the_tests_may_call_the_solution() -> None:
    assert guard.contained(lambda: guard.contained(lambda: 1) + 1) == 2


def test_learners_can_print_a_traceback_and_log(graded: Graded) -> None:
    """A library's own look at a frame, which is not handed to the learner."""
    code = (
        "import logging, traceback, warnings, dataclasses, collections, enum, typing\n"
        "Pair = collections.namedtuple('Pair', 'a b')\n"
        "@dataclasses.dataclass\nclass Point:\n    x: int\n"
        "class Colour(enum.Enum):\n    RED = 1\n"
        "def cross_entropy_grad(logits, target):\n"
        "    try:\n        1 / 0\n    except ZeroDivisionError:\n        traceback.print_exc()\n"
        "    logging.warning('logged')\n"
        "    raise KeyError('as it should be')\n"
    )
    events = graded("cross_entropy_gradient", code)
    messages = {result["message"] for result in events.results.values()}
    assert messages == {"KeyError: 'as it should be'"}
    assert "ZeroDivisionError" in "".join(event["text"] for event in events.of("output"))


# -- plain.py


class Equal:
    __module__ = "solution"  # as if a learner had written it

    def __eq__(self, other: object) -> bool:
        return True


class Listed(list[object]):
    __module__ = "solution"


class Matrix(np.ndarray):
    __module__ = "solution"

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [None, 1, 2.0, "x", True, 1j, (1, [2.0]), {"a": [1]}, {1, 2}, np.float32(1), np.arange(3), sum],
)
def test_plain_values_come_as_they_are(value: object) -> None:
    assert plain(value) is value or plain(value) == value


def test_an_array_of_a_class_of_its_own_becomes_a_plain_one() -> None:
    got = plain(np.arange(3).view(Matrix))
    assert type(got) is np.ndarray
    assert got.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "value",
    [Equal(), [Equal()], {"a": (Equal(),)}, Listed([Equal()]), np.array([Equal()], dtype=object)],
)
def test_a_class_that_says_itself_what_it_equals_is_refused(value: object) -> None:
    with pytest.raises(Liar, match="Equal, whose class defines __eq__"):
        plain(value)


def test_lists_within_lists_have_an_end() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(Liar, match="more than 20 deep"):
        plain(endless)
