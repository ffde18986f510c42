"""One run: hidden tests collected, the learner's code loaded, one event after another."""

import contextlib
import importlib
import json
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from . import reference
from .figures import Figures, silence_show
from .output import Output
from .report import Result, explain, headline, trace
from .session import Session
from .solution import MODULE, Solution, Unusable, find, load

Emit = Callable[[dict[str, Any]], object]

# Built-in plugins that a grader has no use for; without them a run takes a tenth of the time.
NOT_NEEDED = """
    cacheprovider doctest faulthandler junitxml legacypath logging pastebin recwarn setuponly
    setupplan stepwise terminal threadexception tmpdir unittest unraisableexception warnings
""".split()  # noqa: SIM905 - one word after another reads best


@dataclass(frozen=True)
class Problem:
    """What a run must know of a problem; `tests` in the order in which they are to run."""

    name: str  # of the Python modules: hidden_tests/test_<name>.py, reference/<name>.py
    function: str
    tests: tuple[str, ...]
    test_source: str
    reference_source: str

    @classmethod
    def from_json(cls, text: str) -> "Problem":
        fields = json.loads(text)
        return cls(**{**fields, "tests": tuple(fields["tests"])})


class BrokenProblem(Exception):
    """The hidden tests could not be run at all: the author's mistake, never the learner's."""


def grade(problem: Problem, code: str, emit: Emit) -> None:
    """Run the hidden tests of `problem` on the learner's `code`.

    Calls `emit` with one dictionary after another, `kind` telling which it is:
    `unusable` (no test can run: message, line, traceback), `test` (test begins), `output`
    (test or None, text), `figure` (test or None; png in base64 or None; alt, the text in its place)
    and `result` (the fields of `Result`).

    Raises:
        BrokenProblem: the hidden tests cannot be collected, or pytest itself fails.
    """
    run = Run(problem)
    try:
        run.grade(code, emit)
    finally:
        run.close()


class Run:
    """The hidden tests of a problem, collected, to be run once on a learner's code.

    It is the pytest plugin of its session: gives tests their `solution`, and tells what came of
    each.

    Raises:
        BrokenProblem: the tests cannot be collected.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
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
        self.result: Result | None = None
        self.broken: str | None = None
        self._stack = contextlib.ExitStack()
        try:
            self.session = self._collect()
        except BaseException:
            self.close()
            raise

    def _collect(self) -> Session:
        source = self.problem.reference_source
        finder = self._stack.enter_context(reference.importable(self.problem.name, source))
        self._stack.enter_context(_modules_restored())
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder, f"test_{self.problem.name}.py")
            file.write_text(self.problem.test_source, encoding="utf-8")
            settings = Path(folder, "pytest.ini")  # so that no other pytest settings are looked for
            settings.write_text("[pytest]\n", encoding="utf-8")
            self.like = _reference_function(self.problem)
            arguments = [
                str(file),
                f"--rootdir={folder}",
                f"--config-file={settings}",
                "--import-mode=importlib",
                "--capture=no",
                "--disable-plugin-autoload",
                *(f"-pno:{plugin}" for plugin in NOT_NEEDED),
            ]
            with _as_broken_problem():
                session = Session(arguments, [self])
            self._stack.callback(session.close)
        # The tests keep the reference. When the learner's code runs, nobody else gets at it, and
        # the tests' file is gone.
        reference.close(finder)
        if self.broken:
            raise BrokenProblem(self.broken)
        return session

    def grade(self, code: str, emit: Emit) -> None:
        """See `grade`."""
        self.emit = emit
        self.figures.begin()
        with self._listening():
            try:
                module = load(code)
                function = find(module, self.problem.function, self.like)
            except Exception as error:
                self._unusable(error)
                return
            finally:
                self.figures.show()
        self.solution_ = Solution(module, self.problem.function, function)
        with _as_broken_problem():
            self.session.run()
        if self.broken:
            raise BrokenProblem(self.broken)

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

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken = str(report.longrepr)

    def pytest_collection_modifyitems(self, items: list[pytest.Function]) -> None:
        place = {name: index for index, name in enumerate(self.problem.tests)}
        items.sort(key=lambda item: place.get(item.originalname, len(place)))

    def pytest_internalerror(self, excrepr: object) -> None:
        self.broken = str(excrepr)

    # -- before the first test

    def _unusable(self, error: Exception) -> None:
        line, text = trace(error)
        if isinstance(error, Unusable):
            line, text, message = error.line, None, str(error)
        else:
            message = f"Your code stops on line {line} before any test can run: {headline(error)}"
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
            self.solution_.begin()
        with self._listening():
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
            if call.excinfo.errisinstance(pytest.skip.Exception):
                self.result.status, self.result.message = "skipped", str(call.excinfo.value)
            else:
                explain(self.result, call.excinfo.value, self.solution_)
        return (yield)

    def _warn(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: object = None,
        line: str | None = None,
    ) -> None:
        self.output.write(warnings.formatwarning(message, category, filename, lineno, line))

    @contextlib.contextmanager
    def _listening(self) -> Iterator[None]:
        """What is printed, and what numpy warns of, goes to the page; each test warns anew."""
        with (
            contextlib.redirect_stdout(self.output),
            contextlib.redirect_stderr(self.output),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("default")
            silence_show()
            warnings.showwarning = self._warn
            yield
            self.output.flush()


def _reference_function(problem: Problem) -> Callable[..., Any]:
    try:
        module = importlib.import_module(f"{reference.PACKAGE}.{problem.name}")
        return cast(Callable[..., Any], getattr(module, problem.function))
    except Exception as error:
        raise BrokenProblem(f"reference/{problem.name}.py: {headline(error)}") from error


@contextlib.contextmanager
def _as_broken_problem() -> Iterator[None]:
    """What pytest itself raises is no fault of the learner's code."""
    try:
        yield
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        raise BrokenProblem("".join(traceback.format_exception(error))) from error


@contextlib.contextmanager
def _modules_restored() -> Iterator[None]:
    """Modules that the run added (the solution, the tests) are gone after it."""
    before = set(sys.modules)
    try:
        yield
    finally:
        for name in set(sys.modules) - before:
            if name == MODULE or name.startswith("test_"):
                del sys.modules[name]
