"""The numbers of a failed comparison, as the page draws them: a part of them, if they are many."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

VECTOR, MATRIX = 128, 32  # entries that are passed on: of a vector, and of each side of a matrix


@dataclass(frozen=True)
class Arrays:
    """What a test expected and got, of any shapes; `wrong` marks entries if they are the same."""

    expected: NDArray[Any]
    got: NDArray[Any]
    wrong: NDArray[np.bool_] | None = None


def as_data(arrays: Arrays, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """`Comparison` in site/verdict.ts, or None if there is nothing to lay side by side.

    Of arrays with more than two axes it holds the matrix in which the result is furthest from
    right, and of long axes a window around that entry. Arguments of the same shape come along.
    """
    expected, got, wrong = arrays.expected, arrays.got, arrays.wrong
    if wrong is None or expected.size < 2 or not (_is_real(expected) and _is_real(got)):
        return None
    window = _window(expected.shape, _worst(expected, got, wrong))
    return {
        "shape": list(expected.shape),
        "start": [part.start for part in window],
        "size": [part.stop - part.start for part in window],
        "expected": _numbers(expected[window]),
        "got": _numbers(got[window]),
        "wrong": wrong[window].ravel().tolist(),
        "inputs": [
            {"name": name, "values": _numbers(value[window])}
            for name, value in arguments.items()
            if isinstance(value, np.ndarray) and value.shape == expected.shape and _is_real(value)
        ],
    }


def _is_real(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "biuf"


def _worst(expected: NDArray[Any], got: NDArray[Any], wrong: NDArray[np.bool_]) -> tuple[int, ...]:
    with np.errstate(all="ignore"):
        gaps = np.abs(got.astype(float) - expected.astype(float))
    gaps = np.where(wrong, np.nan_to_num(gaps, nan=np.inf, posinf=np.inf), -1.0)
    return tuple(int(i) for i in np.unravel_index(np.argmax(gaps), gaps.shape))


def _window(shape: tuple[int, ...], worst: tuple[int, ...]) -> tuple[slice, ...]:
    limits = [VECTOR] if len(shape) == 1 else [*[1] * (len(shape) - 2), MATRIX, MATRIX]
    parts = []
    for size, at, limit in zip(shape, worst, limits, strict=True):
        start = min(max(at - limit // 2, 0), max(size - limit, 0))
        parts.append(slice(start, min(start + limit, size)))
    return tuple(parts)


def _numbers(values: NDArray[Any]) -> list[float | str]:
    """In row-major order. JSON has no NaN and no infinity: JavaScript's words for them."""
    return [number(float(value)) for value in values.ravel()]


def number(value: float) -> float | str:
    """A float that JSON can hold, or JavaScript's word for it: NaN, Infinity, -Infinity."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
