"""Small changes of a reference: which are made, which survive, and how one is marked."""

from pathlib import Path

import pytest
from sound_problem import ANSWER, TEST, TWICE, SoundProblem

from gradlet.check import Count
from gradlet.check.mutants import diff, mutants

EQUIVALENT = "hidden_tests/wrong/halving/equivalent.toml"
MARK = """\
# Both are halved.
[[equivalent]]
before = 'half = x / 2.0'
after = 'half = x * 2.0'
reason = 'the tests are blind today'
"""


@pytest.fixture
def blind(sound: SoundProblem) -> SoundProblem:
    """Its tests do not see the scale of a result, only its kind and its sign."""
    sound.change(
        TEST,
        "solution.halve(x.copy()), reference(x)",
        "np.sign(solution.halve(x.copy())), np.sign(x)",
    )
    sound.change(TWICE, "x * 2", "-x")  # else test_values had no teeth
    return sound


def changes(source: str) -> list[tuple[str, str]]:
    """All but those that overwrite an argument, of which each function has some."""
    found = [(mutant.before, mutant.after) for mutant in mutants(source)]
    return [(before, after) for before, after in found if " *= 0\n" not in after]


@pytest.mark.parametrize(
    ("line", "made"),
    [
        ("a + b", ["a - b", "a", "b"]),
        ("a - b", ["a + b", "a", "b"]),
        ("a * (b + c)", ["a / (b + c)", "a", "(b + c)", "a * (b - c)", "a * (b)", "a * (c)"]),
        ("a @ b", ["a * b", "a", "b"]),
        ("a < b", ["a <= b", "a >= b"]),
        ("a == b", ["a != b"]),
        ("a and not b", ["a or not b", "a and b"]),
        ("-a", ["a"]),
        ("2.5", ["3.5", "0", "1"]),
        ("True", ["False"]),
        ("a.max(axis=1)", ["a.min(axis=1)", "a.max()", "a.max(axis=2)", "a.max(axis=0)"]),
        ("np.sum(a, axis=b, keepdims=c)", None),
        ("a.copy()", ["a"]),
        ("a[i]", ["a[i - 1]"]),
        ("a[i:, :j]", ["a[:, :j]", "a[i - 1:, :j]", "a[i:, :]", "a[i:, :j - 1]"]),
        ("a if b else c", ["a if not (b) else c"]),
    ],
)
def test_each_kind_of_change(line: str, made: list[str] | None) -> None:
    found = changes(f"def f(a, b, c, i, j):\n    return {line}\n")
    assert {before for before, _ in found} == {f"return {line}"}
    if made is None:
        made = ["np.mean(a, axis=b, keepdims=c)", "np.sum(a, keepdims=c)", "np.sum(a, axis=b)"]
    assert sorted(after for _, after in found) == sorted(f"return {one}" for one in made)


def test_each_argument_is_overwritten() -> None:
    source = 'def f(a, /, b, *, c=d):\n    """Says."""\n    return a\n'
    found = [mutant for mutant in mutants(source) if " *= 0\n" in mutant.after]
    assert [mutant.after for mutant in found] == [f"{name} *= 0\nreturn a" for name in "abc"]
    assert diff(source, found[1], Path("f.py")).splitlines()[2:] == [
        "@@ -2,2 +2,3 @@",
        '     """Says."""',
        "+    b *= 0",
        "     return a",
    ]


def test_a_test_that_goes_on_with_what_it_gave_is_shown(sound: SoundProblem) -> None:
    sound.change(TEST, "solution.halve(x.copy())", "solution.halve(x)")
    (notice,) = [each for each in sound.check(mutants=True).notices if "*= 0" in each.diff]
    assert "+    x *= 0" in notice.diff


def test_statements_are_dropped_but_for_the_last_word() -> None:
    source = 'def f(a):\n    """Says."""\n    b = a\n    b += a\n    return b\n'
    assert sorted(changes(source)) == [("b += a", "b -= a"), ("b += a", "pass"), ("b = a", "pass")]


