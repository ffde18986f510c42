"""The front matter, the sections, the starter code and the hidden tests of one problem."""

from pathlib import Path

import pytest
from clone import PROBLEM, TESTS, Clone, with_section


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_everything_a_page_needs(clone: Clone) -> None:
    text = PROBLEM.replace("easy", "Easy") + "\n## Hints\n\n- Subtract.\n- Divide.\n\n  Twice.\n"
    clone.add(text=text)
    (problem,) = clone.read()
    assert (problem.slug, problem.name, problem.title) == ("softmax", "softmax", "softmax")
    assert (problem.difficulty, problem.function, problem.time_limit) == ("Easy", "softmax", 10)
    assert problem.tags == ("softmax", "activation")
    assert problem.path == Path("problems/softmax.md")
    assert problem.summary_text == "Turn scores z into probabilities."
    assert "<em>probabilities</em>" in problem.summary_html
    assert not problem.summary_html.startswith("<p>")
    titles = [section.title for section in problem.sections]
    assert titles == [
        "Background",
        "Problem statement",
        "Input",
        "Output",
        "Examples",
        "Constraints",
    ]
    assert problem.sections[1].anchor == "problem-statement"
    assert problem.sections[1].html == "<p>Write it.</p>\n"
    assert problem.starter == "def softmax(z):\n    pass\n"
    assert problem.hints == ("<p>Subtract.</p>\n", "<p>Divide.</p>\n<p>Twice.</p>\n")
    assert [(test.name, test.line) for test in problem.tests] == [("test_sum", 1)]
    assert "return z" in problem.reference_source
    assert problem.test_source == TESTS


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_byte_order_mark_and_other_line_ends(clone: Clone, end: str) -> None:
    clone.add()
    file = clone.root / "problems/softmax.md"
    file.write_bytes(b"\xef\xbb\xbf" + PROBLEM.replace("\n", end).encode())
    assert clone.read()[0].starter == "def softmax(z):\n    pass\n"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("difficulty: Easy", "difficulty: easy", 3, "should be Easy, Medium or Hard"),
        ("difficulty: Easy\n", "", 1, "no 'difficulty'"),
        ("difficulty:", "dificulty:", 3, "unknown field 'dificulty'"),
        ("title: TITLE", "zebra: x", 2, "unknown field 'zebra'"),
        ("title: TITLE", "zebra: x", 1, "no 'title'"),
        ("title: TITLE", "title: 2024", 2, "here is 2024"),
        ("title: TITLE", "title:", 2, "here is nothing"),
        ("title: TITLE", f"title: {'x' * 101}", 2, f"but here is '{'x' * 58}…"),
        ("title: TITLE", "title: Softmax: again", 2, "not valid YAML"),
        ("title: TITLE", "title: 'a", 2, "not valid YAML"),
        ("title: TITLE", "title: a\x07", 2, "not valid YAML"),
        ("title: TITLE", "title: 2024-13-45", 2, "the value of 'title' cannot be read"),
        ("title: TITLE", "title: !!python/name:os.system x", 2, "cannot be read"),
        ("function: softmax", "function: soft-max", 4, "name of the function"),
        ("function: softmax", "function: lambda", 4, "name of the function"),
        ("function: softmax", "function: sum", 4, "name of the function"),
        ("[softmax, activation]", "softmax", 5, "list of different tags"),
        ("[softmax, activation]", "[]", 5, "list of different tags"),
        ("[softmax, activation]", "[a, a]", 5, "list of different tags"),
        ("[softmax, activation]", "\n  - a\n  - <b>", 7, "here is '<b>'"),
        ("tags: ", "packages: ['a b']\ntags: ", 5, "here is 'a b'"),
        ("tags: ", "prerequisites: [A]\ntags: ", 5, "here is 'A'"),
        ("tags: ", "time_limit: 0\ntags: ", 5, "above 0 and at most 120"),
        ("tags: ", "time_limit: 121\ntags: ", 5, "above 0 and at most 120"),
        ("tags: ", "time_limit: .nan\ntags: ", 5, "above 0 and at most 120"),
        ("tags: ", "time_limit: yes\ntags: ", 5, "above 0 and at most 120"),
        ("tags: ", "time_limit: '5'\ntags: ", 5, "above 0 and at most 120"),
        ("[softmax, activation]", "[softmax,", 5, "not valid YAML"),
        ("tags: ", "title: Again\ntags: ", 5, "given twice, first on line 2"),
    ],
)
def test_front_matter(clone: Clone, old: str, new: str, line: int, words: str) -> None:
    assert old in PROBLEM
    clone.add(text=PROBLEM.replace(old, new, 1))
    found = clone.found()
    assert any(one.startswith(f"problems/softmax.md:{line}: ") and words in one for one in found)
    assert all("pydantic" not in one and "type=" not in one for one in found)


