"""What learners' code must not reach while it runs, refused by an audit hook (PEP 578)."""

import builtins
import gc
import inspect
import linecache
import os
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

# Out of sys.modules meanwhile, and not to be imported: the page, the grader and its tests, and
# what writes to any address in memory.
HIDDEN = frozenset(
    """
    js pyodide_js pyodide _pyodide _pyodide_core pyodide_core micropip
    grader pytest _pytest pluggy ctypes _ctypes
    """.split()  # noqa: SIM905 - one word after another reads best
)

# Events that end in an exception meanwhile. (Profilers stand on tracing, and are refused, too.)
REFUSED = frozenset(
    """
    gc.get_objects gc.get_referrers gc.get_referents
    sys._current_frames sys._current_exceptions sys.addaudithook
    sys.settrace sys.setprofile
    ctypes.string_at ctypes.wstring_at ctypes.memoryview_at ctypes.cdata ctypes.cdata/buffer
    ctypes.call_function ctypes.addressof ctypes.dlopen ctypes.dlsym ctypes.dlsym/handle
    ctypes.PyObj_FromPtr
    """.split()  # noqa: SIM905 - one word after another reads best
)
LOOKED_INTO = frozenset(
    """
    import exec function.__new__ sys._getframe object.__getattr__ object.__setattr__
    compile code.__new__ marshal.loads sys.monitoring.register_callback
    """.split()  # noqa: SIM905 - one word after another reads best
)
WATCHED = REFUSED | LOOKED_INTO
ALWAYS = ("sys._getframe", "object.__getattr__")  # heard when no learners' code should run, too
FRAMES = frozenset(("tb_frame", "gi_frame", "cr_frame", "ag_frame"))
CODE = frozenset(("__code__", "__defaults__", "__kwdefaults__"))
LEARNERS = "solution.py"  # the file that learners' code is compiled as
_TESTS = ("test_", "_test", "_xxtest")  # a problem's, and CPython's own, which reach into it

# Where Python and its packages lie, whose own look at a frame is no learner's.
_LIBRARIES = (
    str(Path(os.__file__).parent),
    str(Path(np.__file__).parent.parent),
    str(Path(__file__).parent),
    "<frozen ",
)
# Of a class of texts, too, and of nothing else: who calls `sys.audit` may give it anything.
_text = str.__str__
_HAND_OUT_FRAMES = (
    *("/bdb.py", "/doctest.py", "/pdb.py", "/logging/__init__.py", "/types.py", "/warnings.py"),
    *("/_py_warnings.py", "/asyncio/base_tasks.py", "/asyncio/format_helpers.py"),
)
# What others cannot do without: as long as no function of theirs is replaced, they keep frames.
_PASSING_ON = ("/inspect.py", "/traceback.py")


# As they are, and which value is to stand where: to look for a name is to ask names, which may lie.
Attributes = tuple[Mapping[str, Any], dict[int, Any]]


class Refused(ImportError, ValueError):
    """Learners' code asked for what is kept from it.

    An ImportError, as libraries expect it, and a ValueError, with which `logging` knows no caller.
    """

    __module__ = "builtins"  # the name alone tells the learner enough


class Switch:
    """Whether learners' code runs, known to an audit hook, which nobody can take away again."""

    def __init__(self, watch: Callable[[types.CodeType], None]) -> None:
        """`watch` hears of all code that learners' code is about to execute."""
        self._on = [False]
        self._put_aside: dict[str, types.ModuleType] = {}
        self._passing_on: list[Attributes] = []
        hook = _apart(globals())["_hook"](self._on, self._put_aside, self._passing_on, watch)
        sys.addaudithook(hook)
        self.look_again()

    def look_again(self) -> None:
        """Modules may have come and gone, as many as there were, and may have changed."""
        self._passing_on[:] = _attributes()
        self._seen = 0
        self._hidden: list[str] = []

    def turn_on(self) -> None:
        """Learners' code is about to run. Whoever calls this restores sys.modules and meta_path."""
        modules = sys.modules
        if len(modules) != self._seen:
            self._seen = len(modules)
            self._hidden = [name for name in modules if _is_hidden(_top(name))]
        self._put_aside.clear()
        for name in self._hidden:
            if name in modules:
                self._put_aside[name] = modules.pop(name)
        sys.meta_path[:] = [_Refuser(), *filter(_may_be_seen, sys.meta_path)]
        self._on[0] = True

    def turn_off(self) -> None:
        self._on[0] = False


def _may_be_seen(finder: object) -> bool:
    """Pyodide's way to find `js` is to hold it, and pytest's holds the tests."""
    top = _top(type(finder).__module__)
    return top == "grader" or not _is_hidden(top)


