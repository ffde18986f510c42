"""The grader: runs hidden pytest tests on a learner's code and tells what came of each.

Ordinary Python: the worker imports it inside Pyodide, and native pytest tests it.

    run.py        the run: collect the tests, load the solution, one event after another
    try_it.py     the learner's code with a call of their own
    bridge.py     the run as the worker calls it: text in, text out
    solution.py   the learner's code: loaded, checked, every call recorded
    guard.py      learners' code is called: apart from what is not for it
    audit.py      what it must not reach meanwhile
    tripwire.py   what it leaves behind must not run when nobody calls it
    kept.py       what it must leave as it was
    plainness.py  code that needs no guard, since it only computes
    plain.py      results that cannot lie to a comparison
    reference.py  the reference, importable while the tests are collected and never after
    compare.py    comparisons for hidden tests, whose failures carry expected and got
    comparison.py the numbers of such a failure, as the page draws them
    patterns.py   in which way a wrong result differs, where the way is a known one
    mistakes.py   which of the author's wrong solutions returns the same
    copied.py     copies of what a solution is given and gives
    show.py       values as a learner reads them
    report.py     an exception becomes a result that a learner can read
    output.py     what the learner prints, up to a limit
    figures.py    what is drawn with matplotlib, as pictures
    session.py    a pytest session in three parts: set up, collected, run
"""

from .run import BrokenProblem, Problem, grade

__all__ = ["BrokenProblem", "Problem", "grade"]
