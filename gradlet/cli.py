"""The command line of Gradlet: a command for each step of the work."""

import argparse
import json
import os
import re
import sys
import time
import webbrowser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.prompt import Prompt

from gradlet.addresses import VARIABLE, Addresses, BadAddress, addresses_from
from gradlet.assets import BundleError
from gradlet.catalogue import Catalogue, UnknownProblem
from gradlet.check import (
    LiveCheck,
    NativeRunner,
    Progress,
    Report,
    as_json,
    check_problems,
    table,
)
from gradlet.complaint import Complaints
from gradlet.dist import NotOurs
from gradlet.memory import Memory
from gradlet.new import NewProblem, NewProblemError, write
from gradlet.problem import DIFFICULTIES, module_name, slug_of
from gradlet.publish import build
from gradlet.regrade import command as regrade
from gradlet.scorm import command as scorm
from gradlet.serve import PortTaken, application, listen, serve
from gradlet.setup import SetupError
from gradlet.setup.browser import ensure_browser
from gradlet.setup.node import ensure_npm_packages, find_node
from gradlet.setup.python_runtime import ensure_runtime_files

ROOT = Path(__file__).resolve().parent.parent

SOURCES = ("problems", "hidden_tests", "reference", "site")

# What can go wrong for a person; the message of each says what and what to do.
FAILURES: tuple[type[Exception], ...] = (
    Complaints,
    BundleError,
    SetupError,
    PortTaken,
    NewProblemError,
    NotOurs,
    UnknownProblem,
    BadAddress,
    *regrade.FAILURES,
)

SCREENS = {"DISPLAY", "WAYLAND_DISPLAY"}

# soft_wrap: a path and line that a person may want to click or copy stays in one piece.
console = Console(stderr=True, soft_wrap=True, highlight=False)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        ensure_npm_packages(ROOT)
        return int(options.run(options))
    except FAILURES as error:
        console.print(str(error), style="red", markup=False)
        return 1
    except OSError as error:  # a folder that may not be written, a disk that is full
        what = f"{error.filename}: " if error.filename else ""
        console.print(f"{what}{error.strerror or error}", style="red", markup=False)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="build the static site")
    command.add_argument("--out", type=Path, default=ROOT / "dist", help="folder (default: dist)")
    command.add_argument(
        "--base-url",
        metavar="URL",
        help="where the site will be, e.g. https://example.org/gradlet/: for canonical addresses, "
        f"previews, sitemap and feed (default: ${VARIABLE}; without it they are left out)",
    )
    command.set_defaults(run=_build)

    command = commands.add_parser("serve", help="build, serve, and build again on every change")
    command.add_argument("--out", type=Path, default=ROOT / "dist", help="folder (default: dist)")
    command.add_argument("--port", type=int, default=8000)
    command.add_argument("--host", default="127.0.0.1", help="default: only this machine")
    command.set_defaults(run=_serve)

    command = commands.add_parser("new", help="write the files of a new problem")
    command.add_argument("slug", help="its address: small letters, digits, hyphens")
    command.add_argument("--title", help="as the page shows it")
    command.add_argument("--signature", help="e.g. 'softmax(logits: np.ndarray) -> np.ndarray'")
    command.add_argument("--difficulty", choices=DIFFICULTIES)
    command.add_argument("--tags", help="e.g. 'softmax, gradient'")
    command.set_defaults(run=_new)

    command = commands.add_parser("check", help="prove that the tests of problems work")
    command.add_argument(
        "slugs",
        type=slug_of,
        nargs="*",
        metavar="slug",
        help="or problems/<slug>.md; default: every problem",
    )
    command.add_argument(
        "--browser", action="store_true", help="in Pyodide in a real Chromium, not natively"
    )
    command.add_argument("--json", action="store_true", help="for programs to read")
    command.set_defaults(run=_check)
    command = commands.add_parser("regrade", help="run what learners handed in once more")
    regrade.add_options(command, ROOT)

    command = commands.add_parser("scorm", help="a SCORM 1.2 package of some problems")
    scorm.add_options(command, ROOT)

    command = commands.add_parser("setup", help="bring what a build needs, and no more")
    command.set_defaults(run=_setup)

    command = commands.add_parser("browser", help="bring what the browser tests need")
    command.set_defaults(run=_browser)
    return parser


def _build(options: argparse.Namespace) -> int:
    _timed_build(ROOT, options.out, addresses=addresses_from(options.base_url))
    return 0


