"""One submission graded: the hidden tests in this process, the learner's code in a child."""

import ast
import gc
import importlib
import inspect
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np

import gradlet
from gradlet.regrade.child import SEED
from gradlet.regrade.remote import CannotStart, Child, Gone

Status = Literal["passed", "failed", "error", "skipped", "timeout"]
NUMBERS = 64  # of a returned value, kept to compare mistakes
HEARD = 64 * 1024**2  # characters that a process may tell, drawings included
BUSY = 0.9  # of the time limit: who computes that long does so on a machine with time, too

# The grader takes this for the learner's code: its function is the child's.
_STAND_IN = f"import {__name__} as there\nglobals().update(there.functions())\ndel there\n"
_running: "_Run"
# The grader redirects what is printed, and has modules of fixed names: one run at a time.
_LOCK = threading.Lock()


@dataclass(frozen=True)
class Task:
    """Some code, to be graded against a problem: the fields of `grader.Problem` as JSON."""

    problem: str
    code: str
    limit: float  # seconds
    together: bool = False  # hidden tests and code in one process, for tests that need it


@dataclass
class Verdict:
    """What came of a task.

    `trouble` says in words why not every test has a verdict of its own, if so. `values` are the
    first numbers that were returned last in each test that did not pass.
    """

    statuses: dict[str, Status]
    messages: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[float]] = field(default_factory=dict)
    trouble: str | None = None
    canonical: str | None = None  # equal for code that is equal but for names and layout
    seconds: float = 0.0
    memory: int = 0  # bytes
    not_denied: list[str] = field(default_factory=list)  # to the code, on that machine
    fleeting: bool = False  # perhaps another the next time: the machine was busy, the grader failed

    @property
    def passed(self) -> bool:
        """Whether every test passed."""
        return self.trouble is None and all(each == "passed" for each in self.statuses.values())

    @property
    def share(self) -> float:
        """The part of the tests that passed, from 0 to 1."""
        return sum(each == "passed" for each in self.statuses.values()) / len(self.statuses)

    @property
    def not_passed(self) -> list[str]:
        return [test for test, status in self.statuses.items() if status != "passed"]

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        return cls(**json.loads(text))


def grade(task: Task) -> Verdict:
    """Run the hidden tests on the code of `task`, whatever it does.

    Raises:
        CannotStart: this machine does not let us start a process for it.
    """
    global _running
    make_grader_importable()
    with _LOCK, _without_collector(), Child() as child:
        _running = run = _Run(task, child)
        run.run()
    return run.verdict()


def graded(task: Task) -> Verdict:
    """As `grade`; whatever goes wrong with one task is its own verdict.

    Raises:
        CannotStart: it will go wrong with every task.
    """
    try:
        return grade(task)
    except CannotStart:
        raise
    except Exception as error:
        tests = json.loads(task.problem)["tests"]
        what = f"the grader failed on this code ({type(error).__name__}: {error})"
        return Verdict(dict.fromkeys(tests, "skipped"), trouble=what, fleeting=True)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Nothing collects garbage, of which one run makes little.

    Python 3.11 counts in one place for all threads how deep a syntax tree is, and raises
    SystemError where two build trees at once. Amid a tree it gives way to another thread only for
    callbacks of the collector, such as a Dask worker has.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def functions() -> dict[str, Any]:
    """For the stand-in: the function of the learner's code, by its name."""
    return _running.functions()


