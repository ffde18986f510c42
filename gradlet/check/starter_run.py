"""The starter code can be graded as it stands, and is not yet a solution."""

from gradlet import markdown
from gradlet.check.report import Report
from gradlet.check.runner import Outcome
from gradlet.check.subject import Subject
from gradlet.complaint import Complaint
from gradlet.examination import line_of


class StarterRun:
    """One run of the starter code."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.jobs = [subject.job(subject.problem.starter)]

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        (outcome,) = outcomes
        if outcome.trouble:
            problem = f"the starter code cannot be graded: {outcome.trouble}"
            fix = "correct it: a learner who presses Run tests should see tests fail, nothing else"
        elif outcome.passed:
            problem = "the starter code passes every test"
            fix = "take the solution out of it, or write tests that notice that it is none"
        else:
            report.starter = True
            return
        report.errors.append(Complaint(self._subject.problem.path, self._line(), problem, fix))

    def _line(self) -> int:
        for token in markdown.parse(self._subject.text):
            if token.type == "fence" and token.content == self._subject.problem.starter:
                return line_of(token) + 1
        return 1
