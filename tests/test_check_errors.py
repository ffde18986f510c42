"""`build.py check` finds each kind of mistake that makes a problem's tests worthless."""

from pathlib import Path
from typing import Any

import pytest
from clone import Clone
from sound_problem import (
    ANSWER,
    AS_LIST,
    DOUBLED,
    FILES,
    LIST,
    TEST,
    TEXT,
    TWICE,
    SoundProblem,
)

from gradlet.catalogue import UnknownProblem
from gradlet.check import Count, NativeRunner, check_problems
from gradlet.check.runner import Job
from gradlet.complaint import Complaints
from gradlet.new import NewProblem, write
from gradlet.pages import for_grader
from gradlet.problem import Problem


def test_a_sound_problem_has_no_errors(sound: SoundProblem) -> None:
    report = sound.check(mutants=True)
    assert report.errors == []
    assert report.notices == []
    assert report.ok
    assert (report.slug, report.tests) == ("halving", 2)
    assert report.reference
    assert report.starter
    assert report.examples == Count(2, 2)
    assert report.wrong_solutions == Count(2, 2)
    assert report.mutants is not None
    assert report.mutants.good == report.mutants.total > 3
    assert report.seconds > 0


def test_what_new_writes_passes_as_it_stands(tmp_path: Path, runner: NativeRunner) -> None:
    write(tmp_path, NewProblem("scale-it", "Scale it", "scale_it(values)"))
    (report,) = check_problems(tmp_path, runner=runner)
    assert (report.errors, report.notices) == ([], [])


class TakenMeanwhile(list[Any]):
    """Idle workers of which another thread takes the last between the look and the grasp."""

    def __bool__(self) -> bool:
        return True


def test_a_worker_that_another_thread_has_taken_is_no_trouble(problems: dict[str, Problem]) -> None:
    softmax = problems["softmax-from-scratch"]
    with NativeRunner() as native:
        native._idle[0] = taken = TakenMeanwhile()
        job = Job(for_grader(softmax).decode(), softmax.reference_source, 20)
        (outcome,) = native.run([job], lambda: None)
        assert len(taken) == 1  # now that it is done
        native._idle[0] = list(taken)
    assert outcome.passed