class _Run:
    def __init__(self, task: Task, child: Child) -> None:
        self._task = task
        self._child = child
        self._fields = json.loads(task.problem)
        self._events: list[dict[str, Any]] = []
        self._values: dict[str, list[float]] = {}
        self._error: CannotStart | None = None
        # Before the run, in which whatever goes wrong would be the learner's mistake.
        self._like = _signature(self._fields["reference_source"], self._fields["function"])

    def run(self) -> None:
        if self._task.together:
            self._hear_all()
            return
        bridge = importlib.import_module("grader.bridge")
        bridge.run(self._task.problem, _STAND_IN, self._hear, SEED)
        if self._error:
            raise self._error

    def functions(self) -> dict[str, Any]:
        function, child = self._fields["function"], self._child
        try:
            child.load(self._task.code, function, self._like, self._task.limit)
        except CannotStart as error:
            self._error = error
            raise
        called = _function(child, function)
        # What is said of a call names its arguments.
        scope: dict[str, Any] = {"np": np}
        exec(self._like, scope)
        called.__signature__ = inspect.signature(scope[function])
        return {function: called}

    def _hear_all(self) -> None:
        """What a process tells in which the code may have told it."""
        task, heard = self._task, 0
        for text in self._child.events(task.problem, task.code, task.limit):
            heard += len(text)
            try:
                event = _known_parts(json.loads(text))
            except (ValueError, RecursionError):
                event = None
            if event is None or heard > HEARD:
                self._child.disturbed()
                return
            self._events.append(event)

    def _hear(self, text: str) -> None:
        """What is told after the child's end is about its end, and not about the code."""
        event = json.loads(text)
        if self._child.end and event["kind"] != "broken":
            return
        self._events.append(event)
        if event["kind"] == "test":
            self._child.returned = None
        elif event["kind"] == "result" and event["status"] != "passed":
            self._values[event["test"]] = _numbers(self._child.returned)

    def verdict(self) -> Verdict:
        child = self._child
        results = {event["test"]: event for event in self._of("result")}
        statuses = {test: results.get(test, {}).get("status") for test in self._fields["tests"]}
        began = [event["test"] for event in self._of("test")]
        running = next((test for test in began if test not in results), None)
        if running and child.end:
            statuses[running] = "timeout" if child.end == "timeout" else "error"
        messages = {
            test: str(results[test]["message"] or "")
            for test, status in statuses.items()
            if test in results and status != "passed"
        }
        return Verdict(
            {test: status or "skipped" for test, status in statuses.items()},
            messages,
            self._values,
            self._trouble(running),
            child.canonical,
            child.seconds,
            child.memory,
            child.not_denied,
            self._is_fleeting(),
        )

    def _is_fleeting(self) -> bool:
        """Whether the grader failed, or the machine: too slow for the limit, or too full."""
        child = self._child
        starved = child.end == "timeout" and child.busy < BUSY * self._task.limit
        killed = child.end == "died" and child.killed
        return starved or killed or bool(self._of("broken"))

    def _trouble(self, running: str | None) -> str | None:
        for event in self._of("broken"):
            return f"the hidden tests cannot be run: {event['message']}"
        where = f" in {running}" if running else " before the first test"
        if self._child.end == "timeout":
            return f"stopped after {self._task.limit:g} s, the time limit{where}"
        if self._child.end == "died":
            by = f" by {self._child.signal}" if self._child.signal else ""
            return f"the code ended its own process{by}{where}"
        if self._child.end == "filled":
            return f"the code filled its folder with files and was stopped{where}"
        if self._child.end == "disturbed":
            return f"the code interfered with the grader and was stopped{where}"
        for event in self._of("unusable"):
            return str(event["message"])
        return None

    def _of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self._events if event["kind"] == kind]


def _function(child: Child, name: str) -> Any:
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return child.call(name, *args, **kwargs)
        except Gone:
            raise AssertionError("The process of the code has ended.") from None

    call.__name__ = name
    return call


def _known_parts(event: Any) -> dict[str, Any] | None:
    """Of an event what a verdict is made of; None if the grader tells no such thing."""
    if not isinstance(event, dict):
        return None
    parts = {name: event.get(name) for name in ("kind", "test", "status", "message")}
    sound = all(value is None or isinstance(value, str) for value in parts.values())
    wanted = {"test": ("test",), "result": ("test", "status")}.get(str(parts["kind"]), ())
    sound = sound and all(parts[name] for name in wanted)
    return parts if sound and parts["status"] in (None, *get_args(Status)) else None


def _signature(source: str, function: str) -> str:
    """The function's head, without annotations, which may name what a learner has not imported."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            for each in ast.walk(node.args):
                if isinstance(each, ast.arg):
                    each.annotation = None
            node.returns, node.decorator_list = None, []
            node.body = [ast.Pass()]
            return ast.unparse(node)
    return f"def {function}(*args, **kwargs): pass"


def _numbers(value: Any) -> list[float]:
    try:
        flat = np.asarray(value, dtype=np.float64).ravel()[:NUMBERS]
    except (TypeError, ValueError, OverflowError):
        return []
    return cast(list[float], flat.tolist())


def make_grader_importable() -> None:
    """In a clone, `site/` is not on Python's path yet."""
    try:
        importlib.import_module("grader")
    except ModuleNotFoundError:
        sys.path.append(str(Path(gradlet.__file__).resolve().parents[1] / "site"))
        importlib.import_module("grader")
