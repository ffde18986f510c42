"""While learners' code runs: what it must not reach is out of its way, and put right afterwards.

No wall: the code runs in the same interpreter, and who digs deep enough gets through (see
SECURITY.md). It stops what somebody tries in an evening, and what spoils a verdict by accident.
"""

import builtins
import contextvars
import gc
import os
import sys
import warnings
from collections.abc import Callable, Generator
from typing import Any, cast

import pytest
from _pytest.assertion import util

from .audit import Switch, refuse
from .kept import Kept, Left, give_back
from .tripwire import Tripwire, tripwire

RESERVE = 1 << 20  # bytes, for what follows a call that has left no memory


class Ended(BaseException):
    """Learners' code asked for the end of the process, which would take Python with it."""

    __module__ = "builtins"  # as in `Escaped`


class _Setting:
    """What one learner's code sets for all its calls, and what of ours it could change."""

    def __init__(self, *, plain: bool) -> None:
        self.kept = None if plain else Kept()
        self.context = contextvars.copy_context()  # numpy's and decimal's settings
        self.recursion_limit = sys.getrecursionlimit()
        self.filters: list[Any] | None = None  # of warnings, as the last call left them
        self.left: Left = []  # by the last call, in the grader's world


def begin(*, plain: bool = False) -> None:
    """Another learner's code, which finds all settings as the grader has them.

    `plain`: it cannot reach what is not its own, and is called without further ado.
    """
    _guard.send(plain)


def contained(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call learners' code: out of reach what is not for it, afterwards all in its place.

    numpy's settings (`np.seterr`, `np.set_printoptions`), filters of warnings and the recursion
    limit last from one such call to the next, and do not reach the grader.

    Raises:
        Exception: what the code raises.
        BaseException: what would end the run (SystemExit and the like), for `solution.contained`.
    """
    if _guard.gi_running:  # a test gave the solution a function that calls the solution
        return function(*args, **kwargs)
    returned, error = _guard.send(lambda: function(*args, **kwargs))
    if error is None:
        return returned
    try:
        raise error
    finally:
        del error  # it would hold itself


def _guarding() -> Generator[tuple[Any, BaseException | None], Any, None]:
    """Makes the calls that it is sent, or begins anew when it is sent whether code is plain.

    A generator, since what one holds while it runs nobody can get at, nor make it run twice.
    """
    wire = tripwire()
    switch, setting = Switch(wire.watch), _Setting(plain=True)
    asked = yield None, None
    while True:
        if callable(asked):
            asked = yield _called(switch, wire, setting, asked)
        else:
            left, setting.left = setting.left, []
            _called(switch, wire, setting, left.clear)  # `__del__` is learners' code, too
            setting = _Setting(plain=asked)
            if setting.kept:
                switch.look_again()
            asked = yield None, None


def _called(
    switch: Switch, wire: Tripwire, setting: _Setting, call: Callable[[], Any]
) -> tuple[Any, BaseException | None]:
    try:
        if setting.kept is None:
            return setting.context.run(call), None
        return _guarded(switch, wire, setting, setting.kept, call), None
    except BaseException as error:
        return None, error


def _guarded(
    switch: Switch, wire: Tripwire, setting: _Setting, kept: Kept, call: Callable[[], Any]
) -> Any:
    limit_now, set_limit = sys.getrecursionlimit, sys.setrecursionlimit
    limit = limit_now()
    _, stretch, take_away = wire
    filters = cast(list[Any], warnings.filters)  # to which `simplefilter` and the like add
    reserve = bytearray(RESERVE)
    # No `with`: contextlib leaves it to built-in functions, which may be replaced by then.
    put_right = kept.take()
    try:
        _replace_functions()
        _hide_the_run()
        set_limit(setting.recursion_limit)
        take_away()
        switch.turn_on()
        give_back(setting.left)
        setting.left = []
        if setting.filters:
            filters[:] = setting.filters
        return setting.context.run(call)
    finally:
        del reserve  # first: all that follows needs room, here and
        setting.recursion_limit = limit_now()
        set_limit(limit)  # on the stack
        setting.filters = filters.copy()
        try:
            stretch()
        finally:
            try:
                setting.left = put_right()
            finally:
                switch.turn_off()


def _replace_functions() -> None:
    """What would end the process, wait for an answer, or lead to the tests and is not heard of by
    the audit hook (a signal's handler is given a frame), says so, until all is put right.
    """

    def not_theirs(name: str) -> Callable[..., Any]:
        return lambda *_: refuse(name)

    def ends(name: str) -> Callable[..., Any]:
        def end(*_: object) -> None:
            raise Ended(f"Your code called {name}, which would end Python.")

        return end

    def nobody(*_: object) -> None:
        raise EOFError("there is nobody to answer: the tests call your function with all it needs")

    os._exit, os.abort, os.kill = map(ends, ("os._exit", "os.abort", "os.kill"))
    builtins.input = builtins.breakpoint = nobody  # type: ignore[assignment]
    sys.modules["_signal"].signal = not_theirs("Handling signals")  # type: ignore[attr-defined]
    gc.set_debug, gc.unfreeze = map(not_theirs, ("gc.set_debug", "gc.unfreeze"))


def _hide_the_run() -> None:
    """What pytest keeps for its assertions and marks leads to the tests."""
    util._config = util._reprcompare = util._assertion_pass = None
    pytest.mark._config = None


_guard: Any = _guarding()
next(_guard)
