"""Run once, when the site is built, in the interpreter that learners' browsers begin with.

What it imports need not be imported by them; what it leaves out they need not load.
"""

import contextlib
import gc
import importlib
import itertools
import json
import linecache
import re
import sys
import types
from collections.abc import Mapping
from typing import Any

# What learners' code, hidden tests and a failing comparison ask for. The rest of these packages,
# and of the standard library, is fetched when somebody imports it.
MODULES = (
    "numpy.fft",
    "numpy.linalg",
    "numpy.ma",
    "numpy.random",
    "numpy.testing",
    "packaging.version",
    "pytest",
    "difflib",
    "statistics",
    "string",
    "grader.bridge",
)

PROBLEM: dict[str, Any] = {
    "name": "warm_up",
    "function": "double",
    "tests": ["test_values", "test_sign"],
    "test_source": """
import numpy as np
from grader.compare import assert_close
from reference.warm_up import double

def test_values(solution):
    assert_close(solution.double(np.ones(3)), double(np.ones(3)))

def test_sign(solution):
    np.testing.assert_allclose(solution.double(np.ones(2)), [2, 2])
""",
    "reference_source": "def double(values):\n    return values * 2\n",
}
SOLUTIONS = (
    "def double(values):\n    return values * 2\n",
    "def double(values):\n    print(values)\n    return values * 3\n",
    "def double(values):\n    return values[10]\n",
    "def double(values)\n",
)


def warm_up(wheels: Mapping[str, str]) -> None:
    """Import, grade once in every way, and throw away what nobody needs.

    `wheels` are the places of the packages' wheels, by package name.
    """
    for name in (*wheels, *MODULES):  # of packages that are not imported, nothing would be found
        importlib.import_module(name)
    try_out()
    _find_the_rest_in(wheels)
    _trim()
    importlib.import_module("grader.bridge").get_ready()
    sys.path_importer_cache.clear()
    linecache.clearcache()
    re.purge()
    gc.collect()


def try_out() -> None:
    """Grade right and wrong solutions. Called again when the interpreter has been restored."""
    from grader import Problem, bridge, grade

    told: list[str] = []
    bridge.Prepared(json.dumps({**PROBLEM, "mistakes": []}), told.append).run(SOLUTIONS[0])
    gc.unfreeze()  # what `Prepared` has frozen nobody would find below
    passed = [[event["status"] == "passed" for event in map(json.loads, told) if "status" in event]]
    for code in SOLUTIONS:
        events: list[Any] = []
        grade(Problem(**PROBLEM), code, events.append)
        passed.append([event["status"] == "passed" for event in events if "status" in event])
    if passed != [[True, True], [True, True], [False, False], [False, False], []]:
        raise AssertionError(f"the grader does not work: {passed}")
    for thing in gc.get_objects():  # what has been trimmed must hold
        if isinstance(thing, type | types.FunctionType | types.ModuleType):
            repr(thing.__doc__)


def _find_the_rest_in(wheels: Mapping[str, str]) -> None:
    """Modules that were not imported are looked for in the wheels, which are fetched then."""
    for name, module in list(sys.modules.items()):
        top = name.partition(".")[0]
        wheel = wheels.get({"_pytest": "pytest"}.get(top, top))
        if wheel and hasattr(module, "__path__"):
            module.__path__.append(f"{wheel}/{name.replace('.', '/')}")


def _trim() -> None:
    """Drop docstrings, annotations of functions, and the columns of lines.

    They are a fifth of the memory. What a learner reads of NumPy is not found there, and columns
    are shown of the learner's own code alone.

    Docstrings become empty, not None: modules that are imported later look into them. (numpy.ma
    insists on what it finds there: it is imported before.)
    """
    things = gc.get_objects()
    # Python keeps what it has found in a type: a type's own dictionary is not written to.
    types_ = [thing for thing in things if isinstance(thing, type)]
    of_types = {id(part) for thing in types_ for part in gc.get_referents(thing)}
    for thing in things:
        if isinstance(thing, types.FunctionType):
            thing.__doc__ = ""
            thing.__annotations__ = None  # type: ignore[assignment] # which takes them away
            thing.__code__ = _trimmed(thing.__code__)
        elif isinstance(thing, type | property):
            with contextlib.suppress(AttributeError, TypeError):  # of a type written in C
                thing.__doc__ = ""
        elif isinstance(thing, dict) and id(thing) not in of_types:
            # Of modules, wrapped functions, and what Cython compiled. Python's own table of
            # strings is a dictionary as well, in which each is its own value.
            if isinstance(thing.get("__doc__"), str) and thing["__doc__"] != "__doc__":
                thing["__doc__"] = ""
            if isinstance(thing.get("__test__"), dict):
                thing["__test__"] = {}


def _trimmed(code: types.CodeType) -> types.CodeType:
    has_docstring = code.co_flags & 0x4000000  # CO_HAS_DOCSTRING
    constants = [
        _trimmed(constant) if isinstance(constant, types.CodeType) else constant
        for constant in code.co_consts
    ]
    if has_docstring:
        constants[0] = ""
    trimmed = code.replace(co_consts=tuple(constants), co_linetable=_line_table(code))
    if _lines(trimmed) != _lines(code):
        raise AssertionError(f"the lines of {code} are lost: has the form of their table changed?")
    return trimmed


def _lines(code: types.CodeType) -> list[int | None]:
    return [line for line, *_ in code.co_positions()]


def _line_table(code: types.CodeType) -> bytes:
    """The line of each instruction, without columns.

    Source: InternalDocs/code_objects.md of CPython, "Location entries".
    """
    table = bytearray()
    known = code.co_firstlineno
    for line, same in itertools.groupby(_lines(code)):
        count = len(list(same))
        while count > 0:  # an entry is for eight units at most
            units = min(count, 8)
            count -= units
            if line is None:
                table.append(0x80 | 15 << 3 | units - 1)
                continue
            table.append(0x80 | 13 << 3 | units - 1)
            step, known = line - known, line
            rest = -step << 1 | 1 if step < 0 else step << 1
            while rest >= 64:
                table.append(64 | rest & 63)
                rest >>= 6
            table.append(rest)
    return bytes(table)
