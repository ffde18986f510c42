"""What the learner's code prints: passed on while it runs, up to a limit."""

import contextlib
import io
import time
import warnings
from collections.abc import Callable, Generator, Iterator

from .figures import silence_show

LIMIT = 10_000  # characters for one test
INTERVAL = 0.05  # seconds between two messages to the page


class Output(io.TextIOBase):
    """A text stream that hands what is written to `emit`, in few and large pieces.

    A loop that never ends has still shown what it printed, since pieces are handed on while
    it runs and not only when a test is over.
    """

    def __init__(self, emit: Callable[[str], object]) -> None:
        # What a generator holds cannot be got out of it by learners' code, whose stream this is.
        self._sink = _sink(emit)
        next(self._sink)

    def begin(self) -> None:
        """Another test begins: the limit counts from zero again."""
        self._send(_BEGIN)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        text = str.__str__(text)  # of a class of its own, too
        self._send(text)
        return len(text)

    def flush(self) -> None:
        self._send(_FLUSH)

    def _send(self, asked: str | bool) -> None:
        with contextlib.suppress(StopIteration):  # learners' code has ended it
            self._sink.send(asked)


_BEGIN, _FLUSH = False, True


def _sink(emit: Callable[[str], object]) -> Generator[None, str | bool, None]:
    waiting: list[str] = []
    written, last = 0, 0.0
    while True:
        asked = yield
        if type(asked) is str:
            room = LIMIT - written
            written += len(asked)
            if room >= 0:
                waiting.append(asked[:room])
                if len(asked) > room:
                    waiting.append(f"\n… cut after {LIMIT:,} characters\n")
        elif asked is _BEGIN:
            waiting.clear()
            written, last = 0, 0.0
        if waiting and (asked is _FLUSH or time.monotonic() - last > INTERVAL):
            text = "".join(waiting)
            waiting.clear()
            last = time.monotonic()
            emit(text)


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
