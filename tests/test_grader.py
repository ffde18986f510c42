"""The grader, run natively on a small problem: what it tells of every kind of code."""

import builtins
import json
import math
import random
import re
import sys
from dataclasses import asdict, replace
from typing import Any

import grading
import numpy as np
import pytest

from grader import BrokenProblem, Problem, bridge, guard
from grader.audit import Refused
from grader.compare import Mismatch, as_vector, assert_close, assert_float_array, assert_unchanged
from grader.output import LIMIT, Output, listening
from grader.run import Run
from grader.show import show
from grader.solution import load, modules_restored
from gradlet.fixtures import FIXTURES

REFERENCE = """
import numpy as np

def double(values):
    return np.asarray(values, dtype=float) * 2
"""

TESTS = '''
import numpy as np
import pytest
from grader.compare import assert_close
from reference.doubling import double as reference_double

def test_values(solution):
    """Every entry is doubled."""
    values = np.array([1.0, 2.0, 4.0])
    assert_close(solution.double(values), reference_double(values), message="Doubling.")

@pytest.mark.parametrize("size", [1, 2, 3])
def test_sizes(solution, size):
    """Works for every size."""
    assert solution.double(np.ones(size)).shape == (size,), f"size {size} goes wrong"

def test_plain(solution):
    """A bare assertion."""
    assert solution.double(np.zeros(1))[0] == 0
'''
NAMES = ("test_values", "test_sizes", "test_plain")
PROBLEM = Problem("doubling", "double", NAMES, TESTS, REFERENCE)
RIGHT = "def double(values):\n    return values * 2\n"


def run(code: str, problem: Problem = PROBLEM) -> grading.Events:
    return grading.run(problem, code)


def unusable(code: str) -> dict[str, Any]:
    events = run(code)
    assert events.of("result") == [], "no test may have run"
    (event,) = events.of("unusable")
    return dict(event)


def test_right_solution_passes_in_file_order_with_one_result_for_each_function() -> None:
    events = run(RIGHT)
    assert [(e["kind"], e["test"]) for e in events] == [
        (kind, test) for test in NAMES for kind in ("test", "result")
    ]
    assert events.not_passed == ()
    assert all(0 <= result["seconds"] < 10 for result in events.results.values())


def test_failure_shows_call_expected_got_and_the_largest_difference() -> None:
    result = run("def double(values):\n    return values + 1\n").results["test_values"]
    assert result["status"] == "failed"
    assert result["message"] == "Doubling. 2 of 3 entries are too far from the expected value."
    assert result["call"] == "double(values=array([1., 2., 4.]))"
    assert result["expected"] == "array([2., 4., 8.])"
    assert result["got"] == "array([2., 3., 5.])"
    assert result["difference"] == {
        "largest": 3.0,
        "index": [2],
        "expected": 8.0,
        "got": 5.0,
        "relative": 0.375,
    }
    assert result["line"] is None


def test_parametrized_test_fails_with_its_first_failing_case() -> None:
    code = "def double(values):\n    return values if len(values) == 2 else values[:0]\n"
    result = run(code).results["test_sizes"]
    assert (result["status"], result["message"]) == ("failed", "size 1 goes wrong")


def test_an_argument_must_stay_comparable() -> None:
    tests = (
        "def test_list(solution):\n    given = [1.0]\n    solution.double(given)\n"
        "    assert given == [2.0]\n"
    )
    problem = replace(PROBLEM, tests=("test_list",), test_source=tests)
    for base in ("object", "float", "list"):
        liar = f"class Liar({base}):\n    def __eq__(self, other): return True\n"
        result = run(f"{liar}def double(values):\n    values[0] = Liar()\n", problem)
        message = result.results["test_list"]["message"]
        assert message.startswith("Your function put a Liar into what it was given: put plain")
    others = replace(problem, test_source=tests.replace("(given)", "(given, abs)"))
    taking = replace(others, reference_source="def double(values, function): pass\n")
    result = run(f"{liar}def double(values, function):\n    values[0] = Liar()\n", taking)
    assert result.not_passed == ("test_list",), "whatever else was given"
    assert run("def double(values):\n    values[0] *= 2\n", problem).not_passed == ()


