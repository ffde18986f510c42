"""The report on a class: a page of it, and one for each problem with the learners' code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gradlet import __version__
from gradlet.dist import Dist
from gradlet.problem import Problem
from gradlet.regrade.classroom import Classroom, Graded
from gradlet.templates import templates

TEMPLATES = Path(__file__).parent
STYLES = ("tokens.css", "base.css")


def write(folder: Path, classroom: Classroom, root: Path) -> Path:
    """Write the report into `folder`; returns its first page.

    Raises:
        NotOurs: the folder holds something else.
    """
    dist = Dist(folder)
    style = "".join((root / "site" / "styles" / name).read_text("utf-8") for name in STYLES)
    style += (TEMPLATES / "report.css").read_text("utf-8")
    shared = {"classroom": classroom, "style": style, "version": __version__, "passes": _passes}
    dist.write("index.html", _render("report.html.jinja", shared))
    for problem in classroom.problems:
        groups = _groups(classroom, problem)
        values = {**shared, "problem": problem, "groups": groups}
        page = _render("report-problem.html.jinja", values)
        dist.write(f"{problem.slug}.html", page)
    dist.sweep()
    return folder / "index.html"


def _render(name: str, values: Mapping[str, Any]) -> str:
    """Everything that learners wrote is escaped."""
    page = templates(TEMPLATES).get_template(name).render(values)
    return page.encode(errors="replace").decode()  # code may raise half a character


def _passes(graded: Graded) -> int:
    return len(graded.verdict.statuses) - len(graded.verdict.not_passed)


def _groups(classroom: Classroom, problem: Problem) -> list[tuple[str, list[Graded]]]:
    """Submissions by what came of them: those to read first come first."""
    groups: dict[str, list[Graded]] = {}
    for graded in classroom.of(problem):
        groups.setdefault(_outcome(graded), []).append(graded)
    return sorted(groups.items(), key=lambda group: (group[1][0].verdict.passed, -len(group[1])))


def _outcome(graded: Graded) -> str:
    verdict = graded.verdict
    if verdict.passed:
        return "Every test passes"
    if graded.mistake:
        return f"Known mistake: {graded.mistake.sentence}"
    if verdict.trouble:
        return "Not every test could be run"
    return "Other mistakes"
