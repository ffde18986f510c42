"""What to solve after a problem."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from gradlet.problem import Problem

MOST = 3


def ways_on(problems: Sequence[Problem]) -> dict[str, list[Problem]]:
    """For each slug the problems that build on it, or else the next of the catalogue."""
    later: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        for slug in problem.prerequisites:
            later[slug].append(problem)
    following = {one.slug: [other] for one, other in pairwise(problems)}
    return {
        problem.slug: later[problem.slug][:MOST] or following.get(problem.slug, [])
        for problem in problems
    }
