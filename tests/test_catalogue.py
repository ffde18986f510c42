"""What is checked between the files, the order of the problems, and reading again."""

import ast
import gc
import re
from pathlib import Path

import pytest
from clone import NODE, PROBLEM, REFERENCE, TESTS, Clone
from markdown_it.token import Token

from gradlet.catalogue import Catalogue
from gradlet.complaint import Complaints


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def problem(needs: str = "", difficulty: str = "Easy", title: str = "TITLE") -> str:
    text = PROBLEM.replace("tags:", f"prerequisites: [{needs}]\ntags:")
    return text.replace("Easy", difficulty).replace("TITLE", title)


def test_no_problems(clone: Clone) -> None:
    assert clone.found() == ["problems:1: there are no problems"]


def test_order(clone: Clone) -> None:
    clone.add("a", problem(needs="z", title="A"))
    clone.add("b", problem(difficulty="Hard", title="B"))
    clone.add("c", problem(title="d"))
    clone.add("d", problem(title="C"))
    clone.add("e", problem(difficulty="Medium", title="E"))
    clone.add("z", problem(title="Z"))
    assert [one.slug for one in clone.read()] == ["d", "c", "z", "a", "e", "b"]


def test_everything_is_said_at_once_and_in_order(clone: Clone) -> None:
    clone.add("b", problem(needs="nowhere").replace("$z$", r"$\foo$").replace("Write it.", "$x"))
    clone.add("a", problem(difficulty="easy"), tests="import", reference="import")
    assert [re.sub(r":\d+: .*", "", one) for one in clone.found()] == [
        "hidden_tests/test_a.py",
        "problems/a.md",
        "problems/b.md",
        "problems/b.md",
        "problems/b.md",
        "reference/a.py",
    ]


def test_one_wrong_field_does_not_hide_what_is_wrong_with_others(clone: Clone) -> None:
    text = problem(needs="nowhere").replace("difficulty:", "dificulty:")
    clone.add("a", text, reference="def f(z): ...\n")
    assert clone.found() == [
        "problems/a.md:3: unknown field 'dificulty' in the front matter",
        "problems/a.md:5: there is no problem 'nowhere' to be a prerequisite",
        "reference/a.py:1: the function 'softmax' of problems/a.md is not defined here",
    ]


def test_equal_titles(clone: Clone) -> None:
    clone.add("a", problem(title="Softmax"))
    clone.add("b", problem(title="softmax"))
    assert clone.found() == ["problems/b.md:2: the title 'softmax' is also that of problems/a.md"]


def test_unknown_prerequisite(clone: Clone) -> None:
    clone.add("softmax")
    clone.add("loss", problem(needs="\n  softmax,\n  softmx"))
    (complaint,) = clone.complaints()
    assert (complaint.file, complaint.line) == (Path("problems/loss.md"), 7)
    assert complaint.problem == "there is no problem 'softmx' to be a prerequisite"
    assert complaint.fix == "write 'softmax'"


def test_every_circle_of_prerequisites(clone: Clone) -> None:
    for slug, needs in {"a": "b", "b": "c", "c": "a", "d": "e, a", "e": "d", "f": "f"}.items():
        clone.add(slug, problem(needs=needs))
    circle = "the prerequisites run in a circle: "
    assert clone.found() == [
        f"problems/a.md:5: {circle}'a' needs 'b' needs 'c' needs 'a'",
        f"problems/d.md:5: {circle}'d' needs 'e' needs 'd'",
        "problems/f.md:5: the problem is its own prerequisite",
    ]


def test_missing_tests_and_reference(clone: Clone) -> None:
    clone.add("log-softmax", tests=None, reference=None)
    assert clone.found() == [
        "problems/log-softmax.md:1: the problem has no hidden tests",
        "problems/log-softmax.md:1: the problem has no reference solution",
    ]


