"""What was measured, as a table and as a picture."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.visits import page_weight

# part of the results, unit, what it is called
ROWS = (
    (("later",), "seconds", "later visit until ready"),
    (("first-20",), "seconds", "first visit until ready, 20 Mbit/s"),
    (("first-4",), "seconds", "first visit until ready, 4 Mbit/s"),
    (("press", "right"), "milliseconds", "press to six verdicts, all pass"),
    (("press", "wrong"), "milliseconds", "press to six verdicts, some fail"),
    (("restart",), "seconds", "stopped until ready again"),
)
SHORT = {"seconds": "s", "milliseconds": "ms"}


def machine(browser: str) -> dict[str, Any]:
    """What the figures depend on."""
    return {"cores": os.cpu_count(), "system": platform.system(), "chromium": browser}


def _rows(results: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    for path, unit, name in ROWS:
        found = results
        for step in path:
            found = found.get(step, {})
        if found:
            yield name, unit, found["gradlet"][unit], found["bare"][unit]


def show(results: dict[str, Any]) -> None:
    """Print medians, 95th percentiles and ratios."""
    table = Table(title="Gradlet and the bare page: median (95th percentile)")
    for heading in ("", "Gradlet", "bare page", "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, unit, ours, other in _rows(results):
        digits = 1 if unit == "milliseconds" else 2
        cells = [f"{v['median']:.{digits}f} ({v['p95']:.{digits}f})" for v in (ours, other)]
        ratio = ours["median"] / other["median"]
        table.add_row(f"{name}, {SHORT[unit]}", *cells, f"{ratio:.2f}")
    for name in ("first-20", "later"):
        if part := results.get(name):
            ours, other = part["gradlet"]["bytes"], part["bare"]["bytes"]
            label = f"{'first' if name != 'later' else 'later'} visit, MB on the line until ready"
            ratio = f"{ours / other:.2f}" if other else ""
            table.add_row(label, f"{ours / 1e6:.2f}", f"{other / 1e6:.2f}", ratio)
    if part := results.get("first-20"):
        weight = page_weight(part["gradlet"]["files"])
        table.add_row("page without Python, kB", f"{weight / 1e3:.0f}", "", "")
    for page, told in results.get("lighthouse", {}).items():
        table.add_row(f"Lighthouse, performance of the {page}", f"{told['score']}", "", "")
    Console(width=100).print(table)


def plot(results: dict[str, Any], file: Path) -> None:
    """Bars of the ratios, the bare page being 1."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "gradlet", "svg.fonttype": "none", "font.size": 9}
    from matplotlib import pyplot

    rows = list(_rows(results))
    figure, axes = pyplot.subplots(figsize=(7, 0.5 + 0.62 * len(rows)), layout="constrained")
    for place, (_name, unit, ours, other) in enumerate(rows):
        ratio = ours["median"] / other["median"]
        for shift, value, length, colour in (
            (-0.19, ours, ratio, "#265e8c"),
            (0.19, other, 1.0, "#b8b2a6"),
        ):
            axes.barh(place + shift, length, height=0.36, color=colour)
            digits = 0 if unit == "milliseconds" else 2
            text = f" {value['median']:.{digits}f} {SHORT[unit]}"
            axes.text(length, place + shift, text, va="center")
    axes.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axes.invert_yaxis()
    axes.set_xlim(0, max([1.0, *(o["median"] / b["median"] for _, _, o, b in rows)]) * 1.15)
    axes.set_xlabel("median, relative to the bare page (grey)")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