def test_tests_get_the_function_and_nothing_else() -> None:
    tests = "def test_other(solution):\n    solution.helper(1)\n"
    problem = replace(PROBLEM, tests=("test_other",), test_source=tests)
    result = run(f"{RIGHT}helper = double\n", problem).results["test_other"]
    assert "solution has double, the problem's function, and no helper" in result["message"]


def test_bare_assertion_is_explained_by_pytest() -> None:
    result = run("def double(values):\n    return values + 3\n").results["test_plain"]
    assert result["status"] == "failed"
    assert "3.0" in result["message"]


def test_exception_is_an_error_with_the_learners_line_and_frames_only() -> None:
    code = "def double(values):\n    return helper(values)\n\ndef helper(v):\n    return v[10]\n"
    result = run(code).results["test_values"]
    assert result["status"] == "error"
    assert result["line"] == 5
    assert result["message"].startswith("IndexError: index 10 is out of bounds")
    assert 'File "solution.py", line 2, in double' in result["traceback"]
    assert 'File "solution.py", line 5, in helper' in result["traceback"]
    assert result["traceback"].count("File ") == 2
    assert result["call"] == "double(values=array([1., 2., 4.]))"
    assert result["got"] is None


def test_learners_own_assertion_is_an_error_of_theirs() -> None:
    result = run("def double(values):\n    assert False, 'mine'\n").results["test_values"]
    assert (result["status"], result["line"]) == ("error", 2)


def test_result_that_the_test_cannot_use() -> None:
    result = run("def double(values):\n    return 'text'\n").results["test_sizes"]
    assert result["status"] == "error"
    assert result["message"].startswith("The test could not use what your function returned: ")
    assert result["got"] == "'text'"


def test_argument_is_shown_as_it_was_before_the_call() -> None:
    code = "def double(values):\n    values *= 3\n    return values\n"
    assert run(code).results["test_values"]["call"] == "double(values=array([1., 2., 4.]))"


@pytest.mark.parametrize(
    ("code", "line", "words"),
    [
        ("def double(values)\n    return 1\n", 1, "SyntaxError on line 1: expected ':'"),
        ("def double(values):\nreturn 1\n", 2, "IndentationError on line 2"),
        ("x = [1 2]", 1, "Perhaps you forgot a comma?"),
        ("```python\ndef double(values): ...\n```", 1, "Take out the lines of ```"),
        (">>> double([1])", 1, "Take out the >>>"),
        ("%matplotlib inline", 1, "commands for a notebook"),
        ("x = 1\n!pip install numpy", 2, "commands for a notebook"),
        ("pip install numpy", 1, "Nothing can be installed here"),
        ("class Solution:\n    def double(self, values): ...", None, "The class Solution does:"),
        ("x = 1\x00", None, "null bytes"),
        ("def dubble(values): ...", None, "does not define double. It does define dubble"),
        ("", None, "does not define double. The tests call it"),
        ("double = 3", None, "double is not a function but an int"),
        ("class double: ...", None, "double is not a function but a class"),
        ("\ndef double(): ...", 2, "double() does not take the arguments"),
        ("async def double(values): ...", 1, "written with async or yield"),
        ("def double(values):\n    yield 1", 1, "written with async or yield"),
        ("a = 1\nb = a / 0\n", 2, "stops on line 2 before any test can run: ZeroDivisionError"),
        ("raise SystemExit", 1, "Your code raised SystemExit"),
        ("import reference", 1, "ModuleNotFoundError: No module named 'reference'"),
        ("from reference.doubling import double", 1, "No module named 'reference'"),
    ],
)
def test_what_no_test_can_run_is_said_once(code: str, line: int | None, words: str) -> None:
    event = unusable(code)
    assert words in event["message"]
    assert event["line"] == line


def test_wrong_number_of_arguments_is_said_with_the_right_ones() -> None:
    event = unusable("def double(values, times): ...")
    assert "double(values, times) does not take the arguments" in event["message"]
    assert "def double(values):" in event["message"]


@pytest.mark.parametrize(
    "body",
    [
        "from reference.doubling import double as answer; return answer(values)",
        "return __import__('reference.doubling').doubling.double(values)",
        "import sys; return sys.modules['reference.doubling'].double(values)",
        "import glob; return open(glob.glob('/tmp/*/test_doubling.py')[0])",
    ],
)
def test_reference_and_tests_cannot_be_reached_from_a_call(body: str) -> None:
    assert run(f"def double(values):\n    {body}\n").not_passed == NAMES


