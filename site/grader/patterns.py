"""In which way a wrong result differs, where the way is a known one: the page has the sentences."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import Arrays

EXPONENT = 700.0  # exp of more overflows a float64, exp of less than its negative is 0
FEW = 3  # entries: of two, any pair is a multiple of any other more often than not

Pattern = dict[str, Any]


def find(arrays: Arrays, arguments: Mapping[str, Any]) -> Pattern | None:
    """`Pattern` in site/verdict.ts: a `kind`, and the numbers that its sentence names."""
    expected, got = arrays.expected, arrays.got
    if not (np.issubdtype(got.dtype, np.floating) or np.issubdtype(got.dtype, np.integer)):
        return None
    expected, got = expected.astype(float), got.astype(float)
    if not np.isfinite(expected).all():
        return None
    if not np.isfinite(got).all():
        return _overflow(arguments)
    if got.shape != expected.shape:
        return _other_shape(expected, got)
    if _close(got, -expected):
        return {"kind": "negative"}
    if got.ndim == 2 and _close(got.T, expected):
        return {"kind": "transposed"}
    return _factor(expected, got, arguments) or _offset(expected, got) or _order(expected, got)


def _close(one: NDArray[Any], other: NDArray[Any]) -> bool:
    if one.shape != other.shape:
        return False
    scale = float(np.abs(other).max(initial=0.0))
    return bool(np.allclose(one, other, rtol=1e-5, atol=1e-7 * scale))


def _overflow(arguments: Mapping[str, Any]) -> Pattern | None:
    """WebAssembly does not tell of overflow, so it is the size of the input that speaks."""
    given = [np.asarray(value) for value in arguments.values()]
    sizes = [each.astype(float).ravel() for each in given if each.dtype.kind in "iuf"]
    values = np.concatenate(sizes) if sizes else np.zeros(0)
    values = values[np.isfinite(values)]
    if not values.size:
        return None
    largest = float(values[np.argmax(np.abs(values))])
    if abs(largest) <= EXPONENT:
        return None
    return {"kind": "overflow" if largest > 0 else "underflow", "value": largest}


def _other_shape(expected: NDArray[Any], got: NDArray[Any]) -> Pattern | None:
    if got.ndim == 2 and _close(got.T, expected):
        return {"kind": "transposed"}
    if got.size == expected.size and _close(got.ravel(), expected.ravel()):
        return {"kind": "shape"}
    return None


def _factor(
    expected: NDArray[Any], got: NDArray[Any], arguments: Mapping[str, Any]
) -> Pattern | None:
    used = np.abs(expected) > 1e-9 * np.abs(expected).max(initial=0.0)
    sizes = np.abs(expected[used])
    if sizes.size < FEW or np.allclose(sizes, sizes[0]):
        return None
    factor = float(np.median(got[used] / expected[used]))
    if abs(factor) < 1e-6 or not _close(got, factor * expected):
        return None
    lengths = {*expected.shape, expected.size}
    for value in arguments.values():
        lengths |= {*np.shape(value), np.size(value)} if isinstance(value, np.ndarray) else set()
    for length in sorted(lengths - {1}):
        if np.isclose(factor * length, 1.0, rtol=1e-4):
            return {"kind": "mean", "size": length}
        if np.isclose(factor, length, rtol=1e-4):
            return {"kind": "sum", "size": length}
    return {"kind": "factor", "value": factor}


def _offset(expected: NDArray[Any], got: NDArray[Any]) -> Pattern | None:
    if expected.size < FEW or np.allclose(expected, expected.flat[0]):
        return None
    offset = float(np.median(got - expected))
    same = _close(got, expected + offset)
    return {"kind": "offset", "value": offset} if same else None


def _order(expected: NDArray[Any], got: NDArray[Any]) -> Pattern | None:
    """The right numbers in other places. Few of them, or equal ones, would say little."""
    values = np.sort(expected, axis=None)
    if values.size < 2 or not _close(np.sort(got, axis=None), values):
        return None
    ascending = got.ndim == 1 and np.unique(got).size >= FEW and bool((np.diff(got) >= 0).all())
    return {"kind": "sorted" if ascending else "order"}
