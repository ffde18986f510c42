"""Which version of a problem somebody worked on: two short hashes, kept in files of saved work.

They change when the author's text does, and not with a new Gradlet or KaTeX.
"""

import functools
from pathlib import Path

from gradlet.dist import short_hash
from gradlet.problem import Problem


def text_hash(root: Path, problem: Problem) -> str:
    """Of the problem's markdown, whatever the ends of its lines."""
    file = root / problem.path
    status = file.stat()
    return _text_hash(file, status.st_mtime_ns, status.st_size)


@functools.cache  # every build's start page has those of all problems
def _text_hash(file: Path, _written: int, _size: int) -> str:
    return short_hash(file.read_bytes().replace(b"\r\n", b"\n"))


def tests_hash(problem: Problem) -> str:
    """Of the hidden tests and the reference: of what decides whether an answer passes."""
    return short_hash(problem.test_source.encode(), problem.reference_source.encode())
