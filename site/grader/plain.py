"""Results of learners' code, made sure that none can lie to a comparison."""

import collections
import sys
import types
import weakref
from collections.abc import Iterator, Mapping
from typing import Any, cast

import numpy as np

DEPTH = 20  # of lists within lists

_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_CONTAINERS: tuple[Any, ...] = (list, tuple, set, frozenset)
# What a class can define to seem to a comparison what it is not.
_LYING = frozenset(
    f"__{name}__"
    for name in """
        eq ne lt le gt ge bool len iter getitem contains float int index complex abs neg
        add radd sub rsub mul rmul truediv rtruediv matmul rmatmul pow rpow round
        array array_ufunc array_function array_interface array_struct buffer
        class getattr getattribute dict
        copy deepcopy reduce reduce_ex getstate setstate getnewargs getnewargs_ex
    """.split()  # noqa: SIM905 - one word after another reads best
)

# What a class of exceptions can define that is asked wherever one is told of.
_LYING_RAISED = frozenset(
    ("__class__", "__getattribute__", "__dict__", "__traceback__", "__cause__", "__context__",
     "__suppress_context__", "__notes__")
)  # fmt: skip
# Made of another object, which answers in their stead.
_FORWARDING: tuple[type, ...] = (
    weakref.ProxyType, weakref.CallableProxyType, super, types.GenericAlias,
    collections.UserList, collections.UserDict, collections.UserString,
)  # fmt: skip

# What a metaclass cannot answer in a class's stead.
_mro = type.__dict__["__mro__"].__get__
_names = type.__dict__["__dict__"].__get__
_flags = type.__dict__["__flags__"].__get__
_name = type.__dict__["__name__"].__get__
_HEAP, _IMMUTABLE = 1 << 9, 1 << 8


class Liar(Exception):
    """A result that cannot be compared with anything; the message tells the learner why."""


def plain(value: Any, depth: int = DEPTH) -> Any:
    """`value`, with nothing in it that could lie to a comparison.

    Numbers, texts, arrays, and lists of such come as they are; an array of a class of its own
    comes as a plain array. Any other object comes as it is, unless its class says itself what it
    equals, or what number or array it is.

    Raises:
        Liar: such a class, or lists too deep within one another.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if depth == 0:
        raise Liar(f"Your function returned lists within lists, more than {DEPTH} deep.")
    bases = frozenset(_mro(kind))
    if np.ndarray in bases:
        return _array(value, depth)
    if own := _defined(kind, _LYING):
        raise Liar(
            f"Your function returned a {name_of(value)}, whose class defines {own}: return plain "
            "numbers, arrays or lists."
        )
    for container in _CONTAINERS:
        if container in bases:
            items = list(container.__iter__(value))
            plain_items = [plain(item, depth - 1) for item in items]
            same = all(one is other for one, other in zip(items, plain_items, strict=True))
            return value if same else container(plain_items)
    if not bases.isdisjoint(_FORWARDING) or not _LYING.isdisjoint(_attributes(value)):
        raise Liar(
            f"Your function returned a {name_of(value)}, which speaks for another object: return "
            "plain numbers, arrays or lists."
        )
    if dict in bases:
        return {plain(key, depth - 1): plain(one, depth - 1) for key, one in dict.items(value)}
    return value


def _array(value: Any, depth: int) -> Any:
    # A copy, so that the test does not hold an object of the learner's class.
    array = value if type(value) is np.ndarray else np.ndarray.view(value, np.ndarray).copy()
    if array.dtype == object:
        for item in array.ravel().tolist():
            plain(item, depth - 1)
    return array


def _attributes(value: Any) -> Mapping[str, Any]:
    """Attributes of the object itself, where numpy looks for `__array__`, too."""
    for one in _mro(type(value)):
        attributes = _names(one).get("__dict__")
        if isinstance(attributes, types.GetSetDescriptorType | types.MemberDescriptorType):
            return attributes.__get__(value) or {}
    return {}


def name_of(value: object) -> str:
    """The name of a value's class, whatever that says of itself."""
    return cast(str, _name(type(value)))


def lying(kind: type[BaseException]) -> str | None:
    """A name by which a class of exceptions has learners' code run wherever one is told of."""
    return _defined(kind, _LYING_RAISED)


def _defined(kind: type, names: frozenset[str]) -> str | None:
    """One of `names` that the class, or a class of Python code above it, defines."""
    for one in _python_classes(kind):
        for name in names.intersection(_names(one)):
            # Every class has `__dict__`; its own is no code of anybody's.
            if name != "__dict__" or type(_names(one)[name]) is not types.GetSetDescriptorType:
                return name
    return None


def _python_classes(kind: type) -> Iterator[type]:
    for one in _mro(kind):
        made_in_c = not _flags(one) & _HEAP or _flags(one) & _IMMUTABLE
        if not made_in_c and not _is_known(one):
            yield one


def _is_known(kind: type) -> bool:
    """Whether it is a class of a module other than the learner's, such as `Fraction`."""
    module = _names(kind).get("__module__")
    if type(module) is not str or module in ("solution", "__main__"):
        return False
    known = sys.modules.get(module)
    return known is not None and vars(known).get(_name(kind)) is kind
