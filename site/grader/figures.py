"""What is drawn with matplotlib: found when a test is over, drawn as PNG, shown, forgotten.

PNG and not SVG: its size has a limit however much is drawn, and it can hold nothing but a picture.
"""

import base64
import io
import os
import sys
import textwrap
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .report import headline
from .solution import contained

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LIMIT = 3  # figures of one test
DPI = 144  # sharp on a screen of twice the usual density
PIXELS = 1200  # of the longer side
BYTES = 2_000_000  # of one picture

# Read by matplotlib when it is imported: it then looks for no screen, and in the browser, where
# Pyodide has a way of its own, for no page.
os.environ["MPLBACKEND"] = "agg"


class Figures:
    """The figures of one test, handed to `emit` as PNG in base64 and a text in its place.

    Without a PNG the text says why there is none.
    """

    def __init__(self, emit: Callable[[str | None, str], object]) -> None:
        self._emit = emit
        self._forget()

    def begin(self) -> None:
        """A run begins: no figures, and none of the styles that another run may have set."""
        if pyplot := _pyplot():
            pyplot.close("all")
            pyplot.rcdefaults()

    def take(self) -> None:
        """Put the open figures aside, so that what comes next does not draw into them."""
        if pyplot := _pyplot():
            for figure in contained(_taken, pyplot):
                self._last.append(figure)
                self._count += 1

    def show(self) -> None:
        """Take the open figures, then draw and emit what was taken."""
        self.take()
        if self._count > LIMIT:
            self._emit(None, f"{self._count} figures were drawn. The last {LIMIT} are shown.")
        for figure in self._last:
            self._emit(*_picture(figure))
        self._forget()

    def _forget(self) -> None:
        self._last: deque[Figure] = deque(maxlen=LIMIT)  # where a test fails, the last one tells
        self._count = 0


def close_all() -> None:
    """Forget what has been drawn and not been taken."""
    if pyplot := _pyplot():
        pyplot.close("all")


def _taken(pyplot: Any) -> list[Any]:
    figures = [pyplot.figure(number) for number in pyplot.get_fignums()]
    pyplot.close("all")
    return figures


def _pyplot() -> Any:
    """matplotlib's list of open figures, if anybody has imported it."""
    return sys.modules.get("matplotlib.pyplot")


def silence_show() -> None:
    """`plt.show()` warns that there is no screen; here figures are shown anyway."""
    warnings.filterwarnings("ignore", message="FigureCanvasAgg is non-interactive")


def describe(figure: "Figure") -> str:
    """What the figure shows, from its titles and labels, for those who cannot see it."""
    words = [figure.get_suptitle(), *(part for axes in figure.axes for part in _parts(axes))]
    text = ". ".join(word for word in words if word)
    return textwrap.shorten(f"Figure: {text}." if text else "Figure without titles or labels.", 500)


def _parts(axes: "Axes") -> Iterator[str]:
    yield axes.get_title()
    for side, label in (("Horizontal", axes.get_xlabel()), ("Vertical", axes.get_ylabel())):
        if label:
            yield f"{side} axis: {label}"
    if labels := axes.get_legend_handles_labels()[1]:
        yield f"Drawn: {', '.join(labels)}"


def _picture(figure: "Figure") -> tuple[str | None, str]:
    try:
        # Drawing may call the learner's code, which an axis asks how to write its numbers.
        png = contained(_draw, figure)
        alt = contained(describe, figure)
    except Exception as error:
        return None, f"A figure could not be drawn: {headline(error)}"
    if len(png) > BYTES:
        size = f"{len(png) / 1e6:.1f} MB"
        return None, f"A figure was left out: it has {size}, and at most {BYTES / 1e6:g} are shown."
    return base64.b64encode(png).decode(), alt


def _draw(figure: "Figure") -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure.set_dpi(min(DPI, PIXELS / max(figure.get_size_inches())))
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer)  # type: ignore[no-untyped-call]
    return buffer.getvalue()
