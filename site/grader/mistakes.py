"""Known mistakes: does the learner's function return what one of the author's wrong solutions does?

The wrong solutions run here, after the verdicts, on the very calls that the tests made: so they
are compared on the same machine with the same numbers, and a build has nothing to run.
"""

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .copied import copied
from .figures import close_all

CALLS, BYTES = 200, 8_000_000  # that are kept of one test
SECONDS = 2.0  # of computing, in which an explanation is looked for

Function = Callable[..., Any]


@dataclass(frozen=True)
class Mistake:
    """A wrong solution, and what is wrong with it in one sentence."""

    explanation: str
    code: str


@dataclass(frozen=True)
class Call:
    """One call: the arguments as they were, and what it returned and left of them."""

    arguments: tuple[tuple[Any, ...], dict[str, Any]]
    outcome: Any


@dataclass
class Calls:
    """The calls of one test that returned; not `complete` if they could not all be kept."""

    test: str
    failed: bool = False
    complete: bool = True
    calls: list[Call] = field(default_factory=list)
    _bytes: int = 0

    def add(self, arguments: Any, returned: Any, left: Any) -> None:
        self._bytes += sum(_size(value) for value in (returned, *left[0], *left[1].values()))
        self.complete = self.complete and len(self.calls) < CALLS and self._bytes <= BYTES
        if not self.complete:
            return
        try:
            self.calls.append(Call(arguments, copied((returned, *left))))
        except Exception:  # what the learner's code returns need not be of a kind to be copied
            self.complete = False


def explain(
    mistakes: Sequence[Mistake], name: str, reference: Function, tests: Sequence[Calls]
) -> Iterator[tuple[str, str]]:
    """Failed tests, each with the explanation of the mistake that fits.

    A mistake fits a test if it gives the same as the learner's function at each of the test's
    calls, and at one of them something else than the reference. Of several the one is taken that
    fits most of the other tests; if that leaves two, neither is known to be the one.
    """
    deadline = time.process_time() + SECONDS  # which runs no faster on a machine that is busy
    known = [test for test in tests if test.complete and test.calls]
    if not any(test.failed for test in known):
        return
    fits: dict[Mistake, set[int]] = {}
    with _quiet():
        for mistake in mistakes:
            if time.process_time() > deadline:
                break
            function = _load(mistake, name)
            fits[mistake] = {i for i, test in enumerate(known) if _repeats(function, test)}
            close_all()
    for index, test in enumerate(known):
        fitting = [mistake for mistake, tests_ in fits.items() if index in tests_]
        with _quiet():
            is_wrong = test.failed and bool(fitting) and not _repeats(reference, test)
            close_all()
        if is_wrong:
            most = max(len(fits[mistake]) for mistake in fitting)
            best = {mistake.explanation for mistake in fitting if len(fits[mistake]) == most}
            if len(best) == 1:
                yield test.test, best.pop()


def _load(mistake: Mistake, name: str) -> Function | None:
    namespace: dict[str, Any] = {"__name__": "mistake"}
    with contextlib.suppress(Exception):  # `build.py check` is where an author hears of it
        exec(compile(mistake.code, "<mistake>", "exec", dont_inherit=True), namespace)
    return namespace.get(name)


def _repeats(function: Function | None, test: Calls) -> bool:
    return function is not None and all(_gives(function, call) for call in test.calls)


def _gives(function: Function, call: Call) -> bool:
    args, kwargs = copied(call.arguments)
    try:
        return _same((function(*args, **kwargs), args, kwargs), call.outcome)
    except Exception:
        return False


def _same(one: Any, other: Any) -> bool:
    """Equal up to rounding, and of the same kind: a list is no array, float32 no float64."""
    if isinstance(one, tuple | list | dict | np.ndarray) and type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(other, np.ndarray) and not isinstance(one, np.ndarray):
        return False
    first, second = np.asarray(one), np.asarray(other)
    if first.dtype != second.dtype or first.shape != second.shape:
        return False
    if first.dtype.kind in "fc":
        scale = np.abs(second[np.isfinite(second)]).max(initial=0.0)
        return bool(np.allclose(first, second, rtol=1e-6, atol=1e-12 * scale, equal_nan=True))
    return bool(np.all(first == second))


def _size(value: Any) -> int:
    return value.nbytes if isinstance(value, np.ndarray) else 8 * len(value) if _sized(value) else 8


def _sized(value: Any) -> bool:
    return isinstance(value, str | list | tuple | dict | set)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = io.StringIO()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(action="ignore"),
        np.errstate(all="ignore"),
    ):
        yield
