"""A whole class re-graded: right and wrong solutions, and those who mean harm."""

import csv
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from class_files import (
    HOSTILE_CODES,
    HOSTILE_FILES,
    ROOT,
    TARGET,
    Expected,
    difference,
    not_denied,
    work,
    write,
    write_class,
)
from distributed import LocalCluster
from distributed.diagnostics.plugin import SchedulerPlugin
from rich.console import Console
from wrong_solutions import WRONG_SOLUTIONS

from gradlet import cli
from gradlet.catalogue import UnknownProblem
from gradlet.problem import Problem
from gradlet.regrade import command, grade, gradebook, html, parallel
from gradlet.regrade.cache import Cache
from gradlet.regrade.classroom import Classroom, regrade
from gradlet.regrade.grade import Task, Verdict
from gradlet.regrade.known import Known
from gradlet.regrade.table import show

Problems = dict[str, Problem]
SLUGS = ("softmax-from-scratch", "cross-entropy-gradient")
LIMIT = 2.0  # seconds for one run: codes that never end would hold the tests up


@pytest.fixture(scope="module")
def chosen(problems: Problems) -> Problems:
    return {slug: problems[slug].model_copy(update={"time_limit": LIMIT}) for slug in SLUGS}


@dataclass
class Graded:
    folder: Path
    cache: Cache
    expected: list[Expected]
    first: Classroom  # when all was new
    classroom: Classroom  # after what a busy machine had stopped was graded again
    left_before: set[str]


def left_behind() -> set[str]:
    """The folders that codes run in, of whatever run."""
    return {path.name for path in Path(tempfile.gettempdir()).glob("gradlet-*")}


