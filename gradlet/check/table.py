"""A check for people to read: a progress bar, a table, and below it all that is to be done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from gradlet.check.report import Count, Notice, Report
from gradlet.complaint import Complaint

COLUMNS = ("Tests", "Reference", "Starter", "Examples", "Wrong\nsolutions", "Mutants")
DIFF_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@contextmanager
def progress_bar(console: Console) -> Iterator[Callable[[int, int], None]]:
    """A bar for runs done, of runs known of; on a terminal only, and gone at the end."""
    columns = (TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task("Checking", total=None)
    with bar:
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show(reports: Sequence[Report], console: Console) -> None:
    """Print the table, then every error and notice, then the sum of it all."""
    console.print(table(reports))
    for report in reports:
        for error in report.errors:
            _show_complaint(error, "red", console)
        for notice in report.notices:
            _show_complaint(notice, "yellow", console)
            _show_diff(notice, console)
    console.print(summary(reports))


def show_one(report: Report, console: Console) -> None:
    """The verdict on one problem that somebody is writing: a line, and below it every error."""
    console.print(Text(sentence(report), style="green" if report.ok else "bold red"))
    for error in report.errors:
        _show_complaint(error, "red", console)


def sentence(report: Report) -> str:
    """In one line: what was tried, and what came of it."""
    verdict = _plural(len(report.errors), "error") if report.errors else "no errors"
    if not report.reference:
        return f"{report.slug}: {verdict}; the reference does not pass its {report.tests} tests"
    return (
        f"{report.slug}: {verdict}; {_plural(report.tests, 'test')}, {report.examples} examples "
        f"true, {report.wrong_solutions} wrong solutions noticed"
    )


def table(reports: Sequence[Report]) -> Table:
    """One row for each problem."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column("Problem", overflow="fold")
    for name in COLUMNS:
        made.add_column(name, justify="right")
    for report in reports:
        made.add_row(*_row(report))
    return made


def _row(report: Report) -> list[Text]:
    tried = report.reference  # without a reference that passes nothing else is tried
    return [
        Text(report.slug, style="bold" if report.ok else "bold red"),
        Text(str(report.tests)),
        _verdict(report.reference, "passes", "error"),
        _verdict(report.starter, "fails", "error") if tried else _nothing(),
        _count(report.examples, "red") if tried else _nothing(),
        _count(report.wrong_solutions, "red") if tried else _nothing(),
        _count(report.mutants, "yellow") if report.mutants else _nothing(),
    ]


def _verdict(good: bool, yes: str, no: str) -> Text:
    return Text(yes, style="green") if good else Text(no, style="red")


def _count(count: Count, colour: str) -> Text:
    return Text(str(count), style="green" if count.good == count.total else colour)


def _nothing() -> Text:
    return Text("-", style="dim")


def summary(reports: Sequence[Report]) -> Text:
    """In one sentence: whether all is well, and otherwise how much there is to do."""
    problems = _plural(len(reports), "problem")
    errors = sum(len(report.errors) for report in reports)
    missed = sum(len(report.notices) for report in reports)
    look = f"; {_plural(missed, 'mutant')} that no test notices, to look at" if missed else ""
    if errors:
        bad = sum(not report.ok for report in reports)
        return Text(f"{_plural(errors, 'error')} in {bad} of {problems}{look}.", style="bold red")
    return Text(f"{problems} checked, no errors{look}.", style="bold green")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _show_complaint(complaint: Complaint, colour: str, console: Console) -> None:
    place = f"{complaint.file.as_posix()}:{complaint.line}"
    # soft_wrap: a place that a person may want to click stays in one piece.
    text = Text.assemble((place, f"bold {colour}"), f": {complaint.problem}.")
    console.print(text, soft_wrap=True)
    console.print(Text.assemble(("  Fix: ", "bold"), f"{complaint.fix}."), soft_wrap=True)


def _show_diff(notice: Notice, console: Console) -> None:
    lines = notice.diff.splitlines()[2:]  # the file has been named above
    text = Text("\n").join(Text(line, style=DIFF_COLOURS.get(line[:1], "")) for line in lines)
    console.print(Padding(text, (0, 0, 0, 4)))
