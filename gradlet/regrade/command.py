"""`build.py regrade FILES... [--csv FILE] [--html FOLDER] [--dask ADDRESS]`."""

import argparse
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from gradlet.catalogue import read_catalogue
from gradlet.dist import Dist
from gradlet.regrade import gradebook, html, table
from gradlet.regrade.cache import Cache
from gradlet.regrade.classroom import Classroom, regrade
from gradlet.regrade.parallel import ClusterError
from gradlet.regrade.remote import CannotStart
from gradlet.setup.node import find_node

FAILURES = (ClusterError, CannotStart)


def add_options(command: argparse.ArgumentParser, root: Path) -> None:
    command.add_argument("files", nargs="+", type=Path, help="saved work, or folders of it")
    command.add_argument("--csv", type=Path, help="write the gradebook to this file")
    command.add_argument("--html", type=Path, help="write a report on the class to this folder")
    command.add_argument(
        "--problem", action="append", default=[], metavar="SLUG", help="only this one (repeatable)"
    )
    command.add_argument("--dask", metavar="ADDRESS", help="use the Dask cluster at this address")
    command.add_argument(
        "--cache",
        type=Path,
        default=root / ".cache" / "regrade",
        help="where verdicts are kept (default: .cache/regrade)",
    )
    command.set_defaults(run=lambda options: run(options, root))


def run(options: argparse.Namespace, root: Path) -> int:
    """The exit code: 0 if anything could be graded, or there was nothing to grade in the files.

    Raises:
        OSError, NotOurs: what is asked for cannot be written there.
    """
    start = time.perf_counter()
    if options.csv:
        _try_to_write(options.csv)
    if options.html:
        Dist(options.html)
    catalogue = read_catalogue(root, find_node())
    columns = (TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        classroom = regrade(
            root,
            catalogue,
            options.files,
            Cache(options.cache),
            only=options.problem,
            dask=options.dask,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    console = Console(soft_wrap=True, highlight=False)
    table.show(classroom, console)
    if options.csv:
        gradebook.write(options.csv, classroom)
        console.print(f"Gradebook: {options.csv}", markup=False)
    if options.html:
        report = html.write(options.html, classroom, root)
        console.print(f"Report: {report}", markup=False)
    console.print(_figures(classroom, time.perf_counter() - start), markup=False)
    return 0 if classroom.learners and not classroom.troubles else 1


def _try_to_write(file: Path) -> None:
    """Before hours of grading, and not after them."""
    file.parent.mkdir(parents=True, exist_ok=True)
    new = not file.exists()
    file.open("a").close()
    if new:
        file.unlink()


def _figures(classroom: Classroom, seconds: float) -> str:
    learners, fresh = len(classroom.learners), classroom.fresh
    known = classroom.tasks - fresh
    parts = [
        f"{learners} learner{'' if learners == 1 else 's'}",
        f"{fresh} different codes graded in {seconds:.1f} s ({fresh / seconds:.1f} a second)",
    ]
    if known:
        parts.append(f"{known} known from before")
    if classroom.memory:
        parts.append(f"{classroom.memory / 1e6:.0f} MB for one code at most")
    return ", ".join(parts)
