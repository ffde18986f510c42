"""Comparisons for hidden tests, whose failures say what was expected and what came.

They raise `Mismatch`, an `AssertionError`: natively pytest prints its text, in the browser
the page shows its parts. A plain `assert` or `numpy.testing` works in a hidden test too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .comparison import Arrays
from .plain import a_kind
from .show import show

NONE = "Your function returned None: is a return statement missing?"


@dataclass(frozen=True)
class Difference:
    """Where two arrays of one shape lie furthest apart."""

    largest: float  # absolute
    index: tuple[int, ...]
    expected: float
    got: float
    relative: float | None = None  # the largest, of the entries that are not expected to be 0

    def __str__(self) -> str:
        return (
            f"largest difference {self.largest:.3g}{at(self.index)}: "
            f"expected {self.expected:.6g}, got {self.got:.6g}"
        )


class Mismatch(AssertionError):
    """A result that is not the expected one.

    `message` is a sentence for the learner; `expected` and `got` are shown values, or None
    where the message says all; `difference` is there for arrays of the same shape, `arrays` for
    what can be drawn or looked through for a pattern.
    """

    def __init__(
        self,
        message: str,
        *,
        expected: str | None = None,
        got: str | None = None,
        difference: Difference | None = None,
        arrays: Arrays | None = None,
    ) -> None:
        parts = [
            message,
            expected and f"expected: {expected}",
            got and f"got: {got}",
            difference and str(difference),
        ]
        super().__init__("\n".join(str(part) for part in parts if part))
        self.message = message
        self.expected = expected
        self.got = got
        self.difference = difference
        self.arrays = arrays


def at(index: tuple[int, ...]) -> str:
    """` at index [2]`, ` at index [0, 3]`, and nothing for a scalar."""
    return f" at index {list(index)}" if index else ""


def assert_close(
    got: Any, expected: Any, *, rtol: float = 1e-6, atol: float = 1e-9, message: str = ""
) -> None:
    """`got` has the shape of `expected`, and |got - expected| <= atol + rtol * |expected|.

    Lists count as arrays here: that a result is an array is for `assert_float_array` to say.
    `message` is put before the sentence that tells what differs.

    Raises:
        Mismatch: in any other case, NaN and infinity among them.
    """
    wanted = np.asarray(expected)
    values = _numbers(got, wanted.shape, message, wanted)
    if values.shape != wanted.shape:
        what = f"Your result has shape {values.shape}, expected {wanted.shape}."
        raise Mismatch(
            _join(message, what),
            expected=_as_given(wanted),
            got=show(got),
            arrays=Arrays(wanted, values),
        )
    close = np.isclose(values, wanted, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return
    strange = ~np.isfinite(values) & np.isfinite(wanted)
    if strange.any():
        index = _index(np.argmax(strange), strange.shape)
        what = f"Your result holds {values[index]}{at(index)}, which is not a finite number."
    else:
        what = f"{_count(~close)} too far from the expected value."
    raise Mismatch(
        _join(message, what),
        expected=_as_given(wanted),
        got=show(got),
        difference=_difference(values, wanted, ~close),
        arrays=Arrays(wanted, values, ~close),
    )


def assert_float_array(got: Any, shape: tuple[int, ...]) -> None:
    """`got` is a numpy array of floating point numbers, of that shape.

    Raises:
        Mismatch: with a sentence that says what to do.
    """
    wanted = f"np.ndarray of shape {shape}, floating point"
    if got is None:
        what = NONE
    elif not isinstance(got, np.ndarray):
        hint = "return an array"
        if isinstance(got, list | tuple):
            hint = "wrap it in np.array(...)" if _holds_numbers(got) else "return one array alone"
        what = f"Your function returned {a_kind(got)}, not a NumPy array: {hint}."
    elif got.shape != shape:
        what = f"Your result has shape {got.shape}, expected {shape}."
    elif not np.issubdtype(got.dtype, np.floating):
        why = {
            "O": "whose entries are objects of Python: return floats, .astype(float)",
            "c": "of complex numbers: return real ones",
        }.get(got.dtype.kind, "which cannot hold fractions: return floats")
        what = f"Your result has dtype {got.dtype}, {why}."
    else:
        return
    raise Mismatch(what, expected=wanted, got=show(got))


def as_vector(got: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """`got` as float64 of that shape, every entry finite: lists count as arrays here, too.

    Raises:
        Mismatch: it is anything else.
    """
    wanted = f"finite numbers, shape {shape}"
    values = _numbers(got, shape, "", wanted)
    if values.shape != shape:
        what = f"Your result has shape {values.shape}, expected {shape}."
    elif values.dtype.kind == "c":
        what = "Your result holds complex numbers: return real ones."
    elif not np.isfinite(values).all():
        what = f"Your result holds {values[~np.isfinite(values)][0]}, which is no finite number."
    else:
        return values.astype(np.float64)
    raise Mismatch(what, expected=wanted, got=show(got))


def assert_unchanged(array: NDArray[Any], original: NDArray[Any]) -> None:
    """`array`, which was given to the solution, still equals `original`, a copy made before.

    Raises:
        Mismatch: if the solution wrote into it.
    """
    if not np.array_equal(array, original, equal_nan=True):
        raise Mismatch(
            "Your function changed the array that it was given: work on a new array instead "
            "(z = z - 1 makes one, z -= 1 does not).",
            expected=show(original),
            got=show(array),
        )


def _numbers(
    got: Any, shape: tuple[int, ...], message: str, expected: str | NDArray[Any]
) -> NDArray[Any]:
    """`got` as an array of numbers, or a Mismatch that says what it is instead."""
    try:
        values = np.asarray(got)
        if got is not None and values.dtype.kind in "iufc":
            return values
    except Exception:  # ragged lists, objects that refuse to be arrays: said in words below
        pass
    dtype = f" of dtype {got.dtype}" if isinstance(got, np.ndarray) else ""
    what = f"Your function returned {a_kind(got)}{dtype}, expected numbers of shape {shape}."
    what = NONE if got is None else what
    shown = expected if isinstance(expected, str) else _as_given(expected)
    raise Mismatch(_join(message, what), expected=shown, got=show(got))


def _as_given(expected: NDArray[Any]) -> str:
    """A number is shown as one."""
    return show(expected if expected.ndim else expected.item())


def _holds_numbers(got: Any) -> bool:
    try:
        return np.asarray(got).dtype.kind in "biufc"
    except ValueError:  # ragged
        return False


def _difference(
    values: NDArray[Any], wanted: NDArray[Any], wrong: NDArray[np.bool_]
) -> Difference | None:
    with np.errstate(invalid="ignore", over="ignore"):
        gaps = np.where(wrong, np.abs(values - wanted), -1.0)
        has_ratio = wrong & (wanted != 0)
        relative = float(np.max(gaps[has_ratio] / np.abs(wanted[has_ratio]), initial=0.0))
        # Longer floats than Python's, which some machines have, may be too large for it.
        can_be_told = np.isfinite(gaps.astype(np.float64)).all()
    if not can_be_told or np.iscomplexobj(values):
        return None
    index = _index(np.argmax(gaps), gaps.shape)
    return Difference(
        float(gaps[index]),
        index,
        float(wanted[index]),
        float(values[index]),
        # Beside a number that is all but 0 it can be too large for a float.
        relative if has_ratio.any() and np.isfinite(relative) else None,
    )


def _index(flat: Any, shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(flat, shape))


def _count(wrong: NDArray[np.bool_]) -> str:
    if wrong.size == 1:
        return "Your result is"
    bad = int(wrong.sum())
    return f"{bad} of {wrong.size} entries {'is' if bad == 1 else 'are'}"


def _join(message: str, what: str) -> str:
    return f"{message} {what}" if message else what
