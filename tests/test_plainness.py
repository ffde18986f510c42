"""Code that is called without a guard cannot reach what is not its own."""

import ast
from pathlib import Path

import pytest
from torture_run import Case, read_cases

from grader import plainness

ROOT = Path(__file__).resolve().parent.parent
# Kinds of hostile code that act on what is not theirs; the others only compute, if wrongly.
KINDS = ("reaches", "replaces", "state", "exits", "system", "lies")
# What is plain of these: values without any means to lie, and settings that are the learner's own.
HARMLESS = {
    *("None", "a string", "a scalar", "the wrong shape", "an empty array", "NaN", "infinity"),
    *("complex numbers", "complex numbers with the right real part", "a duration", "a matrix"),
    *("structured, textual and temporal arrays", "a view of the input", "nothing at all"),
    *("an array that changes after it was returned", "the wrong signature"),
    *("an object in place of a function", "numpy's ufuncs told to be silent"),
    *("numpy's warnings as errors", "results remembered from call to call"),
    "a function of NumPy, not called",
}


def is_plain(code: str) -> bool:
    return plainness.is_plain(ast.parse(code))


def parses(code: str) -> bool:
    try:
        compile(code, "code", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


@pytest.mark.parametrize(
    "case",
    [case for case in read_cases() if case.kind in KINDS and case.name not in HARMLESS],
    ids=lambda case: f"{case.kind}: {case.name}",
)
def test_hostile_code_is_guarded(case: Case) -> None:
    assert not parses(case.code) or not is_plain(case.code)


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
        "(g.gi_frame.f_back for g in [0])",
        "def f(x): pass\nf.f_globals",
        "import typing\ntyping.operator",
        "from typing import operator",
        "from typing import get_type_hints",
        "from collections.abc import sys",
        "try:\n    pass\nexcept* ValueError as e:\n    pass",
        "import numpy as np\nnp.test()",
        "import numpy as np\nnp.bmat('frame')",
        "import numpy as np\nnp.random.mtrand",
        "import numpy as np\nnp.sctypeDict.clear()",
        "import numpy as np\nnp.typecodes.clear()",
        "from numpy import typecodes",
        "def f(eval): pass\neval('1')",
        "def f(x):\n    open = 1\nopen('x')",
    ],
)
def test_not_plain(code: str) -> None:
    assert not is_plain(code)


@pytest.mark.parametrize(
    "code",
    [
        "from typing import Callable, Optional\nfrom collections.abc import Sequence",
        "import numpy.typing as npt\nFloats = npt.NDArray",
        "import numpy as np\nx = np.random.default_rng(1).normal(size=3).astype(float)",
        "from numpy.linalg import norm, svd\nx = svd([[1.0]]).U",
        "import math\nx = [math.exp(y) for y in (1, 2)]\nx.append(math.pi)",
        "import numpy as np\nx = np.finfo(float).eps + np.exp(np.array([1.0])).clip(0).item()",
        "names = {}\nfor key, value in names.items():\n    print(f'{key} {value:.2f}'.strip())",
    ],
)
def test_plain(code: str) -> None:
    assert is_plain(code)


def test_usual_solutions_are_plain() -> None:
    for name in ("softmax_from_scratch", "cross_entropy_gradient"):
        assert is_plain((ROOT / f"reference/{name}.py").read_text("utf-8"))
        wrong = sorted((ROOT / f"hidden_tests/wrong/{name}").glob("*.py"))
        assert len(wrong) > 20
        assert all(is_plain(path.read_text("utf-8")) for path in wrong)
