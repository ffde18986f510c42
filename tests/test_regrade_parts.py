"""Re-grading, part by part: files, names, values on their way, equal code, the confinement."""

import ast
import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from class_files import HOSTILE_FILES, ROOT, work

from gradlet.pages import for_grader
from gradlet.problem import Problem
from gradlet.regrade import grade as regrade_grade
from gradlet.regrade import remote
from gradlet.regrade.cache import Cache, _grader_hash, key_of
from gradlet.regrade.codec import Codec, NotAMessage, Opaque, restored
from gradlet.regrade.grade import Task, _Run, grade
from gradlet.regrade.gradebook import safe
from gradlet.regrade.pipe import ARRAY, LARGEST, TooLarge
from gradlet.regrade.remote import Child, End
from gradlet.regrade.similar import canonical_hash
from gradlet.regrade.submission import learner_of, moodle_number, submissions
from gradlet.regrade.work_file import Refused, WorkFile, expand, printable, read

Problems = dict[str, Problem]


@pytest.fixture
def softmax(problems: Problems) -> Problem:
    return problems["softmax-from-scratch"]


# -- files


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_file_that_is_no_saved_work_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    content, said = HOSTILE_FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match=said) as refused:
        read(tmp_path / name)
    assert printable(str(refused.value), 1000) == str(refused.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="there is no such file"):
        read(tmp_path / "none.json")
    with pytest.raises(Refused, match="it is no file"):
        read(Path("/dev/zero"))


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("problems", {"../../etc": {}}, "String should match pattern"),
        ("problems", {"softmax": {"code": "x"}}, "problems → softmax → problem"),
        ("learner", 7, "learner: Input should be a valid string"),
        ("learner", "x" * 201, "at most 200 characters"),
        ("saved", "yesterday", "saved: String should match pattern"),
    ],
)
def test_damaged_field_is_named(
    place: str, value: object, said: str, softmax: Problem, tmp_path: Path
) -> None:
    file = tmp_path / "work.json"
    file.write_text(json.dumps({**work(softmax, "Ada", "pass"), place: value}))
    with pytest.raises(Refused, match=said):
        read(file)


def test_code_has_a_limit_and_other_fields_are_ignored(softmax: Problem, tmp_path: Path) -> None:
    file = tmp_path / "work.json"
    file.write_text(json.dumps({**work(softmax, "Ada", "x" * 200_000), "colour": "blue"}))
    assert read(file).learner == "Ada"
    file.write_text(json.dumps(work(softmax, "Ada", "x" * 200_001)))
    with pytest.raises(Refused, match="at most 200000 characters"):
        read(file)


def test_folders_are_searched_for_all_that_was_handed_in(tmp_path: Path) -> None:
    hidden = (".DS_Store", ".git/config")
    for name in ("b/work.json", "a/work.json", "a/work.json.txt", *hidden):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = list(expand([tmp_path, tmp_path / ".DS_Store"]))
    assert found == [
        tmp_path / "a" / "work.json",
        tmp_path / "a" / "work.json.txt",
        tmp_path / "b" / "work.json",
        tmp_path / ".DS_Store",  # since it was named
    ]


# -- who handed in what

MOODLE = "_assignsubmission_file"


def opened(softmax: Problem, name: str, **changes: Any) -> WorkFile:
    content = work(softmax, name, "current")
    content["problems"][softmax.slug] |= changes
    return WorkFile.model_validate(content)


