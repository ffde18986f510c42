"""The map of prerequisites: which problem leads to which, as boxes and lines ready to be drawn.

A problem stands in the column after the last of its prerequisites. A line that passes a column
has a lane of its own there, so that it runs beside the boxes and not behind them. Within a column
the order is that of what lies before, so that lines cross little. Lengths are in CSS pixels.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from gradlet.problem import Problem

LIMIT = 150  # boxes: more would be no map any more
WIDTH, HEIGHT = 208, 52
GAP_X, GAP_Y = 56, 14
LANE = 2  # height of a line that passes a column
MARGIN = 4  # for the outline of a box that has the focus
LINE = 22  # characters of a title in one line of a box


@dataclass(frozen=True)
class Box:
    """A problem at (x, y), its title in one or two lines."""

    problem: Problem
    x: float
    y: float
    lines: list[str]


@dataclass(frozen=True)
class Line:
    """From a prerequisite to what needs it; `path` is SVG."""

    before: str
    after: str
    path: str


@dataclass(frozen=True)
class Map:
    boxes: list[Box]  # every prerequisite before what needs it
    lines: list[Line]
    width: float
    height: float
    left_out: int  # problems for which there was no room
    box_width: float = WIDTH
    box_height: float = HEIGHT


@dataclass
class _Cell:
    """A box in a column, or the lane of the lines that come from `slug` and go further."""

    slug: str
    height: float
    before: list["_Cell"]
    y: float = 0  # of its middle


def draw(problems: Sequence[Problem]) -> Map | None:
    """The map of those problems that need others or are needed; None if there are none.

    `problems` are in an order in which every prerequisite comes before what needs it.
    """
    needed = {slug for problem in problems for slug in problem.prerequisites}
    connected = [one for one in problems if one.prerequisites or one.slug in needed]
    shown = connected[:LIMIT]
    if not shown:
        return None
    depth = _depths(shown)
    columns = _columns(shown, depth)
    height = max(_place(column) for column in columns)
    _centre(columns, height)
    by_slug = {problem.slug: problem for problem in shown}
    boxes = [
        Box(
            by_slug[slug],
            _x(x),
            cell.y - HEIGHT / 2,
            textwrap.wrap(by_slug[slug].title, LINE, max_lines=2, placeholder="…"),
        )
        for x, column in enumerate(columns)
        for slug, cell in column.items()
        if depth[slug] == x
    ]
    lines = [
        Line(slug, problem.slug, _path(slug, problem.slug, columns, depth))
        for problem in shown
        for slug in problem.prerequisites
    ]
    width = _x(len(columns)) - GAP_X + MARGIN
    return Map(boxes, lines, width, height + 2 * MARGIN, len(connected) - len(shown))


def _depths(problems: Sequence[Problem]) -> dict[str, int]:
    """The column of each problem."""
    depth: dict[str, int] = {}
    for problem in problems:
        depth[problem.slug] = max((depth[slug] + 1 for slug in problem.prerequisites), default=0)
    return depth


def _columns(problems: Sequence[Problem], depth: dict[str, int]) -> list[dict[str, _Cell]]:
    """What stands in each column, by slug: the boxes of the column, the lanes that pass it."""
    columns: list[dict[str, _Cell]] = [{} for _ in range(max(depth.values()) + 1)]
    for problem in problems:
        x = depth[problem.slug]
        for slug in problem.prerequisites:
            for between in range(depth[slug] + 1, x):
                lane = _Cell(slug, LANE, [columns[between - 1][slug]])
                columns[between].setdefault(slug, lane)
        before = [columns[x - 1][slug] for slug in problem.prerequisites]
        columns[x][problem.slug] = _Cell(problem.slug, HEIGHT, before)
    return columns


def _place(column: dict[str, _Cell]) -> float:
    """Order a column, after the one before it was placed; returns its height."""
    cells = sorted(column.values(), key=lambda cell: _mean([each.y for each in cell.before]))
    top = 0.0
    for cell in cells:
        cell.y = top + cell.height / 2
        top += cell.height + GAP_Y
    return top - GAP_Y


def _centre(columns: Sequence[dict[str, _Cell]], height: float) -> None:
    for column in columns:
        cells = column.values()
        free = height - max(cell.y + cell.height / 2 for cell in cells)
        for cell in cells:
            cell.y += MARGIN + free / 2


def _path(before: str, after: str, columns: list[dict[str, _Cell]], depth: dict[str, int]) -> str:
    x, y = _x(depth[before]) + WIDTH, columns[depth[before]][before].y
    path = f"M{x:g} {y:g}"
    for column in range(depth[before] + 1, depth[after] + 1):
        cell = columns[column][after if column == depth[after] else before]
        to_x, bend = _x(column), GAP_X / 2
        path += f"C{x + bend:g} {y:g} {to_x - bend:g} {cell.y:g} {to_x:g} {cell.y:g}"
        x, y = to_x + WIDTH, cell.y
        if column < depth[after]:
            path += f"H{x:g}"
    return path


def _x(column: int) -> float:
    return MARGIN + column * (WIDTH + GAP_X)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0
