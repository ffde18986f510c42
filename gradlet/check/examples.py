"""The examples of a problem's text are true: `doctest` runs them on the reference solution.

Each code block is run alone, as *Try it* does on the page, and with what a learner has, whose code
began as the starter code and now gives what the reference gives. (Of the lines before the one it
runs, *Try it* leaves out those that have a result of their own.)
"""

import ast
import doctest
import json
import re
from collections.abc import Iterator
from contextlib import suppress

from gradlet import markdown
from gradlet.check.report import Count, Report
from gradlet.check.runner import Job, Outcome
from gradlet.check.subject import Subject
from gradlet.complaint import Complaint
from gradlet.examination import line_of
from gradlet.imports import undeclared
from gradlet.python_source import imports

# Run like a hidden test, so that the examples are run wherever the tests are.
_TEST = """
import contextlib
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
            wrong.append((self.line + example.lineno, want, shown(got)))

    for line, block in {blocks!r}:
        names = {{"np": np}}
        with contextlib.suppress(Exception):  # said of the starter code itself
            exec({starter!r}, names)
        names[{function!r}] = reference.{name}.{function}
        text = doctest.DocTestParser().get_doctest(block, names, "examples", None, None)
        listener = Listener(verbose=False)
        listener.line = line
        listener.run(text, out=lambda _: None)
    if wrong:
        said = {{"count": len(wrong), "first": wrong[:{most}]}}
        raise AssertionError(json.dumps(said, ensure_ascii=False))
"""
# What is said of wrong examples, and of how many: the grader cuts a message that is too long.
LENGTH = 100  # characters
MOST = 5


class Examples:
    """All `>>>` of the problem's code blocks, in one language."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._errors: list[Complaint] = []
        self._total = 0
        blocks = [(line, code) for line, code in _blocks(subject.text) if self._count(line, code)]
        if not blocks and not self._errors:
            self._complain(_section(subject.text), "there is no example", _FORM)
        self.jobs = [self._job(blocks)] if blocks else []

    def _count(self, first_line: int, code: str) -> int:
        try:
            examples = doctest.DocTestParser().get_examples(code)
        except ValueError as error:  # it names the line: "line 3 of the docstring for ..."
            line, problem = re.findall(r"line (\d+) of the docstring for \S+ (.*)", str(error))[0]
            problem = f"doctest cannot read the example: it {problem}"
            self._complain(first_line + int(line) - 1, problem, _FORM)
            return 0
        for example in examples:
            self._check_imports(first_line + example.lineno, example.source)
        self._total += len(examples)
        return len(examples)

    def _check_imports(self, first_line: int, code: str) -> None:
        root, problem = self._subject.root, self._subject.problem
        with suppress(SyntaxError):  # the run says it
            found = imports(ast.parse(code))
            for line, *said in undeclared(root, problem.name, problem.packages, found):
                self._complain(first_line + line - 1, *said)

    def _job(self, blocks: list[tuple[int, str]]) -> Job:
        problem = self._subject.problem
        job = self._subject.job(problem.reference_source)
        fields = json.loads(job.problem)
        source = _TEST.format(
            name=problem.name,
            function=problem.function,
            starter=problem.starter,
            blocks=blocks,
            length=LENGTH,
            most=MOST,
        )
        fields |= {"tests": ["test_examples"], "test_source": source}
        return Job(json.dumps(fields), job.code, job.limit)

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        wrong = 0
        for outcome in outcomes:
            if outcome.trouble:
                self._complain(_section(self._subject.text), outcome.trouble, _CORRECT)
                self._total = 0
            for result in outcome.results.values():
                if not result["message"]:
                    continue
                said = json.loads(result["message"])
                wrong += said["count"]
                for line, want, got in said["first"]:
                    expected = f"{want}, as written below it" if want else "nothing"
                    problem = f"the example should give {expected}, but gives {got}"
                    fix = _ALONE if "NameError: " in got else _CORRECT
                    self._complain(line, problem, fix)
        report.errors += self._errors
        report.examples += Count(self._total - wrong, self._total)

    def _complain(self, line: int, problem: str, fix: str) -> None:
        self._errors.append(Complaint(self._subject.problem.path, line, problem, fix))


_CORRECT = "correct the example or the reference solution"
_ALONE = (
    "write into the block itself what it uses: Try it runs it alone, with np, what the starter "
    "code imports, and the learner's function"
)
_FORM = "write one in a ```python block: `>>> f(np.array([1.0]))`, and below it what comes of it"


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """The code blocks with examples, each with its first line."""
    for token in markdown.parse(text):
        if token.type == "fence" and re.search(r"^\s*>>>", token.content, re.MULTILINE):
            yield line_of(token) + 1, token.content


def _section(text: str) -> int:
    """The line of the heading "Examples"."""
    for index, line in enumerate(text.split("\n"), 1):
        if re.match(r"##\s+Examples", line):
            return index
    return 1
