"""`build.py check`: what a person reads, what a program reads, and the exit status."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sound_problem import ANSWER, TEST, TEXT, TWICE, SoundProblem

from gradlet import cli
from gradlet.check import NativeRunner, check_problems, table

ROOT = Path(__file__).resolve().parent.parent


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(
    sound: SoundProblem, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """`build.py check` in the clone: its exit status, and what it prints to stdout and stderr."""
    monkeypatch.setattr(cli, "ROOT", sound.root)
    monkeypatch.setattr(cli, "ensure_npm_packages", lambda root: None)
    monkeypatch.setattr(cli, "console", Console(stderr=True, soft_wrap=True, highlight=False))

    def run(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(["check", *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_all_is_well(command: Command) -> None:
    status, out, err = command()
    assert (status, err) == (0, "")
    assert "halving" in out
    assert "1 problem checked, no errors." in out


def test_every_error_has_file_line_and_what_to_do(command: Command, sound: SoundProblem) -> None:
    sound.change(TWICE, "x * 2", "x / 2")
    status, out, err = command("halving")
    assert (status, err) == (1, "")
    line = sound.line(TWICE, "Fails:")
    assert f"{TWICE}:{line}: test_values should fail, but passes." in out.splitlines()
    assert "  Fix: correct the tests or this solution." in out.splitlines()
    assert f"{TEST}:{sound.line(TEST, 'def test_values')}: 'test_values' has no teeth" in out
    assert "2 errors in 1 of 1 problem." in out


@pytest.mark.parametrize(
    "given", ["halvng", "problems/halvng.md", "/home/me/problems/halvng.md", "halvng.fr.md"]
)
def test_a_problem_is_named_by_its_slug_or_its_file(command: Command, given: str) -> None:
    status, _, err = command(given)
    assert (status, err) == (1, "There is no problem 'halvng': did you mean 'halving'?\n")


def test_survivors_are_shown_with_their_diffs_and_are_no_errors(
    command: Command, sound: SoundProblem
) -> None:
    sound.change(
        ANSWER, "    return half", "    if x.size == 77:\n        half += 1\n    return half"
    )
    status, out, _ = command()
    assert status == 0
    assert f"{ANSWER}:{sound.line(ANSWER, 'half += 1')}: no test notices this change." in out
    assert "    -        half += 1\n    +        half -= 1" in "\n".join(
        line.rstrip() for line in out.splitlines()
    )
    assert "mutants that no test notices, to look at." in out


def test_what_would_stop_a_build_is_said_in_both_ways(
    command: Command, sound: SoundProblem
) -> None:
    sound.change(TEXT, "Easy", "Trivial")
    status, out, err = command()
    assert (status, out) == (1, "")
    assert err.startswith("problems/halving.md:3: 'difficulty' should be Easy, Medium or Hard")
    status, out, err = command("--json")
    assert (status, err) == (1, "")
    found = json.loads(out)
    assert (found["ok"], found["problems"]) == (False, [])
    (error,) = found["errors"]
    assert (error["file"], error["line"]) == ("problems/halving.md", 3)
    assert error["fix"] == "write for example `difficulty: Medium`"


def test_a_slug_of_no_problem(command: Command) -> None:
    for arguments in (("halvin",), ("halvin", "--json")):
        status, out, err = command(*arguments)
        assert (status, out) == (1, "")
        assert err == "There is no problem 'halvin': did you mean 'halving'?\n"


def test_json_says_all_that_the_table_says(command: Command, sound: SoundProblem) -> None:
    status, out, err = command("--json")
    assert (status, err) == (0, "")
    (problem,) = json.loads(out)["problems"]
    assert problem.pop("seconds") > 0
    mutants = problem.pop("mutants")
    assert mutants["good"] == mutants["total"] > 3
    assert problem == {
        "slug": "halving",
        "ok": True,
        "tests": 2,
        "reference": True,
        "starter": True,
        "examples": {"good": 2, "total": 2},
        "wrong_solutions": {"good": 2, "total": 2},
        "errors": [],
        "notices": [],
    }
    sound.change(ANSWER, "x / 2.0", "list(x)")
    status, out, _ = command("--json")
    assert status == 1
    found: dict[str, Any] = json.loads(out)
    assert found["ok"] is False
    (problem,) = found["problems"]
    assert problem["mutants"] is None
    assert {error["file"] for error in problem["errors"]} == {TEST}


def test_a_terminal_gets_colour_and_a_bar_and_a_file_gets_neither(sound: SoundProblem) -> None:
    def shown(terminal: bool) -> str:
        console = Console(file=io.StringIO(), force_terminal=terminal, width=100)
        with table.progress_bar(console) as progress:
            reports = check_problems(
                sound.root, runner=sound.runner, mutants=False, progress=progress
            )
        table.show(reports, console)
        assert isinstance(console.file, io.StringIO)
        return console.file.getvalue()

    plain, colourful = shown(False), shown(True)
    assert "\x1b[" not in plain
    assert "Checking" not in plain
    assert "\x1b[1;32m1 problem checked" in colourful
    assert "Checking" in colourful


def test_both_pythons_agree() -> None:
    """With scipy, too, whose versions differ. The solutions of the other problems, right and wrong,
    are graded on their pages (test_browser_verdicts.py); Matplotlib's would take minutes here.
    In a process of its own: the browser tests have Playwright running in this one.
    """
    slugs = ["softmax-from-scratch", "gelu"]
    command = [sys.executable, "build.py", "check", "--browser", "--json", *slugs]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    answer = json.loads(run.stdout)
    assert answer["errors"] == []
    assert sorted(report["slug"] for report in answer["problems"]) == sorted(slugs)
    for report in answer["problems"]:
        assert report["errors"] == []
        assert report["reference"]
        assert report["wrong_solutions"]["good"] == report["wrong_solutions"]["total"] > 8
        assert report["mutants"]["good"] == report["mutants"]["total"] > 8


def test_a_browser_is_asked_for_by_option(
    command: Command, sound: SoundProblem, monkeypatch: pytest.MonkeyPatch
) -> None:
    roots = []

    class Browser:
        def __init__(self, root: Path) -> None:
            roots.append(root)

        def __enter__(self) -> NativeRunner:
            return sound.runner

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr("gradlet.check.browser.BrowserRunner", Browser)
    assert command("--browser")[0] == 0
    assert roots == [sound.root]