@pytest.mark.parametrize(
    ("reference", "line", "words"),
    [
        ("x = 1\ndef f(:\n", 2, "this is not valid Python"),
        ("def f(z): ...\n", 1, "the function 'softmax' of problems/softmax.md is not defined"),
    ],
)
def test_broken_reference(clone: Clone, reference: str, line: int, words: str) -> None:
    clone.add(reference=reference)
    (one,) = clone.found()
    assert one.startswith(f"reference/softmax.py:{line}: {words}")


def test_files_of_no_problem(clone: Clone) -> None:
    clone.add("softmax", tests=None)
    clone.write("hidden_tests/test_sofmax.py", TESTS)
    clone.write("reference/zebra.py", REFERENCE)
    for ignored in ("conftest.py", "__init__.py", "_data.py", "wrong/softmax.py"):
        clone.write(f"hidden_tests/{ignored}", "")
    assert clone.found() == [
        "hidden_tests/test_sofmax.py:1: the file belongs to no problem: "
        "there is no problems/sofmax.md",
        "problems/softmax.md:1: the problem has no hidden tests",
        "reference/zebra.py:1: the file belongs to no problem: there is no problems/zebra.md",
    ]
    assert "rename it to test_softmax.py" in clone.complaints()[0].fix


def test_hidden_tests_by_another_name_take_the_place_of_none(clone: Clone) -> None:
    clone.add("softmax")
    clone.add("vae", tests=None)
    for name in ("softmax", "vae"):
        clone.write(f"hidden_tests/{name}.py", TESTS.replace("one", "two"))
    only = "only hidden_tests/test_<name>.py is read as hidden tests"
    assert clone.found() == [
        f"hidden_tests/softmax.py:1: {only}",
        f"hidden_tests/vae.py:1: {only}",
        "problems/vae.md:1: the problem has no hidden tests",
    ]
    softmax, vae, _ = clone.complaints()
    assert softmax.fix.startswith("remove it;")
    assert vae.fix.startswith("rename it to test_vae.py;")


def test_packages_that_cannot_be_had(clone: Clone) -> None:
    packages = "packages:\n  - scipy\n  - skipy\n  - tiny==1.0\n"
    clone.add(text=PROBLEM.replace("tags:", packages + "tags:"))
    assert clone.found() == [
        "problems/softmax.md:7: Pyodide has no package 'skipy'",
        "problems/softmax.md:8: requirements.lock does not have the package 'tiny==1.0'",
    ]
    first, second = clone.complaints()
    assert first.fix.startswith("write 'scipy', or")
    assert second.fix == "pin it by its hash: make package NAME=tiny==1.0"


@pytest.mark.parametrize(
    ("package", "fix"),
    [
        ("torch", "if it is pure Python, "),
        ("plotly", "if it is pure Python, "),
        ("pandsa", "write 'pandas', or "),
        ("sklearn", "write 'scikit-learn', or "),
        ("cv2", "write 'opencv-python', or "),
    ],
)
def test_packages_that_are_offered(clone: Clone, package: str, fix: str) -> None:
    clone.add(text=PROBLEM.replace("tags:", f"packages: [{package}]\ntags:"))
    (complaint,) = clone.complaints()
    assert complaint.problem == f"Pyodide has no package {package!r}"
    assert complaint.fix.startswith(fix)


def test_imports_that_no_browser_would_find(clone: Clone) -> None:
    """Though this machine has them all: in functions and other blocks, too."""
    code = PROBLEM.replace("def softmax", "import os.path, pandas as pd\n\ndef softmax")
    tests = f"import numpy as np, pytest\nfrom grader import compare\n{TESTS}    import jinja2\n"
    reference = f"try:\n    from scipy.special import erf\nexcept ImportError: ...\n{REFERENCE}"
    clone.add(text=code, tests=tests, reference=reference)
    said = "is in no package that the problem names: browsers may not have it"
    assert clone.found() == [
        f"hidden_tests/test_softmax.py:5: 'jinja2' {said}",
        f"problems/softmax.md:39: 'pandas' {said}",
        f"reference/softmax.py:2: 'scipy' {said}",
    ]
    assert [complaint.fix for complaint in clone.complaints()] == [
        f"add {package!r} to 'packages' in the front matter"
        for package in ("jinja2", "pandas", "scipy")
    ]