@pytest.mark.parametrize(
    "what", ["raise SystemExit", "raise KeyboardInterrupt", "raise GeneratorExit"]
)
def test_what_would_end_the_run_is_an_error_of_each_test(what: str) -> None:
    results = run(f"def double(values):\n    {what}\n").results
    assert [(r["status"], r["line"]) for r in results.values()] == [("error", 2)] * 3
    assert "which would end the program" in results["test_plain"]["message"]
    assert "\nYour code raised" in results["test_plain"]["traceback"]


def test_line_that_runs_is_the_innermost_of_the_learners() -> None:
    code = "def inner(look):\n    return [*map(look, [1])]\ndef outer(look): return inner(look)\n"
    with modules_restored():
        assert load(code).outer(lambda _: bridge.line()) == [2]
    assert bridge.line() == 0, "none of it runs"


def test_what_the_tripwire_refuses_makes_no_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is mostly an innocent generator, in the frame of an exception that nobody holds."""
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)  # pytest has its own

    class Late:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def __del__(self) -> None:
            raise self.error

    said: list[str] = []
    with listening(Output(said.append)):
        Late(Refused("nobody has called it"))
        Late(ValueError("too late"))
    assert "too late" in "".join(said)
    assert "nobody" not in "".join(said)


def test_names_that_a_solution_adds_to_modules_are_there_in_each_call_of_it() -> None:
    added = "import builtins\nimport numpy as np\nnp.float = builtins.number = float\n"
    code = f"{added}def double(values):\n    return np.float(number(2)) * values\n"
    assert run(code).not_passed == ()
    assert not hasattr(np, "float")
    assert not hasattr(builtins, "number")


def test_what_pytest_takes_for_its_own_is_an_error_of_each_test() -> None:
    take = "(Exit,) = (one for one in Exception.__subclasses__() if one.__name__ == 'Exit')\n"
    results = run(f"{take}def double(values):\n    raise Exit('over')\n").results
    assert [(r["status"], r["line"]) for r in results.values()] == [("error", 3)] * 3
    assert results["test_plain"]["message"] == "Your code raised Exit, which would end the tests."


def test_code_that_was_left_and_stops_pytest_is_told_as_an_error_of_the_learners() -> None:
    key = "class Key(str):\n    def __eq__(self, other): raise ValueError('mine')\n"
    hashed = f"{key}    __hash__ = str.__hash__\n"
    same = 'Key("FigureCanvasAgg is non-interactive"), int(re.I)'  # what the grader asks for
    left = f"for cache in (re._cache, getattr(re, '_cache2', {{}})): cache[str, {same}] = 5\n"
    try:
        events = run(f"import re\n{hashed}re.purge()\n{left}{RIGHT}")
    finally:
        re.purge()
    assert list(events.results) == ["test_values"], "where pytest has stopped, nothing follows"
    result = events.results["test_values"]
    assert (result["status"], result["line"]) == ("error", 3)
    assert "ValueError: mine" in result["message"]


@pytest.mark.parametrize(
    "body",
    [
        "__cause__ = 5",
        "__context__ = __cause__ = __traceback__ = property(lambda self: 1 / 0)",
        "__class__ = property(lambda self: 1 / 0)",
        "__dict__ = property(lambda self: 1 / 0)",
        "def __getattribute__(self, name): raise SystemExit",
    ],
)
def test_an_exception_that_answers_with_code_of_its_own_is_not_asked(body: str) -> None:
    odd = f"class Odd(Exception):\n    {body}\n"
    results = run(f"{odd}def double(values):\n    raise Odd\n").results
    assert [(r["status"], r["line"]) for r in results.values()] == [("error", 4)] * 3
    assert "Your code raised Odd, whose class defines __" in results["test_plain"]["message"]
    event = unusable(f"{odd}raise Odd\n")
    assert event["message"].startswith("Your code stops on line 3 before any test can run: ")


def test_an_exception_that_raises_when_it_is_told_has_its_name() -> None:
    odd = "class Odd(ModuleNotFoundError):\n    def __str__(self): raise SystemExit\n"
    result = run(f"{odd}def double(values):\n    raise Odd\n").results["test_plain"]
    assert (result["message"], result["line"]) == ("Odd", 4)


def test_python_warns_of_odd_code_once() -> None:
    said = run("def double(values):\n    '\\d'\n    return values * 2\n").of("output")
    text = "".join(event["text"] for event in said)
    assert text.count("invalid escape sequence") == 1
    assert "<unknown>" not in text


def test_each_run_draws_other_random_numbers() -> None:
    code = "import random\nprint(random.random())\n" + RIGHT
    posted: list[str] = []
    for _ in range(2):
        random.seed(1)
        bridge.run(json.dumps(asdict(PROBLEM)), code, posted.append)
    events = [json.loads(text) for text in posted]
    printed = "".join(event["text"] for event in events if event["kind"] == "output")
    assert len(set(printed.split())) == 2


def test_a_seed_makes_a_run_draw_the_same_numbers() -> None:
    code = "import random, numpy as np\nprint(random.random(), np.random.rand())\n" + RIGHT
    printed: list[str] = []
    for seed in (1, 1, 2):
        posted: list[str] = []
        bridge.run(json.dumps(asdict(PROBLEM)), code, posted.append, seed)
        events = map(json.loads, posted)
        printed.append("".join(event["text"] for event in events if event["kind"] == "output"))
    assert printed[0] == printed[1] != printed[2]


def test_endless_recursion_is_told_in_few_lines() -> None:
    result = run("def double(values):\n    return double(values)\n").results["test_values"]
    assert result["message"].startswith("RecursionError")
    assert len(result["traceback"].splitlines()) < 20


def test_prints_and_warnings_reach_the_test_that_made_them() -> None:
    code = (
        "import numpy as np\nprint('at the top')\n"
        "def double(values):\n    print('given', values)\n    np.exp(values * 1e6)\n"
        "    return values * 2\n"
    )
    events = run(code)
    said: dict[str | None, str] = {}
    for event in events.of("output"):
        said[event["test"]] = said.get(event["test"], "") + event["text"]
    assert said[None] == "at the top\n"
    assert "given [1. 2. 4.]\n" in said["test_values"]
    assert "solution.py:5: RuntimeWarning: overflow" in said["test_values"]
    assert "RuntimeWarning: overflow" in said["test_sizes"], "each test warns anew"
    assert "RuntimeWarning" not in said["test_plain"]
    assert events.not_passed == ()


def test_a_warning_about_who_called_names_no_file_of_the_grader() -> None:
    warn = "import warnings\ndef double(values):\n    warnings.warn('large', stacklevel=2)\n"
    said = run(f"{warn}    return values * 2\n").of("output")
    assert {event["text"] for event in said} == {"UserWarning: large\n"}


def test_standard_output_takes_what_is_told_to_a_terminal() -> None:
    output = Output(print)
    output.reconfigure(encoding="utf-8")
    assert output.encoding == "utf-8"
    with pytest.raises(TypeError, match="must be str, not int"):
        output.write(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("annotation", ["np.array[float]", "'int' | None", "Unknown"])
def test_annotations_are_not_evaluated(annotation: str) -> None:
    code = f"import numpy as np\ndef double(values: {annotation}) -> {annotation}:\n"
    assert run(f"{code}    return values * 2\n").not_passed == ()


def test_what_has_no_signature_is_called_all_the_same() -> None:
    code = "class Yes:\n    def __getattr__(self, name): return self\n"
    called = "    def __call__(self, values): return values * 2\ndouble = Yes()\n"
    assert run(code + called).not_passed == ()


def test_a_note_is_not_what_an_exception_says() -> None:
    body = "error = ValueError('bad'); error.add_note('while doubling'); raise error"
    result = run(f"def double(values):\n    {body}\n").results["test_plain"]
    assert result["message"] == "ValueError: bad"
    assert result["traceback"].endswith("ValueError: bad\nwhile doubling")


def test_a_line_is_the_one_that_python_means() -> None:
    code = "# \u2028 \x0c \x85\ndef double(values):\n    one = 1\n    return one / 0\n"
    result = run(code).results["test_plain"]
    assert "line 4, in double\n    return one / 0\n" in result["traceback"]


def test_filters_of_warnings_last_from_call_to_call() -> None:
    code = "import warnings\nwarnings.simplefilter('error')\ndef double(values):\n"
    events = run(f"{code}    warnings.warn('large')\n    return values * 2\n")
    assert {result["message"] for result in events.results.values()} == {"UserWarning: large"}


def test_output_is_cut_at_a_limit_that_is_said() -> None:
    pieces: list[str] = []
    output = Output(pieces.append)
    for _ in range(3):
        print("x" * LIMIT, file=output)
    output.flush()
    text = "".join(pieces)
    assert text == "x" * LIMIT + f"\n… cut after {LIMIT:,} characters\n"
    output.begin()
    print("again", file=output)
    output.flush()
    assert "".join(pieces) == text + "again\n"


def test_nothing_of_a_run_is_left_in_the_modules() -> None:
    import sys

    run(RIGHT)
    left = [name for name in sys.modules if "doubling" in name or name == "solution"]
    assert left == []


@pytest.mark.parametrize(
    ("tests", "reference", "message"),
    [
        (
            "\ndef test_values(:\n",
            REFERENCE,
            "hidden_tests/test_doubling.py:2: SyntaxError: invalid syntax",
        ),
        (
            "\nimport no_such_module\n",
            REFERENCE,
            "hidden_tests/test_doubling.py:2: "
            "ModuleNotFoundError: No module named 'no_such_module'",
        ),
        (
            TESTS,
            "def other(): ...",
            "reference/doubling.py: "
            "AttributeError: module 'reference.doubling' has no attribute 'double'",
        ),
        (
            TESTS,
            "\n1 / 0",
            "reference/doubling.py:2: ZeroDivisionError: division by zero",
        ),
    ],
    ids=["syntax error", "import error", "no reference function", "reference raises"],
)
def test_broken_problem_is_never_blamed_on_the_learner(
    tests: str, reference: str, message: str
) -> None:
    problem = Problem("doubling", "double", NAMES, tests, reference)
    with pytest.raises(BrokenProblem) as caught:
        run(RIGHT, problem)
    assert str(caught.value) == message
    file, line = caught.value.file, caught.value.line
    assert message.startswith(f"{file}:{line}: " if line else f"{file}: ")


@pytest.mark.parametrize("name", sorted(FIXTURES))
def test_the_fixtures_that_authors_are_told_of(name: str) -> None:
    names = "solution" if name == "solution" else f"solution, {name}"
    tests = f"def test_it({names}):\n    assert {name}"
    assert (
        run(RIGHT, Problem("doubling", "double", ("test_it",), tests, REFERENCE)).not_passed == ()
    )


def test_there_are_no_other_fixtures() -> None:
    """Which the build would refuse."""
    run_ = Run()
    found = set(run_.session._session._fixturemanager._arg2node2fixturedefs)
    run_.close()
    assert found | {"request"} == FIXTURES  # which is known by itself


# -- comparisons


def test_close_values_lists_and_float32_are_accepted() -> None:
    assert_close([1.0, 2.0], np.array([1.0, 2.0]))
    assert_close(np.array([0.1, 0.2], dtype=np.float32), np.array([0.1, 0.2]), rtol=1e-5)
    assert_close(3.0, 3.0 + 1e-12)
    assert_close(np.array([np.inf, np.nan]), np.array([np.inf, np.nan]))


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "Your function returned None: is a return statement missing?"),
        ("ab", "Your function returned a str, expected numbers of shape (2,)."),
        ([[1.0], [2.0, 3.0]], "Your function returned a list, expected numbers of shape (2,)."),
        (np.zeros((2, 1)), "Your result has shape (2, 1), expected (2,)."),
        (
            np.zeros(2, "m8[s]"),
            "Your function returned an ndarray of dtype timedelta64[s], expected",
        ),
        (
            np.zeros(2, object),
            "Your function returned an ndarray of dtype object, expected numbers",
        ),
        (np.array([1.0, math.nan]), "Your result holds nan at index [1], which is not a finite"),
        (np.array([1.0, -math.inf]), "Your result holds -inf at index [1]"),
        (np.array([1.0, 2.5]), "1 of 2 entries is too far from the expected value."),
        (np.array([1 + 1j, 2.0]), "1 of 2 entries is too far from the expected value."),
    ],
)
def test_mismatch_says_what_is_wrong(got: Any, words: str) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_close(got, np.array([1.0, 2.0]), message="Why.")
    assert caught.value.message.startswith(f"Why. {words}")
    assert "expected: array([1., 2.])" in str(caught.value), "natively, pytest prints it all"


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (None, "returned None"),
        ([1.0, 2.0], "a list, not a NumPy array: wrap it in np.array(...)"),
        (1.5, "a float, not a NumPy array: return an array"),
        (np.zeros(3), "shape (3,), expected (2,)"),
        (np.zeros(2, dtype=int), "dtype int64, which cannot hold fractions"),
        (np.zeros(2, dtype=object), "objects of Python: return floats, .astype(float)."),
        (np.zeros(2, dtype=complex), "dtype complex128, of complex numbers: return real ones."),
        ((np.zeros(2), 1.0), "a tuple, not a NumPy array: return one array alone."),
    ],
)
def test_float_array_is_asked_for_in_words(got: Any, words: str) -> None:
    with pytest.raises(Mismatch) as caught:
        assert_float_array(got, (2,))
    assert words in caught.value.message


def test_float_array_of_any_precision_is_accepted() -> None:
    for dtype in (np.float16, np.float32, np.float64):
        assert_float_array(np.zeros(2, dtype=dtype), (2,))


@pytest.mark.parametrize("got", [None, [1.0, math.nan], [1.0], "no", np.zeros((2, 2))])
def test_vector_refuses_what_is_none(got: Any) -> None:
    with pytest.raises(Mismatch):
        as_vector(got, (2,))
    assert as_vector([1, 2], (2,)).dtype == np.float64


def test_a_number_is_expected_as_one() -> None:
    with pytest.raises(Mismatch) as raised:
        assert_close(0.0, np.array(3.0))
    assert raised.value.expected == "3.0"


@pytest.mark.filterwarnings("error")
def test_a_float_longer_than_pythons_has_no_difference_that_can_be_told() -> None:
    largest = np.array([np.finfo(np.longdouble).max, 1.0])
    with pytest.raises(Mismatch) as raised:
        assert_close(largest, np.array([1.0, 1.0]))
    assert raised.value.difference is None


@pytest.mark.filterwarnings("error")
def test_relative_error_beside_a_number_that_is_all_but_0_is_left_out() -> None:
    tiny = np.array([5.5e-42, 1.0], dtype=np.float32)
    with pytest.raises(Mismatch) as raised:
        assert_close(np.array([0.5, 1.0], dtype=np.float32), tiny)
    assert raised.value.difference
    assert raised.value.difference.relative is None


def test_vector_refuses_complex_numbers_in_words() -> None:
    with pytest.raises(Mismatch, match="complex numbers: return real ones"):
        as_vector([1 + 0j, 2.0], (2,))


def test_changed_argument_is_noticed() -> None:
    original = np.array([1.0, math.nan])
    assert_unchanged(original.copy(), original)
    with pytest.raises(Mismatch, match="changed the array that it was given"):
        assert_unchanged(original + 1, original)


class Liar:
    def __repr__(self) -> str:
        raise RuntimeError("no")


class Meddler:
    def __repr__(self) -> str:
        np.exp = None  # type: ignore[assignment]
        return "meddled"


class MeddlingFloat(Meddler, float):
    pass


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.float64(1.5), "1.5"),
        ([np.float64(1.5), 2], "[1.5, 2]"),
        (np.array([1, 2]), "array([1, 2])"),
        (None, "None"),
    ],
)
def test_values_are_shown_plainly(value: Any, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize("kind", [Meddler, MeddlingFloat])
def test_to_show_a_value_changes_nothing(kind: Any) -> None:
    guard.begin()
    exp = np.exp
    for value in (kind(), [kind()], {1: (kind(),)}, np.array([kind()], dtype=object)):
        assert "meddled" in show(value)
        assert np.exp is exp


def test_values_are_shown_whatever_they_are() -> None:
    assert "Liar object" in show(Liar())
    assert len(show(np.arange(1e6))) < 200
    assert len(show("x" * 10_000)) <= 600
    assert len(show([[1.0] * 100] * 100)) <= 600
