"""Code that is called without a guard cannot reach what is not its own."""

import tomllib
from pathlib import Path

import pytest

from grader.plainness import is_plain

ROOT = Path(__file__).resolve().parent.parent
# Kinds of hostile code that act on what is not theirs; the others only compute, if wrongly.
KINDS = ("reaches", "replaces", "state", "exits", "system")

HOSTILE = [
    pytest.param(case["code"], id=case["name"])
    for kind in KINDS
    for case in tomllib.loads((ROOT / f"tests/torture/{kind}.toml").read_text("utf-8"))["case"]
    if "code" in case
]


def parses(code: str) -> bool:
    try:
        compile(code, "code", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize("code", HOSTILE)
def test_hostile_code_is_guarded(code: str) -> None:
    assert not parses(code) or not is_plain(code)


@pytest.mark.parametrize(
    "code",
    [
        "import sys",
        "from numpy import testing",
        "from numpy import *",
        "import numpy as np\nnp.exp = None",
        "import numpy as np\ndel np.exp",
        "import numpy as np\nnp.lib.npyio",
        "getattr(1, '__class__')",
        "().__class__",
        "__builtins__",
        "def f(x):\n    global f",
        "@print\ndef f(x): pass",
        "class A: pass",
        "eval('1')",
        "open('x')",
        "'{0.__class__}'.format(1)",
        "import numpy as np\nnp.load('x')",
    ],
)
def test_not_plain(code: str) -> None:
    assert not is_plain(code)


def test_usual_solutions_are_plain() -> None:
    for name in ("softmax_from_scratch", "cross_entropy_gradient"):
        assert is_plain((ROOT / f"reference/{name}.py").read_text("utf-8"))
        wrong = sorted((ROOT / f"hidden_tests/wrong/{name}").glob("*.py"))
        assert len(wrong) > 20
        assert all(is_plain(path.read_text("utf-8")) for path in wrong)
