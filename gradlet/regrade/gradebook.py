"""The gradebook: CSV that Moodle and Canvas import.

`Student`, `ID`, `SIS User ID`, `SIS Login ID` and `Section` are the columns by which Canvas knows
a student; Moodle is told which of them to take. Then come one column for each problem, and the
total: per cent of the hidden tests that passed.
"""

import csv
from pathlib import Path

from gradlet.regrade.classroom import Classroom

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
TOTAL = "Gradlet total"
POINTS = "    Points Possible"  # as Canvas writes it, spaces and all
# How formulas begin, also with the wide characters that some spreadsheets take for the same.
FORMULA = tuple(
    "=+-@|%\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)


def write(path: Path, classroom: Classroom) -> None:
    """Write the gradebook of a class to `path`."""
    problems = classroom.problems
    with path.open("w", encoding="utf-8", newline="") as stream:
        # Quoted: where a ; separates cells, one inside a name begins no cell.
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow([*HEAD, *(safe(problem.title) for problem in problems), TOTAL])
        writer.writerow([POINTS, "", "", "", "", *("100" for _ in problems), "100"])
        for learner in classroom.learners:
            person = (learner.name, learner.canvas_id, learner.number, learner.login, "")
            shares = [classroom.share(learner, problem) for problem in problems]
            grades = [*shares, classroom.total(learner)] if problems else []
            writer.writerow([*map(safe, person), *map(_points, grades)])


def _points(share: float | None) -> str:
    # Nothing, where the grader failed and not the learner: platforms leave such a grade alone.
    return "" if share is None else f"{100 * share:.1f}"


def safe(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
