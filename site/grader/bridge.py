"""The grader as the worker calls it: text in, text out, nothing that has to be freed."""

import json
from collections.abc import Callable

from .run import BrokenProblem, Problem, grade


def run(problem: str, code: str, post: Callable[[str], object]) -> None:
    """`grade`, its problem and its events as JSON; a broken problem is an event, too."""
    try:
        grade(Problem.from_json(problem), code, lambda event: post(json.dumps(event)))
    except BrokenProblem as error:
        post(json.dumps({"kind": "broken", "message": str(error)}))