@pytest.mark.parametrize(
    ("code", "module"),
    [
        ("from reference.vae import softmax", "reference.vae"),
        ("from reference import vae", "reference.vae"),
        ("import reference.vae as other", "reference.vae"),
        ("from reference.sofmax import softmax", "reference.sofmax"),
        ("from ._helpers import make", "._helpers"),
        ("from . import _helpers", "."),
        ("from hidden_tests._helpers import make", "hidden_tests._helpers"),
        ("from hidden_tests import _helpers", "hidden_tests._helpers"),
        ("from _helpers import make", "_helpers"),
        ("import vae", "vae"),
    ],
)
def test_imports_of_other_files_of_the_repository(clone: Clone, code: str, module: str) -> None:
    """Which pytest would find here, and nobody in a browser."""
    clone.add("vae")
    clone.write("hidden_tests/_helpers.py", "make = list\n")
    clone.add(tests=f"{code}\n{TESTS}", reference=f"{code}\n{REFERENCE}")
    said = (
        f"{module!r} cannot be imported: of the files of this repository, hidden tests have "
        "'reference.softmax' and no other, and all other code has none"
    )
    assert clone.found() == [
        f"hidden_tests/test_softmax.py:1: {said}",
        f"reference/softmax.py:1: {said}",
    ]
    for complaint in clone.complaints():
        assert complaint.fix == "write what you need of it into this file itself"


@pytest.mark.parametrize(
    "code",
    [
        "from reference.softmax import softmax",
        "from reference import softmax",
        "import reference.softmax",
        "import reference",
        "from reference import *",
    ],
)
def test_imports_of_the_own_reference(clone: Clone, code: str) -> None:
    clone.add(tests=f"{code}\n{TESTS}")
    assert clone.read()


def test_imports_of_the_standard_library(clone: Clone) -> None:
    """Not this machine's: the browser's Python is another, and has no screen."""
    code = "import tkinter, math\nimport curses, zlib, _thread\nimport sqlite3, xml.dom\n"
    clone.add(reference=code + REFERENCE)
    said = "is in the standard library of this Python, and not of the browser's"
    assert clone.found() == [
        f"reference/softmax.py:1: 'tkinter' {said}",
        f"reference/softmax.py:2: 'curses' {said}",
    ]


def test_imports_of_the_packages_that_are_named(clone: Clone) -> None:
    """By the names of their modules, of Pyodide's and pinned ones, installed here or not."""
    (clone.root / "requirements.lock").unlink()
    clone.write("requirements.lock", "markdown-it-py==1.0\nnowhere-here==1.0\n")
    packages = "packages: [scikit-learn, markdown-it-py==1.0, nowhere-here==1.0]\n"
    code = "import sklearn.svm, markdown_it\nfrom nowhere_here import x\nimport unheard\n"
    clone.add(text=PROBLEM.replace("tags:", f"{packages}tags:"), reference=code + REFERENCE)
    (complaint,) = clone.complaints()
    assert (complaint.file, complaint.line) == (Path("reference/softmax.py"), 3)
    assert complaint.problem.startswith("'unheard' is in no package that the problem names")
    assert "pinned by `make package NAME=<package>==<version>`" in complaint.fix


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("Softmax", "a file name must be of small letters"),
        ("soft_max", "a file name must be of small letters"),
        ("1d-softmax", "a file name must be of small letters"),
        ("lambda", "a word of Python itself"),
        ("random", "in place of Python's module 'random'"),
        ("numpy", "in place of Python's module 'numpy'"),
        ("scipy", "in place of Python's module 'scipy'"),
        ("grader", "pytest cannot tell its test file from tests/test_grader.py"),
    ],
)
def test_file_names_that_clash(clone: Clone, slug: str, words: str) -> None:
    clone.write("tests/test_grader.py", "")
    clone.add(slug, PROBLEM.replace("tags:", "packages: [scipy]\ntags:"))
    (one,) = clone.found()
    assert one.startswith(f"problems/{slug}.md:1: ")
    assert words in one


