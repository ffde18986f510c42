"""What was measured, as a table and as a picture."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.stage import VISITED
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
NAMES = dict(zip(VISITED, ("Gradlet", "bare page", "JupyterLite"), strict=True))
COLOURS = dict(zip(VISITED, ("#265e8c", "#8f887c", "#d8d2c6"), strict=True))
SHORT = {"seconds": "s", "milliseconds": "ms"}


def machine(browser: str) -> dict[str, Any]:
    """What the figures depend on."""
    return {"cores": os.cpu_count(), "system": platform.system(), "chromium": browser}


@dataclass(frozen=True)
class Row:
    """One measure of each side that has it, as `bench.stage.summary` has it."""

    name: str
    unit: str
    sides: dict[str, dict[str, Any]]

    @property
    def digits(self) -> int:
        return 1 if self.unit == "milliseconds" else 2

    @property
    def ratio(self) -> float:
        return float(self.sides["gradlet"]["median"] / self.sides["bare"]["median"])

    def cell(self, side: str) -> str:
        if side not in self.sides:
            return ""
        told = self.sides[side]
        return f"{told['median']:.{self.digits}f} ({told['p95']:.{self.digits}f})"


def _rows(results: dict[str, Any]) -> Iterator[Row]:
    for path, unit, name in ROWS:
        found = results
        for step in path:
            found = found.get(step, {})
        if found:
            yield Row(name, unit, {side: found[side][unit] for side in VISITED if side in found})


def table(results: dict[str, Any]) -> list[list[str]]:
    """Medians, 95th percentiles and ratios; the first row is the head."""
    rows = [["", *NAMES.values(), "Gradlet / bare"]]
    for row in _rows(results):
        cells = [row.cell(side) for side in VISITED]
        rows.append([f"{row.name}, {SHORT[row.unit]}", *cells, f"{row.ratio:.2f}"])
    if fresh := results.get("press", {}).get("right", {}).get("gradlet", {}).get("fresh"):
        told = f"{fresh['median']:.1f} ({fresh['p95']:.1f})"
        rows.append(["six verdicts until Python is as before the run, ms", told, "", "", ""])
    for part, name in (("first-20", "first"), ("later", "later")):
        if sides := results.get(part):
            sent = {side: measured["bytes"] for side, measured in sides.items()}
            ratio = f"{sent['gradlet'] / sent['bare']:.2f}" if sent["bare"] else ""
            cells = [f"{sent[side] / 1e6:.2f}" if side in sent else "" for side in VISITED]
            rows.append([f"{name} visit, MB on the line until ready", *cells, ratio])
    if sides := results.get("first-20"):
        weight = page_weight(sides["gradlet"]["files"])
        rows.append(["page without Python, kB", f"{weight / 1e3:.0f}", "", "", ""])
    for page, told in results.get("lighthouse", {}).items():
        rows.append([f"Lighthouse, performance of the {page}", f"{told['score']}", "", "", ""])
    return rows


def where(results: dict[str, Any]) -> str:
    """What the figures depend on, in a sentence."""
    machine = results["machine"]
    return f"{machine['cores']} cores, {machine['system']}, Chromium {machine['chromium']}."


def plot(results: dict[str, Any], file: Path) -> None:
    """Bars of the medians, the bare page being 1."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams |= {"svg.hashsalt": "gradlet", "svg.fonttype": "none", "font.size": 9}
    from matplotlib import pyplot

    rows = list(_rows(results))
    figure, axes = pyplot.subplots(figsize=(7, 0.6 + 0.65 * len(rows)), layout="constrained")
    for place, row in enumerate(rows):
        for step, (side, told) in enumerate(row.sides.items()):
            length = told["median"] / row.sides["bare"]["median"]
            at = place + 0.27 * (step - (len(row.sides) - 1) / 2)
            axes.barh(at, length, height=0.25, color=COLOURS[side])
            text = f" {told['median']:.{row.digits}f} {SHORT[row.unit]}"
            axes.text(length, at, text, va="center")
    axes.set_yticks(range(len(rows)), [row.name for row in rows])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel("median, the bare page being 1")
    handles = [mpl.patches.Patch(color=COLOURS[side], label=name) for side, name in NAMES.items()]
    axes.legend(handles=handles, loc="lower right", frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, metadata={"Date": None})
    pyplot.close(figure)
