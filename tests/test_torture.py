"""The cases of `make torture` that need no browser: no wrong solution passes, nothing is left."""

import builtins
import collections
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import grading
import numpy as np
import pytest
from torture_run import REFERENCE, ROOT, Case, read_cases

from grader import guard
from grader.plain import NotPlain, plain
from gradlet.pages import for_grader
from gradlet.problem import Problem

CASES = read_cases()
# What takes all there is, ends processes or changes files stays in the browser.
HARMLESS = [
    case
    for case in CASES
    if case.kind in ("lies", "reaches", "replaces") and "os.walk" not in case.code
]
# Looks through all that the process holds. Here that would be another pytest, which has read all
# hidden tests: in a process of its own it finds what it finds on a learner's page.
(SEARCH,) = (case for case in HARMLESS if case.name == "everything that hangs on anything")


def test_cases_are_many_and_told_apart() -> None:
    assert len(CASES) >= 60
    assert len({(case.kind, case.name) for case in CASES}) == len(CASES)


@pytest.fixture(scope="module", autouse=True)
def _pytest_has_run(graded: grading.Grade) -> None:
    """The first run within pytest takes a `conftest` out of sys.modules, hostile or not."""
    graded("cross_entropy_gradient", REFERENCE)


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # pytest's own hook parses code to show it, which Python 3.11 cannot bear while it parses.
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)


@pytest.mark.parametrize(
    "case",
    [case for case in HARMLESS if case is not SEARCH],
    ids=lambda case: f"{case.kind}: {case.name}",
)
def test_case(graded: grading.Grade, case: Case) -> None:
    # Where memory has no limit, a gigabyte of text shows no more than a tenth of it.
    smaller = replace(case, code=case.code.replace('"x" * 10**9', '"x" * 10**8'))
    examine(lambda code: graded("cross_entropy_gradient", code), smaller)


def examine(run: Callable[[str], grading.Events], case: Case) -> None:
    names = {**vars(builtins)}, {**vars(np)}, dict(sys.modules)
    events = run(case.code)
    passed = [result["status"] for result in events.results.values()].count("passed")
    assert passed == case.passed
    for now, before in zip((vars(builtins), vars(np), sys.modules), names, strict=True):
        assert {name: now.get(name) for name in before} == before
    afterwards = run(REFERENCE)
    assert afterwards.not_passed == ()
    assert len(afterwards.results) == 6


def test_search(problems: dict[str, Problem]) -> None:
    code = (
        "import sys, grading, test_torture; from grader import Problem\n"
        "problem = Problem.from_json(sys.stdin.read())\n"
        "run = lambda code: grading.run(problem, code)\n"
        "run(test_torture.REFERENCE)\n"  # as _pytest_has_run
        "test_torture.examine(run, test_torture.SEARCH)\n"
    )
    alone(code, for_grader(problems["cross-entropy-gradient"]).decode())


def alone(code: str, said: str = "") -> None:
    """Run `code`, which hears `said`, in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", code],
        input=said,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((".", "site", "tests"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


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


def test_learners_can_print_a_traceback_and_log(graded: grading.Grade) -> None:
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


def test_a_function_of_the_tests_may_call_plain_code() -> None:
    guard.begin(plain=True)
    assert guard.contained(lambda: guard.contained(lambda: 1) + 1) == 2


def test_the_code_is_not_the_first_to_use_a_lazy_module() -> None:
    """In a process of its own, since here somebody else was."""
    code = (
        "import sys; from grader import guard; assert 'numpy.testing' not in sys.modules\n"
        "guard.begin()\n"
        "guard.contained(exec, 'import numpy.testing as t; t.assert_allclose = t.added = None')\n"
        "import numpy.testing; assert numpy.testing.assert_allclose\n"
        "assert not hasattr(numpy.testing, 'added')\n"
    )
    alone(code)


PATCHES = """
import matplotlib.axes, matplotlib.pyplot as plt
import numpy as np
class Text:
    def __init__(self, text): self.get_text = lambda: text
class Legend:
    def __init__(self, rates): self.get_texts = lambda: [Text(f"{rate:g}") for rate in rates]
