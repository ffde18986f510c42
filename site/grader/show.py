"""Values as a learner reads them: short, exact enough, and never an exception."""

import reprlib
from typing import Any

import numpy as np

LIMIT = 600  # characters


class _Short(reprlib.Repr):
    """Cuts long values, and survives a `__repr__` that raises or lies."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 12
        self.maxstring, self.maxother, self.maxlevel = 200, LIMIT, 4

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, np.ndarray):
            return _array(x)
        try:
            if isinstance(x, np.number):
                return repr(x.item())  # 1.0, where numpy writes np.float64(1.0)
            text = repr(x)
            return text if type(text) is str else object.__repr__(x)
        except Exception:
            return object.__repr__(x)

    def repr_ndarray(self, x: Any, level: int) -> str:
        return self.repr_instance(x, level)


_short = _Short()


def show(value: Any) -> str:
    """`value` in at most `LIMIT` characters: arrays with six digits, long ones with `...`."""
    text = _short.repr(value)
    return text if len(text) <= LIMIT else text[: LIMIT - 1] + "…"


def _array(array: Any) -> str:
    try:
        with np.printoptions(precision=6, threshold=16, edgeitems=4, linewidth=76, suppress=False):
            return repr(array)
    except Exception:
        return object.__repr__(array)