@pytest.mark.parametrize(
    ("path", "typed", "name", "key", "canvas"),
    [
        ("work.json", "Ada", "Ada", "name ada", ""),
        ("ada.json", "", "ada", "name ada", ""),
        (f"Ada Lovelace_1815{MOODLE}_/w.json", "A", "Ada Lovelace", "moodle ada lovelace", ""),
        (f"Ada Lovelace_1815{MOODLE}_w.json", "", "Ada Lovelace", "moodle ada lovelace", ""),
        # The learner's own name for the file may look like Moodle's.
        (f"Eve_111{MOODLE}_x_222{MOODLE}.json", "", "Eve", "moodle eve", ""),
        (f"Eve_111{MOODLE}_/Ada_222{MOODLE}_.json", "", "Eve", "moodle eve", ""),
        (f"Eve_111{MOODLE}_/Ada_222{MOODLE}_/w.json", "", "Eve", "moodle eve", ""),
        ("lovelaceada_1815_77_gradlet.json", "", "lovelaceada", "canvas 1815", "1815"),
        ("lovelaceada_LATE_1815_77_gradlet.json", "Ada", "lovelaceada", "canvas 1815", "1815"),
    ],
)
def test_learner_is_known_by_the_platform_or_by_what_was_typed(
    path: str, typed: str, name: str, key: str, canvas: str, softmax: Problem
) -> None:
    learner = learner_of(Path("folder", path), opened(softmax, typed))
    assert (learner.name, learner.key, learner.canvas_id) == (name, key, canvas)


def test_moodles_number_belongs_to_one_download() -> None:
    week = Path("handed-in", "week-1")
    for name in (f"Ada_7{MOODLE}_/w.json", f"Ada_7{MOODLE}_w.json", f"Ada_7{MOODLE}_/a/b/w.json"):
        assert moodle_number(week / name) == (week, "7")
    assert moodle_number(week / "lovelaceada_1815_77_gradlet.json") is None


def test_number_and_login_are_recognised(softmax: Problem) -> None:
    for typed, number, login in (
        ("s1815", "s1815", ""),
        ("ada@example.org", "", "ada@example.org"),
        ("Ada Lovelace", "", ""),
        ("ada 1815", "", ""),
    ):
        learner = learner_of(Path("work.json"), opened(softmax, typed))
        assert (learner.number, learner.login) == (number, login)


def test_current_code_and_last_that_claims_to_pass_are_graded(softmax: Problem) -> None:
    def attempt(second: int, code: str, passed: bool) -> dict[str, Any]:
        at = f"2027-03-01T10:00:{second:02}Z"
        return {"at": at, "code": code, "passed": passed, "results": {}}

    runs = [attempt(3, "second", True), attempt(1, "first", True), attempt(5, "third", False)]
    found = list(submissions(Path("w.json"), opened(softmax, "Ada", attempts=runs)))
    assert [(each.code, each.claims_to_pass) for each in found] == [
        ("second", True),
        ("current", False),
    ]
    found = list(submissions(Path("w.json"), opened(softmax, "Ada", attempts=[], code=None)))
    assert found == []


def test_nothing_in_a_name_controls_a_terminal_or_a_spreadsheet() -> None:
    assert printable("\x1b[2J\u202eevil\n\tname") == "�[2J�evil name"
    assert len(printable("x" * 1000)) == 80
    wide = ("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A1")
    for formula in ("=1+1", "+1", "-1", "@SUM(A1)", "  =1", "|calc", "%x", *wide):
        assert safe(formula) == "'" + formula
    assert safe("Ada = Lovelace") == "Ada = Lovelace"


# -- values on their way between tests and code


def there_and_back(value: object) -> Any:
    def call(number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        return here.functions[number](*args, **kwargs)

    here = Codec(call)
    return Codec(call).decode(json.loads(json.dumps(here.encode(value))))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        10**30,
        0.1,
        float("-inf"),
        "ü\ud800",
        b"\x00\xff",
        1 + 2j,
        [1, [2.0, "x"]],
        (1, (2,)),
        {1: "x", (2, 3): [None]},
        {1, 2},
        frozenset({"a"}),
    ],
    ids=repr,
)
def test_python_values_arrive_as_they_were(value: object) -> None:
    got = there_and_back(value)
    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.asfortranarray(np.arange(6, dtype=np.int16).reshape(2, 3)),
        np.arange(6.0)[::-2],
        np.zeros((0, 3), dtype=np.float32),
        np.array(3.5),
        np.array([True, False]),
        np.array(["a", "bc"]),
        np.array([1 + 1j, np.nan]),
        np.array([1, None, "x", [2]], dtype=object),
        np.array(["2027-03-01"], dtype="datetime64[D]"),
        np.array([1.0], dtype=">f8"),
    ],
    ids=lambda array: f"{array.dtype}{array.shape}",
)
def test_arrays_arrive_as_they_were(array: np.ndarray[Any, Any]) -> None:
    got = there_and_back(array)
    assert got.dtype == array.dtype
    np.testing.assert_array_equal(got, array)
    assert got.flags.writeable
    assert got.flags.f_contiguous == array.flags.f_contiguous or array.strides[0] < 0


