"""The learner's code: loaded, checked for what the tests will call, every call recorded."""

import __future__

import ast
import contextlib
import difflib
import inspect
import io
import linecache
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from . import guard
from .audit import LEARNERS
from .compare import Mismatch
from .copied import copied
from .plain import NotPlain, a_kind, ends_tests, lying, name_of, plain, what_is_not_plain
from .plainness import is_plain
from .show import show

if TYPE_CHECKING:
    from .mistakes import Calls

FILE = LEARNERS
# Python 3.14, the browser's, does not evaluate annotations unless somebody asks for them.
FLAGS = 0 if sys.version_info >= (3, 14) else __future__.annotations.compiler_flag
# How lines begin that were copied along with code, and are no Python.
FOREIGN = {
    r"```": "Take out the lines of ```: they stand around code, and are no part of it.",
    r">>>": "Take out the >>> in front of lines: they are Python's prompt, and no part of code.",
    r"[%!]+[a-z]": "Such lines are commands for a notebook: take this one out.",
    r"pip3? install": "Nothing can be installed here: take this line out.",
}
MODULE = "solution"


class Unusable(Exception):
    """No test can run; said once, not once a test. The message tells the learner why."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class Escaped(Exception):
    """The learner's code raised what would end the run: SystemExit, KeyboardInterrupt ..."""

    __module__ = "builtins"  # in a traceback the name alone tells the learner enough


def load(code: str) -> ModuleType:
    """Execute the learner's code as the module `solution`.

    Raises:
        Unusable: it is no Python.
        Exception: whatever the code itself raises, its own frames in the traceback.
    """
    code = code.removeprefix("\ufeff")  # a byte order mark, which some editors write
    module = ModuleType(MODULE)
    module.__file__ = FILE
    # A traceback shows source lines only of what linecache knows. (As Python counts them:
    # `splitlines` knows more ends.)
    lines = [*io.StringIO(code, newline=None)]
    linecache.cache[FILE] = (len(code), None, lines, FILE)
    sys.modules[MODULE] = module  # dataclasses and pickle look their module up
    try:
        # In two steps, so that what Python warns of is said once, with this file's name.
        tree = cast(
            ast.Module, compile(code, FILE, "exec", flags=ast.PyCF_ONLY_AST, dont_inherit=True)
        )
        program = compile(tree, FILE, "exec", flags=FLAGS, dont_inherit=True)
    except SyntaxError as error:
        raise Unusable(_syntax(error), error.lineno) from error
    except ValueError as error:  # null bytes, lone surrogates
        raise Unusable(f"Your code is not text that Python can read: {error}.") from error
    guard.begin(plain=is_plain(tree))
    contained(exec, program, module.__dict__)
    return module


@contextlib.contextmanager
def modules_restored() -> Iterator[None]:
    """Modules that a run added (the solution, the tests) are gone after it."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            if name == MODULE or name.startswith("test_"):
                del sys.modules[name]


def find(module: ModuleType, name: str, like: Callable[..., Any]) -> Callable[..., Any]:
    """The function `name` of the learner's module, if it can be called as `like` can.

    Raises:
        Unusable: it is missing, or no function, or takes other arguments.
        Exception: what it raises itself when it is asked for its signature.
    """
    return contained(_find, module, name, like)  # type: ignore[no-any-return]


def _find(module: ModuleType, name: str, like: Callable[..., Any]) -> Callable[..., Any]:
    wanted = f"def {name}{_plain(inspect.signature(like))}:"
    function: Any = module.__dict__.get(name)
    if function is None:
        raise Unusable(
            f"Your code does not define {name}. {_nearest(module, name)}{_start(wanted)}"
        )
    if inspect.isclass(function) or not callable(function):
        kind = "a class" if inspect.isclass(function) else a_kind(function)
        raise Unusable(f"{name} is not a function but {kind}. {_start(wanted)}", _line(function))
    if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
        raise Unusable(
            f"{name} does not return a value when it is called, since it is written with "
            f"async or yield. {_start(wanted)}",
            _line(function),
        )
    try:
        signature = _signature(function)
    except (TypeError, ValueError):  # built-in functions may have none: the call itself will tell
        return function  # type: ignore[no-any-return]
    try:
        signature.bind(*inspect.signature(like).parameters)
    except TypeError:
        raise Unusable(
            f"{name}{_plain(signature)} does not take the arguments that the tests give it. "
            f"{_start(wanted)}",
            _line(function),
        ) from None
    return function  # type: ignore[no-any-return]


class Solution:
    """What a hidden test gets as `solution`: the learner's function, its calls recorded."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._name = name
        self._function = function
        self._held: list[Any] = []
        self.begin()

    def begin(self, calls: "Calls | None" = None) -> None:
        """Another test begins: forget the calls of the one before, and keep the next in `calls`."""
        self.called: str | None = None
        self.returned: Any = None
        self.has_returned = False
        self.calls = calls

    def __getattr__(self, name: str) -> Any:
        if name == self._name:
            return self._call
        # Anything else would be called, or asked, without being contained.
        raise AttributeError(f"solution has {self._name}, the problem's function, and no {name}")

    def _call(self, *args: Any, **kwargs: Any) -> Any:
        # Copied first: the learner's code may change its arguments. Shown only on failure.
        self._arguments = copied((args, kwargs))
        self.called, self.has_returned = self._name, False
        given = plain_ones((*args, *kwargs.values()))
        returned = contained(self._run, args, kwargs)
        self.returned = as_result(returned)
        check_given(given)
        self.has_returned = True
        if self.calls:
            self.calls.add(self._arguments, self.returned, (args, kwargs))
        return self.returned

    def _run(self, args: Any, kwargs: Any) -> Any:
        # What the last call was given and gave goes here, where the guard is up: with it goes what
        # hangs on it, and `__del__` and weakrefs are learners' code, too.
        self._held = held = [args, kwargs]
        try:
            held.append(self._function(*args, **kwargs))
        except BaseException as error:
            held.append(error)
            raise
        return held[-1]

    def let_go(self) -> None:
        """No call comes any more."""
        contained(self._held.clear)

    def call(self) -> str | None:
        """The last call as one would write it: `softmax(logits=array([0., 1.]))`."""
        if self.called is None:
            return None
        named = self.arguments()
        given = [f"{name}={show(value)}" for name, value in named.items()]
        if not named:
            given = [show(value) for value in self._arguments[0]]
        return f"{self._name}({', '.join(given)})"

    def _named(self, args: Any, kwargs: Any) -> dict[str, Any]:
        bound = _signature(self._function).bind(*args, **kwargs)
        return {str.__str__(name): value for name, value in bound.arguments.items()}

    def arguments(self) -> dict[str, Any]:
        """Those of the last call by name, as they were before it; {} if they cannot be named."""
        if self.called is None:
            return {}
        args, kwargs = self._arguments
        try:
            return contained(self._named, args, kwargs)  # type: ignore[no-any-return]
        except Exception:
            return {}


