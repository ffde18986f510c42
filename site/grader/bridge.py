"""The grader as the worker calls it: text in, text out, nothing that has to be freed."""

import gc
import json
import random
import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import numpy as np

from .run import BrokenProblem, Problem, Run, grade
from .solution import FILE
from .try_it import try_it as _try_it

Post = Callable[[str], object]


def run(problem: str, code: str, post: Post, seed: int | None = None) -> None:
    """`grade`, its problem and its events as JSON; a broken problem is an event, too.

    `seed` decides which numbers are drawn by code that seeds none itself; without one, chance does.
    """
    _shuffle(seed)
    try:
        grade(Problem.from_json(problem), code, lambda event: post(_json(event)))
    except BrokenProblem as error:
        _tell_broken(error, post)


def try_it(code: str, call: str, post: Post) -> None:
    """`grader.try_it`, its events as JSON."""
    _shuffle()
    _try_it(code, call, lambda event: post(_json(event)))


_ahead: Run | None = None


def get_ready() -> None:
    """Set pytest up ahead of the first `Prepared`: before the interpreter is recorded."""
    global _ahead
    _ahead = Run()


class Prepared:
    """A problem whose hidden tests are collected, so that `run` need only run them, once.

    In the browser the interpreter is copied after this, and put back after each run.
    """

    def __init__(self, problem: str, post: Post) -> None:
        global _ahead
        self._run, _ahead = _ahead or Run(), None
        self._post = post
        self._broken: BrokenProblem | None = None
        try:
            self._run.collect(Problem.from_json(problem))
        except BrokenProblem as error:
            self._broken = error
        gc.freeze()  # whatever there is stays: a run need not look through it for garbage

    def run(self, code: str, seed: int | None = None) -> None:
        """Run the tests on `code`; `post` hears of each event, as JSON. `seed` as above."""
        _shuffle(seed)
        try:
            if self._broken:
                raise self._broken
            self._run.grade(code, lambda event: self._post(_json(event)))
        except BrokenProblem as error:
            _tell_broken(error, self._post)


def line() -> int:
    """The line of the learner's code that is running, the innermost; 0 if none is."""
    frame: FrameType | None = sys._getframe()
    while frame:
        if frame.f_code.co_filename == FILE:
            return frame.f_lineno
        frame = frame.f_back
    return 0


def _shuffle(seed: int | None = None) -> None:
    """Put back after each run, the interpreter would draw the same numbers for ever.

    With a `seed` it does.
    """
    random.seed(seed)
    np.random.seed(seed)


def _tell_broken(error: BrokenProblem, post: Post) -> None:
    event = {"kind": "broken", "message": str(error), "file": error.file, "line": error.line}
    post(_json(event))


def _json(event: dict[str, Any]) -> str:
    # Python would write NaN and Infinity, which are no JSON: no page could read the event.
    return json.dumps(event, allow_nan=False)