def test_other_values_arrive() -> None:
    scalar = there_and_back(np.float32(0.5))
    assert type(scalar) is np.float32
    assert scalar == 0.5
    rng = np.random.default_rng(5)
    rng.random(3)
    assert there_and_back(rng).random() == rng.random()
    assert there_and_back(lambda x: x + 1)(2) == 3
    strange = there_and_back(np.matmul.__class__)
    assert isinstance(strange, Opaque)
    assert type(strange).__name__ == "type"


def test_array_of_the_size_that_is_promised_fits() -> None:
    codec = Codec(lambda *_: None)
    assert len(json.dumps(codec.encode(np.ones(ARRAY // 8)))) < LARGEST - 500_000
    with pytest.raises(TooLarge, match="of 14 MB is too large"):
        codec.encode(np.ones(1_700_000))


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"is": "module", "of": "os"},
        {"is": "array", "dtype": "O", "shape": [1], "order": "C", "of": "AAAAAAAAAAA="},
        {"is": "array", "dtype": "V8", "shape": [1], "order": "C", "of": "AAAAAAAAAAA="},
        {"is": "array", "dtype": "<f8", "shape": [10**12], "order": "C", "of": "AAAA"},
        {"is": "array", "dtype": "<f8", "shape": [-1], "order": "C", "of": "%%%"},
        {"is": "objects", "shape": [10**15], "of": []},
        {"is": "rng", "of": {"is": "dict", "of": [["bit_generator", "__class__"]]}},
        {"is": "yours", "of": 10**9},
        {"is": "set", "of": [[1]]},
        {"is": "tuple", "of": 3},
    ],
)
def test_what_no_encoder_wrote_is_refused(message: object) -> None:
    with pytest.raises(NotAMessage):
        Codec(lambda *_: None).decode(message)


def test_changes_reach_the_very_objects_that_were_given() -> None:
    array, other, tupled = np.zeros(2), np.ones(1), (np.zeros(1),)
    inner = [1, other]
    given = [array, inner, {"a": 1}, tupled]
    after = [np.array([5.0, 6.0]), [2, np.array([7.0]), "new"], {"b": [1]}, (np.array([8.0]),)]
    assert restored(given, after) is given
    assert given[0] is array
    assert array.tolist() == [5.0, 6.0]
    assert inner[0] == 2
    assert given[2] == {"b": [1]}
    assert given[3] is tupled
    assert tupled[0].tolist() == [8.0]
    assert other.tolist() == [1.0]  # that list has other items now


# -- code that is equal but for names and layout

CODE = """
import numpy as np

def softmax(logits):
    shifted = logits - np.max(logits)
    return np.exp(shifted) / np.sum(np.exp(shifted))
"""
RENAMED = '''
import numpy


def softmax(z: numpy.ndarray) -> numpy.ndarray:
    """Probabilities."""
    a: numpy.ndarray = z - numpy.max(z)  # stable
    return (
        numpy.exp(a) / numpy.sum(numpy.exp(a))
    )
'''


def test_renamed_code_is_equal_and_other_code_is_not() -> None:
    assert canonical_hash(CODE) == canonical_hash(RENAMED) is not None
    assert canonical_hash(CODE) != canonical_hash(CODE.replace("np.max", "np.min"))
    assert canonical_hash(CODE) != canonical_hash(
        CODE.replace("np.sum(np.exp(shifted))", "shifted")
    )
    swapped = "def f(a, b): return a - b", "def f(a, b): return b - a"
    assert canonical_hash(swapped[0]) != canonical_hash(swapped[1])
    assert canonical_hash("def f(:") is None


# -- one code graded


def judged(softmax: Problem, code: str, limit: float = 10) -> Any:
    return grade(Task(for_grader(softmax).decode(), code, limit))


def test_learner_hears_the_words_of_the_page(softmax: Problem, graded: Any) -> None:
    for code in (
        "def softmax(logits): return 1 / 0",
        "def softmax(logits): return {}['a']",
        "def softmax(logits):\n    return logit",
        "def softmax(logits): raise SystemExit",
        "import numpy as np\ndef softmax(logits): return np.linalg.inv(np.zeros((2, 2)))",
        "def softmax(logits): return [0.5] * len(logits)",
        "def softmax(logits): logits -= 1; return logits",
        "def softmax(logits): return None",
        "import numpy as np\ndef softmax(logits): return np.exp",
        "def softmax(logits): return map(abs, logits)",
        "class Odd(list):\n    pass\ndef softmax(logits): return Odd(logits)",
        "class Odd:\n    pass\ndef softmax(logits): return [Odd()]",
        "def softmax(): return None",
        "import numpy as np\ndef softmax(*z): e = np.exp(z[0]); return e / e.sum()",
        "async def softmax(logits): return None",
        "softmax = 3",
        "def softmax(:",
        "import nowhere",
        "x = 1\n\n1 / 0",
    ):
        here, there = judged(softmax, code), graded(softmax.name, code)
        assert there.of("broken") == []
        assert {test: status for test, status in here.statuses.items() if status != "skipped"} == {
            test: result["status"] for test, result in there.results.items()
        }, code
        for test, message in here.messages.items():
            assert message == there.results[test]["message"]
        if unusable := there.of("unusable"):
            assert here.trouble == unusable[0]["message"]


@pytest.mark.parametrize(
    "drawn", ["np.random.rand()", "random.random()", "START", "list(set('abcdef')).index('a')"]
)
def test_chance_is_the_same_each_time(softmax: Problem, drawn: str) -> None:
    code = f"import random, numpy as np\nSTART = np.random.rand()\ndef softmax(z): return {drawn}"
    task = Task(for_grader(softmax).decode(), code, 10)
    values = [grade(task).values["test_output_shape"] for _ in range(3)]
    assert values[0]
    assert values[0] == values[1] == values[2]


@contextmanager
def parsing_amid_parsing() -> Iterator[None]:
    """As in a Dask worker, where another thread may have its turn for what the collector calls."""

    def parse(_phase: str, _info: object) -> None:
        ast.parse("x = 1")

    threshold = gc.get_threshold()
    gc.set_threshold(50)
    gc.callbacks.append(parse)
    try:
        yield
    finally:
        gc.callbacks.remove(parse)
        gc.set_threshold(*threshold)


def test_other_threads_do_not_make_the_grader_fail(softmax: Problem) -> None:
    with parsing_amid_parsing():
        verdict = judged(softmax, softmax.reference_source)
    assert verdict.passed
    assert gc.isenabled()


def test_code_finds_nothing_of_the_teachers(softmax: Problem) -> None:
    code = """
import os, sys
def softmax(logits):
    raise ValueError(repr((sorted(os.environ), sys.argv, os.listdir("."), [
        path for path in sys.path if os.path.exists(path + "/reference")
    ], [name for name in sys.modules if "reference" in name or "hidden" in name])))
"""
    said = judged(softmax, code).messages["test_formula"]
    for name in ("HOME", "PATH"):
        assert name in said  # PATH in PYTHONPATH
    assert "'PATH'" not in said
    assert said.endswith("[], [], [])")


# -- confinement without Landlock, as on older kernels

CONFINED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from gradlet.regrade import sandbox
sandbox.KERNEL
print(sandbox.confine(Path.cwd(), 5))
import os, socket
for attempt in (
    lambda: open("x", "w"),
    lambda: os.open("x", os.O_CREAT | os.O_RDWR),
    lambda: os.unlink("here"),
    lambda: os.rename("here", "there"),
    lambda: os.mkdir("folder"),
    lambda: os.truncate("here", 0),
    lambda: os.chmod("here", 0),
    lambda: os.fork(),
    lambda: socket.socket(),
    lambda: os.kill(os.getppid(), 0),
):
    try:
        attempt()
        print("allowed")
    except PermissionError:
        print("refused")
print(open("here").read())
"""


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="seccomp is Linux's")
# How the sandbox is told of an older kernel, and what cannot be denied there.
KERNELS = {
    "without Landlock": ("_landlock = lambda *_: 0", "['reading files']"),
    "with the first Landlock": (
        "_RIGHTS, sandbox._KNOWS_TRUNCATE = {n: 13 for n in range(99)}, 99",
        "[]",
    ),
}
# What is said where seccomp is missing, by the version of Landlock.
WITHOUT_SECCOMP = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from gradlet.regrade import sandbox
sandbox._SYSCALLS = {}
sandbox._landlock = lambda *_: int(sys.argv[2])
print(sandbox.confine(Path.cwd(), 5)[2:])
"""


def run_confined(program: str, folder: Path, *arguments: str) -> list[str]:
    command = [sys.executable, "-c", program, str(ROOT), *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split("\n")[:-1]


@on_linux
@pytest.mark.parametrize("kernel", KERNELS)
def test_nothing_can_be_changed_on_an_older_kernel(kernel: str, tmp_path: Path) -> None:
    """Also not emptied, which the first Landlock does not prevent."""
    (tmp_path / "here").write_text("still here")
    setting, not_denied = KERNELS[kernel]
    said = run_confined(CONFINED.replace("KERNEL", setting), tmp_path)
    assert said == [not_denied, *["refused"] * 10, "still here"]
    assert [file.name for file in tmp_path.iterdir()] == ["here"]


@on_linux
@pytest.mark.parametrize(
    ("version", "said"),
    [("0", "['reading files', 'changing files']"), ("2", "['changing files']"), ("3", "[]")],
)
def test_what_landlock_cannot_deny_alone_is_said(version: str, said: str, tmp_path: Path) -> None:
    assert run_confined(WITHOUT_SECCOMP, tmp_path, version) == [said]


# -- the disk, and the end of the command


@on_linux
@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "n = 0\nwhile True:\n    n += 1\n    open(str(n), 'wb').write(bytes(15 * 10 ** 6))",
            "filled its folder with files and was stopped before the first test",
        ),
        (
            "n = 0\nwhile True:\n    n += 1\n    open(str(n), 'wb').close()",
            "filled its folder with files and was stopped before the first test",
        ),
        ("import os\nos.mkdir('folder')", "PermissionError"),
    ],
)
def test_disk_is_not_filled_and_no_folders_are_nested(
    code: str, said: str, softmax: Problem
) -> None:
    verdict = judged(softmax, code, 60)
    assert said in verdict.trouble
    assert not verdict.passed