def test_nothing_is_changed_that_is_not_executed() -> None:
    source = (
        '"""1 + 1."""\nimport numpy as np\n\n\n@decorate(1)\ndef f(a: Literal[1] = 2) -> "x":\n'
        '    """2 + 2"""\n    # 3 + 3\n    return f"{a + 1}"\n'
    )
    found = [mutant for mutant in mutants(source) if " *= 0\n" not in mutant.after]
    assert {mutant.line for mutant in found} == {6}
    assert [after for _, after in changes(source)] == [
        f'def f(a: Literal[1] = {n}) -> "x":' for n in (3, 0, 1)
    ]


def test_a_change_is_shown_where_it_is_among_the_authors_own_lines() -> None:
    source = "def f(é):\n    x = 'é' * é  # ä\n\n    return x\n"
    mutant = next(one for one in mutants(source) if "/" in one.after)
    assert (mutant.line, mutant.before, mutant.after) == (2, "x = 'é' * é  # ä", "x = 'é' / é  # ä")
    assert diff(source, mutant, Path("reference/f.py")).splitlines() == [
        "--- reference/f.py",
        "+++ mutant",
        "@@ -1,3 +1,3 @@",
        " def f(é):",
        "-    x = 'é' * é  # ä",
        "+    x = 'é' / é  # ä",
        " ",
    ]


def test_a_survivor_is_something_to_look_at_and_no_error(blind: SoundProblem) -> None:
    report = blind.check(mutants=True)
    assert report.ok
    assert report.mutants is not None
    assert report.mutants.total - report.mutants.good == len(report.notices) > 0
    notice = next(one for one in report.notices if "x * 2.0" in one.diff)
    assert (notice.file.as_posix(), notice.line) == (ANSWER, blind.line(ANSWER, "x / 2.0"))
    assert "-    half = x / 2.0\n+    half = x * 2.0" in notice.diff
    assert EQUIVALENT in notice.fix


def test_a_mutant_that_never_ends_has_been_noticed(sound: SoundProblem) -> None:
    """Without `left -= 1`, or with `+=`, the loop has no end."""
    sound.write(
        ANSWER,
        "def halve(x):\n    left = 1\n    while left > 0:\n        left -= 1\n"
        "        half = x / 2\n    return half\n",
    )
    report = sound.check(mutants=True)
    assert report.reference
    assert not any("left += 1" in notice.diff or "pass" in notice.diff for notice in report.notices)


def test_a_mutant_that_is_marked_does_not_count(blind: SoundProblem) -> None:
    before = blind.check(mutants=True)
    blind.write(EQUIVALENT, MARK)
    report = blind.check(mutants=True)
    assert report.ok
    assert before.mutants is not None
    assert report.mutants == Count(before.mutants.good, before.mutants.total - 1)
    assert len(report.notices) == len(before.notices) - 1
    assert not any("x * 2.0" in notice.diff for notice in report.notices)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("", "", 2, "the tests notice this change, so it is not equivalent"),
        ("x * 2.0", "x ** 2.0", 2, "no mutant of reference/halving.py has this change"),
        ("reason = 'the tests are blind today'\n", "", 2, "the entry should have before, after"),
        ("'the tests are blind today'", "''", 2, "the entry should have before, after"),
        ("'the tests are blind today'", "1", 2, "each a text"),
        (MARK, "equivalent = [1]\n", 1, "should hold [[equivalent]] entries"),
        ("reason =", "because =", 2, "the entry should have before, after"),
        ("[[equivalent]]", "[equivalent]", 1, "should hold [[equivalent]] entries"),
        ("[[equivalent]]", "[[equal]]", 1, "should hold [[equivalent]] entries"),
        ("after = ", "after ", 4, "this is not valid TOML"),
    ],
)
def test_marks_that_are_wrong_are_errors(
    sound: SoundProblem, old: str, new: str, line: int, words: str
) -> None:
    sound.write(EQUIVALENT, MARK.replace(old, new) if old else MARK)
    (error,) = sound.check(mutants=True).errors
    assert (error.file.as_posix(), error.line) == (EQUIVALENT, line)
    assert words in error.problem


def test_marks_that_are_not_utf8(sound: SoundProblem) -> None:
    (sound.root / EQUIVALENT).write_bytes(MARK.replace("today", "au café").encode("latin-1"))
    assert f"{EQUIVALENT}:5: the file is not UTF-8 text" in [
        f"{error.file.as_posix()}:{error.line}: {error.problem}"
        for error in sound.check(mutants=True).errors
    ]
