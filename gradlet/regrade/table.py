"""What the command prints: a table of the class, what to look at, and what was refused."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gradlet.regrade.classroom import Classroom
from gradlet.regrade.work_file import printable

NAME = 32  # characters


def show(classroom: Classroom, console: Console) -> None:
    """Print a class. Names and messages are printed as they are, never as markup."""
    if classroom.learners:
        console.print(_table(classroom))
    for slug, trouble in classroom.troubles.items():
        console.print(Text(f"{slug}: {trouble}", style="red"))
    if classroom.findings:
        console.print(Text("To look at (none of it proves anything):", style="bold"))
        for finding in classroom.findings:
            who = ", ".join(finding.learners[:6])
            if len(finding.learners) > 6:
                who += f" and {len(finding.learners) - 6} more"
            about = " · ".join(part for part in (who, finding.problem) if part)
            console.print(Text(f"  {finding.kind}: {about}: {finding.text}"))
    if classroom.not_denied:
        what = ", ".join(classroom.not_denied)
        said = f"This system could not deny learners' code: {what}. See docs/teaching.md."
        console.print(Text(said, style="yellow"))
    for refused in classroom.refused:
        console.print(Text(str(refused), style="red"))


def _table(classroom: Classroom) -> Table:
    table = Table("Learner", header_style="bold")
    for problem in classroom.problems:
        table.add_column(Text(problem.title), justify="right", max_width=18)
    table.add_column("Total", justify="right")
    for learner in classroom.learners:
        cells = []
        for problem in classroom.problems:
            graded = classroom.best.get((learner.key, problem.slug))
            if graded is None:
                said = "not graded" if problem.slug in classroom.troubles else "-"
                cells.append(Text(said, style="dim"))
                continue
            verdict = graded.verdict
            passed = len(verdict.statuses) - len(verdict.not_passed)
            style = "green" if verdict.passed else "yellow" if passed else "red"
            cells.append(Text(f"{passed}/{len(verdict.statuses)}", style=style))
        total = classroom.total(learner)
        in_words = "-" if total is None else f"{100 * total:.0f} %"
        table.add_row(Text(printable(learner.name, NAME)), *cells, in_words)
    return table