def loss_curves(features, targets, learning_rates, steps):
    figure, axes = plt.subplots()
    axes.plot([1.0])
    kind = matplotlib.axes.Axes
    kind.get_yscale = lambda self: "log"
    kind.get_xlabel = kind.get_ylabel = lambda self: "x"
    kind.get_legend = lambda self: Legend(learning_rates)
    plt.get_fignums = lambda: 1 / 0
    return np.ones((len(learning_rates), steps + 1))
"""


def test_what_tells_of_figures_is_put_right(graded: grading.Grade) -> None:
    results = graded("learning_rate_curves", PATCHES).results
    passed = [name for name in results if results[name]["status"] == "passed"]
    assert passed == ["test_output_shape"]
    assert "set_yscale" in results["test_scale"]["message"]
    assert "has no label" in results["test_labels"]["message"]


def test_doctest_may_be_used(graded: grading.Grade) -> None:
    """It sets tracing back to what it was."""
    code = (
        "import doctest\n"
        'def cross_entropy_grad(logits, target):\n    """\n    >>> 1 + 1\n    3\n    """\n'
        "doctest.run_docstring_examples(cross_entropy_grad, globals())\n"
    )
    printed = graded("cross_entropy_gradient", code).of("output")
    assert "Expected:" in "".join(event["text"] for event in printed)


# -- plain.py


class Equal:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class EqualInt(Equal, int):
    pass


Pair = collections.namedtuple("Pair", "a b")


class Listed(list[object]):
    pass


class Matrix(np.ndarray):
    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize(
    "value",
    [None, 1, 2.0, "x", True, 1j, (1, [2.0]), {"a": [1]}, {1, 2}, np.float32(1), [np.bool_(1)]],
)
def test_plain_values_come_as_they_are(value: object) -> None:
    assert plain(value) == value
    assert type(plain(value)) is type(value)


@pytest.mark.parametrize("order", ["C", "F"])
def test_an_array_is_copied(order: Any) -> None:
    """What it came from can be changed by the learner's code, or its memory set free."""
    array = np.ones((2, 3), order=order)
    for got in (plain(array), *plain([array])):
        assert np.array_equal(got, array)
        assert got.strides == array.strides
        assert not np.shares_memory(got, array)


@pytest.mark.parametrize(
    ("value", "same"),
    [
        (EqualInt(3), 3),
        ([EqualInt(3)], [3]),
        ({"a": (Listed([1]),)}, {"a": ([1],)}),
        (collections.OrderedDict(a=1), {"a": 1}),
        (Pair(1, 2.0), (1, 2.0)),
        (np.array([EqualInt(3), [1]], dtype=object), np.array([3, [1]], dtype=object)),
        (np.arange(3).view(Matrix), np.arange(3)),
    ],
)
def test_what_is_derived_from_a_plain_class_comes_as_that(value: object, same: object) -> None:
    assert repr(plain(value)) == repr(same)
    assert type(plain(value)) is type(same)


@pytest.mark.parametrize(
    "value",
    [
        Equal(),
        [Equal()],
        {"a": (Equal(),)},
        Listed([Equal()]),
        np.array([Equal()], dtype=object),
        {EqualInt(1): Equal()},
    ],
)
def test_an_object_of_another_class_is_refused(value: object) -> None:
    with pytest.raises(NotPlain, match="an Equal: return plain numbers"):
        plain(value)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (sum, "a builtin_function_or_method, not what one gives: call it"),
        (np.exp, "a ufunc, not what one gives: call it"),
        (map(str, ()), r"a map: make a list of it, list\(...\), or an array"),
        (range(3), "a range: make a list of it"),
        (np.zeros(1, "O,f8"), "an array with fields that hold objects"),
        (np.zeros(1, "O,f8")[0], "a void"),
        (Fraction(1, 2), "a Fraction: return plain numbers"),
    ],
)
def test_what_is_refused_comes_with_what_to_do(value: object, what: str) -> None:
    with pytest.raises(NotPlain, match=what):
        plain(value)


def test_lists_within_lists_have_an_end() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(NotPlain, match="more than 20 deep"):
        plain(endless)