def as_result(returned: Any) -> Any:
    """What the learner's function returned, made plain.

    Raises:
        Mismatch: it cannot be.
    """
    try:
        return plain(returned)
    except NotPlain as found:
        raise Mismatch(f"Your function returned {found}.") from None


def plain_ones(given: Iterable[Any]) -> list[Any]:
    """Those arguments that can be compared, and are to be so after the call."""
    return [each for each in given if not what_is_not_plain(each)]


def check_given(given: Iterable[Any]) -> None:
    """Whether these arguments can still be compared.

    Raises:
        Mismatch: the learner's function has put something else into one of them.
    """
    for odd in filter(None, map(what_is_not_plain, given)):
        raise Mismatch(
            f"Your function put {odd} into what it was given: put plain numbers, texts, arrays or "
            "lists there."
        )


def contained(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call learners' code (see `guard`), turning what would end the run into an ordinary exception.

    SystemExit, KeyboardInterrupt and pytest's `skip` are no Exception; its `exit` is one.
    """
    try:
        return guard.contained(function, *args, **kwargs)
    except Exception as error:
        safe = told_safely(error)
        if safe is error:
            raise
    except guard.Ended as error:
        raise Escaped(str(error)) from error
    except BaseException as error:
        safe = _escaped(error, "which would end the program")
    raise safe  # where the other is not its context, which is asked for, too


_traceback = BaseException.__dict__["__traceback__"].__get__


def told_safely(error: BaseException) -> BaseException:
    """`error`, or another in its place if to ask it anything is to run learners' code."""
    if odd := lying(type(error)):
        return _escaped(error, f"whose class defines {odd}")
    if ends_tests(type(error)):
        return _escaped(error, "which would end the tests")
    return error


def _escaped(error: BaseException, why_not: str) -> Escaped:
    what = f"Your code raised {name_of(error)}, {why_not}."
    return Escaped(what).with_traceback(_traceback(error))


def _syntax(error: SyntaxError) -> str:
    where = f" on line {error.lineno}" if error.lineno else ""
    end = "" if error.msg.endswith("?") else "."
    line = (error.text or "").strip()
    hints = [hint for foreign, hint in FOREIGN.items() if re.match(foreign, line)]
    return " ".join([f"{type(error).__name__}{where}: {error.msg}{end}", *hints])


def _nearest(module: ModuleType, name: str) -> str:
    for key, value in module.__dict__.items():
        if inspect.isclass(value) and name in vars(value):
            return f"The class {key} does: take the function out of it, and its self. "
    defined = [key for key, value in module.__dict__.items() if inspect.isfunction(value)]
    close = difflib.get_close_matches(name, defined, n=1, cutoff=0.6)
    return f"It does define {close[0]}: is that the one? " if close else ""


def _signature(function: Callable[..., Any]) -> inspect.Signature:
    """Annotations are not evaluated: what they name may be there for type checkers only."""
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        return inspect.signature(function, annotation_format=Format.STRING)
    return inspect.signature(function)


def _start(wanted: str) -> str:
    return f"The tests call it as the starter code has it: {wanted}"


def _plain(signature: inspect.Signature) -> str:
    """The signature without annotations, as short as it can be written."""
    empty = inspect.Parameter.empty
    bare = [p.replace(annotation=empty) for p in signature.parameters.values()]
    return str(inspect.Signature(bare))


def _line(value: object) -> int | None:
    code = getattr(value, "__code__", None)
    return getattr(code, "co_firstlineno", None)
