"""The grader as the worker calls it: text in, text out, nothing that has to be freed."""

import json
from collections.abc import Callable

from .prepare import prepare as _prepare
from .run import BrokenProblem, Problem, grade


def prepare(problem: str) -> None:
    """Once, before the first `run` of the problem."""
    _prepare(Problem.from_json(problem))


def run(problem: str, code: str, post: Callable[[str], object]) -> None:
    """`grade`, its problem and its events as JSON; a broken problem is an event, too."""
    try:
        grade(Problem.from_json(problem), code, lambda event: post(json.dumps(event)))
    except BrokenProblem as error:
        post(json.dumps({"kind": "broken", "message": str(error)}))
