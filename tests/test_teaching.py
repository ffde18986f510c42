"""The commands of docs/teaching.md and docs/embedding.md are run as they stand there."""

import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from class_files import ROOT, work, write

from gradlet.problem import Problem

Problems = dict[str, Problem]
DASK = Path(sys.executable).with_name("dask")
PATIENCE = 60  # seconds


def commands(document: str) -> list[list[str]]:
    """The commands of a document, their lines split into arguments."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.S | re.M)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Terminal:
    """Runs commands in a folder, the clone's programs in place of `.venv/bin/` and `build.py`."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._port = str(free_port())

    def run(self, command: list[str]) -> str:
        program, *arguments = [part.replace("8786", self._port) for part in command]
        if program == ".venv/bin/dask":
            self._start([str(DASK), *arguments])
            return ""
        assert (program, arguments[0]) == (".venv/bin/python", "build.py"), command
        arguments[0] = str(ROOT / "build.py")
        if arguments[1] == "regrade":
            arguments += ["--cache", str(self._folder / "cache")]
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _start(self, command: list[str]) -> None:
        log = self._stack.enter_context((self._folder / f"{command[1]}.log").open("w"))
        process = subprocess.Popen(command, cwd=self._folder, stdout=log, stderr=log)
        self._stack.callback(process.wait)
        self._stack.callback(process.terminate)
        if command[1] == "scheduler":
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                with socket.socket() as attempt:
                    if attempt.connect_ex(("127.0.0.1", int(self._port))) == 0:
                        return
                time.sleep(0.1)
            pytest.fail((self._folder / "scheduler.log").read_text())


@pytest.fixture
def terminal(tmp_path: Path, problems: Problems) -> Iterator[Terminal]:
    """A teacher's folder, after two weeks."""
    softmax, gradient = problems["softmax-from-scratch"], problems["cross-entropy-gradient"]
    for week, name, problem, code in (
        ("week-1", "s1815", softmax, softmax.reference_source),
        ("week-1", "s1852", softmax, softmax.starter),
        ("week-2", "s1815", gradient, gradient.reference_source),
    ):
        folder = tmp_path / "handed-in" / week
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{name}.json", work(problem, name, code))
    with ExitStack() as stack:
        yield Terminal(tmp_path, stack)


def test_term_goes_as_described(terminal: Terminal, tmp_path: Path) -> None:
    said = [terminal.run(command) for command in commands("teaching.md")]
    assert len(said) == 7
    assert (tmp_path / "public" / "problems" / "softmax-from-scratch" / "index.html").is_file()
    assert (tmp_path / "week-1.zip").is_file()
    week = (tmp_path / "grades" / "week-1.csv").read_text().splitlines()
    assert [row.replace('"', "") for row in week[2:]] == [
        "s1815,,s1815,,,100.0,100.0",
        "s1852,,s1852,,,0.0,0.0",
    ]
    assert (tmp_path / "reports" / "week-1" / "index.html").is_file()
    final = (tmp_path / "gradebook.csv").read_text().splitlines()
    assert [row.replace('"', "") for row in final[2:]] == [
        "s1815,,s1815,,,100.0,100.0,100.0",
        "s1852,,s1852,,,0.0,0.0,0.0",
    ]
    assert (tmp_path / "reports" / "term" / "cross-entropy-gradient.html").is_file()


@pytest.mark.parametrize("page", ["teaching.md", "embedding.md"])
def test_commands_write_into_no_folder_of_the_repository(page: str) -> None:
    """They are run elsewhere here, and in the clone by those who read them."""
    options = ("--out", "--csv", "--html")
    ours = {path.name for path in ROOT.iterdir() if path.name not in (".venv", "dist")}
    written = [
        command[at + 1].split("/")[0]
        for command in commands(page)
        for at, part in enumerate(command)
        if part in options
    ]
    assert written
    assert ours.isdisjoint(written)


def test_commands_of_the_page_on_embedding_run(terminal: Terminal, tmp_path: Path) -> None:
    for command in commands("embedding.md"):
        assert "week-1.zip: 2 problems" in terminal.run(command)


def test_documents_name_the_columns_and_the_limits() -> None:
    from gradlet.regrade import gradebook, pipe, remote, sandbox

    text = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    for column in (*gradebook.HEAD, gradebook.TOTAL):
        assert f"| `{column}` |" in text
    assert f"Memory: {sandbox.MEMORY // 1024**3} GiB" in text
    assert f"Files: {sandbox.FILE // 1024**2} MB each, {sandbox.OPEN_FILES} open" in text
    assert f"Size of a returned array: {pipe.ARRAY // 10**6} MB" in text
    together = f"Files together: {remote.DISK // 1024**2} MB, {remote.ENTRIES:,} of them"
    assert together in text
