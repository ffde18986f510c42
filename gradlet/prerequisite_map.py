"""The map of prerequisites: which problem leads to which, as boxes and lines ready to be drawn.

A problem stands in the column after the last of its prerequisites. Within a column the order is
that of the prerequisites' places, so that lines cross little. Lengths are in CSS pixels.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from gradlet.problem import Problem

LIMIT = 150  # boxes: more would be no map any more
WIDTH, HEIGHT = 184, 52
GAP_X, GAP_Y = 56, 16
MARGIN = 4  # for the outline of a box that has the focus
LINE = 21  # characters of a title in one line of a box


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
    boxes: list[Box]
    lines: list[Line]
    width: float
    height: float
    left_out: int  # problems for which there was no room
    box_width: float = WIDTH
    box_height: float = HEIGHT


def draw(problems: Sequence[Problem]) -> Map | None:
    """The map of those problems that need others or are needed; None if there are none.

    `problems` are in an order in which every prerequisite comes before what needs it.
    """
    needed = {slug for problem in problems for slug in problem.prerequisites}
    connected = [one for one in problems if one.prerequisites or one.slug in needed]
    shown = connected[:LIMIT]
    if not shown:
        return None
    columns = _columns(shown)
    rows = max(len(column) for column in columns)
    boxes = {
        problem.slug: Box(
            problem,
            MARGIN + x * (WIDTH + GAP_X),
            MARGIN + (y + (rows - len(column)) / 2) * (HEIGHT + GAP_Y),
            textwrap.wrap(problem.title, LINE, max_lines=2, placeholder="…"),
        )
        for x, column in enumerate(columns)
        for y, problem in enumerate(column)
    }
    lines = [
        _line(boxes[slug], boxes[problem.slug])
        for problem in shown
        for slug in problem.prerequisites
    ]
    return Map(
        boxes=list(boxes.values()),
        lines=lines,
        width=len(columns) * (WIDTH + GAP_X) - GAP_X + 2 * MARGIN,
        height=rows * (HEIGHT + GAP_Y) - GAP_Y + 2 * MARGIN,
        left_out=len(connected) - len(shown),
    )


def _columns(problems: Sequence[Problem]) -> list[list[Problem]]:
    depth: dict[str, int] = {}
    columns: list[list[Problem]] = []
    for problem in problems:
        depth[problem.slug] = max((depth[slug] + 1 for slug in problem.prerequisites), default=0)
        while len(columns) <= depth[problem.slug]:
            columns.append([])
        columns[depth[problem.slug]].append(problem)
    place: dict[str, float] = {}  # how far down its column a problem stands, from 0 to 1
    for column in columns:
        column.sort(key=lambda problem: _middle([place[slug] for slug in problem.prerequisites]))
        place |= {problem.slug: (y + 0.5) / len(column) for y, problem in enumerate(column)}
    return columns


def _middle(places: Sequence[float]) -> float:
    return sum(places) / len(places) if places else 0


def _line(before: Box, after: Box) -> Line:
    x, y = before.x + WIDTH, before.y + HEIGHT / 2
    to_x, to_y = after.x, after.y + HEIGHT / 2
    bend = GAP_X / 2
    path = f"M{x:g} {y:g}C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x:g} {to_y:g}"
    return Line(before.problem.slug, after.problem.slug, path)
