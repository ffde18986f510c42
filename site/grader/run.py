"""One run: hidden tests collected, the learner's code loaded, one event after another."""

import contextlib
import importlib
import json
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from . import reference
from .figures import Figures
from .mistakes import Calls, Mistake
from .mistakes import explain as explain_mistakes
from .output import Output, listening
from .report import Result, explain, headline, last_line, trace
from .session import Session
from .solution import Solution, Unusable, find, load, modules_restored

Emit = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Problem:
    """What a run must know of a problem; `tests` in the order in which they are to run."""

    name: str  # of the Python modules: hidden_tests/test_<name>.py, reference/<name>.py
    function: str
    tests: tuple[str, ...]
    test_source: str
    reference_source: str
    mistakes: tuple[Mistake, ...] = ()

    @classmethod
    def from_json(cls, text: str) -> "Problem":
        fields = json.loads(text)
        fields["tests"] = tuple(fields["tests"])
        fields["mistakes"] = tuple(Mistake(**each) for each in fields["mistakes"])
        return cls(**fields)


class BrokenProblem(Exception):
    """The hidden tests could not be run at all: the author's mistake, never the learner's.

    `file` and `line` say where the mistake is, in hidden_tests/ or reference/, if that is known.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.file, self.line = file, line


def grade(problem: Problem, code: str, emit: Emit) -> None:
    """Run the hidden tests of `problem` on the learner's `code`.

    Calls `emit` with one dictionary after another, `kind` telling which it is:
    `unusable` (no test can run: message, line, traceback), `test` (test begins), `output`
    (test or None, text), `figure` (test or None; png in base64 or None; alt, the text in its
    place), `result` (the fields of `Result`) and, last, `mistake` (the known one behind a failed
    test: test, text).

    Raises:
        BrokenProblem: the hidden tests cannot be collected, or pytest itself fails.
    """
    run = Run()
    try:
        run.collect(problem)
        run.grade(code, emit)
    finally:
        run.close()


class Run:
    """One run: `collect` the hidden tests of a problem, then `grade` a learner's code, once.

    It is the pytest plugin of its session: gives tests their `solution`, and tells what came of
    each.
    """

    problem: Problem
    like: Callable[..., Any]  # the function that the learner is to write, as the reference has it

    def __init__(self) -> None:
        self.emit: Emit = lambda event: None
        self.output = Output(
            lambda text: self.emit({"kind": "output", "test": self.test, "text": text})
        )
        self.figures = Figures(
            lambda png, alt: self.emit(
                {"kind": "figure", "test": self.test, "png": png, "alt": alt}
            )
        )
        self.solution_: Solution | None = None
        self.calls: list[Calls] = []
        self.result: Result | None = None
        self.broken: BrokenProblem | None = None
        self._stack = contextlib.ExitStack()
        self.session = Session([self])
        self._stack.callback(self.session.close)

    def collect(self, problem: Problem) -> None:
        """Collect the hidden tests.

        Raises:
            BrokenProblem: they cannot be collected.
        """
        self.problem = problem
        finder = self._stack.enter_context(
            reference.importable(problem.name, problem.reference_source)
        )
        self._stack.enter_context(modules_restored())
        self.like = _reference_function(problem)
        file = f"hidden_tests/test_{problem.name}.py"
        with _as_broken_problem(file):
            self.session.collect(Path(file).name, problem.test_source)
        # The tests keep the reference. When the learner's code runs, nobody else gets at it.
        reference.close(finder)
        if self.broken:
            raise self.broken

    def grade(self, code: str, emit: Emit) -> None:
        """See `grade`."""
        self.emit = emit
        self.figures.begin()
        with listening(self.output):
            try:
                module = load(code)
                function = find(module, self.problem.function, self.like)
            except Exception as error:
                self._unusable(error)
                return
            finally:
                self.figures.show()
        self.solution_ = Solution(self.problem.function, function)
        try:
            with _as_broken_problem():
                self.session.run()
                self.solution_.let_go()
        except BrokenProblem as broken:
            if not self._is_theirs(broken.__cause__):
                raise
            return
        if self.broken:
            raise self.broken
        self._explain()

    def close(self) -> None:
        """Take back what collecting and running have changed in this interpreter."""
        self._stack.close()

    @property
    def test(self) -> str | None:
        return self.result.test if self.result else None

    @pytest.fixture
    def solution(self) -> Solution | None:
        return self.solution_

    # -- while the tests are collected

    def pytest_exception_interact(
        self, call: pytest.CallInfo[None], report: pytest.CollectReport | pytest.TestReport
    ) -> None:
        if isinstance(report, pytest.CollectReport) and call.excinfo:
            error = call.excinfo.value
            if isinstance(error, pytest.Collector.CollectError) and error.__cause__:
                error = error.__cause__  # an import that failed, with pytest's words around it
            self.broken = _broken(error, f"hidden_tests/test_{self.problem.name}.py")

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        place = {name: index for index, name in enumerate(self.problem.tests)}
        items.sort(key=lambda item: place.get(item.originalname, len(place)))
        for item in items:
            _ = item.location  # found once, and kept: now, and not when the learner waits

    def pytest_internalerror(self, excrepr: object) -> None:
        self.broken = BrokenProblem(str(excrepr))

    # -- before the first test

    def _unusable(self, error: Exception) -> None:
        line, text = trace(error)
        if isinstance(error, Unusable):
            line, text, message = error.line, None, str(error)
        else:
            where = f" on line {line}" if line else ""
            message = f"Your code stops{where} before any test can run: {headline(error)}"
        self.emit({"kind": "unusable", "message": message, "line": line, "traceback": text})

    # -- each test

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(
        self, item: pytest.Function, nextitem: pytest.Function | None
    ) -> Iterator[None]:
        name = item.originalname
        is_last = nextitem is None or nextitem.originalname != name
        if self.test != name:  # a parametrized test has several items, and one result
            self.result = Result(name)
            self.emit({"kind": "test", "test": name})
            self.output.begin()
        if self.solution_:
            self.solution_.begin(self._keep_calls(name))
        with listening(self.output):
            done = yield
            self.figures.take()
            if is_last:
                self.figures.show()
        if is_last:
            assert self.result
            self.emit({"kind": "result", **asdict(self.result)})
        return done

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Function, call: pytest.CallInfo[None]
    ) -> Iterator[None]:
        assert self.result
        self.result.seconds += call.duration
        if call.excinfo and self.result.status == "passed":
            if issubclass(call.excinfo.type, pytest.skip.Exception):
                self.result.status, self.result.message = "skipped", str(call.excinfo.value)
            else:
                explain(self.result, call.excinfo.value, self.solution_)
                if self.solution_ and self.solution_.calls:
                    self.solution_.calls.failed = self.solution_.has_returned
            # pytest's own report would call the learner's code once more, for nobody to read it.
            call.excinfo = _told()
        return (yield)

    def _keep_calls(self, test: str) -> Calls | None:
        if not self.problem.mistakes:
            return None
        self.calls.append(Calls(test))
        return self.calls[-1]

    # -- after the last test

    def _is_theirs(self, error: BaseException | None) -> bool:
        """Whether code that the learner left behind has stopped pytest. Its test is told so."""
        if error is None or self.result is None or trace(error)[0] is None:
            return False
        explain(self.result, error, self.solution_)
        self.emit({"kind": "result", **asdict(self.result)})
        return True

    def _explain(self) -> None:
        """Tell which known mistakes are behind the failed tests."""
        mistakes, name = self.problem.mistakes, self.problem.function
        for test, text in explain_mistakes(mistakes, name, self.like, self.calls):
            self.emit({"kind": "mistake", "test": test, "text": text})


def _told() -> pytest.ExceptionInfo[BaseException]:
    try:
        raise AssertionError("told to the learner")
    except AssertionError as error:
        return pytest.ExceptionInfo.from_exception(error)


def _reference_function(problem: Problem) -> Callable[..., Any]:
    try:
        module = importlib.import_module(f"{reference.PACKAGE}.{problem.name}")
        return cast(Callable[..., Any], getattr(module, problem.function))
    except Exception as error:
        raise _broken(error, f"reference/{problem.name}.py") from error


def _broken(error: BaseException, file: str) -> BrokenProblem:
    """What came of loading `file`, in one line: the way there is pytest's and the grader's."""
    name = Path(file).name
    line = last_line(error, lambda code: Path(code.co_filename).name == name)
    if line is None and isinstance(error, SyntaxError):
        line = error.lineno or 1
    place = f"{file}:{line}" if line else file
    return BrokenProblem(f"{place}: {headline(error)}", file, line)


@contextlib.contextmanager
def _as_broken_problem(loading: str | None = None) -> Iterator[None]:
    """What pytest itself raises is no fault of the learner's code, unless it lacks memory.

    While a file is loaded, it is that file's.
    """
    try:
        yield
    except MemoryError:
        raise
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        if loading:
            raise _broken(error, loading) from error
        raise BrokenProblem("".join(traceback.format_exception(error))) from error
