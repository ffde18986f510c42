"""Whether code is so plain that it cannot reach what is not its own.

Most of what learners write computes with numpy and local names. Such code need not be kept from
the grader, nor need the grader's world be put right after each of its calls, which would take
longer than the calls themselves. Anything that is not on the lists below is guarded.
"""

import ast

_MODULES = frozenset(("math", "numpy", "numpy.linalg", "numpy.typing", "typing", "collections.abc"))

# Built-in functions that compute. Not among them: those that reach objects by name, run text, end
# Python or ask somebody.
_BUILTINS = frozenset(
    """
    abs all any bool complex dict divmod enumerate filter float frozenset int isinstance len list
    map max min pow print range repr reversed round set slice sorted str sum tuple zip
    True False None ValueError TypeError
    """.split()  # noqa: SIM905 - one word after another reads best
)

# Attributes by which numpy hands out other modules, files, or the memory of others.
_REACHING = frozenset(
    """
    sys os builtins modules ctypes ctypeslib f2py testing lib core ma char rec polynomial
    load save savez savez_compressed loadtxt savetxt genfromtxt fromfile tofile dump dumps memmap
    fromregex DataSource frompyfunc vectorize frombuffer set_printoptions setbufsize
    seterrcall setflags data base format format_map
    """.split()  # noqa: SIM905 - one word after another reads best
)

_NOT_PLAIN = (
    ast.Global | ast.Nonlocal | ast.ClassDef | ast.AsyncFunctionDef | ast.Await | ast.Yield
    | ast.YieldFrom | ast.With | ast.AsyncWith | ast.Try | ast.Match
)  # fmt: skip


def is_plain(code: str) -> bool:
    """Whether `code`, which Python can parse, does nothing but compute."""
    tree = ast.parse(code)
    own = {node.id for node in ast.walk(tree) if _is_stored(node)}  # type: ignore[attr-defined]
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    own |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    own |= {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return all(_is_plain(node, own) for node in ast.walk(tree))


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _is_plain(node: ast.AST, own: set[str]) -> bool:
    match node:
        case ast.Import(names):
            return all(alias.name in _MODULES for alias in names)
        case ast.ImportFrom(module, names, level):
            taken = [alias.name for alias in names]
            return level == 0 and module in _MODULES and all(map(_is_harmless, taken))
        case ast.Attribute(_, name, context):
            return isinstance(context, ast.Load) and _is_harmless(name)
        case ast.Name(name):
            return not name.startswith("__") and (name in own or name in _BUILTINS)
        case ast.FunctionDef(name, decorator_list=decorators):
            return not name.startswith("__") and not decorators
    return not isinstance(node, _NOT_PLAIN)


def _is_harmless(name: str) -> bool:
    return not name.startswith("_") and name not in _REACHING and name != "*"
