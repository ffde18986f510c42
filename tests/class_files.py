"""What a class hands in: right and wrong solutions, and the files of those who mean harm."""

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wrong_solutions import WRONG_SOLUTIONS

from gradlet.fingerprint import tests_hash, text_hash
from gradlet.problem import Problem
from gradlet.regrade.classroom import Classroom

ROOT = Path(__file__).resolve().parent.parent
TARGET = "softmax-from-scratch"  # that hostile codes pretend to solve
NOW = "2027-03-01T10:15:00.000Z"

# Codes that attack, and a piece of what is said of them; `{}`: their tests' results tell.
HOSTILE_CODES = {
    "endless loop": ("def softmax(logits):\n    while True: pass", "the time limit in test_"),
    "endless loop at import": ("while True: pass", "the time limit before the first test"),
    "endless output": (
        "def softmax(logits):\n    while True: print('x' * 1000)",
        "the time limit in test_",
    ),
    "endless errors": (
        "import sys\ndef softmax(logits):\n    while True: sys.stderr.write('x' * 1000)",
        "the time limit in test_",
    ),
    "fork bomb": ("import os\nwhile True: os.fork()", "stops on line 2"),
    "threads": (
        "import threading, time\n"
        "while True: threading.Thread(target=time.sleep, args=[99]).start()",
        "stops on line 2",
    ),
    "program": ("import subprocess\nsubprocess.run(['sleep', '99'])", "stops on line 2"),
    "network": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9), 1)",
        "PermissionError",
    ),
    "end of the process": (
        "import posix\ndef softmax(logits): posix._exit(0)",
        "ended its own process in test_",
    ),
    "crash": (
        "def softmax(logits):\n    x = iter([])\n    for _ in range(300_000): x = map(abs, x)\n"
        "    return next(x)",
        "ended its own process by SIGSEGV",
    ),
    "signal to the teacher": (
        "import os, posix, signal\nposix.kill(os.getppid(), signal.SIGKILL)",
        "PermissionError",
    ),
    "signal to all": ("import posix, signal\nposix.kill(-1, signal.SIGKILL)", "PermissionError"),
    "memory": ("x = bytearray(10 ** 12)", "MemoryError"),
    "memory, bit by bit": (
        "def softmax(logits):\n    x = []\n    while True: x.append(bytearray(10 ** 8))",
        "",
    ),
    "large result": (
        "import numpy as np\ndef softmax(logits): return np.ones(10 ** 7)",
        "too large to be passed on",
    ),
    "large file": (
        "file = open('x', 'wb')\nwhile True: file.write(bytes(10 ** 6))",
        "OSError",
    ),
    "the teacher's files": (f"open({str(ROOT / 'README.md')!r}).read()", "PermissionError"),
    "the reference": (
        f"import sys\nsys.path.append({str(ROOT)!r})\n"
        "from reference.softmax_from_scratch import softmax",
        "No module named",
    ),
    "many files": (
        "for n in range(10 ** 6): open(str(n), 'wb').write(bytes(10 ** 7))",
        "filled its folder with files",
    ),
    "nested folders": ("import os\nwhile True: os.mkdir('x'); os.chdir('x')", "PermissionError"),
    "deletion": (f"import os\nos.unlink({str(ROOT / 'README.md')!r})", "PermissionError"),
    "answers for the grader": (
        "import os\n"
        "for descriptor in range(3, 64):\n"
        '    try: os.write(descriptor, b\'{"kind": "result"}\' * 9)\n'
        "    except OSError: pass\n"
        "def softmax(logits): return logits",
        "interfered with the grader",
    ),
    "changed NumPy": (
        "import numpy as np\nnp.isclose = np.allclose = lambda *a, **k: np.True_\n"
        "def softmax(logits): return np.zeros(len(logits))",
        "",
    ),
    "value that equals all": (
        "class Equal:\n    def __eq__(self, other): return True\n"
        "    def __array__(self, *a, **k): raise SystemExit\n"
        "def softmax(logits): return Equal()",
        "",
    ),
    "changed pytest": (
        "import sys\nfor name in list(sys.modules):\n"
        "    if 'pytest' in name or 'grader' in name: sys.modules[name].__dict__.clear()\n"
        "def softmax(logits): return logits * 0.5",
        "",
    ),
    "exit": ("raise SystemExit('passed')", "SystemExit"),
    "no Python": ("def softmax(logits:", "SyntaxError"),
    "null bytes": ("def softmax(logits):\n\0", "null bytes"),
    "deep nesting": ("x = " + "-" * 100_000 + "1", "MemoryError"),
    "deep result": (
        "def softmax(logits):\n    x = []\n    for _ in range(9999): x = [x]\n    return x",
        "lists within lists, more than 20 deep",
    ),
}

