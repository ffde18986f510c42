"""Progress of long steps: a bar on a terminal, a line now and then where there is none."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

# soft_wrap: a path that a person may want to copy stays in one piece.
console = Console(stderr=True, soft_wrap=True, highlight=False)

Advance = Callable[[int, int], None]  # bytes so far, bytes in all (0: not known)


def say(text: str) -> None:
    console.print(text, markup=False)


@contextmanager
def download(name: str) -> Iterator[Advance]:
    """Show how far the download of `name` is; what is yielded takes the bytes."""
    if not sys.stderr.isatty():
        yield _lines(name)
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(name, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total or None)


def _lines(name: str) -> Advance:
    """A line at the start and the end, and between them one per tenth, at most one a second."""
    said_tenth, said_at = -1, 0.0

    def advance(done: int, total: int) -> None:
        nonlocal said_tenth, said_at
        tenth = 10 * done // total if total else 0
        now = time.monotonic()
        if tenth > said_tenth and (now - said_at >= 1 or done == total):
            said_tenth, said_at = tenth, now
            say(f"{name}: {done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else name)

    return advance
