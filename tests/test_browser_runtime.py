"""Python restored from the snapshot, and put back to it after every run."""

from dataclasses import dataclass
from typing import Any

import pytest
from browsers.learner import Learner
from page import PYTHON_IS_KEPT, NewContext, ProblemPage, held_back, wait_until
from playwright.sync_api import Page, Route, expect
from torture_run import read_cases, tried

from gradlet.problem import Problem

Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"

# What a run leaves behind, and what another one would find of it. Each `found` is an expression.
LEAVES = """
import builtins, gc, os, random, sys, warnings
import numpy as np

np.exp = builtins.abs = np.testing.assert_allclose = lambda *args, **kwargs: 0
np.left = sys.left = builtins.left = 1
sys.modules["left"] = sys
os.environ["LEFT"] = "1"
os.makedirs("/tmp/left/deep")
open("/tmp/left/deep/file", "w").write("x")
kept_open = open("/home/pyodide/left", "w")
os.chdir("/tmp")
sys.setrecursionlimit(200)
sys.path.append("/left")
warnings.simplefilter("error")
np.set_printoptions(precision=1)
np.seterr(all="raise")
gc.disable()
grown = np.ones(4_000_000)
"""
FINDS = """
import builtins, gc, os, sys, warnings
import numpy as np

found = {
    "exp": np.exp(0.0) != 1,
    "abs": abs(-1) != 1,
    "attributes": [one for one in (np, sys, builtins) if hasattr(one, "left")],
    "modules": "left" in sys.modules,
    "environment": "LEFT" in os.environ,
    "folders": os.path.exists("/tmp/left"),
    "files": os.path.exists("/home/pyodide/left"),
    "place": os.getcwd() != "/home/pyodide",
    "recursion": sys.getrecursionlimit() == 200,
    "path": "/left" in sys.path,
    "precision": np.get_printoptions()["precision"] != 8,
    "errors": np.geterr()["divide"] != "warn",
    "gc": not gc.isenabled(),
}
left = [name for name, there in found.items() if there]
if left:
    raise AssertionError(f"left behind: {left}")
"""


@pytest.fixture
def said(first_visit: ProblemPage) -> list[str]:
    """What the console is told, of every kind."""
    words: list[str] = []
    first_visit.page.on("console", lambda message: words.append(message.text))
    return words


def test_python_is_restored_and_not_started_plainly(
    first_visit: ProblemPage, said: list[str]
) -> None:
    first_visit.open(SLUG)
    assert said == []


def test_the_second_visit_asks_for_no_snapshot(
    first_visit: ProblemPage, problems: Problems
) -> None:
    asked: list[str] = []
    first_visit.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    first_visit.open(SLUG)
    assert [name for name in asked if name.endswith(".xz")]
    wait_until(first_visit.page, PYTHON_IS_KEPT)
    asked.clear()
    first_visit.open(SLUG)
    assert not [name for name in asked if name.endswith(".xz")]
    # Said although fewer bytes have come than on the first visit.
    expect(first_visit.page.locator("#loading-text")).to_have_text("Starting Python")
    assert set(first_visit.run(problems[SLUG].reference_source)) == {"passed"}


def test_a_script_of_python_is_awaited_on_a_later_visit_too(
    new_context: NewContext, site: str
) -> None:
    """So that it is asked for anew if it does not come, although all else is there."""
    context = new_context()
    context.add_init_script("delete Navigator.prototype.serviceWorker")  # it would answer instead
    page = ProblemPage(context.new_page(), site)
    page.open(SLUG)
    wait_until(page.page, PYTHON_IS_KEPT)
    with held_back(page.page, "**/pyodide.mjs"):
        with page.page.expect_event(
            "requestfinished", lambda request: request.url.endswith("/pyodide-lock.json")
        ):
            page.open(SLUG, wait=False)
        page.page.wait_for_timeout(500)
        expect(page.page.locator("#loading-text")).to_contain_text(" MB")
    page.wait_for("ready")


