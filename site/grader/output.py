"""What the learner's code prints: passed on while it runs, up to a limit."""

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Iterator

from .figures import silence_show

LIMIT = 10_000  # characters for one test
INTERVAL = 0.05  # seconds between two messages to the page


class Output(io.TextIOBase):
    """A text stream that hands what is written to `emit`, in few and large pieces.

    A loop that never ends has still shown what it printed, since pieces are handed on while
    it runs and not only when a test is over.
    """

    def __init__(self, emit: Callable[[str], object]) -> None:
        self._emit = emit
        self.begin()

    def begin(self) -> None:
        """Another test begins: the limit counts from zero again."""
        self._waiting: list[str] = []
        self._written = 0
        self._last = 0.0

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = LIMIT - self._written
        self._written += len(text)
        if room >= 0:
            self._waiting.append(text[:room])
            if len(text) > room:
                self._waiting.append(f"\n… cut after {LIMIT:,} characters\n")
        if self._waiting and time.monotonic() - self._last > INTERVAL:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._waiting:
            text, self._waiting = "".join(self._waiting), []
            self._last = time.monotonic()
            self._emit(text)


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
        output.write(warnings.formatwarning(message, category, filename, lineno, line))

    with (
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(output),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("default")
        silence_show()
        warnings.showwarning = warn
        yield
        output.flush()
