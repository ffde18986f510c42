"""The starter code can be graded as it stands, and is not yet a solution."""

from gradlet import markdown
from gradlet.check.report import Report
from gradlet.check.runner import Outcome
from gradlet.check.subject import Subject
from gradlet.complaint import Complaint
from gradlet.examination import line_of


class StarterRun:
    """One run of the starter code, as each language has it."""

    def __init__(self, subject: Subject) -> None:
        self._languages = subject.languages
        self.jobs = [subject.job(one.problem.starter) for one in self._languages]

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        errors = [*filter(None, map(_error, self._languages, outcomes))]
        report.errors += errors
        report.starter = not errors


def _error(subject: Subject, outcome: Outcome) -> Complaint | None:
    if outcome.trouble:
        problem = f"the starter code cannot be graded: {outcome.trouble}"
        fix = "correct it: a learner who presses Run tests should see tests fail, nothing else"
    elif outcome.passed:
        problem = "the starter code passes every test"
        fix = "take the solution out of it, or write tests that notice that it is none"
    else:
        return None
    return Complaint(subject.problem.path, _line(subject), problem, fix)


def _line(subject: Subject) -> int:
    for token in markdown.parse(subject.text):
        if token.type == "fence" and token.content == subject.problem.starter:
            return line_of(token) + 1
    return 1