def _apart(names: dict[str, Any]) -> dict[str, Any]:
    """The names of this module, whose functions see these and built-in ones of their own.

    Learners' code gets at a module's functions by its classes, and by them at what they see.
    """
    apart = {**names, "__builtins__": vars(builtins).copy()}
    for name, value in names.items():
        if isinstance(value, types.FunctionType) and value.__module__ == __name__:
            apart[name] = types.FunctionType(value.__code__, apart)
    return apart


def _hook(
    on: list[bool],
    put_aside: dict[str, types.ModuleType],
    passing_on: list[Attributes],
    watch: Callable[[types.CodeType], None],
) -> Callable[..., None]:
    busy = [False]
    look, modules = sys._getframe, sys.modules  # `sys` is everybody's
    collects, stop, go_on = gc.isenabled, gc.disable, gc.enable

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if busy[0] or event not in (WATCHED if on[0] else ALWAYS):
            return
        # What is asked below is no learner's question: no code of theirs runs, no `__del__` either.
        collected = collects()
        stop()
        busy[0] = True
        try:
            asks = look(1)
            if not on[0]:
                refused = _refused_when_off(event, arguments, asks)
            else:
                if (code := _to_run(event, arguments, asks)) is not None:
                    watch(code)
                refused = _refused(event, arguments, asks)
                if _asks_for_a_frame(event, arguments) and _is_file(asks, _PASSING_ON):
                    refused = refused or ("A frame" if _is_replaced(passing_on) else None)
        finally:
            busy[0] = False
            if collected:
                go_on()
        if refused:
            refuse(refused)
        if on[0] and event == "import":  # scipy and others have a use of their own for ctypes
            top = _top(_text(arguments[0]))
            modules.update((name, put_aside[name]) for name in put_aside if _top(name) == top)

    return hook


class _Refuser(MetaPathFinder):
    """Refuses what the audit does not hear of, `importlib.import_module`."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if refused := _refused_import(_top(fullname), sys._getframe(1)):
            refuse(refused)


def refuse(what: str) -> NoReturn:
    raise Refused(f"{what} is not for your code: the tests run beside it")


def _top(name: str) -> str:
    return name.partition(".")[0]


def _is_hidden(name: str) -> bool:
    return name in HIDDEN or name.startswith(_TESTS)


def _refused(event: str, arguments: tuple[Any, ...], asks: types.FrameType) -> str | None:
    """What is not for the code in the frame that asks, or None if it may have it."""
    match event:
        case "exec" | "function.__new__":
            return None
        case "import":
            return _refused_import(_top(_text(arguments[0])), asks)
        case "object.__getattr__":
            return _refused_look(arguments[0], _text(arguments[1]), asks)
        case "object.__setattr__":
            return _refused_change(arguments[0], _text(arguments[1]), asks)
        case "compile" | "code.__new__":
            return _refused_file(event, arguments[1], asks)
        case "marshal.loads":  # it makes code, too, with any file name
            return None if _imports(asks) else event
        case "sys._getframe":
            # That it calls `_getframe` itself, not as a function that it was given, its names tell.
            itself = "_getframe" in asks.f_code.co_names and _looks_for_itself(asks)
            return None if itself else event
        case "sys.monitoring.register_callback":  # the tripwire is stretched while all is watched
            return None if _is_file(asks, "/grader/tripwire.py") else event
        case "sys.settrace":  # doctest puts back what was set before
            return None if _is_file(asks, "/doctest.py") else event
    return event


def _refused_when_off(event: str, arguments: tuple[Any, ...], asks: types.FrameType) -> str | None:
    """Learners' code may run uncalled: `__del__`, weakrefs. It finds no frame of the tests then."""
    looks = _asks_for_a_frame(event, arguments) and _is_learners(asks.f_code.co_filename)
    return event if looks else None


def _asks_for_a_frame(event: str, arguments: tuple[Any, ...]) -> bool:
    if event == "object.__getattr__":
        return _text(arguments[1]) in FRAMES
    return event == "sys._getframe"


def _refused_import(name: str, asks: types.FrameType) -> str | None:
    return f"The module {name}" if _is_hidden(name) and not _may_import(name, asks) else None


def _may_import(name: str, asks: types.FrameType) -> bool:
    """Whether it is a library's own import: `pkgutil` and `pickle` fetch for others."""
    importer: types.FrameType | None = asks
    while importer and "importlib" in importer.f_code.co_filename:
        importer = importer.f_back
    if importer is None or not _is_library(importer):
        return False
    file = importer.f_code.co_filename
    if name in ("ctypes", "_ctypes"):
        return True
    if name in ("pytest", "_pytest", "pluggy"):  # scipy has a use for it
        return "/site-packages/" in file
    return "pyodide/" in file


