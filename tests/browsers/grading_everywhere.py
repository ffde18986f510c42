"""The same grading in each browser. Not named test_...: `make test` needs only Chromium."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from wrong_solutions import WRONG_SOLUTIONS, WrongSolution

from browsers.engines import Engine, started
from browsers.learner import Learner
from gradlet.problem import Problem, module_name
from gradlet.serve import serving

Problems = dict[str, Problem]
ENGINES = ("chromium", "firefox", "webkit")
SLUGS = ("softmax-from-scratch", "cross-entropy-gradient")
PATIENCE = 20  # seconds
WRONG = [wrong for wrong in WRONG_SOLUTIONS if wrong.path.stem in ("sigmoid", "not_normalised")]


class Timed:
    """A learner with a note of how long things took."""

    def __init__(self, engine: Engine, site: str) -> None:
        self.engine = engine
        self._learner = Learner(engine, site)
        self.times: dict[str, list[float]] = {}

    def open(self, slug: str, note: str = "another page") -> None:
        self._note(note, self._learner.open(slug))

    def run(self, code: str, note: str = "run") -> dict[str, str]:
        """The status of each test."""
        outcome = self._learner.run(code)
        self._note(note, outcome.took["verdict"])
        return outcome.statuses

    def run_and_stop(self, code: str) -> dict[str, str]:
        outcome = self._learner.run(code, stop_after=1500)
        self._note("stopped until ready", outcome.took["ready"])
        return outcome.statuses

    def _note(self, what: str, milliseconds: float) -> None:
        self.times.setdefault(what, []).append(milliseconds)


@pytest.fixture(scope="module", params=ENGINES)
def learner(request: pytest.FixtureRequest, site: str) -> Iterator[Timed]:
    with started(request.param) as engine:
        learner = Timed(engine, site)
        learner.open(SLUGS[0], "first visit")
        yield learner
        learner.engine.open("about:blank")
        for _ in range(3):
            learner.open(SLUGS[0], "later visit")
        for _ in range(5):
            learner.run("x = 1\n", "run that defines no function")
        print(f"\n{engine.version}")
        for what, times in learner.times.items():
            median = sorted(times)[len(times) // 2]
            print(f"  {what}: {median:.0f} ms (median of {len(times)})")


@pytest.mark.parametrize("slug", SLUGS)
def test_reference_passes_and_starter_fails(learner: Timed, problems: Problems, slug: str) -> None:
    problem = problems[slug]
    learner.open(slug)
    assert set(learner.run(problem.starter).values()) <= {"failed", "error"}
    passed = {test.name: "passed" for test in problem.tests}
    for _ in range(5):
        assert learner.run(problem.reference_source, "run that passes") == passed


@pytest.mark.parametrize("wrong", WRONG, ids=str)
def test_wrong_solution_fails_the_tests_it_names(learner: Timed, wrong: WrongSolution) -> None:
    (slug,) = (slug for slug in SLUGS if module_name(slug) == wrong.problem)
    learner.open(slug)
    statuses = learner.run(wrong.code, "run that fails")
    assert tuple(name for name, status in statuses.items() if status != "passed") == wrong.fails


def workers() -> int:
    """How many workers run on this machine: the engines give their threads these names."""
    names = {"DedicatedWorker", "DOM Worker", "WebCore: Worker"}
    count = 0
    for name in Path("/proc").glob("[0-9]*/task/*/comm"):
        with contextlib.suppress(OSError):  # it ends at this moment
            count += name.read_text().strip() in names
    return count


@pytest.mark.parametrize("loop", ["while True: pass", "re.match('(a*)*b', 'a' * 40)"])
def test_loop_is_stopped_and_the_next_run_is_right(
    learner: Timed, problems: Problems, loop: str
) -> None:
    problem = problems["cross-entropy-gradient"]
    learner.open(problem.slug)
    before = workers()
    assert before > 0
    code = f"import re\n\ndef {problem.function}(logits, target):\n    {loop}\n"
    statuses = learner.run_and_stop(code)
    assert "passed" not in statuses.values()
    deadline = time.monotonic() + PATIENCE
    while workers() > before:
        assert time.monotonic() < deadline, "the loop still runs"
        time.sleep(0.1)
    assert set(learner.run(problem.reference_source).values()) == {"passed"}


@pytest.fixture(scope="module")
def without_numpy(dist: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose NumPy is in the snapshot alone: started plainly, Python would not have it."""
    folder = tmp_path_factory.mktemp("without") / "numpy"
    shutil.copytree(dist, folder, ignore=shutil.ignore_patterns("numpy-*.whl"))
    with serving(folder) as address:
        yield address


@pytest.mark.parametrize("name", ENGINES)
def test_python_is_restored(name: str, without_numpy: str, problems: Problems) -> None:
    problem = problems["cross-entropy-gradient"]
    with started(name) as engine:
        learner = Learner(engine, without_numpy)
        learner.open(problem.slug)
        assert set(learner.run(problem.reference_source).statuses.values()) == {"passed"}
