"""A process that grades one job after another: JSON lines in, the grader's events out.

Run as a script, apart from the rest of Gradlet: the code that is graded finds Python, `grader`
and what is installed here. What no browser would find of it, gradlet/imports.py has refused.
"""

import contextlib
import json
import os
from typing import TextIO

from grader.bridge import run

MEMORY = 4 * 1024**3  # bytes; what a browser gives a page


def main() -> None:
    jobs, events = _channels()
    _limit_memory()
    with contextlib.suppress(AttributeError):  # Windows
        os.nice(5)  # somebody works beside it
    _post(events, '{"kind": "ready"}')
    for line in jobs:
        job = json.loads(line)
        run(job["problem"], job["code"], lambda event: _post(events, event), job["seed"])
        _post(events, '{"kind": "done"}')


def _channels() -> tuple[TextIO, TextIO]:
    """stdin and stdout, moved out of the reach of the code that is graded."""
    jobs = os.fdopen(os.dup(0), encoding="utf-8")
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return jobs, events


def _limit_memory() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows, macOS
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _post(events: TextIO, text: str) -> None:
    events.write(text + "\n")
    events.flush()


if __name__ == "__main__":
    main()