def _serve(options: argparse.Namespace) -> int:
    taken = listen(options.host, options.port)
    with NativeRunner() as runner:
        author = Author(ROOT, options.out, runner)
        author.rebuild()
        author.changed([])  # from here on
        host = "localhost" if options.host == "127.0.0.1" else options.host
        address = f"http://{host}:{options.port}/"
        console.print(f"Gradlet is at [bold]{address}[/] (Ctrl+C ends it)")
        if _has_screen():
            webbrowser.open(address)
        serve(application(options.out, [ROOT / name for name in SOURCES], author), taken)
    return 0


class Author:
    """What the development server does after a change (see `gradlet.serve.Author`), and says."""

    def __init__(self, root: Path, folder: Path, runner: NativeRunner) -> None:
        self._root, self._folder = root, folder
        self._catalogue = Catalogue(root, find_node())
        self._memory = Memory()
        self._check = LiveCheck(root, self._catalogue, runner)

    def rebuild(self) -> str | None:
        try:
            _timed_build(self._root, self._folder, self._catalogue, memory=self._memory)
        except FAILURES as error:
            console.print(str(error), style="red", markup=False)
            console.print("The site stays as it was. Waiting for the next change.")
            return str(error)
        return None

    def changed(self, paths: Iterable[Path]) -> list[str]:
        try:
            return self._check.changed(paths)
        except Complaints:
            return []  # which the build has said, or will

    def check(self, slug: str) -> dict[str, Any]:
        try:
            (report,) = self._check.reports([slug])
        except Complaints as error:
            console.print(str(error), style="red", markup=False)
            return {"slug": slug, "ok": False, "says": "not checked", "errors": [str(error)]}
        table.show_one(report, console)
        errors = [str(error) for error in report.errors]
        return {"slug": slug, "ok": report.ok, "says": table.sentence(report), "errors": errors}


def _new(options: argparse.Namespace) -> int:
    name = module_name(options.slug)
    problem = NewProblem(
        slug=options.slug,
        title=_ask(options.title, "Title", options.slug.replace("-", " ").capitalize()),
        signature=_ask(options.signature, "Signature", f"{name}(values: np.ndarray) -> np.ndarray"),
        difficulty=_ask(options.difficulty, f"Difficulty ({', '.join(DIFFICULTIES)})", "Easy"),
        tags=tuple(re.split(r"[,\s]+", _ask(options.tags, "Tags", "new").strip())),
    )
    for file in write(ROOT, problem):
        console.print(f"Wrote {file.relative_to(ROOT)}", markup=False)
    console.print(f"Each says what to change. Then: python build.py check {options.slug}")
    return 0


def _ask(given: str | None, question: str, default: str) -> str:
    """The option given, or what the person answers, or the default if nobody is there."""
    if given is not None or not sys.stdin.isatty():
        return given or default
    return Prompt.ask(question, console=console, default=default)


def _check(options: argparse.Namespace) -> int:
    try:
        with table.progress_bar(console) as progress:
            reports = _reports(options, progress)
    except Complaints as error:
        if not options.json:
            raise
        print(json.dumps(as_json([], error.complaints), indent=2))
        return 1
    if options.json:
        print(json.dumps(as_json(reports), indent=2))
    else:
        # Where nobody sits, there is no width to keep to: a log, a file.
        table.show(reports, Console(highlight=False, width=None if sys.stdout.isatty() else 120))
    return 0 if all(report.ok for report in reports) else 1


def _reports(options: argparse.Namespace, progress: Progress) -> list[Report]:
    if not options.browser:
        return check_problems(ROOT, options.slugs, progress=progress)
    from gradlet.check.browser import BrowserRunner  # what drives a browser is not always there

    with BrowserRunner(ROOT) as runner:
        return check_problems(ROOT, options.slugs, runner=runner, progress=progress)


def _has_screen() -> bool:
    """Whether a person sits there: elsewhere a text browser would take over the terminal."""
    graphical = sys.platform in ("darwin", "win32") or os.environ.keys() & SCREENS
    return sys.stderr.isatty() and bool(graphical)


def _setup(_options: argparse.Namespace) -> int:
    ensure_runtime_files(ROOT)
    return 0


def _browser(_options: argparse.Namespace) -> int:
    console.print(f"The browser tests use {ensure_browser()}")
    return 0


def _timed_build(
    root: Path,
    folder: Path,
    catalogue: Catalogue | None = None,
    addresses: Addresses | None = None,
    memory: Memory | None = None,
) -> None:
    start = time.perf_counter()
    development = catalogue is not None
    problems = build(
        root,
        folder.resolve(),
        catalogue=catalogue,
        addresses=addresses,
        memory=memory,
        development=development,
    )
    seconds = time.perf_counter() - start
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    console.print(f"Built {count} into {folder} in {seconds:.2f} s")
