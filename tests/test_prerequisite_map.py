"""The map of prerequisites: where boxes and lines lie."""

import itertools
import re
from types import SimpleNamespace
from typing import cast

from gradlet.prerequisite_map import HEIGHT, LIMIT, WIDTH, Map, draw
from gradlet.problem import Problem


def problems(**needs: str) -> list[Problem]:
    """Problems by slug, each with the slugs that it needs."""
    return [
        cast(Problem, SimpleNamespace(slug=slug, title=slug, prerequisites=tuple(before.split())))
        for slug, before in needs.items()
    ]


def drawn(**needs: str) -> Map:
    found = draw(problems(**needs))
    assert found
    return found


def columns(found: Map) -> list[set[str]]:
    by_x: dict[float, set[str]] = {}
    for box in found.boxes:
        by_x.setdefault(box.x, set()).add(box.problem.slug)
    return [by_x[x] for x in sorted(by_x)]


def test_nothing_is_drawn_of_problems_that_stand_alone() -> None:
    assert draw(problems(a="", b="")) is None
    assert columns(drawn(a="", b="", c="a")) == [{"a"}, {"c"}]


def test_a_problem_stands_after_the_last_of_its_prerequisites() -> None:
    found = drawn(a="", b="a", c="a b", d="c", e="a")
    assert columns(found) == [{"a"}, {"b", "e"}, {"c"}, {"d"}]
    assert {(line.before, line.after) for line in found.lines} == {
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
        ("c", "d"),
        ("a", "e"),
    }


def test_boxes_lie_within_the_picture_and_apart() -> None:
    needs = {f"p{i}": " ".join(f"p{j}" for j in range(i) if i % (j + 2) == 0) for i in range(40)}
    found = drawn(**needs)
    for box in found.boxes:
        assert 0 <= box.x <= found.width - WIDTH
        assert 0 <= box.y <= found.height - HEIGHT
    for one, other in itertools.combinations(found.boxes, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT


def test_lines_run_beside_boxes_and_not_behind_them() -> None:
    found = drawn(a="", b="a", c="b", d="c a", e="d a b")
    for line in found.lines:
        for y, start, end in _level_parts(line.path):
            for box in found.boxes:
                if start < box.x + WIDTH and box.x < end:
                    assert not box.y < y < box.y + HEIGHT, (line, box)


def test_too_many_are_counted_and_left_out() -> None:
    found = drawn(a="", **{f"p{i}": "a" for i in range(LIMIT + 9)})
    assert len(found.boxes) == LIMIT
    assert found.left_out == 10
    assert {line.after for line in found.lines} < {box.problem.slug for box in found.boxes}


def test_long_titles_take_two_lines_at_most() -> None:
    title = "A title of many words that no box of the map has room for"
    (problem, other) = problems(a="", b="a")
    problem.title = title
    found = draw([problem, other])
    assert found
    lines = found.boxes[0].lines
    assert len(lines) == 2
    assert lines[1].endswith("…")


def _level_parts(path: str) -> list[tuple[float, float, float]]:
    """Height, start and end of each horizontal part of a line."""
    found = []
    x = y = 0.0
    for command, numbers in re.findall(r"([MCH])([^MCH]+)", path):
        values = [float(each) for each in numbers.split()]
        if command == "H":
            found.append((y, x, values[0]))
            x = values[0]
        else:
            x, y = values[-2:]
    return found
