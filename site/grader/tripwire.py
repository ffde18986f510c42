"""No code of learners' begins, or goes on, when nobody calls it: `__del__`, `__hash__`, threads.

Where Python can watch for that: `sys.monitoring` is in the browser's Python, natively since 3.12.
"""

import sys
from collections.abc import Callable
from types import CodeType
from typing import Any, NamedTuple
from weakref import ref

from .audit import Refused

_TOOL = 4  # of those that sys.monitoring has no use for itself


class Tripwire(NamedTuple):
    """Plain functions: what they see is theirs, and cannot be replaced on any class or module."""

    watch: Callable[[CodeType], None]  # this code and all that is written in it is learners'
    stretch: Callable[[], None]  # a call is over: from now on it is refused
    take_away: Callable[[], None]  # until the next is


def tripwire() -> Tripwire:
    """A tripwire, stretched over nothing yet."""
    monitor: Any = getattr(sys, "monitoring", None)
    if monitor is None:  # an old Python
        return Tripwire(lambda code: None, lambda: None, lambda: None)
    codes: dict[int, ref[CodeType]] = {}
    events = monitor.events
    begins = (events.PY_START, events.PY_RESUME, events.LINE)
    any_of_them = sum(begins)
    get_tool, use_tool, listen = monitor.get_tool, monitor.use_tool_id, monitor.register_callback
    set_events, set_all = monitor.set_local_events, monitor.set_events
    identity, kind, weak = id, type, ref  # whatever becomes of these names
    code_type, refused, tool = CodeType, Refused, _TOOL

    def watch(code: CodeType) -> None:
        found = [code]
        for one in found:
            key = identity(one)
            codes[key] = weak(one)
            found += [each for each in one.co_consts if kind(each) is code_type]

    def trips(code: CodeType, _: int) -> None:
        raise refused(
            f"{code.co_name} is not run here: nobody has called it, and the tests may be at work"
        )

    def stretch() -> None:
        if get_tool(tool) is None:  # learners' code can give it back,
            use_tool(tool, "grader")
        set_all(tool, 0)  # and watch all code with it, ours, too
        hear(trips)
        every(any_of_them)

    def take_away() -> None:
        if get_tool(tool) is not None:
            hear(None)
            every(0)

    def hear(callback: Callable[..., None] | None) -> None:
        for event in begins:
            listen(tool, event, callback)

    def every(which: int) -> None:
        for key, each in [*codes.items()]:
            if (code := each()) is None:
                del codes[key]
            else:
                set_events(tool, code, which)

    return Tripwire(watch, stretch, take_away)
