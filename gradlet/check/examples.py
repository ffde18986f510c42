"""The examples of a problem's text are true: `doctest` runs them on the reference solution."""

import doctest
import json
import re

from gradlet import markdown
from gradlet.check.report import Count, Report
from gradlet.check.runner import Job, Outcome
from gradlet.check.subject import Subject
from gradlet.complaint import Complaint
from gradlet.examination import line_of

# Run like a hidden test, so that the examples are run wherever the tests are.
_TEST = """
import doctest
import json

import numpy as np
import reference.{name}

def shown(text):
    text = repr(text.strip())
    return text if len(text) <= {length} else text[:{length}] + "…"

def test_examples(solution):
    wrong = []

    class Listener(doctest.DocTestRunner):
        def report_failure(self, out, test, example, got):
            self.note(example, got)

        def report_unexpected_exception(self, out, test, example, exc_info):
            got = f"{{exc_info[0].__name__}}: {{exc_info[1]}}"
            self.note(example, got)

        def note(self, example, got):
            want = example.want and shown(example.want)
            wrong.append((example.lineno + 1, want, shown(got)))

    names = {{"np": np, **vars(reference.{name})}}
    text = doctest.DocTestParser().get_doctest({text!r}, names, "examples", None, 0)
    Listener(verbose=False).run(text, out=lambda _: None)
    if wrong:
        said = {{"count": len(wrong), "first": wrong[:{most}]}}
        raise AssertionError(json.dumps(said, ensure_ascii=False))
"""
# What is said of wrong examples, and of how many: the grader cuts a message that is too long.
LENGTH = 100  # characters
MOST = 5


class Examples:
    """All `>>>` of the problem's code blocks: one session, in the order of the text."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._errors: list[Complaint] = []
        text = _only_examples(subject.text)
        try:
            self._total = len(doctest.DocTestParser().get_examples(text))
        except ValueError as error:  # it names the line: "line 3 of the docstring for ..."
            self._total = 0
            line, problem = re.findall(r"line (\d+) of the docstring for \S+ (.*)", str(error))[0]
            self._complain(int(line), f"doctest cannot read the example: it {problem}", _FORM)
        else:
            if not self._total:
                self._complain(_section(subject.text), "there is no example", _FORM)
        self.jobs = [self._job(text)] if self._total else []

    def _job(self, text: str) -> Job:
        job = self._subject.job(self._subject.problem.reference_source)
        fields = json.loads(job.problem)
        name = self._subject.problem.name
        source = _TEST.format(name=name, text=text, length=LENGTH, most=MOST)
        fields |= {"tests": ["test_examples"], "test_source": source}
        return Job(json.dumps(fields), job.code, job.limit)

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        wrong = 0
        for outcome in outcomes:
            if outcome.trouble:
                fix = "correct the examples or the reference solution"
                self._complain(_section(self._subject.text), outcome.trouble, fix)
                self._total = 0
            for result in outcome.results.values():
                if not result["message"]:
                    continue
                said = json.loads(result["message"])
                wrong += said["count"]
                for line, want, got in said["first"]:
                    expected = f"{want}, as written below it" if want else "nothing"
                    problem = f"the example should give {expected}, but gives {got}"
                    self._complain(line, problem, "correct the example or the reference solution")
        report.errors += self._errors
        report.examples = Count(self._total - wrong, self._total)

    def _complain(self, line: int, problem: str, fix: str) -> None:
        self._errors.append(Complaint(self._subject.problem.path, line, problem, fix))


_FORM = "write one in a ```python block: `>>> f(np.array([1.0]))`, and below it what comes of it"


def _only_examples(text: str) -> str:
    """The code blocks with examples on the lines that they have in the file, all else blank."""
    lines = [""] * (text.count("\n") + 2)
    for token in markdown.parse(text):
        if token.type == "fence" and re.search(r"^\s*>>>", token.content, re.MULTILINE):
            code = token.content.splitlines()
            lines[line_of(token) : line_of(token) + len(code)] = code
    return "\n".join(lines)


def _section(text: str) -> int:
    """The line of the heading "Examples"."""
    for index, line in enumerate(text.split("\n"), 1):
        if re.match(r"##\s+Examples", line):
            return index
    return 1