@pytest.fixture(scope="module")
def graded(chosen: Problems, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Every hostile code, as many right and wrong solutions, and the hostile files."""
    left_before = left_behind()
    folder = tmp_path_factory.mktemp("class")
    cache = Cache(folder / "cache")
    expected = write_class(folder / "handed-in", chosen, 3 * len(HOSTILE_CODES))
    first = classroom = regrade(ROOT, list(chosen.values()), [folder / "handed-in"], cache)
    for _ in range(3):
        again = regrade(ROOT, list(chosen.values()), [folder / "handed-in"], cache)
        if not again.fresh:
            break
        classroom = again
    return Graded(folder / "handed-in", cache, expected, first, classroom, left_before)


@pytest.fixture(scope="module")
def without_mistakes(chosen: Problems, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone that knows no wrong solutions, which would be graded, too, wherever all is new."""
    root = tmp_path_factory.mktemp("clone")
    file = chosen[TARGET].path
    (root / file).parent.mkdir()
    shutil.copy(ROOT / file, root / file)
    return root


def test_every_verdict_is_as_expected(graded: Graded) -> None:
    assert [difference(each, graded.classroom) for each in graded.expected] == [None] * len(
        graded.expected
    )
    assert graded.classroom.troubles == {}


def test_every_file_that_cannot_be_used_has_its_line(graded: Graded) -> None:
    refused = {each.file.name: each for each in graded.classroom.refused}
    assert refused.keys() == HOSTILE_FILES.keys()
    for name, (_content, said) in HOSTILE_FILES.items():
        assert said in refused[name].reason
        assert str(refused[name]).isprintable()


def test_known_wrong_solutions_fail_just_the_tests_they_name(
    chosen: Problems, graded: Graded
) -> None:
    for problem in chosen.values():
        known = Known(ROOT, problem)
        verdicts = {task: graded.cache.get(task) for task in known.tasks}
        assert None not in verdicts.values()
        mistakes = known.mistakes(verdicts)  # type: ignore[arg-type]
        assert {each.name: tuple(each.verdict.not_passed) for each in mistakes} == {
            wrong.path.stem: wrong.fails
            for wrong in WRONG_SOLUTIONS
            if wrong.problem == problem.name
        }


def test_mistakes_are_recognised(graded: Graded, chosen: Problems) -> None:
    wrong = [each for each in graded.expected if each.fails]
    found = [
        each for problem in chosen.values() for each in graded.classroom.of(problem) if each.mistake
    ]
    assert len(found) >= len(wrong)
    sentences = {each.submission.learner.name: each.mistake for each in found}
    assert all(each.name in sentences for each in wrong)


def test_what_a_browser_claimed_and_the_run_does_not_confirm_is_marked(graded: Graded) -> None:
    marked = {
        name
        for finding in graded.classroom.findings
        if finding.kind == "not confirmed"
        for name in finding.learners
    }
    assert marked == {each.name for each in graded.expected if each.claims}


def test_what_the_system_cannot_deny_is_said(graded: Graded) -> None:
    assert graded.classroom.not_denied == sorted(filter(None, not_denied()))


def test_nothing_runs_on_and_nothing_is_left(graded: Graded) -> None:
    assert graded.classroom.learners
    left = left_behind() - graded.left_before
    running = subprocess.run(
        ["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True
    ).stdout
    orphans = [
        line
        for line in running.splitlines()
        if "gradlet.regrade.child" in line and line.split()[0] == "1"
    ]
    assert orphans == []
    another_run = "gradlet.regrade.child" in running
    assert left == set() or another_run


def verdicts(classroom: Classroom) -> dict[tuple[str, str], str]:
    """Those that are kept; that of a busy machine is not."""
    found = {key: each.verdict for key, each in classroom.best.items()}
    return {key: each.to_json() for key, each in found.items() if not each.fleeting}


def test_second_run_grades_nothing_again(chosen: Problems, graded: Graded) -> None:
    again = regrade(ROOT, list(chosen.values()), [graded.folder], graded.cache)
    busy = {key for key, each in graded.classroom.best.items() if each.verdict.fleeting}
    assert again.fresh <= len(busy)
    assert graded.first.fresh == graded.first.tasks == again.tasks
    assert len(verdicts(graded.classroom)) > 30
    kept = {key: each.verdict.to_json() for key, each in again.best.items() if key not in busy}
    assert kept == verdicts(graded.classroom)
    # Not their words: of a run that is stopped, they say where.
    found = [[(each.kind, each.learners) for each in c.findings] for c in (again, graded.classroom)]
    assert found[0] == found[1]


def test_another_version_of_the_tests_is_graded_again(
    chosen: Problems, graded: Graded, without_mistakes: Path
) -> None:
    problem = chosen[TARGET]
    changed = problem.model_copy(update={"test_source": problem.test_source + "\n# changed\n"})
    (file,) = graded.folder.glob("0000.json")
    again = regrade(without_mistakes, [changed], [file], graded.cache, only=[TARGET])
    assert again.fresh == again.tasks == 2  # with the reference
    (finding,) = again.findings
    assert finding.kind == "another version"
    assert finding.text == "Worked on another version of the problem's tests."


def test_failure_of_the_grader_itself_is_one_verdict_and_not_kept(
    chosen: Problems, graded: Graded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_task: Task) -> Verdict:
        raise OSError("too many open files")

    monkeypatch.setattr(grade, "grade", fail)
    task = Known(ROOT, chosen[TARGET]).task("x = 1")
    verdict = grade.graded(task)
    assert "the grader failed on this code (OSError: too many open files)" in str(verdict.trouble)
    assert not verdict.passed
    cache = Cache(tmp_path)
    cache.put(task, verdict)
    assert cache.get(task) is None


def test_one_problem_can_be_chosen(chosen: Problems, graded: Graded) -> None:
    only = regrade(ROOT, list(chosen.values()), [graded.folder], graded.cache, only=[TARGET])
    assert [problem.slug for problem in only.problems] == [TARGET]
    assert len(only.learners) == len(graded.expected)
    with pytest.raises(UnknownProblem, match="did you mean 'softmax-from-scratch'"):
        regrade(ROOT, list(chosen.values()), [], graded.cache, only=["softmax-from-scrach"])


def test_reference_that_does_not_pass_is_said_and_nothing_graded(
    chosen: Problems, graded: Graded, without_mistakes: Path
) -> None:
    broken = chosen[TARGET].model_copy(update={"reference_source": "def softmax(logits): pass\n"})
    (file,) = graded.folder.glob("0000.json")
    classroom = regrade(without_mistakes, [broken], [file], graded.cache)
    assert "the reference itself does not pass here" in classroom.troubles[TARGET]
    assert classroom.best == {}


def test_reference_that_a_busy_machine_stopped_is_not_tested_together(
    chosen: Problems, graded: Graded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """In one process with the tests, code could deceive them."""
    tasks: list[Task] = []

    def too_slow(todo: list[Task], *_: object) -> dict[Task, Verdict]:
        tasks.extend(todo)
        return {task: Verdict({"test_formula": "timeout"}, trouble="stopped") for task in todo}

    monkeypatch.setattr("gradlet.regrade.classroom.grade_all", too_slow)
    (file,) = graded.folder.glob("0000.json")
    found = regrade(ROOT, [chosen[TARGET]], [file], Cache(tmp_path))
    assert "the reference itself does not pass here: stopped" in found.troubles[TARGET]
    assert tasks
    assert not any(task.together for task in tasks)


def test_a_result_too_large_fails_as_in_a_browser(
    chosen: Problems, graded: Graded, tmp_path: Path
) -> None:
    problem = chosen["softmax-from-scratch"]
    code, _ = HOSTILE_CODES["large result"]
    write(tmp_path / "large.json", work(problem, "Ada", code))
    classroom = regrade(ROOT, [problem], [tmp_path], graded.cache)
    (each,) = classroom.of(problem)
    assert set(each.verdict.statuses.values()) == {"failed"}


# -- whose file it is


def test_rows_that_an_import_would_mix_up_are_marked(
    chosen: Problems, graded: Graded, tmp_path: Path
) -> None:
    moodle = "assignsubmission_file_"
    for place, typed in (
        (f"week-1/Ada_1_{moodle}", "s1815"),
        (f"week-2/Ada_2_{moodle}", "s1815"),  # the same learner, under this week's number
        (f"week-1/Eve_3_{moodle}", "S1815"),
        (f"week-1/Bob_4_{moodle}", "bob@example.org"),
        (f"week-2/Bob_5_{moodle}", ""),
        (f"week-2/Bob_6_{moodle}", ""),
    ):
        (tmp_path / place).mkdir(parents=True)
        write(tmp_path / place / "w.json", work(chosen[TARGET], typed, "def softmax(:"))
    found = regrade(ROOT, list(chosen.values()), [tmp_path], graded.cache)
    assert [learner.name for learner in found.learners] == ["Ada", "Bob", "Eve"]
    marked = {finding.kind: finding for finding in found.findings}
    assert marked["same number"].learners == ("Ada", "Eve")
    assert marked["same name"].learners == ("Bob",)
    assert "2 of Moodle's numbers" in marked["same name"].text
    assert str(tmp_path / "week-2")[:40] in marked["same name"].text


def test_file_with_thousands_of_unknown_problems_is_one_line(
    chosen: Problems, graded: Graded, tmp_path: Path
) -> None:
    content = work(chosen[TARGET], "Eve", "def softmax(:")
    one = content["problems"][TARGET]
    content["problems"] = {f"problem-{n}": one for n in range(2_000)}
    write(tmp_path / "w.json", content)
    (finding,) = regrade(ROOT, list(chosen.values()), [tmp_path], graded.cache).findings
    assert finding.kind == "unknown problem"
    assert "'problem-0', 'problem-1', 'problem-2' and 1997 more" in finding.text


# -- what people read


@pytest.fixture(scope="module")
def strange(
    chosen: Problems, graded: Graded, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Classroom]:
    """Few learners, with names that attack what shows them."""
    folder = tmp_path_factory.mktemp("strange")
    problem = chosen[TARGET]
    right = problem.reference_source
    renamed = right.replace("logits", "scores").replace("np.exp(", "np.exp( ")
    for file, name, code in (
        ("1", '=HYPERLINK("http://evil.example","x")', right),
        ("2", "../../etc/passwd", renamed),
        ("3", "<script>alert(1)</script>", "</pre><script>alert(2)</script>"),
        ("4", "[bold red]\x1b[31mAda\x07\u202e", "def softmax(logits): return logits"),
        ("5", "s1815", right),
        ("6", "s1815", "def softmax(logits): pass"),
        ("7", "ada@example.org", "def softmax(logits): return logits / logits.sum()"),
    ):
        write(folder / f"{file}.json", work(problem, name, code, claims=code == right))
    content = work(problem, "Bea", right)
    content["problems"]["no-such-problem"] = content["problems"][TARGET]
    content["problems"][TARGET]["problem"] = "0123456789"
    write(folder / "8.json", content)
    return folder, regrade(ROOT, [problem], [folder], graded.cache)


def test_gradebook_has_the_columns_of_canvas_and_no_formula(
    strange: tuple[Path, Classroom], tmp_path: Path
) -> None:
    gradebook.write(tmp_path / "grades.csv", strange[1])
    with (tmp_path / "grades.csv").open(newline="", encoding="utf-8") as stream:
        head, points, *rows = csv.reader(stream)
    assert head == [
        *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
        *("Softmax from scratch", "Gradlet total"),
    ]
    assert points == ["    Points Possible", "", "", "", "", "100", "100"]
    assert len({row[0] for row in rows}) == 7  # s1815 handed in two files
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["s1815"] == ["", "s1815", "", "", "100.0", "100.0"]
    assert by_name["ada@example.org"][2] == "ada@example.org"
    assert by_name["Bea"] == ["", "", "", "", "100.0", "100.0"]
    assert all(not row[0].startswith(("=", "+", "-", "@")) for row in rows)
    assert all(cell.isprintable() for row in rows for cell in row)


def test_problem_that_could_not_be_graded_counts_for_nobody(
    strange: tuple[Path, Classroom], problems: Problems, tmp_path: Path
) -> None:
    other = problems["gelu"]
    two = replace(strange[1], problems=[*strange[1].problems, other], troubles={"gelu": "slow"})
    for classroom, grades in (
        (two, ["100.0", "", "100.0"]),
        (replace(two, best={}, troubles={TARGET: "slow", "gelu": "slow"}), ["", "", ""]),
    ):
        gradebook.write(tmp_path / "grades.csv", classroom)
        with (tmp_path / "grades.csv").open(newline="", encoding="utf-8") as stream:
            (row,) = [row for row in csv.reader(stream) if row[0] == "Bea"]
        assert row[5:] == grades
        html.write(tmp_path / "report", classroom, ROOT)
        show(classroom, Console(width=200))


def test_report_shows_all_as_text(strange: tuple[Path, Classroom], tmp_path: Path) -> None:
    index = html.write(tmp_path / "report", strange[1], ROOT).read_text(encoding="utf-8")
    assert "<script" not in index
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in index
    assert "../../etc/passwd" in index
    assert index.count("<svg") == 1 + 5 + 1  # problems, tests, known mistakes
    code = (tmp_path / "report" / f"{TARGET}.html").read_text(encoding="utf-8")
    assert "&lt;/pre&gt;&lt;script&gt;alert(2)&lt;/script&gt;" in code
    assert "<script" not in code
    assert sorted(path.name for path in tmp_path.rglob("*.html")) == [
        "index.html",
        f"{TARGET}.html",
    ]


def test_names_cannot_begin_a_cell_of_their_own(
    chosen: Problems, graded: Graded, tmp_path: Path
) -> None:
    write(tmp_path / "w.json", work(chosen[TARGET], "Ada;=HYPERLINK(A)", "def softmax(:"))
    found = regrade(ROOT, list(chosen.values()), [tmp_path / "w.json"], graded.cache)
    gradebook.write(tmp_path / "grades.csv", found)
    _head, _points, row = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    assert row == '"Ada;=HYPERLINK(A)","","","","","0.0","0.0"'


def test_report_survives_half_a_character(chosen: Problems, graded: Graded, tmp_path: Path) -> None:
    code = "def softmax(logits): raise ValueError('\\ud800')"
    write(tmp_path / "w.json", work(chosen[TARGET], "Eve", code))
    found = regrade(ROOT, list(chosen.values()), [tmp_path / "w.json"], graded.cache)
    html.write(tmp_path / "report", found, ROOT)
    page = (tmp_path / "report" / f"{TARGET}.html").read_text(encoding="utf-8")
    assert "ValueError: ?" in page


def test_things_to_look_at_are_marked(strange: tuple[Path, Classroom]) -> None:
    found = {finding.kind: finding for finding in strange[1].findings}
    assert found["several files"].learners == ("s1815",)
    assert found["unknown problem"].learners == ("Bea",)
    assert found["another version"].learners == ("Bea",)
    assert "text" in found["another version"].text
    equal = [finding for finding in strange[1].findings if finding.kind == "equal code"]
    assert {"../../etc/passwd", "s1815", "Bea"} < {n for each in equal for n in each.learners}


def test_command_prints_and_writes_all(
    chosen: Problems,
    strange: tuple[Path, Classroom],
    graded: Graded,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, _ = strange
    cache = str(graded.folder.with_name("cache"))
    arguments = [str(folder), str(graded.folder / "cut.json"), "--cache", cache]
    arguments += ["--csv", str(tmp_path / "grades.csv"), "--html", str(tmp_path / "report")]
    with monkeypatch.context() as patch:  # these are graded already
        patch.setattr(command, "read_catalogue", lambda *_: list(chosen.values()))
        assert cli.main(["regrade", *arguments]) == 0
    said = capsys.readouterr().out
    assert "\x1b[31m" not in said
    assert "\x07" not in said
    assert "[bold red]" in said  # as it is
    assert "cut.json: not graded: it is damaged" in said
    assert "7 learners, " in said
    assert (tmp_path / "grades.csv").is_file()
    assert (tmp_path / "report" / "index.html").is_file()
    assert cli.main(["regrade", str(graded.folder / "cut.json")]) == 1  # nobody was graded
    assert cli.main(["regrade", str(folder), "--problem", "nothing"]) == 1
    assert "There is no problem 'nothing'" in capsys.readouterr().err


def test_what_cannot_be_written_is_said_before_anything_is_graded(
    strange: tuple[Path, Classroom],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def graded_all_the_same(*_: object, **__: object) -> None:
        pytest.fail("hours of grading for nothing")

    monkeypatch.setattr(command, "regrade", graded_all_the_same)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "thesis.tex").touch()
    for option, place, said in (
        ("--csv", "thesis", "thesis: Is a directory"),
        ("--csv", "thesis/thesis.tex/grades.csv", "thesis.tex: File exists"),
        ("--html", "thesis", "Name another folder."),
    ):
        assert cli.main(["regrade", str(strange[0]), option, str(tmp_path / place)]) == 1
        assert said in capsys.readouterr().err
    assert [file.name for file in tmp_path.rglob("*")] == ["thesis", "thesis.tex"]


# -- a cluster


class WhoWorked(SchedulerPlugin):
    """Notes the workers that have graded."""

    def __init__(self) -> None:
        self.workers: set[str] = set()

    def transition(self, key: Any, start: str, finish: str, *_: Any, **more: Any) -> None:
        if finish == "memory" and "_numbered" in str(key):
            self.workers.add(more["worker"])


@pytest.fixture
def cluster() -> Iterator[Any]:
    os.environ["DASK_DISTRIBUTED__WORKER__DAEMON"] = "False"
    # No more codes at once than this machine can run: who waits for it runs into the time limit.
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=True
    ) as local:
        yield local


def test_dask_cluster_of_two_workers_comes_to_the_same(
    cluster: Any, chosen: Problems, graded: Graded, without_mistakes: Path, tmp_path: Path
) -> None:
    files = sorted(graded.folder.glob("00[01]*.json"))
    noted = WhoWorked()
    cluster.scheduler.add_plugin(noted)
    there = regrade(
        without_mistakes,
        list(chosen.values()),
        files,
        Cache(tmp_path),
        only=[TARGET],
        dask=cluster.scheduler_address,
    )
    assert there.fresh == there.tasks > 10
    assert noted.workers == cluster.scheduler.workers.keys()
    assert len(noted.workers) == 2
    for key, each in there.best.items():
        here = graded.classroom.best[key].verdict
        assert each.verdict.statuses == here.statuses
        assert each.verdict.trouble == here.trouble


def test_no_cluster_there_is_said(
    strange: tuple[Path, Classroom],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parallel, "PATIENCE", 1)
    arguments = ["regrade", str(strange[0]), "--cache", str(tmp_path), "--dask", "127.0.0.1:9"]
    assert cli.main(arguments) == 1
    assert "There is no Dask scheduler at 127.0.0.1:9" in capsys.readouterr().err
