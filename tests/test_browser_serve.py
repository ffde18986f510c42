"""What an author sees in the browser while they write: the page anew, and the check's verdict."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import BrowserContext, Locator, Page, expect
from sound_problem import TEXT, TWICE, SoundProblem

from gradlet.check import NativeRunner
from gradlet.cli import SOURCES, Author
from gradlet.serve import application, listen

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30_000  # milliseconds


@dataclass
class Desk:
    """An author's clone, and the page of their problem in a browser."""

    clone: SoundProblem
    page: Page

    @property
    def strip(self) -> Locator:
        return self.page.locator("#strip")

    def says(self, state: str, words: str) -> None:
        expect(self.strip).to_have_attribute("data-state", state, timeout=PATIENCE)
        expect(self.strip).to_contain_text(words)


@pytest.fixture
def desk(tmp_path: Path, context: BrowserContext, runner: NativeRunner) -> Iterator[Desk]:
    clone = SoundProblem(tmp_path, runner)
    shutil.copytree(ROOT / "site", tmp_path / "site")
    for name in ("node_modules", "package.json", "package-lock.json", "requirements.lock"):
        if not (tmp_path / name).exists():
            (tmp_path / name).symlink_to(ROOT / name)
    author = Author(tmp_path, tmp_path / "dist", runner)
    assert author.rebuild() is None
    assert author.changed([]) == []
    taken = listen("127.0.0.1", 0)
    app = application(tmp_path / "dist", [tmp_path / name for name in SOURCES], author)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    page = context.new_page()
    with page.expect_response("**/-/events"):
        page.goto(f"http://127.0.0.1:{taken.getsockname()[1]}/problems/halving/")
    yield Desk(clone, page)
    context.close()
    server.should_exit = True
    thread.join(10)


def test_page_and_verdict_follow_what_is_written(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    expect(desk.strip).to_have_count(0)
    desk.clone.change(TEXT, "Because.", "Because of halves.")
    expect(desk.page.locator("article")).to_contain_text("Because of halves.", timeout=PATIENCE)
    desk.says("passed", "halving: no errors; 2 tests, 2/2 examples true, 2/2 wrong solutions")
    assert "halving: no errors; 2 tests" in capsys.readouterr().err

    desk.clone.change(TWICE, "x * 2", "x / 2")
    desk.says("failed", "halving: 2 errors")
    line = f"{TWICE}:{desk.clone.line(TWICE, 'Fails:')}: test_values should fail, but passes"
    expect(desk.strip.locator("p").nth(1)).to_contain_text(line)
    assert line in capsys.readouterr().err

    desk.clone.change(TEXT, "difficulty: Easy", "difficulty: Trivial")
    desk.says("failed", "problems/halving.md:3: 'difficulty' should be Easy, Medium or Hard")
    desk.clone.change(TEXT, "difficulty: Trivial", "difficulty: Hard")
    desk.says("failed", "halving: 2 errors")
    desk.clone.change(TWICE, "x / 2", "x * 2")
    desk.says("passed", "halving: no errors")


def test_wrong_solutions_of_no_problem_are_said_in_the_terminal(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.clone.write("hidden_tests/wrong/halvng/a.py", "")
    desk.clone.change(TEXT, "Because.", "Because of halves.")
    desk.says("failed", "hidden_tests/wrong/halvng:1: the folder belongs to no problem")
    assert "rename it to hidden_tests/wrong/halving" in capsys.readouterr().err
