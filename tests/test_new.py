"""`build.py new`: what it writes is a whole problem, and nothing of anybody's is overwritten."""

import subprocess
import sys
from pathlib import Path

import grading
import pytest

from grader import Problem
from gradlet.catalogue import read_catalogue
from gradlet.new import NewProblem, NewProblemError, write
from gradlet.pages import for_grader
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parent.parent


def new(root: Path, **fields: object) -> list[Path]:
    given = {"slug": "scale-it", "title": "Scale it", "signature": "scale_it(values)"}
    return write(root, NewProblem(**{**given, **fields}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("signature", "title"),
    [
        ("scale_it(values)", "Scale it"),
        ("scale_it(values: np.ndarray, k: float = 2.0) -> np.ndarray", 'Scale: "it" # now'),
        ("f(a, b, c)", "123"),
        ("f(a, /, b)", "Places"),
    ],
)
def test_what_is_written_is_a_sound_problem(tmp_path: Path, signature: str, title: str) -> None:
    new(tmp_path, signature=signature, title=title)
    (problem,) = read_catalogue(tmp_path, find_node())
    assert problem.title == title
    for_tests = Problem.from_json(for_grader(problem).decode())
    assert grading.run(for_tests, problem.reference_source).not_passed == ()
    every = tuple(test.name for test in problem.tests)
    assert grading.run(for_tests, problem.starter).not_passed == every
    (wrong,) = (tmp_path / "hidden_tests/wrong/scale_it").iterdir()
    assert grading.run(for_tests, wrong.read_text()).not_passed == every


def test_tags_that_yaml_would_take_for_something_else(tmp_path: Path) -> None:
    new(tmp_path, tags=("2024", "no", "1e3", "null", "loss"))
    (problem,) = read_catalogue(tmp_path, find_node())
    assert problem.tags == ("2024", "no", "1e3", "null", "loss")


@pytest.mark.parametrize("taken", range(4))
def test_no_file_is_overwritten_and_then_none_is_written(tmp_path: Path, taken: int) -> None:
    files = new(tmp_path)
    for file in files:
        file.unlink()
    files[taken].write_text("mine")
    with pytest.raises(NewProblemError, match="is there already, and nothing was written"):
        new(tmp_path)
    assert files[taken].read_text() == "mine"
    assert [file.exists() for file in files].count(True) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"slug": "Scale It"}, "write small letters"),
        ({"slug": "../evil"}, "write small letters"),
        ({"signature": "def scale_it(values)"}, "is no signature"),
        ({"signature": "scale_it"}, "is no signature"),
        ({"signature": "scale_it(values): pass\nimport os\ndef g()"}, "is no signature"),
        ({"signature": "scale_it()"}, "takes no argument"),
        ({"signature": "scale_it(values, *, by=2.0)"}, "has parameters after a \\*"),
        ({"signature": "scale_it(*values)"}, "has parameters after a \\*"),
        ({"signature": "sum(values)"}, "The function should be .* Python itself uses"),
        ({"difficulty": "Trivial"}, "The difficulty should be Easy, Medium or Hard"),
        ({"title": "x" * 200}, "The title should be a title of at most 100 characters"),
        ({"tags": ("Soft_Max",)}, "The tags should be a list of different tags"),
        ({"tags": ()}, "The tags should be a list of different tags"),
        ({"slug": "class"}, "'class' is a word of Python itself.* e.g. class-from-scratch"),
        ({"slug": "random"}, "in place of Python's module 'random'"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(
    tmp_path: Path, fields: dict[str, str], words: str
) -> None:
    with pytest.raises(NewProblemError, match=words):
        new(tmp_path, **fields)
    assert list(tmp_path.iterdir()) == []


def test_command_refuses_a_problem_that_is_there() -> None:
    command = [sys.executable, "build.py", "new", "softmax-from-scratch"]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "problems/softmax-from-scratch.md is there already" in done.stderr
    assert "Traceback" not in done.stderr
