"""Values on their way between hidden tests and a learner's code, as JSON that can do no harm.

Numbers, text, collections and NumPy arrays arrive as what they were. A function arrives as one
that calls back, `numpy.random.Generator` with its state. Anything else is `Opaque`: it can be
shown, and no test takes it for a number.
"""

import base64
import math
import operator
import re
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gradlet.regrade.pipe import ARRAY, TooLarge

REPR = 300  # characters
_DTYPE = re.compile(r"[<>|=]?[biufcSUmM]\d{1,5}(\[\w{1,10}\])?")
_PLAIN = (bool, int, float, str)
_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")

Call = Callable[[int, tuple[Any, ...], dict[str, Any]], Any]


class Opaque:
    """What cannot be sent, as text; of a class that is named as its own was."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


class Remote:
    """A function of the other side."""

    def __init__(self, call: Call, number: int) -> None:
        self._call, self.number = call, number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._call(self.number, args, kwargs)


class NotAMessage(ValueError):
    """What came is no value that `Codec.encode` could have made."""


class Codec:
    """Both directions, for one side of the pipe.

    `call(number, args, kwargs)` calls the other side's function of that number.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self.functions: list[Callable[..., Any]] = []  # that this side has sent

    # -- to the other side

    def encode(self, value: Any) -> Any:
        if value is None or type(value) in _PLAIN:
            return value
        if type(value) is list:
            return [self.encode(item) for item in value]
        if type(value) in (tuple, set, frozenset):
            return {"is": type(value).__name__, "of": [self.encode(item) for item in value]}
        if type(value) is dict:
            pairs = [[self.encode(key), self.encode(item)] for key, item in value.items()]
            return {"is": "dict", "of": pairs}
        if type(value) is complex:
            return {"is": "complex", "of": [value.real, value.imag]}
        if type(value) is bytes:
            return {"is": "bytes", "of": base64.b64encode(value).decode()}
        if isinstance(value, np.ndarray):
            return self._encode_array(value)
        if isinstance(value, np.generic) and _DTYPE.fullmatch(value.dtype.str):
            return {"is": "scalar", "of": self._encode_array(np.asarray(value))}
        if type(value) is np.random.Generator:
            return {"is": "rng", "of": self.encode(value.bit_generator.state)}
        if isinstance(value, Remote):
            return {"is": "yours", "of": value.number}
        if callable(value) and not isinstance(value, type):
            self.functions.append(value)
            return {"is": "function", "of": len(self.functions) - 1}
        return _opaque(value)

    def _encode_array(self, value: NDArray[Any]) -> Any:
        if value.nbytes > ARRAY:
            raise TooLarge(value.nbytes)
        shape = list(value.shape)
        if value.dtype.kind == "O":
            return {"is": "objects", "shape": shape, "of": [self.encode(x) for x in value.flat]}
        if not _DTYPE.fullmatch(value.dtype.str):
            return _opaque(value)
        array = np.asarray(value)
        order: Literal["F", "C"] = (
            "F" if array.flags.f_contiguous and not array.flags.c_contiguous else "C"
        )
        data = base64.b64encode(array.tobytes(order)).decode()
        return {"is": "array", "dtype": array.dtype.str, "shape": shape, "order": order, "of": data}

    # -- from the other side

    def decode(self, value: Any) -> Any:
        """What `encode` was given.

        Raises:
            NotAMessage: it was not made by `encode`.
        """
        try:
            return self._decode(value)
        except NotAMessage:
            raise
        except Exception as error:
            raise NotAMessage(str(error)) from error

    def _decode(self, value: Any) -> Any:
        if value is None or type(value) in _PLAIN:
            return value
        if isinstance(value, list):
            return [self._decode(item) for item in value]
        kind, content = value["is"], value["of"]
        if kind in ("tuple", "set", "frozenset"):
            maker: Any = {"tuple": tuple, "set": set, "frozenset": frozenset}[kind]
            return maker(self._decode(item) for item in content)
        if kind == "dict":
            return {self._decode(key): self._decode(item) for key, item in content}
        if kind == "complex":
            return complex(*content)
        if kind == "bytes":
            return base64.b64decode(content)
        if kind == "array":
            return _array(value)
        if kind == "scalar":
            return _array(content)[()]
        if kind == "objects":
            if math.prod(value["shape"]) != len(content):
                raise NotAMessage("an array has as many items as its shape says")
            array = np.empty(len(content), dtype=object)
            for place, item in enumerate(content):
                array[place] = self._decode(item)
            return array.reshape(value["shape"])
        if kind == "rng":
            return _generator(self._decode(content))
        if kind == "function":
            return Remote(self._call, int(content))
        if kind == "yours":
            return self.functions[int(content)]
        if kind == "opaque":
            kind = str(value["type"])[:REPR]
            return type(kind if kind.isidentifier() else "object", (Opaque,), {})(content[:REPR])
        raise NotAMessage(f"there is no {kind!r}")


def restored(given: Any, after: Any) -> Any:
    """`after`, in the object `given` itself wherever that can be changed in place."""
    if isinstance(given, np.ndarray) and isinstance(after, np.ndarray):
        same = given.shape == after.shape and given.dtype == after.dtype
        if not (same and given.flags.writeable):
            return after
        given[...] = after
        return given
    if type(given) is list and type(after) is list:
        whole = len(given) == len(after)
        given[:] = list(map(restored, given, after)) if whole else after
        return given
    if type(given) is tuple and type(after) is tuple and len(given) == len(after):
        items = tuple(map(restored, given, after))
        return given if all(map(operator.is_, given, items)) else items
    if type(given) is dict and type(after) is dict:
        merged = {k: restored(given[k], v) if k in given else v for k, v in after.items()}
        given.clear()
        given.update(merged)
        return given
    if isinstance(given, np.random.Generator) and isinstance(after, np.random.Generator):
        given.bit_generator.state = after.bit_generator.state
        return given
    return given if callable(given) or isinstance(after, Opaque) else after


def _array(value: dict[str, Any]) -> NDArray[Any]:
    if not _DTYPE.fullmatch(value["dtype"]):
        raise NotAMessage(f"there is no dtype {value['dtype'][:REPR]!r}")
    dtype, shape = np.dtype(value["dtype"]), [int(size) for size in value["shape"]]
    data = bytearray(base64.b64decode(value["of"], validate=True))
    if math.prod(shape) * dtype.itemsize != len(data) or min(shape, default=0) < 0:
        raise NotAMessage("an array has as many items as its shape says")
    if dtype.itemsize == 0 or 0 in shape:
        return np.empty(shape, dtype, order=value["order"])
    return np.frombuffer(data, dtype).reshape(shape, order=value["order"])


def _generator(state: dict[str, Any]) -> np.random.Generator:
    name = state["bit_generator"]
    if name not in _BIT_GENERATORS:
        raise NotAMessage(f"there is no generator {name!r}")
    bits = getattr(np.random, name)()
    bits.state = state
    return np.random.Generator(bits)


def _opaque(value: Any) -> Any:
    try:
        text = repr(value)
    except Exception:
        text = object.__repr__(value)
    return {"is": "opaque", "type": type(value).__name__, "of": str(text)[:REPR]}
