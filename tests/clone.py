"""A small clone of the project to break in tests."""

from pathlib import Path

import pytest

from gradlet.catalogue import read_catalogue
from gradlet.complaint import Complaint, Complaints
from gradlet.problem import Problem, module_name
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parent.parent
NODE = find_node()

PROBLEM = """\
---
title: TITLE
difficulty: Easy
function: softmax
tags: [softmax, activation]
---

Turn scores $z$ into *probabilities*.

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
softmax(x)
```

## Constraints

- None.

## Starter code

```python
def softmax(z):
    pass
```
"""
TESTS = '''\
def test_sum(solution):
    """Rows sum to one."""
'''
REFERENCE = """\
def softmax(z):
    return z
"""


class Clone:
    """Problems in a folder; `read` is what the build would make of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("problems", "hidden_tests", "reference"):
            (root / folder).mkdir()
        for name in ("node_modules", "requirements.lock"):
            (root / name).symlink_to(ROOT / name)

    def add(
        self,
        slug: str = "softmax",
        text: str = PROBLEM,
        tests: str | None = TESTS,
        reference: str | None = REFERENCE,
    ) -> None:
        self.write(f"problems/{slug}.md", text.replace("TITLE", slug))
        if tests is not None:
            self.write(f"hidden_tests/test_{module_name(slug)}.py", tests)
        if reference is not None:
            self.write(f"reference/{module_name(slug)}.py", reference)

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, encoding="utf-8")

    def read(self) -> list[Problem]:
        return read_catalogue(self.root, NODE)

    def complaints(self) -> list[Complaint]:
        with pytest.raises(Complaints) as caught:
            self.read()
        for complaint in caught.value.complaints:
            assert complaint.fix
            assert str(complaint) in str(caught.value)
        return caught.value.complaints

    def found(self) -> list[str]:
        """The complaints as `file:line: problem`."""
        return [f"{c.file.as_posix()}:{c.line}: {c.problem}" for c in self.complaints()]


def with_section(section: str, text: str) -> str:
    """The model problem with `text` in place of a section's own."""
    start = PROBLEM.index(f"## {section}\n") + len(f"## {section}\n\n")
    end = PROBLEM.find("\n## ", start)
    return PROBLEM[:start] + text + "\n" + PROBLEM[end if end >= 0 else len(PROBLEM) :]