def test_closest_field_is_offered(clone: Clone) -> None:
    clone.add(text=PROBLEM.replace("tags:", "tgas:"))
    assert [complaint.fix for complaint in clone.complaints() if "tgas" in complaint.problem] == [
        "write 'tags'"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "the file does not begin with a front matter"),
        ("# Softmax\n", "the file does not begin with a front matter"),
        ("\n" + PROBLEM, "the file does not begin with a front matter"),
        (PROBLEM.replace("]\n---", "]\n"), "the front matter that begins here has no end"),
        ("---\n", "the front matter that begins here has no end"),
    ],
)
def test_no_front_matter(clone: Clone, text: str, words: str) -> None:
    clone.add(text=text)
    assert f"problems/softmax.md:1: {words}" in clone.found()


def test_spaces_and_tabs_are_looked_for(clone: Clone) -> None:
    clone.add(text=PROBLEM.replace("difficulty:", "\tdifficulty:"))
    (complaint,) = clone.complaints()
    assert complaint.line == 3
    assert complaint.fix.endswith("fields have none, and tabs are not allowed")


@pytest.mark.parametrize("yaml", ["", "- a", "text"])
def test_front_matter_without_fields(clone: Clone, yaml: str) -> None:
    body = PROBLEM.split("---\n", 2)[2]
    clone.add(text=f"---\n{yaml}\n---\n{body}")
    problem = "problems/softmax.md:1: the front matter is no list of `name: value` lines"
    assert clone.found() == [problem]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("## Output", "## Ouput", [(22, "unknown section 'Ouput'")]),
        ("## Output", "## output", [(22, "unknown section 'output'")]),
        (
            "## Output",
            "## Zebra",
            [(22, "unknown section 'Zebra'"), (26, "the section 'Output' is missing")],
        ),
        (
            "## Output\n",
            "## Input\n",
            [
                (22, "second section 'Input', after line 18"),
                (26, "the section 'Output' is missing"),
            ],
        ),
        ("## Output\n\nAn array.", "## Output\n", [(22, "the section 'Output' is empty")]),
        ("## Output\n\nAn array.\n", "", [(23, "the section 'Output' is missing")]),
        (
            "## Constraints",
            "## Notes\n\nx\n\n## Constraints",
            [(36, "'Constraints' stands after 'Notes'")],
        ),
        ("Write it.", "# Title", [(16, "the heading 'Title' has one #")]),
        ("Write it.", "> ## Title", [(16, "the heading 'Title' stands inside a list")]),
        ("Turn scores $z$ into *probabilities*.\n\n", "", [(7, "before the first section")]),
        ("*probabilities*.", "\n\nAnd more.", [(8, "before the first section")]),
        ("*probabilities*.", "[a](softmax.md).", [(8, "the summary holds a link")]),
    ],
)
def test_sections(clone: Clone, old: str, new: str, expected: list[tuple[int, str]]) -> None:
    clone.add(text=PROBLEM.replace(old, new, 1))
    found = clone.found()
    for one, (line, words) in zip(found, expected, strict=True):
        assert one.startswith(f"problems/softmax.md:{line}: {words}")


@pytest.mark.parametrize(
    ("starter", "line", "words"),
    [
        ("def softmax(z): pass", 36, "should hold one ```python block"),
        ("```\ndef softmax(z): pass\n```", 36, "should hold one ```python block"),
        ("```python\nx\n```\n\nText.", 36, "should hold one ```python block"),
        ("```python\n\ndef softmax(z)\n    pass\n```", 40, "not valid Python"),
        ("```python\ndef other(z):\n    pass\n```", 39, "does not define the function 'softmax'"),
        (
            "```python\nimport math\n\ndef softmax(z, axis=0):\n    pass\n```",
            41,
            "the starter code has 'softmax(z, axis=0)', the reference 'softmax(z)'",
        ),
    ],
)
def test_starter_code(clone: Clone, starter: str, line: int, words: str) -> None:
    clone.add(text=with_section("Starter code", starter))
    (one,) = clone.found()
    assert one.startswith(f"problems/softmax.md:{line}: ")
    assert words in one