def test_python_is_started_plainly_without_a_sound_snapshot(
    first_visit: ProblemPage, said: list[str], problems: Problems
) -> None:
    """One byte is another; more of what may befall it is in test_browser_unlucky.py."""

    def spoil(route: Route) -> None:
        body = bytearray(route.fetch().body())
        body[len(body) // 2] ^= 255
        route.fulfill(body=bytes(body))

    first_visit.page.context.route("**/*.xz", spoil)
    first_visit.open(SLUG)
    assert [text for text in said if text.startswith("Gradlet: Python is started plainly")]
    assert set(first_visit.run(problems[SLUG].reference_source)) == {"passed"}
    first_visit.run(LEAVES)
    assert set(first_visit.run(FINDS + problems[SLUG].reference_source)) == {"passed"}
    first_visit.trouble.clear()  # the browser tells of the file, too


def test_an_interpreter_that_is_restored_wrongly_is_not_used(
    first_visit: ProblemPage, said: list[str], problems: Problems
) -> None:
    """As in an engine that numbers functions otherwise: each of NumPy's takes another's place."""

    def renumber(route: Route) -> None:
        head = route.fetch().json()
        for library in head["recorded"]["libraries"]:
            library["table"] -= 1
        route.fulfill(json=head)

    first_visit.page.context.route("**/python-*.json", renumber)
    first_visit.open(SLUG)
    assert [text for text in said if text.startswith("Gradlet: Python is started plainly")]
    assert set(first_visit.run(problems[SLUG].reference_source)) == {"passed"}
    first_visit.trouble.clear()  # Pyodide tells of its end, too


def test_nothing_of_a_run_reaches_the_next(warm_page: ProblemPage, problems: Problems) -> None:
    warm_page.open(SLUG)
    for _ in range(3):
        warm_page.run(LEAVES)
        statuses = warm_page.run(FINDS + problems[SLUG].reference_source)
        assert set(statuses) == {"passed"}, warm_page.verdict


def test_the_test_of_what_is_left_can_fail(warm_page: ProblemPage) -> None:
    warm_page.open(SLUG)
    warm_page.run(LEAVES + FINDS)
    assert "left behind: ['abs', " in warm_page.verdict or "'exp'" in warm_page.verdict


def test_runs_draw_other_random_numbers(warm_page: ProblemPage) -> None:
    warm_page.open(SLUG)
    drawn = set()
    for _ in range(3):
        warm_page.run("import random, numpy as np\nprint(random.random(), np.random.rand())")
        drawn.add(warm_page.page.locator("#general .output pre").inner_text())
    assert len(drawn) == 3


def test_modules_that_were_not_recorded_are_there(
    warm_page: ProblemPage, problems: Problems
) -> None:
    """One of the standard library, one of NumPy, and none that nobody has."""
    warm_page.open(SLUG)
    code = "import csv, numpy.polynomial\nassert numpy.polynomial.Polynomial([1, 2])(2) == 5\n"
    assert set(warm_page.run(code + problems[SLUG].reference_source)) == {"passed"}
    warm_page.run("import nowhere")
    assert "No module named 'nowhere'" in warm_page.verdict


def test_a_run_that_grew_the_memory_gives_its_worker_up(
    warm_page: ProblemPage, problems: Problems
) -> None:
    warm_page.open(SLUG)
    with warm_page.page.expect_worker(lambda _: True):
        warm_page.run("import numpy as np\nmuch = np.ones(40_000_000)")
    assert set(warm_page.run(problems[SLUG].reference_source)) == {"passed"}


# -- a few cases of `make torture`, one of each way in which a run can end


@dataclass
class Opened:
    """An engine that has its page already: see tests/browsers/engines.py."""

    page: Page
    version: str = "Chromium"

    def open(self, url: str) -> None:
        self.page.goto(url)

    def evaluate(self, script: str) -> Any:
        return self.page.evaluate(script)


CRASH = "recursion in C"  # of Python itself, the only one of which the console is told
FEW = (
    "os._exit",
    CRASH,
    "a list that grows for ever",
    "one printed line of 100 MB",
    "print options",
)


@pytest.mark.parametrize("name", FEW)
def test_hostile_code_is_survived(warm_page: ProblemPage, name: str) -> None:
    """What came of it is said, and the reference passes afterwards."""
    (case,) = (each for each in read_cases() if each.name == name)
    learner = Learner(Opened(warm_page.page), warm_page.site)
    learner.open(SLUG)
    assert tried(learner, case).wrong == ()
    told = warm_page.took_trouble()
    assert any("Python has crashed" in each for each in told) == bool(told) == (name == CRASH)