def test_file_names_that_differ_by_case(clone: Clone) -> None:
    clone.add("softmax")
    clone.add("Softmax")
    assert any("softmax.md is there already" in one for one in clone.found())


def test_problem_files_elsewhere(clone: Clone) -> None:
    clone.add("softmax")
    clone.write("problems/loss/hinge.md", PROBLEM)
    clone.write("problems/relu.markdown", PROBLEM)
    assert clone.found() == [
        "problems/loss/hinge.md:1: only problems/<name>.md is read as a problem",
        "problems/relu.markdown:1: only problems/<name>.md is read as a problem",
    ]


@pytest.mark.parametrize("language", ["de", "FR", "en", "v2"])
def test_translations_into_no_language(clone: Clone, language: str) -> None:
    clone.add("softmax")
    clone.write(f"problems/softmax.{language}.md", PROBLEM)
    (complaint,) = clone.complaints()
    assert str(complaint) == (
        f"problems/softmax.{language}.md:1: {language!r} is no language that a problem can be "
        "translated into. Fix: name a translation softmax.fr.md (Français); the name of a problem "
        "has no dot."
    )


def test_file_that_is_not_utf8(clone: Clone) -> None:
    clone.add()
    file = clone.root / "problems/softmax.md"
    file.write_bytes(file.read_bytes().replace(b"Because.", b"caf\xe9"))
    assert clone.found() == ["problems/softmax.md:12: the file is not UTF-8 text"]


def test_wrong_solution_that_is_not_utf8(clone: Clone) -> None:
    clone.add()
    clone.write("hidden_tests/wrong/softmax/sum.py", "")
    file = clone.root / "hidden_tests/wrong/softmax/sum.py"
    file.write_bytes(b'"""The sum.\n\nFails: test_caf\xe9\n"""')
    assert clone.found() == ["hidden_tests/wrong/softmax/sum.py:3: the file is not UTF-8 text"]


def test_reading_again_reads_only_what_changed(clone: Clone) -> None:
    clone.add("a")
    clone.add("b")
    catalogue = Catalogue(clone.root, NODE)
    first = catalogue.read()
    again = catalogue.read()
    assert all(old is new for old, new in zip(first, again, strict=True))

    clone.write("hidden_tests/test_b.py", TESTS.replace("one", "three"))
    changed = catalogue.read()
    assert changed[0] is first[0]
    assert changed[1].tests[0].sentence_text == "Rows sum to three."

    clone.write("problems/b.md", PROBLEM.replace("$z$", r"$\foo$"))
    for _ in range(2):
        with pytest.raises(Complaints, match="foo"):
            catalogue.read()
    clone.write("problems/b.md", PROBLEM.replace("TITLE", "b"))
    assert [one.title for one in catalogue.read()] == ["a", "b"]

    for file in ("problems/a.md", "hidden_tests/test_a.py", "reference/a.py"):
        (clone.root / file).unlink()
    assert [one.slug for one in catalogue.read()] == ["b"]


def test_no_syntax_tree_outlives_reading(clone: Clone) -> None:
    text = PROBLEM.replace("Because.", "- Because $x$.\n\n> [!NOTE]\n> So.\n\n| a |\n|---|\n| b |")
    clone.add(text=f"{text}\n## Hints\n\n- One.\n")
    catalogue = Catalogue(clone.root, NODE)
    gc.collect()  # what other tests have left
    gc.disable()
    try:
        catalogue.read()
        gc.disable()  # reading has enabled it
        trees = [one for one in gc.get_objects() if isinstance(one, Token | ast.Module)]
    finally:
        gc.enable()
    assert not trees
