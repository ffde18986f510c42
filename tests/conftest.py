"""What several test files share: the problems, the built site, and a browser that notices all."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import grading
import pytest
from page import NewContext, ProblemPage
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from regular import Regular
from sound_problem import SoundProblem

from gradlet.catalogue import read_catalogue
from gradlet.check import NativeRunner
from gradlet.problem import Problem
from gradlet.publish import build
from gradlet.serve import serving
from gradlet.setup.browser import ensure_browser, launch_flags
from gradlet.setup.node import find_node

ROOT = Path(__file__).resolve().parent.parent
expect.set_options(timeout=30_000)  # milliseconds: a machine may be busy, or half as fast


@pytest.fixture(scope="session")
def problems() -> dict[str, Problem]:
    """The problems of this repository, by slug."""
    return {problem.slug: problem for problem in read_catalogue(ROOT, find_node())}


@pytest.fixture(scope="session")
def graded(problems: dict[str, Problem]) -> grading.Grade:
    """`graded(name, code)`: one native run of a problem of this repository."""
    return grading.natively(problems.values())


@pytest.fixture(scope="module")
def runner() -> Iterator[NativeRunner]:
    """What grades in processes of this machine, as `build.py check` does."""
    with NativeRunner() as native:
        yield native


@pytest.fixture
def sound(tmp_path: Path, runner: NativeRunner) -> SoundProblem:
    return SoundProblem(tmp_path, runner)


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as for publishing."""
    folder = tmp_path_factory.mktemp("dist")
    build(ROOT, folder)
    return folder


@pytest.fixture(scope="session")
def site(dist: Path) -> Iterator[str]:
    """The address of the built site, ending in a slash."""
    with serving(dist) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure_browser(), args=launch_flags())
        yield chromium
        chromium.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """Makes a fresh profile, which is closed whatever becomes of the test."""
    with ExitStack() as opened:

        def new_context(**options: Any) -> BrowserContext:
            context = browser.new_context(**options)
            opened.callback(context.close)
            return context

        yield new_context


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    return new_context()


@pytest.fixture
def first_visit(browser: Browser, site: str) -> Iterator[ProblemPage]:
    """A page in a fresh profile: for tests of what is not kept yet, and for those that answer
    requests in the site's place, which would not reach them through its service worker.

    A console error or a foreign request fails the test, here and below.
    """
    context = browser.new_context()
    problem = ProblemPage(context.new_page(), site)
    yield problem
    context.close()
    assert problem.trouble == []


@pytest.fixture(scope="session")
def regular(browser: Browser, site: str) -> Iterator[Regular]:
    """The browser of one who comes back: its service worker and caches stay for all tests."""
    context = browser.new_context()
    regular = Regular(context, site)
    regular.keep_site()
    yield regular
    context.close()


@pytest.fixture
def page(regular: Regular) -> Iterator[ProblemPage]:
    """A new page of a learner who was here before and has nothing saved: Python is there in less
    than half the time of a first visit. What a test leaves in the page and in the browser is gone
    for the next one; what it does to the context (scripts, routes, a clock) would stay, so such
    tests take `first_visit`.
    """
    problem = ProblemPage(regular.context.new_page(), regular.site)
    yield problem
    regular.forget_learner()
    assert problem.trouble == []


@pytest.fixture(scope="module")
def page_of_the_file(browser: Browser, site: str) -> Iterator[ProblemPage]:
    context = browser.new_context()
    yield ProblemPage(context.new_page(), site)
    context.close()


@pytest.fixture
def warm_page(page_of_the_file: ProblemPage) -> Iterator[ProblemPage]:
    """One page for all tests of a file that only run code: Python is loaded once."""
    yield page_of_the_file
    assert page_of_the_file.took_trouble() == []
