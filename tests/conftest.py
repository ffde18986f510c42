"""What several test files share: the problems of this repository, read once."""

from collections.abc import Callable
from pathlib import Path

import grading
import pytest

from grader import Problem as GraderProblem
from gradlet.catalogue import read_catalogue
from gradlet.pages import for_grader
from gradlet.problem import Problem
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def problems() -> dict[str, Problem]:
    """The problems of this repository, by slug."""
    return {problem.slug: problem for problem in read_catalogue(ROOT, find_node())}


@pytest.fixture(scope="session")
def graded(problems: dict[str, Problem]) -> Callable[[str, str], grading.Events]:
    """`graded(name, code)`: one native run of a problem of this repository."""
    by_name = {
        problem.name: GraderProblem.from_json(for_grader(problem).decode())
        for problem in problems.values()
    }
    return lambda name, code: grading.run(by_name[name], code)
