"""docs/authoring.md says what is true: its files make a problem that passes every check."""

import re
import tomllib
from pathlib import Path

import grading
import pytest
from clone import Clone

from grader import Problem
from gradlet.check import Count, NativeRunner, check_problems
from gradlet.draft import OPTIONAL
from gradlet.examination import CALLOUTS
from gradlet.pages import for_grader
from gradlet.problem import SECTIONS, FrontMatter

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
WRONG = "hidden_tests/wrong/root_mean_square"


def files() -> dict[str, str]:
    """The fenced block below the bold name of each file."""
    found = re.findall(r"\*\*`([\w/.-]+)`\*\*[^`]*\n\n(`{3,})\w+\n(.*?)^\2$", GUIDE, re.S | re.M)
    return {path: text for path, _, text in found}


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    for path, text in files().items():
        made.write(path, text)
    return made


def test_the_files_of_the_guide_are_a_problem_that_passes_every_check(
    clone: Clone, runner: NativeRunner
) -> None:
    (report,) = check_problems(clone.root, runner=runner)
    assert (report.errors, report.notices) == ([], [])
    assert report.slug == "root-mean-square"
    assert report.wrong_solutions == Count(2, 2)
    assert report.examples == Count(1, 1)


def test_the_problem_of_the_guide_is_graded(clone: Clone) -> None:
    (problem,) = clone.read()
    for_tests = Problem.from_json(for_grader(problem).decode())
    assert grading.run(for_tests, problem.reference_source).not_passed == ()
    events = grading.run(for_tests, problem.starter)
    assert events.not_passed == ("test_values", "test_small_integers")
    assert "return statement missing" in events.results["test_values"]["message"]
    wrong = (clone.root / WRONG / "squares_overflow.py").read_text("utf-8")
    message = grading.run(for_tests, wrong).results["test_small_integers"]["message"]
    assert message.startswith("200 squared does not fit into uint8")


def test_the_error_that_the_guide_shows_is_what_check_says(
    clone: Clone, runner: NativeRunner
) -> None:
    said = re.search(r"```text\n(hidden_tests/.*)\n  (Fix: .*)\n```", GUIDE)
    assert said
    (clone.root / WRONG / "mean_of_absolute_values.py").unlink()
    (report,) = check_problems(clone.root, runner=runner)
    assert [str(error) for error in report.errors] == [f"{said[1]} {said[2]}"]


def test_the_mark_of_an_equivalent_mutant_is_the_one_that_is_there() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.S)
    file = ROOT / "hidden_tests/wrong/learning_rate_curves/equivalent.toml"
    assert tomllib.loads(shown) == tomllib.loads(file.read_text(encoding="utf-8"))


def test_every_field_section_and_callout_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (yes|no) \|", GUIDE, re.M)
    needed = {name: field.is_required() for name, field in FrontMatter.model_fields.items()}
    assert {name: word == "yes" for name, word in rows} == needed
    (listed,) = re.findall(r"in this order: (.*?)\. \*Notes\*", GUIDE)
    assert re.findall(r"\*([\w ]+)\*", listed) == list(SECTIONS)
    assert all(f"*{section}*" in GUIDE for section in OPTIONAL)
    assert all(callout in GUIDE for callout in CALLOUTS)


def test_what_it_names_is_there() -> None:
    for path in re.findall(r"\]\(\.\./([\w/.-]+)\)", GUIDE):
        assert (ROOT / path).is_file(), path
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z]+)", GUIDE):
        assert re.search(rf"^{target}:", makefile, re.M), target
    for name in re.findall(r"`(assert_\w+|as_\w+)\(", GUIDE):
        assert f"def {name}(" in (ROOT / "site/grader/compare.py").read_text(encoding="utf-8")
    assert (ROOT / ".github/workflows/check.yml").is_file()