def test_annotations_may_differ_from_the_reference(clone: Clone) -> None:
    starter = "```python\ndef softmax(z: list[float]) -> float:\n    pass\n```"
    clone.add(text=with_section("Starter code", starter))
    assert clone.read()


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("softmax(x)\n```\n", "softmax(x)\n", 28),
        ("    pass\n```\n", "    pass\n", 38),
        ("    pass\n```\n", "    pass\n\n## Hints\n\n- One.\n\n  ```text\n  x\n  ```\n", 38),
        ("    pass\n```\n", "    pass\n```\n\n## Hints\n\n- > ~~~\n  > x\n- One.\n", 45),
        ("Because.", "```\nx", 12),
        ("Because.", "```text\nx\n\nAnd:\n\n```text\ny\n```", 12),
        ("Because.", "````text\nx\n```", 12),
        ("    pass\n```\n", "    pass\n```\n\n## Hints\n\n```", 45),
    ],
)
def test_a_code_block_that_is_not_closed_is_all_that_is_said(
    clone: Clone, old: str, new: str, line: int
) -> None:
    assert old in PROBLEM
    clone.add(text=PROBLEM.replace(old, new))
    assert clone.found() == [f"problems/softmax.md:{line}: this code block is not closed"]


@pytest.mark.parametrize(
    "text",
    [
        "````text\n```python\nx\n```\n````",
        "```python\nx = '''\n    ```\n    x\n    ```\n'''\n```",
        "> - ```text\n>   x\n>   ```",
        "```\n```",
        "~~~text\n```\n## Background to this\n~~~~",
    ],
)
def test_code_blocks_that_are_closed(clone: Clone, text: str) -> None:
    clone.add(text=PROBLEM.replace("Because.", text))
    assert clone.read()


@pytest.mark.parametrize("hints", ["Text.", "- a\n\nText.", "- a\n\n1. b", "- a\n-\n- c"])
def test_hints_are_one_list(clone: Clone, hints: str) -> None:
    clone.add(text=f"{PROBLEM}\n## Hints\n\n{hints}\n")
    (one,) = clone.found()
    assert one.startswith("problems/softmax.md:43: ")


def test_numbered_hints_with_code_and_formulas(clone: Clone) -> None:
    hints = "1. Use $e^x$:\n\n   ```python\n   x = 1\n   ```\n\n   - a\n   - b\n2. Last."
    clone.add(text=f"{PROBLEM}\n## Hints\n\n{hints}\n")
    first, last = clone.read()[0].hints
    assert "<math" in first
    assert 'class="code"' in first
    assert "<li>a</li>" in first
    assert last == "<p>Last.</p>\n"


# --- hidden tests -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(solution:\n", [(1, "this is not valid Python")]),
        ("x = '\0'\n", [(1, "this is not valid Python")]),
        ("import numpy\n", [(1, "the file has no tests")]),
        ("def test_a(solution):\n    pass\n", [(1, "the test 'test_a' has no sentence")]),
        ("def test_a(solution):\n    ' '\n", [(1, "the test 'test_a' has no sentence")]),
        ("def test_a():\n    'A.'\n", [(1, "the test 'test_a' does not test the learner")]),
        (
            "def test_a(solution):\n    'Gives $x^2$, or `$y$` or $z$.'\n",
            [(2, "the sentence of 'test_a' holds $x^2$, and formulas are not set in it")],
        ),
        (
            "def test_a(solution):\n    '''\n    Gives\n    $$x$$.'''\n",
            [(2, "the sentence of 'test_a' holds $$x$$, and")],
        ),
        ("async def test_a(solution):\n    'A.'\n", [(1, "the test 'test_a' is async")]),
        (
            "def test_a(solution):\n    'A.'\ndef test_a(solution):\n    'B.'\n",
            [(3, "second test 'test_a': the first, on line 1, would never run")],
        ),
        (
            "def test_a(solution):\n    'A.'\ndef test_b(solution):\n    'A.'\n",
            [(3, "'test_b' has the same sentence as the test on line 1")],
        ),
        (
            "class TestA:\n    def test_a(self, solution):\n        'A.'\n",
            [(1, "the file has no tests"), (1, "the tests in class 'TestA' are not listed")],
        ),
        (
            TESTS + "if True:\n    def test_b(solution):\n        'B.'\n",
            [(4, "the test 'test_b' is inside another statement")],
        ),
        ("def testing(solution):\n    'A.'\n", [(1, "pytest takes 'testing' for a test")]),
        (
            "def test_a():\n    pass\n\n\ndef test_b(solution):\n    pass\n",
            [
                (1, "the test 'test_a' does not test the learner's code"),
                (1, "the test 'test_a' has no sentence"),
                (5, "the test 'test_b' has no sentence"),
            ],
        ),
    ],
)
def test_hidden_tests(clone: Clone, source: str, expected: list[tuple[int, str]]) -> None:
    clone.add(tests=source)
    for one, (line, words) in zip(clone.found(), expected, strict=True):
        assert one.startswith(f"hidden_tests/test_softmax.py:{line}: {words}")


