"""Which version of a problem somebody worked on: two short hashes, kept in files of saved work.

They change when the author's text does, and not with a new Gradlet or KaTeX.
"""

from pathlib import Path

from gradlet.dist import short_hash
from gradlet.problem import Problem


def text_hash(root: Path, problem: Problem) -> str:
    """Of the problem's markdown, whatever the ends of its lines."""
    return short_hash((root / problem.path).read_bytes().replace(b"\r\n", b"\n"))


def tests_hash(problem: Problem) -> str:
    """Of the hidden tests and the reference: of what decides whether an answer passes."""
    return short_hash(problem.test_source.encode(), problem.reference_source.encode())
