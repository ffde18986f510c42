"""What the learner's code prints: passed on while it runs, up to a limit."""

import contextlib
import io
import sys
import time
import warnings
from array import array
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

from .audit import Refused
from .figures import silence_show

LIMIT = 10_000  # characters for one test
GRADER = str(Path(__file__).parent)
INTERVAL = 0.05  # seconds between two messages to the page


class Output(io.TextIOBase):
    """A text stream that hands what is written to `emit`, in few and large pieces.

    A loop that never ends has still shown what it printed, since pieces are handed on while
    it runs and not only when a test is over.
    """

    encoding = "utf-8"

    def __init__(self, emit: Callable[[str], object]) -> None:
        # What a generator holds cannot be got out of it by learners' code, whose stream this is.
        self._emit = _sink(emit)
        next(self._emit)
        # The same objects for ever (see `Kept`), in which it can put nothing that would be run.
        self._waiting: list[str] = []
        self._written = array("q", (0,))
        self._last = array("d", (0.0,))
        self._full: list[bool] = []

    def begin(self) -> None:
        """Another test begins: the limit counts from zero again."""
        self._waiting.clear()
        self._written[:] = array("q", (0,))
        self._last[:] = array("d", (0.0,))
        self._full.clear()

    def writable(self) -> bool:
        return True

    def reconfigure(self, **_: object) -> None:
        """Asked for where terminals are not UTF-8; this one is."""

    def write(self, text: str) -> int:
        if self._full:  # a loop that prints: soon done with
            return len(text)
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        room = LIMIT - self._written[0]
        self._written[0] += len(text)
        if room >= 0:
            self._waiting.append(text[:room])
            if len(text) > room:
                self._waiting.append(f"\n… cut after {LIMIT:,} characters\n")
        if self._waiting and time.monotonic() - self._last[0] > INTERVAL:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._waiting:
            text = "".join(piece for piece in self._waiting if type(piece) is str)
            self._waiting.clear()
            self._last[:] = array("d", (time.monotonic(),))
            if self._written[0] > LIMIT:
                self._full.append(True)
            with contextlib.suppress(StopIteration):  # learners' code has ended it
                self._emit.send(text)


def _sink(emit: Callable[[str], object]) -> Generator[None, str, None]:
    while True:
        emit((yield))


@contextlib.contextmanager
def listening(output: Output) -> Iterator[None]:
    """What is printed, and what numpy warns of, goes to `output`; each time warns anew."""

    def warn(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: object = None,
        line: str | None = None,
    ) -> None:
        if filename.startswith(GRADER):  # a `stacklevel` points at it, and tells a learner nothing
            output.write(f"{category.__name__}: {message}\n")
        else:
            output.write(warnings.formatwarning(message, category, filename, lineno, line))

    def tell(unraisable: Any) -> None:
        # What the tripwire does not let run is mostly an innocent generator that nobody ended.
        if unraisable.exc_type is not Refused:
            told(unraisable)

    with (
        contextlib.ExitStack() as stack,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        told = sys.unraisablehook
        stack.callback(setattr, sys, "unraisablehook", told)
        sys.unraisablehook = tell
        warnings.simplefilter("default")
        warnings.simplefilter("ignore", ResourceWarning)
        silence_show()
        warnings.showwarning = warn
        yield
        output.flush()