# A file, what is replaced in it by what; the file of the error, a text on its line, and its words.
MISTAKES = {
    # the reference
    "reference does not pass": (
        *(ANSWER, "x / 2.0", "list(x / 2.0)"),
        *(TEST, "def test_shape", "does not pass 'test_shape': Your function returned a list"),
    ),
    "reference raises": (
        *(ANSWER, "half = x / 2.0", "half = x / 2.0\n    half.halve()"),
        *(TEST, "def test_shape", "has no attribute 'halve' (reference/halving.py:3). Fix"),
    ),
    "reference raises where the test calls it": (
        *(TEST, "    assert_close(", "    reference(None)\n    assert_close("),
        *(TEST, "def test_values", "'NoneType' and 'float' (reference/halving.py:2). Fix"),
    ),
    "reference raises with other seeds": (
        ANSWER,
        "half = x / 2.0",
        "half = x / (2.0 if len(x) > 2 or __import__('random').random() > 0.5 else None)",
        *(TEST, "def test_shape", "'float' and 'NoneType' (reference/halving.py:2). Fix"),
    ),
    "reference raises when loaded": (
        *(ANSWER, "def halve", "HALF = 1 / 0\n\n\ndef halve"),
        *(ANSWER, "HALF", "the reference solution cannot be loaded: ZeroDivisionError: division"),
    ),
    "tests raise when loaded": (
        *(TEST, "from reference", "1 / 0\nfrom reference"),
        *(TEST, "1 / 0", "the hidden tests cannot be loaded: ZeroDivisionError: division by zero."),
    ),
    "tests raise deep inside": (
        *(TEST, "def test_shape", "np.zeros(3).reshape(2)\n\n\ndef test_shape"),
        *(TEST, "np.zeros(3)", "the hidden tests cannot be loaded: ValueError: cannot reshape"),
    ),
    "tests import what is not there": (
        *(TEST, "import assert_close", "import close"),
        *(TEST, "from grader", "the hidden tests cannot be loaded: ImportError: cannot import"),
    ),
    "tests with a parametrize that fits none": (
        TEST,
        "def test_shape",
        "import pytest\n\n\n@pytest.mark.parametrize('size', [1])\ndef test_shape",
        TEST,
        "import numpy",
        "test_shape: function uses no argument 'size'. Fix: correct this file.",
    ),
    "tests end Python's way": (
        *(TEST, "def test_shape", "raise SystemExit('no')\n\n\ndef test_shape"),
        *(TEST, "raise SystemExit", "the hidden tests cannot be loaded: SystemExit: no"),
    ),
    "test that ends Python": (
        *(TEST, "    assert_float_array", "    import os; os._exit(0)\n    assert_float_array"),
        *(TEST, "import numpy", "ended the whole Python process in test_shape"),
    ),
    "tests that are skipped as a whole": (
        *(TEST, "import numpy as np\n", 'import pytest\n\nnp = pytest.importorskip("nowhere")\n'),
        *(TEST, "def test_shape", "pytest does not run test_shape, test_values"),
    ),
    "test that is none when pytest comes": (
        *(TEST, "def test_values", "test_shape = None\n\n\ndef test_values"),
        *(TEST, "def test_shape", "pytest does not run test_shape"),
    ),
    "test by another name": (
        *(TEST, "def test_values", "test_more = test_shape\n\n\ndef test_values"),
        *(TEST, "test_more", "pytest takes 'test_more' for a test, but the page does not list it"),
    ),
    "order of tests": (
        TEST,
        "def test_shape",
        'ran = []\n\n\ndef test_first(solution):\n    """Can be called."""\n    ran.append(1)\n\n\n'
        'def test_second(solution):\n    """Can be called again."""\n    assert ran, "too early"\n'
        "\n\ndef test_shape",
        *(TEST, "def test_second", "not in another order or with other seeds: too early"),
    ),
    "unseeded random numbers": (
        *(TEST, "default_rng(1)", "default_rng()"),
        *(TEST, "def test_values", "tests other values in another order or with other seeds"),
    ),
    "the global generator": (
        *(TEST, "np.random.default_rng(1).normal(size=5)", "np.random.normal(size=5)"),
        *(TEST, "def test_values", "tests other values in another order or with other seeds"),
    ),
    "order of a set": (
        TEST,
        "    x = np.random.default_rng(1).normal(size=5)\n",
        "    x = np.array([float(n) for n in {'1', '2', '3', '4', '5'}])\n",
        *(TEST, "def test_values", "tests other values in another order or with other seeds"),
    ),
    "slow test": (
        *(TEST, "    x =", "    __import__('time').sleep(0.6)\n    x ="),
        *(TEST, "def test_values", "more than a tenth of the time limit of 5 s"),
    ),
    # the starter code
    "starter code that raises": (
        *(TEXT, "def halve(x):\n    pass", "1 / 0\ndef halve(x):\n    pass"),
        *(TEXT, "1 / 0", "the starter code cannot be graded: Your code stops on line 1"),
    ),
    "starter code that is a solution": (
        *(TEXT, "    pass", "    return x / 2"),
        *(TEXT, "def halve", "the starter code passes every test"),
    ),
    # the examples
    "example that is not true": (
        *(TEXT, "array([1., 2.])", "array([1., 3.])"),
        TEXT,
        ">>> halve(np.array([2.0, 4.0]))",
        "should give 'array([1., 3.])', as written below it, but gives 'array([1., 2.])'",
    ),
    "example that raises": (
        *(TEXT, ">>> halve(np.array([3.0]))", ">>> halve(three)"),
        *(TEXT, ">>> halve(three)", "but gives \"NameError: name 'three' is not defined\""),
    ),
    "example that needs another's variable": (
        TEXT,
        ">>> halve(np.array([2.0, 4.0]))\narray([1., 2.])",
        ">>> x = np.ones(1)\n>>> halve(2 * x)\narray([1.])\n```\n\n```python\n>>> x\narray([1.])",
        *(TEXT, ">>> x\n", "but gives \"NameError: name 'x' is not defined\""),
    ),
    "example that needs what no browser has": (
        *(TEXT, ">>> halve(np.array([3.0]))", ">>> import scipy\n>>> halve(np.array([3.0]))"),
        *(TEXT, ">>> import scipy", "'scipy' is in no package that the problem names"),
    ),
    "example that doctest cannot read": (
        *(TEXT, ">>> halve(np.array([3.0]))", ">>>halve(np.array([3.0]))"),
        *(TEXT, ">>>halve", "doctest cannot read the example: it"),
    ),
    # wrong solutions
    "wrong solution that is right": (
        *(TWICE, "x * 2", "x / 2"),
        *(TWICE, "Fails:", "test_values should fail, but passes"),
    ),
    "wrong solution that fails more": (
        *(TWICE, "x * 2", "list(x * 2)"),
        *(TWICE, "Fails:", "test_shape fails, but is not named"),
    ),
    "wrong solution that cannot be graded": (
        *(TWICE, "def halve(x)", "def half(x)"),
        *(TWICE, "Fails:", "cannot be graded: Your code does not define halve"),
    ),
    "wrong solution that is not always wrong": (
        *(TWICE, "x * 2", "x * 2 if __import__('sys').flags.hash_randomization == 0 else x / 2"),
        *(TWICE, "Fails:", "with other random seeds, other verdicts come from test_values"),
    ),
    "failure without words": (
        *(TEST, "    assert_close(solution.halve(x.copy()), reference(x))",
          "    if not np.allclose(solution.halve(x.copy()), reference(x)):\n"
          "        raise AssertionError(' ')"),
        *(TEST, "def test_values", "tells the learner nothing where it notices halving/doubled"),
    ),
    "failure with a traceback": (
        *(TEST, "    assert_close(solution.halve(x.copy()), reference(x))",
          "    got = solution.halve(x.copy())\n"
          "    assert np.allclose(got, reference(x)), 'Traceback (most recent ...'"),
        *(TEST, "def test_values", "tells the learner a traceback where it notices"),
    ),
    "test without teeth": (
        TEST,
        "def test_values",
        'def test_more(solution):\n    """Can be called."""\n    solution.halve(np.ones(1))\n\n\n'
        "def test_values",
        *(TEST, "def test_more", "'test_more' has no teeth: no wrong solution fails it"),
    ),
    "no sentence": (
        *(TWICE, '"""Doubled, not halved.', '"""'),
        *(TWICE, '"""', "the first line does not say what the mistake is"),
    ),
    "no line of failing tests": (
        *(TWICE, "Fails: ", "Fail: "),
        *(TWICE, '"""', "there are no lines of the docstring that begin with 'Fails:'"),
    ),
    "two lines of failing tests": (
        *(TWICE, "Fails: test_values", "Fails: test_values\nFails: test_shape"),
        *(TWICE, '"""', "there are 2 lines of the docstring"),
    ),
    "no failing test": (
        *(TWICE, "Fails: test_values", "Fails:"),
        *(TWICE, "Fails:", "no test is named that fails"),
    ),
    "failing test that is none": (
        *(TWICE, "Fails: test_values", "Fails: test_valeus"),
        *(TWICE, "Fails:", "there is no hidden test 'test_valeus'"),
    ),
    "wrong solution that needs what no browser has": (
        *(TWICE, "    return x * 2", "    import scipy\n\n    return x * 2"),
        *(TWICE, "import scipy", "'scipy' is in no package that the problem names"),
    ),
    "wrong solution that is no Python": (
        *(TWICE, "return x * 2", "return x * * 2"),
        *(TWICE, "return", "this is not valid Python"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "old", "new", "where", "at", "words"), MISTAKES.values(), ids=MISTAKES
)
def test_each_mistake_is_an_error_at_its_place(
    sound: SoundProblem, path: str, old: str, new: str, where: str, at: str, words: str
) -> None:
    sound.change(path, old, new)
    place = f"{where}:{sound.line(where, at)}"
    found = [str(error) for error in sound.check().errors]
    assert any(one.startswith(f"{place}: ") and words in one for one in found), found


def test_an_endless_test_is_an_error(sound: SoundProblem) -> None:
    sound.change(TEXT, "time_limit: 5", "time_limit: 2")  # it takes three runs to be sure
    sound.change(TEST, "    assert_float_array", "    while True: pass\n    assert_float_array")
    (error,) = (str(each) for each in sound.check().errors if "2 s" in str(each))
    assert error.startswith(f"{TEST}:{sound.line(TEST, 'import numpy')}: ")
    assert "took longer than 2 s and was stopped in test_shape" in error


def test_a_mistake_in_the_reference_stops_the_other_checks(sound: SoundProblem) -> None:
    sound.change(ANSWER, "x / 2.0", "list(x / 2.0)")
    sound.change(TEXT, "    pass", "    return x / 0")
    report = sound.check(mutants=True)
    assert not report.ok
    assert not report.reference
    assert report.mutants is None
    assert {error.file.as_posix() for error in report.errors} == {TEST}


def test_a_reference_with_other_tests_than_those_listed_has_not_passed(
    sound: SoundProblem,
) -> None:
    sound.change(TEST, "import numpy as np\n", 'import pytest\nnp = pytest.importorskip("no")\n')
    report = sound.check(mutants=True)
    assert not report.reference
    assert len(report.errors) == 1


def test_many_wrong_examples_are_counted_and_the_first_are_said(sound: SoundProblem) -> None:
    wrong = "".join(f">>> '{n}' * 3000\n'no{'ü' * 500}'\n" for n in range(9))
    sound.change(TEXT, ">>> halve(np.array([3.0]))\narray([1.5])\n", wrong)
    report = sound.check()
    assert report.examples == Count(1, 10)
    assert len(report.errors) == 5
    for error in report.errors:
        assert "the example should give " in error.problem
        assert len(error.problem) < 300
    first = sound.line(TEXT, ">>> '0' * 3000")
    assert [error.line for error in report.errors] == [first + 2 * n for n in range(5)]


def test_examples_have_what_a_learner_has(sound: SoundProblem) -> None:
    """What the starter code has, np and the function: not what else the reference imports."""
    sound.change(ANSWER, "def halve", "import math\n\nTWO = 2\n\n\ndef halve")
    sound.change(TEXT, "def halve", "import math\n\n\ndef halve")
    sound.change(TEXT, ">>> halve(np.array([3.0]))\narray([1.5])", ">>> halve(math.e) < TWO\nTrue")
    report = sound.check()
    assert report.examples == Count(1, 2)
    (error,) = report.errors
    assert "NameError: name 'TWO' is not defined" in error.problem
    assert error.fix.startswith("write into the block itself what it uses: Try it runs it alone")
    sound.change(TEXT, "< TWO", "< 2")
    assert sound.check().errors == []


def test_translations_are_checked_too(sound: SoundProblem) -> None:
    french = "problems/halving.fr.md"
    sound.write(french, FILES[TEXT].replace("title: Halving", "title: Moitié"))
    report = sound.check()
    assert (report.ok, report.starter, report.examples) == (True, True, Count(4, 4))

    sound.change(french, "array([1.5])", "array([3.])")
    sound.change(french, "    pass", "    return x[0, 0, 0, 0].moitié")
    report = sound.check()
    (error,) = report.errors
    place = sound.line(french, ">>> halve(np.array([3.0]))")
    assert str(error).startswith(f"{french}:{place}: the example should give 'array([3.])'")
    assert (report.ok, report.starter, report.examples) == (False, True, Count(3, 4))

    sound.write(french, FILES[TEXT].replace("def halve", "moitié = 1 / 0\n\n\ndef halve"))
    report = sound.check()
    (error,) = report.errors
    place = sound.line(french, "moitié")
    assert str(error).startswith(f"{french}:{place}: the starter code cannot be graded: Your code")
    assert (report.starter, report.examples) == (False, Count(4, 4))


def test_no_example(sound: SoundProblem) -> None:
    text = FILES[TEXT].replace(">>> ", "")
    sound.write(TEXT, text)
    (error,) = sound.check().errors
    assert (error.file.as_posix(), error.line) == (TEXT, sound.line(TEXT, "## Examples"))
    assert error.problem == "there is no example"


def test_no_wrong_solutions(sound: SoundProblem) -> None:
    for path in (AS_LIST, TWICE):
        (sound.root / path).unlink()
    first, *others = sound.check().errors
    assert (first.file.as_posix(), first.line) == (TEST, 1)
    assert "has no wrong solution" in first.problem
    assert "hidden_tests/wrong/halving/<mistake>.py" in first.fix
    assert others == []


def test_a_file_that_is_no_wrong_solution(sound: SoundProblem) -> None:
    sound.write("hidden_tests/wrong/halving/notes.txt", "")
    (error,) = sound.check().errors
    assert str(error).startswith("hidden_tests/wrong/halving/notes.txt:1: the file is no wrong")


def test_wrong_solutions_of_no_problem_stop_the_check(sound: SoundProblem) -> None:
    sound.write("hidden_tests/wrong/halvng/doubled.py", DOUBLED)
    sound.write("hidden_tests/wrong/list.py", LIST)
    with pytest.raises(Complaints) as caught:
        sound.check()
    first, second = map(str, caught.value.complaints)
    assert first.startswith("hidden_tests/wrong/halvng:1: the folder belongs to no problem")
    assert "rename it to hidden_tests/wrong/halving" in first
    assert second.startswith("hidden_tests/wrong/list.py:1: the file belongs to no problem")


def test_what_editors_and_systems_leave_is_overlooked(sound: SoundProblem) -> None:
    for path in FILES:
        folder, _, name = path.rpartition("/")
        (sound.root / folder / f".#{name}").symlink_to("somebody@here.4711")  # Emacs locks a file
        for leftover in (f"#{name}#", f".{name}.swp", f"{name}~", ".DS_Store"):
            sound.write(f"{folder}/{leftover}", "\0")
    for folder in ("problems", "hidden_tests", "reference", "hidden_tests/wrong"):
        sound.write(f"{folder}/.DS_Store", "\0")
        for name in ("halving-checkpoint.md", "halving-checkpoint.py"):
            sound.write(f"{folder}/.ipynb_checkpoints/{name}", "")
    report = sound.check()
    assert report.errors == []
    assert report.wrong_solutions == Count(2, 2)


def test_what_would_stop_a_build_stops_the_check(sound: SoundProblem) -> None:
    sound.change(TEXT, "Easy", "Trivial")
    with pytest.raises(Complaints, match=r"problems/halving\.md:3"):
        sound.check()


def test_only_the_problems_that_are_named_are_checked(tmp_path: Path, runner: NativeRunner) -> None:
    clone = SoundProblem(tmp_path, runner)
    Clone.add(clone, "softmax")  # without any wrong solution
    (report,) = check_problems(tmp_path, ["halving"], runner=runner)
    assert report.ok
    assert [one.ok for one in check_problems(tmp_path, runner=runner)] == [True, False]
    with pytest.raises(UnknownProblem, match="no problem 'halvin': did you mean 'halving'"):
        check_problems(tmp_path, ["halvin"], runner=runner)
    with pytest.raises(UnknownProblem, match="no problem 'xyz': there are halving, softmax"):
        check_problems(tmp_path, ["xyz"], runner=runner)
