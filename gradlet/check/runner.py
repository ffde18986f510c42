"""What runs code against hidden tests: natively (`native.py`), or elsewhere."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

Event = dict[str, Any]


@dataclass(frozen=True)
class Job:
    """One run of the grader.

    `problem` are the fields of `grader.Problem`, as JSON; `limit` is in seconds. Random numbers
    that nobody seeded depend on `seed`, and the order of sets of strings on `hash_seed`: two runs
    that differ in nothing else should come out the same.
    """

    problem: str
    code: str
    limit: float
    seed: int = 0
    hash_seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of a job: the grader's events until it ended, and the seconds it took.

    `end` is "timeout" if the run was stopped at the job's limit, and "died" if the process that
    ran it ended by itself.
    """

    job: Job
    events: tuple[Event, ...]
    end: Literal["done", "timeout", "died"]
    seconds: float

    @property
    def results(self) -> dict[str, Event]:
        """What came of each test that was run to its end, by its name."""
        return {event["test"]: event for event in self._of("result")}

    @property
    def not_passed(self) -> list[str]:
        """The tests that failed, ended in an error or were skipped; in file order or another."""
        return [test for test, result in self.results.items() if result["status"] != "passed"]

    @property
    def trouble(self) -> str | None:
        """In words, why not every test has a verdict; None if every one has."""
        for event in self._of("unusable") + self._of("broken"):
            return str(event["message"])
        running = [event["test"] for event in self._of("test") if event["test"] not in self.results]
        where = f" in {running[-1]}" if running else " before the first test"
        if self.end == "timeout":
            return f"the run took longer than {self.job.limit:g} s and was stopped{where}"
        if self.end == "died":
            return f"the run ended the whole Python process{where}"
        return None

    @property
    def broken(self) -> tuple[Path, int | None, str] | None:
        """What kept the hidden tests or the reference from being loaded: file, line if it is known,
        and words."""
        for event in self._of("broken"):
            if file := event["file"]:
                _place, _, said = str(event["message"]).partition(": ")
                return Path(file), event["line"], said
        return None

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return self.trouble is None and not self.not_passed

    def printed(self, test: str) -> str:
        """What the code printed while the test ran."""
        return "".join(event["text"] for event in self._of("output") if event["test"] == test)

    def _of(self, kind: str) -> list[Event]:
        return [event for event in self.events if event["kind"] == kind]


class Runner(Protocol):
    """Runs jobs, as many at a time as it likes, whatever the code in them does."""

    def run(self, jobs: Sequence[Job], advance: Callable[[], object]) -> list[Outcome]:
        """The outcomes in the order of the jobs; `advance` is called after each job."""
        ...


def decoded(line: str) -> Event:
    """An event as the grader's bridge posts it."""
    event: Event = json.loads(line)
    return event
