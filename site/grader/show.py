"""Values as a learner reads them: short, exact enough, and never an exception."""

import reprlib
from typing import Any

import numpy as np

from . import guard
from .plain import name_of, what_is_not_plain

LIMIT = 600  # characters


class _Short(reprlib.Repr):
    """Cuts long values, and survives a `__repr__` that raises or lies."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 12
        self.maxstring, self.maxother, self.maxlevel = 200, LIMIT, 4

    def repr_instance(self, x: Any, level: int) -> str:
        if type(x) is np.ndarray:
            return _array(x)
        try:
            if type(x).__module__ == "numpy" and isinstance(x, np.number):
                return repr(x.item())  # 1.0, where numpy writes np.float64(1.0)
            text = repr(x)
            return text if type(text) is str else _nameless(x)
        except BaseException:  # whatever it raises is the learner's
            return _nameless(x)

    def repr_ndarray(self, x: Any, level: int) -> str:
        return self.repr_instance(x, level)


_short = _Short()


def show(value: Any) -> str:
    """`value` in at most `LIMIT` characters: arrays with six digits, long ones with `...`."""
    try:
        # To ask an object how it is shown is to run the code of its class.
        odd = what_is_not_plain(value)
        text = guard.contained(_short.repr, value) if odd else _short.repr(value)
    except BaseException:  # a class whose name is no text; whatever it raises is the learner's
        text = _nameless(value)
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _array(array: Any) -> str:
    try:
        with np.printoptions(precision=6, threshold=16, edgeitems=4, linewidth=76, suppress=False):
            return repr(array)
    except Exception:
        return _nameless(array)


def _nameless(value: object) -> str:
    return f"<{name_of(value)} object>"