GIVEN = "nothing gives the test 'test_a' its parameter "
PARAMETRIZE = "@pytest.mark.parametrize"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def test_a(solution, tmp_path): 'A.'", [(1, GIVEN + "'tmp_path'")]),
        ("def test_a(tmp_path,\n  solution, *, rgn): 'A.'", [(1, GIVEN), (2, GIVEN + "'rgn'")]),
        ("def rng(): ...\ndef test_a(solution, rng): 'A.'", [(2, GIVEN + "'rng'")]),
        (
            f"{PARAMETRIZE}('size', [1])\ndef test_b(solution, size): 'B.'\n"
            "def test_a(solution, size): 'A.'",
            [(3, GIVEN + "'size'")],
        ),
        (
            f"{PARAMETRIZE}('sizes', [1])\ndef test_a(solution, size): 'A.'",
            [(2, GIVEN + "'size'")],
        ),
    ],
)
def test_parameters_without_a_value(
    clone: Clone, source: str, expected: list[tuple[int, str]]
) -> None:
    clone.add(tests=source)
    for one, (line, words) in zip(clone.found(), expected, strict=True):
        assert one.startswith(f"hidden_tests/test_softmax.py:{line}: {words}")


def test_closest_fixture_is_offered(clone: Clone) -> None:
    clone.add(tests="def test_a(solution, monkeypath): 'A.'")
    (complaint,) = clone.complaints()
    assert complaint.fix.startswith("write 'monkeypatch', or name it in a pytest.mark.parametrize")
    assert "of pytest's own there are capfd, " in complaint.fix


@pytest.mark.parametrize(
    "source",
    [
        "def test_a(solution, capsys, monkeypatch, request): 'A.'",
        "def test_a(solution, size=3, *, axis=0, **more): 'A.'",
        f"{PARAMETRIZE}('x, y', [])\n{PARAMETRIZE}(['z'], [])\ndef test_a(solution, x, y, z): 'A.'",
        f"NAMES = 'x,y'\n{PARAMETRIZE}(NAMES, [])\ndef test_a(solution, x, y): 'A.'",
        f"{PARAMETRIZE}(argnames='x', argvalues=[])\ndef test_a(solution, x): 'A.'",
        f"N = list(f())\n{PARAMETRIZE}(N, [])\ndef test_a(solution, x): 'A.'",
        f"{PARAMETRIZE}(argnames=f'x{{1}}', argvalues=[])\ndef test_a(solution, x1): 'A.'",
        f"{PARAMETRIZE}(*CASES)\ndef test_a(solution, x): 'A.'",
        "pytestmark = pytest.mark.parametrize('x', [1])\ndef test_a(solution, x): 'A.'",
        "@pytest.fixture\ndef x(): ...\ndef test_a(solution, x): 'A.'",
        "if True:\n    @fixture()\n    def x(): ...\ndef test_a(solution, x): 'A.'",
        "@pytest.fixture(name='x')\ndef other(): ...\ndef test_a(solution, x): 'A.'",
        "x = pytest.fixture(lambda: 1)\ndef test_a(solution, x): 'A.'",
        "from numpy import x\ndef test_a(solution, x): 'A.'",
        "@patch('os.sep')\ndef test_a(mocked, solution): 'A.'",
        "def pytest_generate_tests(metafunc): ...\ndef test_a(solution, x): 'A.'",
    ],
)
def test_parameters_that_may_have_a_value(clone: Clone, source: str) -> None:
    clone.add(tests=source)
    assert clone.read()


@pytest.mark.parametrize(
    "text",
    [
        "Costs $5.",
        "Costs $5 or $6.",
        "Costs 5$ or 6$.",
        "Costs US$5 and US$6.",
        "Counts every $ in it.",
        "Goes from $a to $b.",
        "Leaves `$x$` alone.",
        r"Leaves \\$x\\$ alone.",
        "Sums $ x $ up.\n\n    Not for the learner: $x^2$.",
    ],
)
def test_dollars_that_are_no_formulas(clone: Clone, text: str) -> None:
    clone.add(tests=f'def test_a(solution):\n    """{text}"""\n')
    assert "$" in clone.read()[0].tests[0].sentence_text


def test_sentences(clone: Clone) -> None:
    source = '''\
import pytest
raise SystemExit("hidden tests are never run by the build")

def helper():
    def test_inner(): ...

@pytest.fixture
def rng(): ...

def test_second(solution, rng):
    """Rows of `a < b` sum
    to *one*: <script>, $5, [a](b).

    Not for the learner.
    """

def test_first(solution):
    """`*`"""
'''
    clone.add(tests=source)
    second, first = clone.read()[0].tests
    assert (second.name, second.line) == ("test_second", 10)
    assert second.sentence_html == (
        "Rows of <code>a &lt; b</code> sum to <em>one</em>: &lt;script&gt;, $5, [a](b)."
    )
    assert second.sentence_text == "Rows of a < b sum to one: <script>, $5, [a](b)."
    assert first.sentence_html == "<code>*</code>"
