"""Native runs of the grader, and what came of them."""

from collections.abc import Callable, Iterable
from typing import Any

from grader import Problem, grade
from gradlet.pages import for_grader
from gradlet.problem import Problem as Written


class Events(list[dict[str, Any]]):
    """The events of one run, as the grader emitted them."""

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self if event["kind"] == kind]

    @property
    def results(self) -> dict[str, dict[str, Any]]:
        return {event["test"]: event for event in self.of("result")}

    @property
    def not_passed(self) -> tuple[str, ...]:
        return tuple(test for test, result in self.results.items() if result["status"] != "passed")


def run(problem: Problem, code: str) -> Events:
    events = Events()
    grade(problem, code, events.append)
    return events


Grade = Callable[[str, str], Events]  # of the problem's name, and a learner's code


def natively(problems: Iterable[Written]) -> Grade:
    """One native run of one of the problems."""
    by_name = {each.name: Problem.from_json(for_grader(each).decode()) for each in problems}
    return lambda name, code: run(by_name[name], code)