def _refused_look(at: Any, name: str, asks: types.FrameType) -> str | None:
    itself = name in asks.f_code.co_names  # and not as a function that it was given
    if name in FRAMES and not (itself and _looks_for_itself(asks)):
        return name
    if name == "__kwdefaults__" and not (itself and _is_library(asks)) and not _is_theirs(at):
        return f"{name} of a function that is not yours"  # a dictionary: to read is to change
    return None


def _refused_change(of: Any, name: str, asks: types.FrameType) -> str | None:
    itself = name in asks.f_code.co_names and _is_library(asks)
    if name not in CODE or itself or _is_theirs(of):
        return None
    return f"Changing {name} of a function that is not yours"


def _refused_file(event: str, file: object, asks: types.FrameType) -> str | None:
    """Code is told apart by its file: learners' may have no other than `<string>` and the like.

    Nor has what a library compiles for them a library's.
    """
    known = file is None or (type(file) is str and _is_learners(file))
    if event == "code.__new__":  # `types.coroutine` changes a function's flags
        itself = "replace" in asks.f_code.co_names and _is_library(asks)
    else:
        librarys = type(file) is not str or file.startswith(_LIBRARIES)
        itself = _imports(asks) if librarys else _is_library(asks)
    return None if known or itself else "A file name for compiled code, other than <...>,"


def _imports(asks: types.FrameType | None) -> bool:
    """Whether the import system is about to read a module's file."""
    while asks and asks.f_code.co_filename.startswith("<frozen "):
        if asks.f_code.co_name in ("get_code", "get_filename"):  # the latter in a zip file
            return True
        asks = asks.f_back
    return False


def _is_learners(file: str) -> bool:
    return file == LEARNERS or (file.startswith("<") and not file.startswith("<frozen "))


def _to_run(event: str, arguments: tuple[Any, ...], asks: types.FrameType) -> Any:
    """Learners' code that comes to life."""
    code = arguments[-1] if event in ("exec", "function.__new__", "object.__setattr__") else None
    if type(code) is not types.CodeType:  # who calls `sys.audit` may give it anything
        return None
    file = code.co_filename
    librarys = _makes_its_own(event, asks) if file.startswith("<") else file.startswith(_LIBRARIES)
    return None if librarys else code


def _makes_its_own(event: str, asks: types.FrameType) -> bool:
    """Whether a library executes text of its own, for its classes: others are given theirs."""
    names = asks.f_code.co_names
    if event == "exec" and "exec" not in names and "eval" not in names:
        return False  # the function itself was given
    if "/site-packages/" in asks.f_code.co_filename:
        return _is_library(asks) and "/numpy/testing/" not in asks.f_code.co_filename
    return _is_file(asks, ("/dataclasses.py", "/collections/__init__.py"))


def _is_theirs(function: Any) -> bool:
    return type(function) is types.FunctionType and function.__code__.co_filename == LEARNERS


def _is_library(frame: types.FrameType | None) -> bool:
    return frame is not None and frame.f_code.co_filename.startswith(_LIBRARIES)


def _attributes() -> list[Attributes]:
    """What gets frames, or the names of their modules, from those that pass them on."""
    classes = (each for each in vars(traceback).values() if isinstance(each, type))
    every = [vars(each) for each in (inspect, traceback, *classes)]
    place = [*vars(linecache)].index("lazycache")  # doctest replaces others
    return [
        *((each, dict(enumerate(each.values()))) for each in every),
        (vars(linecache), {place: linecache.lazycache}),
    ]


def _is_replaced(attributes: list[Attributes]) -> bool:
    for mapping, before in attributes:
        now = [*mapping.values()]
        if any(place >= len(now) or now[place] is not value for place, value in before.items()):
            return True
    return False


def _is_file(frame: types.FrameType, end: str | tuple[str, ...]) -> bool:
    return _is_library(frame) and frame.f_code.co_filename.endswith(end)


def _looks_for_itself(asks: types.FrameType) -> bool:
    """Whether a library looks at a frame for its own use, and hands it to no learner's code."""
    if not _is_library(asks) or asks.f_code.co_filename.endswith(_HAND_OUT_FRAMES):
        return False
    itself = not _is_file(asks, _PASSING_ON) or _is_asked_by_name(asks.f_code, asks.f_back)
    return itself and asks.f_code.co_name != "getinnerframes"


def _is_asked_by_name(asked: types.CodeType, asks: types.FrameType | None) -> bool:
    """Whether a library calls the function by its name: not as one that it was given."""
    if asks is None or not _is_library(asks):
        return False
    code = asks.f_code
    return code.co_filename == asked.co_filename or asked.co_name in code.co_names
