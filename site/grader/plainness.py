"""Whether code is so plain that it cannot reach what is not its own.

Most of what learners write computes with numpy and local names. Such code need not be kept from
the grader, nor need the grader's world be put right after each of its calls, which would take
longer than the calls themselves. All that is plain is listed below, attributes by name; anything
else is guarded.
"""

import ast
import builtins
import math
import types
from collections.abc import Iterator
from typing import Any

import numpy as np

_MODULES = frozenset(("math", "numpy", "numpy.linalg", "numpy.typing"))

# Of modules that hold others, such as `operator`, and functions that run text: these names alone.
_TYPES = frozenset(
    """
    Annotated Any Callable Dict Final Iterable Iterator List Literal Mapping Optional Sequence Set
    Tuple Type TypeAlias TypeVar Union cast
    """.split()  # noqa: SIM905 - one word after another reads best
)

# Built-in functions that compute. Not among them: those that reach objects by name, run text, end
# Python or ask somebody.
_BUILTINS = frozenset(
    """
    abs all any bool complex dict divmod enumerate filter float frozenset int isinstance len list
    map max min pow print range repr reversed round set slice sorted str sum tuple zip
    True False None ValueError TypeError
    """.split()  # noqa: SIM905 - one word after another reads best
)
_OTHER_BUILTINS = frozenset(vars(builtins)) - _BUILTINS

# Names by which numpy and what belongs to it hand out other modules, files, the frame of a caller,
# or the memory of others.
_REACHING = frozenset(
    """
    load save savez savez_compressed loadtxt savetxt genfromtxt fromfile tofile dump dumps memmap
    fromregex frompyfunc vectorize frombuffer set_printoptions setbufsize seterrcall setflags data
    base ctypes format format_map test info bmat show_config show_runtime
    """.split()  # noqa: SIM905 - one word after another reads best
)

_VALUES = (
    np.ndarray, np.float64, np.complex128, np.int64, np.dtype, np.finfo(float), np.iinfo(int),
    np.ufunc, str, int, float, complex, list, tuple, dict, set, slice, range,
)  # fmt: skip

# Modules that are plain themselves, some names of theirs, and results of numpy.linalg by name.
_MORE = frozenset(
    """
    linalg fft random typing ArrayLike NDArray float128 longdouble
    default_rng normal standard_normal uniform integers choice shuffle permutation permuted
    seed rand randn randint exponential poisson binomial beta gamma multivariate_normal
    U S Vh Q R sign logabsdet eigenvalues eigenvectors
    """.split()  # noqa: SIM905 - one word after another reads best
)


def _offered() -> Iterator[str]:
    """The attributes of values, and the names of functions and numbers in modules."""
    for value in _VALUES:
        yield from dir(value)
    for module in (math, np, np.linalg):
        for name, value in vars(module).items():
            if not isinstance(value, types.ModuleType | dict):
                yield name


_ATTRIBUTES = _MORE.union(
    name for name in _offered() if name not in _REACHING and not name.startswith("_")
)

_NOT_PLAIN = (
    ast.Global | ast.Nonlocal | ast.ClassDef | ast.AsyncFunctionDef | ast.Await | ast.Yield
    | ast.YieldFrom | ast.With | ast.AsyncWith | ast.Try | ast.TryStar | ast.Match
)  # fmt: skip


def is_plain(tree: ast.Module) -> bool:
    """Whether the code does nothing but compute."""
    nodes: list[Any] = list(ast.walk(tree))
    own = {node.id for node in nodes if _is_stored(node)}
    own |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    own |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    # What is its own in one place may be the built-in function in another.
    known = own - _OTHER_BUILTINS | _BUILTINS
    return all(_is_plain(node, known) for node in nodes)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_plain(node: ast.AST, known: set[str]) -> bool:
    match node:
        case ast.Import(names):
            return all(alias.name in _MODULES for alias in names)
        case ast.ImportFrom(module, names, level):
            taken = {alias.name for alias in names}
            if level == 0 and module in ("typing", "collections.abc"):
                return taken <= _TYPES
            return level == 0 and module in _MODULES and taken <= _ATTRIBUTES
        case ast.Attribute(_, name, context):
            return isinstance(context, ast.Load) and name in _ATTRIBUTES
        case ast.Name(name):
            return not name.startswith("__") and name in known
        case ast.FunctionDef(name, decorator_list=decorators):
            return not name.startswith("__") and not decorators
    return not isinstance(node, _NOT_PLAIN)
