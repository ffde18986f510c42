"""While an author writes, what has changed is checked, and nothing else."""

import pytest
from clone import NODE
from sound_problem import ANSWER, TEST, TEXT, TWICE, SoundProblem

from gradlet.catalogue import Catalogue
from gradlet.check import LiveCheck
from gradlet.complaint import Complaints
from gradlet.new import NewProblem, write


@pytest.fixture
def clone(sound: SoundProblem) -> SoundProblem:
    write(sound.root, NewProblem("scale-it", "Scale it", "scale_it(values)"))
    return sound


@pytest.fixture
def live(clone: SoundProblem) -> LiveCheck:
    check = LiveCheck(clone.root, Catalogue(clone.root, NODE), clone.runner)
    assert check.changed([clone.root / TEXT]) == []  # the server has only just begun
    return check


@pytest.mark.parametrize("path", [TEXT, TEST, ANSWER])
def test_a_problem_has_changed_when_a_file_of_it_has(
    clone: SoundProblem, live: LiveCheck, path: str
) -> None:
    clone.write(path, (clone.root / path).read_text() + "\n")
    assert live.changed([]) == ["halving"]
    assert live.changed([clone.root / "site/page/problem.ts", clone.root / path]) == []


def test_a_problem_has_changed_when_a_wrong_solution_has(
    clone: SoundProblem, live: LiveCheck
) -> None:
    assert live.changed([clone.root / TWICE]) == ["halving"]
    assert live.changed([clone.root / "hidden_tests/wrong/scale_it/new.py"]) == ["scale-it"]
    assert live.changed([clone.root / "hidden_tests/wrong/nothing/new.py"]) == []


def test_a_new_problem_has_changed(clone: SoundProblem, live: LiveCheck) -> None:
    write(clone.root, NewProblem("add-it", "Add it", "add_it(values)"))
    assert live.changed([]) == ["add-it"]


def test_the_verdict_is_that_of_check_without_mutants(clone: SoundProblem, live: LiveCheck) -> None:
    (report,) = live.reports(["halving"])
    assert report.ok
    assert report.mutants is None
    clone.change(TWICE, "x * 2", "x / 2")
    first, second = live.reports(["halving", "scale-it"])
    assert (first.slug, first.ok) == ("halving", False)
    assert (second.slug, second.ok) == ("scale-it", True)


def test_problems_with_mistakes_are_no_matter_of_the_check(
    clone: SoundProblem, live: LiveCheck
) -> None:
    clone.change(TEXT, "Easy", "Trivial")
    with pytest.raises(Complaints):
        live.changed([])
    clone.change(TEXT, "Trivial", "Hard")
    assert live.changed([]) == ["halving"]
