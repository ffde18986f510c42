"""Imports that take their time, done while the learner reads instead of in the first run."""

import ast
import contextlib

from .run import Problem


def prepare(problem: Problem) -> None:
    """Import what the reference and the hidden tests import: matplotlib alone takes seconds.

    What cannot be imported, as the reference cannot, the run itself will find or complain of.
    """
    for source in (problem.reference_source, problem.test_source):
        for node in ast.parse(source).body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                with contextlib.suppress(Exception):
                    exec(compile(ast.Module([node], []), "<prepare>", "exec"), {})
