"""A class without a server: `python build.py regrade` runs what learners handed in once more.

The code of learners runs in a process of its own, apart from the hidden tests and confined by the
operating system; the tests call it through a pipe. So no code can tell the tests what to say.

work_file.py    what a learner handed in, read and checked
submission.py   the code of a learner for a problem, and what the learner's browser said of it
similar.py      code that is equal but for names and layout

grade.py        one submission graded: hidden tests here, the learner's code in a child
remote.py       ... the child, as the tests see it
codec.py        ... values on their way between the two
child.py        ... the child itself
sandbox.py      ... what the operating system denies it

cache.py        verdicts kept from one run of the command to the next
parallel.py     many submissions at once, on this machine or a Dask cluster
known.py        the reference and the known wrong solutions, graded like submissions
classroom.py    all of it put together: who solved what, and what to look at

table.py, gradebook.py, html.py     what people read
command.py      `regrade`
"""
