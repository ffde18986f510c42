"""While learners' code runs: what it must not reach is out of its way, and put right afterwards.

No wall: the code runs in the same interpreter, and who digs deep enough gets through (see
SECURITY.md). It stops what somebody tries in an evening, and what spoils a verdict by accident.
"""

import builtins
import contextvars
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import numpy as np

# Out of sys.modules meanwhile, and not to be imported: the page, the grader and its tests, and
# what writes to any address in memory.
HIDDEN = frozenset(
    """
    js pyodide_js pyodide _pyodide _pyodide_core pyodide_core micropip
    grader pytest _pytest pluggy ctypes _ctypes
    """.split()  # noqa: SIM905 - one word after another reads best
)

# Events of CPython's audit (PEP 578) that end in an exception meanwhile.
REFUSED = frozenset(
    """
    gc.get_objects gc.get_referrers gc.get_referents
    sys._current_frames sys._current_exceptions
    sys.settrace sys.setprofile sys.monitoring.register_callback
    ctypes.string_at ctypes.wstring_at ctypes.memoryview_at ctypes.cdata ctypes.cdata/buffer
    ctypes.call_function ctypes.addressof ctypes.dlopen
    """.split()  # noqa: SIM905 - one word after another reads best
)
LOOKED_INTO = ("import", "sys._getframe", "object.__getattr__", "object.__setattr__")
WATCHED = REFUSED.union(LOOKED_INTO)
FRAMES = frozenset(("tb_frame", "gi_frame", "cr_frame", "ag_frame"))
CODE = frozenset(("__code__", "__defaults__", "__kwdefaults__"))
LEARNERS = "solution.py"  # the file that learners' code is compiled as

# Where Python and its packages lie, whose own look at a frame is no learner's.
_LIBRARIES = (
    str(Path(os.__file__).parent),
    str(Path(np.__file__).parent.parent),
    str(Path(__file__).parent),
    "<frozen ",
)
_HAND_OUT_FRAMES = ("/inspect.py", "/traceback.py", "/bdb.py", "/pdb.py", "/logging/__init__.py")

# Whose names are as they were once a call is over; of classes in the grader, their attributes.
_KEPT = """
    builtins contextlib copy inspect io json json.decoder json.encoder linecache math operator os
    re reprlib sys time traceback types warnings
    numpy numpy._core.arrayprint numpy._core.fromnumeric numpy._core.multiarray
    numpy._core.numeric numpy._core.umath numpy.linalg numpy.random numpy.testing
    numpy.testing._private.utils _pytest.python _pytest.runner pluggy._callers
""".split()  # noqa: SIM905 - one word after another reads best


class Refused(ImportError):
    """Learners' code asked for what is kept from it; an ImportError, as libraries expect it."""

    __module__ = "builtins"  # the name alone tells the learner enough


class Ended(BaseException):
    """Learners' code asked for the end of the process, which would take Python with it."""


class _Switch:
    """Whether learners' code runs, known to an audit hook, which nobody can take away again."""

    def __init__(self) -> None:
        on = [False]
        put_aside: dict[str, types.ModuleType] = {}

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if not on[0] or event not in WATCHED:
                return
            on[0] = False
            try:
                refused = _refused(event, arguments, sys._getframe(1))
            finally:
                on[0] = True
            if refused:
                _refuse(refused)
            if event == "import":  # scipy and others have a use of their own for ctypes
                top = _top(str(arguments[0]))
                sys.modules.update(
                    (name, put_aside[name]) for name in put_aside if _top(name) == top
                )

        sys.addaudithook(hook)
        self._on = on
        self._put_aside = put_aside
        self.look_again()

    def look_again(self) -> None:
        """Modules may have come and gone, as many as there were."""
        self._seen = 0
        self._hidden: list[str] = []

    @property
    def on(self) -> bool:
        return self._on[0]

    @contextmanager
    def switched_on(self) -> Iterator[None]:
        modules = sys.modules
        if len(modules) != self._seen:
            self._seen = len(modules)
            self._hidden = [name for name in modules if _is_hidden(_top(name))]
        self._put_aside.clear()
        for name in self._hidden:
            if name in modules:
                self._put_aside[name] = modules.pop(name)
        # Pyodide's way to find `js` is to hold it.
        others = [one for one in sys.meta_path if "pyodide" not in type(one).__module__]
        sys.meta_path[:] = [_Refuser(), *others]
        self._on[0] = True
        try:
            yield
        finally:
            self._on[0] = False