def test_folder_may_hold_what_honest_code_writes(tmp_path: Path) -> None:
    for n in range(remote.ENTRIES):
        (tmp_path / str(n)).touch()
    assert not remote._overfull(str(tmp_path))
    (tmp_path / "0").unlink()
    (tmp_path / "deep").mkdir()
    assert not remote._overfull(str(tmp_path))
    (tmp_path / "deep" / "one more").touch()
    assert remote._overfull(str(tmp_path))


# A regrade that is killed, and the code that it was running.
KILLED = """
import sys
sys.path[:0] = sys.argv[1:3]
from gradlet.regrade.remote import Child
with Child() as child:
    print(child._process.pid, flush=True)
    child.load("while True: pass", "f", "def f(x): pass", 60)
"""


@on_linux
def test_code_ends_with_a_command_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(ROOT), str(ROOT / "site")]
    env = {**os.environ, "TMPDIR": str(tmp_path)}  # where it leaves the folder of the code
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout
        child = Path("/proc", process.stdout.readline().strip())
        wait_until(lambda: "Seccomp:\t2" in (child / "status").read_text())
        process.kill()
    wait_until(lambda: not is_running(child))


def is_running(process: Path) -> bool:
    """Whether it has not ended; one whose end nobody has asked for yet is a zombie."""
    try:
        return "State:\tZ" not in (process / "status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


# -- what a process tells in which the code may have told it


class Telling(Child):
    """A child that tells just these events."""

    def __init__(self, events: list[str]) -> None:
        super().__init__()
        self.told = 0
        self._given = events

    def events(self, problem: str, code: str, seconds: float) -> Iterator[str]:
        for event in self._given:
            self.told += 1
            yield event

    def _kill(self) -> None:
        pass


@pytest.mark.parametrize(
    "event",
    [
        "no JSON",
        "[]",
        "[" * 100_000,
        '{"kind": ["result"]}',
        '{"kind": "result", "status": "passed"}',
        '{"kind": "result", "test": {}, "status": "passed"}',
        '{"kind": "result", "test": "test_formula", "status": "splendid"}',
        '{"kind": "test"}',
    ],
)
def test_event_that_no_grader_tells_is_the_codes_doing(event: str, softmax: Problem) -> None:
    child = Telling([event, '{"kind": "test", "test": "test_formula"}'])
    run = _Run(Task(for_grader(softmax).decode(), "", 10, together=True), child)
    run.run()
    assert run.verdict().trouble == (
        "the code interfered with the grader and was stopped before the first test"
    )
    assert child.told == 1


def test_events_do_not_fill_the_memory(softmax: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regrade_grade, "HEARD", 1_000)
    one = json.dumps({"kind": "output", "test": "test_formula", "text": "x" * 300})
    child = Telling([one] * 100)
    run = _Run(Task(for_grader(softmax).decode(), "", 10, together=True), child)
    run.run()
    assert "interfered with the grader" in str(run.verdict().trouble)
    assert child.told == 3
    assert all("text" not in event for event in run._events)


# -- verdicts that are not kept


@pytest.mark.parametrize(
    ("end", "busy", "killed", "fleeting"),
    [
        ("timeout", 9.9, True, False),  # an endless loop
        ("timeout", 3.0, True, True),  # it had to wait for others
        ("died", 0.1, True, True),  # the system had no memory left
        ("died", 0.1, False, False),  # it ended itself
        (None, 0.1, True, False),
    ],
)
def test_verdict_of_a_busy_machine_is_not_kept(
    end: End | None, busy: float, killed: bool, fleeting: bool, softmax: Problem, tmp_path: Path
) -> None:
    child = Telling([])
    child.end, child.busy, child.killed = end, busy, killed
    task = Task(for_grader(softmax).decode(), "", 10)
    verdict = _Run(task, child).verdict()
    assert verdict.fleeting == fleeting
    cache = Cache(tmp_path)
    cache.put(task, verdict)
    assert cache.get(task) == (None if fleeting else verdict)


def test_failure_of_the_grader_is_not_kept(softmax: Problem) -> None:
    event = {"kind": "broken", "message": "SystemError"}
    run = _Run(Task(for_grader(softmax).decode(), "", 10), Telling([]))
    run._hear(json.dumps(event))
    assert "cannot be run: SystemError" in str(run.verdict().trouble)
    assert run.verdict().fleeting


def test_other_packages_may_give_another_verdict(
    softmax: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Task(for_grader(softmax).decode(), "", 10)
    before = key_of(task)
    scipy = SimpleNamespace(name="scipy", version="0.1")
    monkeypatch.setattr(metadata, "distributions", lambda: [scipy])
    _grader_hash.cache_clear()
    assert key_of(task) != before
    monkeypatch.undo()
    _grader_hash.cache_clear()
    assert key_of(task) == before
