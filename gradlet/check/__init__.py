"""Proves that the tests of problems work: `check_problems`, and `python build.py check`.

check.py            every check of every problem: runs gathered, done together, judged
reference_runs.py   the reference passes: in any order, with any seed, fast
starter_run.py      the starter code can be graded and fails
examples.py         the examples in the text are true
wrong_runs.py       wrong solutions fail just the tests they name; every test is needed
mutant_runs.py      small changes of the reference are noticed

subject.py          a problem, and the jobs that are made of it
wrong_solutions.py  reads hidden_tests/wrong/
mutants.py          the changes
equivalent.py       the changes that an author has found to make no difference

runner.py           a job, its outcome, and what runs them
native.py           runs them in processes of this machine ...
worker.py           ... each of which is this script

report.py           what was found
table.py            ... for people to read
live.py             while an author writes: what has changed
"""

from gradlet.check.check import Progress, check_problems
from gradlet.check.live import LiveCheck
from gradlet.check.native import NativeRunner
from gradlet.check.report import Count, Report, as_json

__all__ = [
    "Count",
    "LiveCheck",
    "NativeRunner",
    "Progress",
    "Report",
    "as_json",
    "check_problems",
]
