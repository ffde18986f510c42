"""A small problem that passes every check, to be broken in one place at a time."""

from pathlib import Path

from clone import Clone

from gradlet.check import NativeRunner, Report, check_problems

PROBLEM = """\
---
title: Halving
difficulty: Easy
function: halve
tags: [scaling]
time_limit: 5
---

Halve every entry.

## Background

Because.

## Problem statement

Write it.

## Input

An array.

## Output

An array.

## Examples

```python
>>> halve(np.array([2.0, 4.0]))
array([1., 2.])
```

The same for a single number:

```python
>>> halve(np.array([3.0]))
array([1.5])
```

## Constraints

- None.

## Starter code

```python
def halve(x):
    pass
```
"""
TESTS = '''\
import numpy as np
from grader.compare import assert_close, assert_float_array

from reference.halving import halve as reference


def test_shape(solution):
    """An array comes back."""
    assert_float_array(solution.halve(np.array([4.0, 2.0])), (2,))


def test_values(solution):
    """Every entry is halved."""
    x = np.random.default_rng(1).normal(size=5)
    assert_close(solution.halve(x.copy()), reference(x))
'''
REFERENCE = """\
def halve(x):
    half = x / 2.0
    return half
"""
LIST = '''\
"""A list is returned.

Fails: test_shape
"""


def halve(x):
    return list(x / 2)
'''
DOUBLED = '''\
"""Doubled, not halved.

Fails: test_values
"""


def halve(x):
    return x * 2
'''
FILES = {
    "problems/halving.md": PROBLEM,
    "hidden_tests/test_halving.py": TESTS,
    "reference/halving.py": REFERENCE,
    "hidden_tests/wrong/halving/list_returned.py": LIST,
    "hidden_tests/wrong/halving/doubled.py": DOUBLED,
}
TEXT, TEST, ANSWER, AS_LIST, TWICE = FILES


class SoundProblem(Clone):
    """A clone that holds the problem, and checks it with a runner that is kept."""

    def __init__(self, root: Path, runner: NativeRunner) -> None:
        super().__init__(root)
        self.runner = runner
        for path, text in FILES.items():
            self.write(path, text)

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text that stands in the file just once."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert text.count(old) == 1, old
        self.write(path, text.replace(old, new))

    def line(self, path: str, text: str) -> int:
        """The line of the file on which the text stands first."""
        content = (self.root / path).read_text(encoding="utf-8")
        assert text in content
        return content[: content.index(text)].count("\n") + 1

    def check(self, *, mutants: bool = False) -> Report:
        (report,) = check_problems(self.root, runner=self.runner, mutants=mutants)
        for complaint in (*report.errors, *report.notices):
            assert complaint.fix
        return report