class _Refuser(MetaPathFinder):
    """Refuses what the audit does not hear of, `importlib.import_module`."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if _is_hidden(_top(fullname)) and not _is_library(_importer(sys._getframe(1))):
            _refuse(f"The module {_top(fullname)}")


def _refuse(what: str) -> None:
    raise Refused(f"{what} is not for your code: the tests run beside it")


def _is_hidden(name: str) -> bool:
    return name in HIDDEN or name.startswith("test_")


def _top(name: str) -> str:
    return name.partition(".")[0]


def _refused(event: str, arguments: tuple[Any, ...], asks: types.FrameType) -> str | None:
    """What is not for the code in the frame that asks, or None if it may have it."""
    if event == "import":
        name = _top(str(arguments[0]))
        return (
            f"The module {name}" if _is_hidden(name) and not _is_library(_importer(asks)) else None
        )
    if event == "object.__getattr__":
        name = str(arguments[1])
        return name if name in FRAMES and not _looks_for_itself(asks) else None
    if event == "object.__setattr__":
        of, name = arguments[:2]
        if name not in CODE or _is_library(asks) or of.__code__.co_filename == LEARNERS:
            return None
        return f"Changing {name} of a function that is not yours"
    if event == "sys._getframe" and _looks_for_itself(asks):
        return None
    return event


def _importer(asks: types.FrameType | None) -> types.FrameType | None:
    """The frame whose import statement or call is at work."""
    while asks and "importlib" in asks.f_code.co_filename:
        asks = asks.f_back
    return asks


def _is_library(frame: types.FrameType | None) -> bool:
    return frame is not None and frame.f_code.co_filename.startswith(_LIBRARIES)


def _looks_for_itself(asks: types.FrameType) -> bool:
    """Whether a library looks at a frame for its own use, and hands it to no learner's code."""
    hands_out = asks.f_code.co_filename.endswith(_HAND_OUT_FRAMES)
    return (
        _is_library(asks)
        and (_is_library(asks.f_back) or not hands_out)
        and asks.f_code.co_name != "getinnerframes"
    )


class _Setting:
    """What one learner's code sets for all its calls, and what of ours it could change."""

    def __init__(self, *, plain: bool = False) -> None:
        self.plain = plain
        self.context = contextvars.copy_context()  # numpy's and decimal's settings
        self.recursion_limit = sys.getrecursionlimit()
        modules = sys.modules
        names = [*_KEPT, *(name for name in modules if _top(name) == "grader")]
        self.kept = [modules[name].__dict__ for name in names if name in modules]
        self.classes = [one for namespace in self.kept for one in _own_classes(namespace)]


def _own_classes(namespace: Mapping[str, Any]) -> Iterator[type]:
    name = namespace["__name__"]
    if _top(name) == "grader":
        for value in namespace.values():
            if isinstance(value, type) and value.__module__ == name:
                yield value


_switch = _Switch()
_setting = _Setting()


def begin(*, plain: bool = False) -> None:
    """Another learner's code, which finds all settings as the grader has them.

    `plain`: it cannot reach what is not its own, and is called without further ado.
    """
    global _setting
    _setting = _Setting(plain=plain)
    _switch.look_again()


def contained(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call learners' code: out of reach what is not for it, afterwards all in its place.

    numpy's settings (`np.seterr`, `np.set_printoptions`) and the recursion limit last from one such
    call to the next, and do not reach the grader.

    Raises:
        Exception: what the code raises.
        BaseException: what would end the run (SystemExit and the like), for `solution.contained`.
    """
    if _switch.on:  # a test gave the solution a function that calls the solution
        return function(*args, **kwargs)
    if _setting.plain:
        return _setting.context.run(function, *args, **kwargs)
    with _put_right(_setting), _switch.switched_on():
        return _setting.context.run(function, *args, **kwargs)


@contextmanager
def _put_right(setting: _Setting) -> Iterator[None]:
    """What the grader and the tests use is afterwards what it was."""
    modules = sys.modules
    modules_before = modules.copy()
    before = [(namespace, namespace.copy()) for namespace in setting.kept]
    classes = [(one, dict(one.__dict__)) for one in setting.classes]
    paths = (sys.meta_path, sys.path, sys.path_hooks, warnings.filters)
    lists: list[tuple[Any, Any]] = [(one, list(one)) for one in paths]
    limit = sys.getrecursionlimit()
    _replace_endings()
    sys.setrecursionlimit(setting.recursion_limit)
    try:
        yield
    finally:
        for namespace, names in before:
            _restore(namespace, names)
        for one, names in classes:
            for name, value in names.items():
                if one.__dict__.get(name) is not value:
                    type.__setattr__(one, name, value)
        for one_list, items in lists:
            one_list[:] = items
        modules.update(modules_before)
        setting.recursion_limit = sys.getrecursionlimit()
        sys.setrecursionlimit(limit)


def _restore(namespace: dict[str, Any], before: Mapping[str, Any]) -> None:
    namespace.update(before)
    if len(namespace) != len(before):
        for name in [name for name in namespace if name not in before]:
            if not isinstance(namespace[name], types.ModuleType):  # imported meanwhile: it stays
                del namespace[name]


def _replace_endings() -> None:
    """What would end the process, or wait for an answer, says so; `_put_right` undoes it."""

    def ends(name: str) -> Callable[..., Any]:
        def end(*_: object) -> None:
            raise Ended(f"Your code called {name}, which would end Python.")

        return end

    def nobody(*_: object) -> None:
        raise EOFError("there is nobody to answer: the tests call your function with all it needs")

    os._exit, os.abort, os.kill = map(ends, ("os._exit", "os.abort", "os.kill"))
    builtins.input = builtins.breakpoint = nobody  # type: ignore[assignment]