# What some systems cannot deny would do harm there, or come out otherwise.
_NEEDS = {
    "reading files": ("the teacher's files", "the reference", "large file"),
    "changing files": ("deletion", "nested folders"),
    "threads and other programs": ("fork bomb", "threads", "program", "signal to the teacher"),
    "network": ("network", "signal to all"),
    "memory": ("memory", "memory, bit by bit"),
}
PROBE = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
from gradlet.regrade.sandbox import confine
print(*confine(Path.cwd(), 5), sep="\\n")
"""


def not_denied() -> list[str]:
    """What this system cannot deny learners' code: see `sandbox.confine`."""
    command = [sys.executable, "-c", PROBE]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")


for what in not_denied():
    for title in _NEEDS.get(what, ()):
        HOSTILE_CODES.pop(title, None)

# Files that are no saved work, and a piece of the line that is said of each.
HOSTILE_FILES: dict[str, tuple[bytes, str]] = {
    "empty.json": (b"", "damaged, or not JSON"),
    "cut.json": (b'{"format": "gradlet-work", "version": 1, "probl', "damaged, or not JSON"),
    "binary.json": (bytes(range(256)), "damaged, or not JSON"),
    "nested.json": (b"[" * 100_000, "damaged, or not JSON"),
    "other.json": (b'{"name": "tsconfig"}', "no saved work of Gradlet"),
    "list.json": (b"[1, 2, 3]", "no saved work of Gradlet"),
    "future.json": (b'{"format": "gradlet-work", "version": 2}', "its `version` is not 1"),
    "schema.json": (b'{"format": "gradlet-work", "version": 1}', "damaged: saved"),
    "huge.json": (b" " * 20_000_001, "larger than 20 MB"),
    "class.zip": (b"PK\x03\x04" + bytes(99), "a zip archive: unpack it first"),
    "\x1b[31mred\n.json": (b"{}", "no saved work"),
}


@dataclass(frozen=True)
class Expected:
    """Somebody who handed in a file, and what has to come of it."""

    name: str  # as the table shows it
    slug: str
    fails: tuple[str, ...] | None  # the tests; None: not all of them pass
    said: str = ""  # a piece of the trouble or of a message
    claims: bool = False


def work(problem: Problem, name: str, code: str, *, claims: bool = False) -> dict[str, Any]:
    """A file of saved work with one problem, as a JSON object."""
    results = {test.name: "passed" if claims else "failed" for test in problem.tests}
    attempt = {"at": NOW, "code": code, "passed": claims, "results": results}
    return {
        "format": "gradlet-work",
        "version": 1,
        "saved": NOW,
        "site": {"version": "0.1.0", "address": "https://example.org/"},
        "learner": name,
        "problems": {
            problem.slug: {
                "problem": text_hash(ROOT, problem),
                "tests": tests_hash(problem),
                "code": code,
                "changed": NOW,
                "attempts": [attempt],
            }
        },
    }


def write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(json.dumps(content), encoding="utf-8")


def write_class(folder: Path, problems: dict[str, Problem], count: int) -> list[Expected]:
    """Write the work of a class of `count` into `folder`, and beside it the hostile files.

    In turn: a right solution, a wrong one, a hostile one; no two codes are the same text.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_name = {problem.name: problem for problem in problems.values()}
    wrong = [each for each in WRONG_SOLUTIONS if each.problem in by_name]
    hostile = list(HOSTILE_CODES.items())
    expected: list[Expected] = []
    for index in range(count):
        kind, turn = index % 3, index // 3
        name = f"Learner {index:04}"
        if kind == 0:
            problem = list(problems.values())[turn % len(problems)]
            code, each = problem.reference_source, Expected(name, problem.slug, ())
        elif kind == 1:
            solution = wrong[turn % len(wrong)]
            problem, code = by_name[solution.problem], solution.code
            each = Expected(name, problem.slug, solution.fails)
        else:
            problem = problems[TARGET]
            title, (code, said) = hostile[turn % len(hostile)]
            claims = "loop" not in title
            each = Expected(name, TARGET, None, said, claims)
        content = work(problem, name, f"{code}\n# {index}\n", claims=each.claims)
        write(folder / f"{index:04}.json", content)
        expected.append(each)
    for name, (data, _said) in HOSTILE_FILES.items():
        (folder / name).write_bytes(data)
    return expected


def difference(expected: Expected, classroom: Classroom) -> str | None:
    """What came of somebody's file otherwise than expected, if anything did."""
    (learner,) = (each for each in classroom.learners if each.name == expected.name)
    verdict = classroom.best[learner.key, expected.slug].verdict
    if expected.fails is not None:
        same = tuple(verdict.not_passed) == expected.fails and not verdict.trouble
    else:
        said = " ".join([verdict.trouble or "", *verdict.messages.values()])
        same = not verdict.passed and expected.said in said
    return None if same else f"{expected}: {verdict}"
