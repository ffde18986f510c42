"""What a page leads to: examples to run, mistakes to recognise, the problem after this one."""

import json
from pathlib import Path

import pytest
from clone import PROBLEM, Clone

from gradlet.catalogue import Catalogue
from gradlet.pages import for_grader
from gradlet.way_on import ways_on

EXAMPLES = """\
Some text.

```python
>>> x = np.ones(2)
>>> softmax(x)
array([0.5, 0.5])
>>> for i in range(2):
...     print(i)
0
1
```

```python
>>> softmax(
```

```python
>>> softmax(np.zeros(1))
array([1.])
```
"""
PLACE = "```python\nsoftmax(x)\n```\n"


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_each_example_is_code_that_runs_by_itself(clone: Clone) -> None:
    clone.add()
    assert clone.read()[0].examples == ()
    assert PLACE in PROBLEM
    clone.add(text=PROBLEM.replace(PLACE, EXAMPLES))
    assert clone.read()[0].examples == (
        "x = np.ones(2)\nsoftmax(x)",
        "x = np.ones(2)\nfor i in range(2):\n    print(i)",
        "softmax(np.zeros(1))",
    )


def test_way_leads_to_what_builds_on_it_or_else_to_the_next(clone: Clone) -> None:
    clone.add("a")
    clone.add("b")
    for slug in ("c", "d", "e", "f"):
        clone.add(slug, PROBLEM.replace("tags:", "prerequisites: [a]\ntags:"))
    ways = {slug: [one.slug for one in several] for slug, several in ways_on(clone.read()).items()}
    assert ways == {
        "a": ["c", "d", "e"],
        "b": ["c"],
        "c": ["d"],
        "d": ["e"],
        "e": ["f"],
        "f": [],
    }


def test_wrong_solutions_go_to_the_grader_with_their_first_line(clone: Clone) -> None:
    clone.add()
    folder = "hidden_tests/wrong/softmax"
    clone.write(f"{folder}/b.py", '"""The sum is missing.\n\nFails: test_sum\n"""\nx = 1\n')
    clone.write(f"{folder}/a.py", "def softmax(z: return z")
    clone.write(f"{folder}/c.py", "x = 1\n")
    clone.write(f"{folder}/equivalent.toml", "")
    catalogue = Catalogue(clone.root)
    (problem,) = catalogue.read()
    (mistake,) = problem.mistakes
    assert mistake.explanation == "The sum is missing."
    assert json.loads(for_grader(problem))["mistakes"] == [
        {"explanation": "The sum is missing.", "code": mistake.code}
    ]
    assert catalogue.read() == [problem]
    clone.write(f"{folder}/b.py", '"""Another sum is missing."""\n')
    assert catalogue.read()[0].mistakes[0].explanation == "Another sum is missing."
