"""Results of learners' code as plain values, of which none can lie to a comparison."""

import sys
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

DEPTH = 20  # of lists within lists

# Of these classes themselves: an instance is compared and shown by code that no learner wrote.
# By identity: a learner's class of classes can have a hash and an equality of its own.
_PLAIN = frozenset(
    id(kind)
    for kind in (type(None), bool, int, float, complex, str, bytes, *np.sctypeDict.values())
    if kind is not np.void  # which may hold objects
)
# Of a class derived from one of these: its value, by the code of the one it is derived from.
_VALUES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
    bytes: bytes.__bytes__,
}
_CONTAINERS: tuple[Any, ...] = (list, tuple, set, frozenset)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, np.ufunc)

# What a class of exceptions can define that is asked wherever one is told of.
_LYING_RAISED = frozenset(
    ("__class__", "__getattribute__", "__dict__", "__traceback__", "__cause__", "__context__",
     "__suppress_context__", "__notes__", "__setattr__")
)  # fmt: skip

# What a metaclass cannot answer in a class's stead.
_mro = type.__dict__["__mro__"].__get__
_names = type.__dict__["__dict__"].__get__
_flags = type.__dict__["__flags__"].__get__
_name = type.__dict__["__name__"].__get__
_text = str.__str__  # of a class of texts, too
_HEAP, _IMMUTABLE = 1 << 9, 1 << 8


_TOO_DEEP = f"lists within lists, more than {DEPTH} deep"
_FIELDS = "an array with fields that hold objects"


class NotPlain(Exception):
    """A value that cannot be compared with anything; the message says what, and what to do."""


def plain(value: Any, depth: int = DEPTH) -> Any:
    """`value`, with nothing in it whose class is of Python code: such code could lie.

    Numbers and texts come as they are, arrays as copies; lists, tuples, sets, dictionaries and
    arrays of objects are made anew, of plain values. What is derived from one of these comes as the
    one.

    Raises:
        NotPlain: anything else, or lists too deep within one another.
    """
    kind = type(value)
    if id(kind) in _PLAIN:
        return value
    if depth == 0:
        raise NotPlain(_TOO_DEEP)
    if issubclass(kind, np.ndarray):
        return _array(value, depth)
    if issubclass(kind, dict):
        return {plain(key, depth - 1): plain(one, depth - 1) for key, one in dict.items(value)}
    for container in _CONTAINERS:
        if issubclass(kind, container):
            return container([plain(item, depth - 1) for item in container.__iter__(value)])
    for one, value_of in _VALUES.items():
        if issubclass(kind, one):
            return value_of(value)
    raise NotPlain(f"{a_kind(value)}{_hint(kind)}")


def what_is_not_plain(value: Any, depth: int = DEPTH) -> str | None:
    """What in `value` is of a class of Python code; None if nothing is. Copies nothing."""
    kind = type(value)
    if id(kind) in _PLAIN:
        return None
    if depth == 0:
        return _TOO_DEEP
    items: Iterable[Any]
    if kind is np.ndarray and value.dtype == object:
        items = value.ravel().tolist()
    elif kind is np.ndarray:
        return _FIELDS if value.dtype.hasobject else None
    elif kind is dict:
        items = (*value, *value.values())
    elif any(kind is container for container in _CONTAINERS):
        items = value
    else:
        return a_kind(value)
    found = (what_is_not_plain(item, depth - 1) for item in items)
    return next((what for what in found if what), None)


def _array(value: Any, depth: int) -> Any:
    # A copy: no object of the learner's class, and no memory that their code has set free.
    array = np.ndarray.view(value, np.ndarray).copy(order="K")
    if not array.dtype.hasobject:
        return array
    if array.dtype != object:
        raise NotPlain(_FIELDS)
    anew = np.empty(array.size, dtype=object)
    for at, item in enumerate(array.ravel().tolist()):
        anew[at] = plain(item, depth - 1)
    return anew.reshape(array.shape)


def _hint(kind: type) -> str:
    if any(kind is one for one in _FUNCTIONS):
        return ", not what one gives: call it, with (...) after its name"
    if any("__iter__" in map(_text, _names(one)) for one in _mro(kind)):
        return ": make a list of it, list(...), or an array"
    return ": return plain numbers, arrays, or lists, tuples or dictionaries of them"


def name_of(value: object) -> str:
    """The name of a value's class, whatever that says of itself."""
    return _text(_name(type(value)))


def a_kind(value: object) -> str:
    """The same with its article: `an int`, `a Decimal`."""
    name = name_of(value)
    return f"{'an' if name[:1].lower() in 'aeio' or name.startswith('nd') else 'a'} {name}"


def lying(kind: type[BaseException]) -> str | None:
    """A name by which a class of exceptions has learners' code run wherever one is told of."""
    for one in _python_classes(kind):
        for name in _LYING_RAISED.intersection(_names(one)):
            # Every class has `__dict__`; its own is no code of anybody's.
            if name != "__dict__" or type(_names(one)[name]) is not types.GetSetDescriptorType:
                return name
    return None


def ends_tests(kind: type[BaseException]) -> bool:
    """Whether pytest takes such an exception for its own: `pytest.exit` and the like."""
    return any(_module(one) == "_pytest.outcomes" for one in _mro(kind))


def _python_classes(kind: type) -> Iterator[type]:
    for one in _mro(kind):
        made_in_c = not _flags(one) & _HEAP or _flags(one) & _IMMUTABLE
        if not made_in_c and not _is_known(one):
            yield one


def _is_known(kind: type) -> bool:
    """Whether it is a class of a module other than the learner's, such as `LinAlgError`."""
    module = _module(kind)
    if module is None or module in ("solution", "__main__"):
        return False
    known = sys.modules.get(module)
    return known is not None and vars(known).get(_name(kind)) is kind


def _module(kind: type) -> str | None:
    module = _names(kind).get("__module__")
    return module if type(module) is str else None
