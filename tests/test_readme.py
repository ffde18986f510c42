"""README and THIRD_PARTY say what is true: their commands, paths, examples and names."""

import json
import re
from pathlib import Path

import grading
import pytest
from clone import Clone

from grader import Problem
from gradlet.pages import for_grader

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example(path: str) -> str:
    """The fenced block that README gives below the bold name of a file."""
    match = re.search(
        rf"\*\*`{re.escape(path)}`\*\*.*?^(`{{3,}})\w+\n(.*?)^\1$", README, re.S | re.M
    )
    assert match, path
    return match[2]


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    for path in (
        "problems/mean-squared-error.md",
        "reference/mean_squared_error.py",
        "hidden_tests/test_mean_squared_error.py",
    ):
        made.write(path, example(path))
    return made


def test_example_problem_can_be_built_and_its_reference_passes(clone: Clone) -> None:
    (problem,) = clone.read()
    grader_problem = Problem.from_json(for_grader(problem).decode())
    events = grading.run(grader_problem, problem.reference_source)
    assert {name: result["status"] for name, result in events.results.items()} == {
        "test_values": "passed",
        "test_equal": "passed",
    }
    wrong = problem.reference_source.replace("predicted - actual", "predicted + actual")
    assert grading.run(grader_problem, wrong).not_passed == ("test_values", "test_equal")
    assert grading.run(grader_problem, problem.starter).not_passed == ("test_values", "test_equal")


def test_example_of_a_complaint_is_what_the_build_says(clone: Clone) -> None:
    said = re.search(r"```text\n(problems/.*)\n```", README)
    assert said
    text = example("problems/mean-squared-error.md")
    clone.write("problems/mean-squared-error.md", text.replace(": Easy", ": Trivial"))
    assert [str(complaint) for complaint in clone.complaints()] == [said[1]]


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make ([a-z]+)", README)) - {"is"}
    assert {"serve", "test", "build"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_paths_exist() -> None:
    paths = re.findall(
        r"(?:problems|hidden_tests|reference|site|gradlet|tests|docs)/[\w./*-]*", README
    )
    assert len(paths) > 10
    for path in paths:
        path = path.rstrip(".")
        if "mean" in path or path.startswith("gradlet/dist"):
            continue  # the example, and the host's own folder
        assert list(ROOT.glob(path)) if "*" in path else (ROOT / path).exists(), path


def test_every_pinned_package_is_listed_with_its_licence() -> None:
    listed = re.findall(
        r"^\| ([\w@/.-]+)(?: \(.*\))? \| \S", (ROOT / "THIRD_PARTY.md").read_text("utf-8"), re.M
    )
    python = [
        name
        for lock in ("requirements.lock", "requirements-node.lock")
        for name in re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text("utf-8"), re.M)
    ]
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    npm = [
        path.rpartition("node_modules/")[2]
        for path, entry in packages.items()
        if path and "os" not in entry  # the same program for each system
    ]
    assert sorted(set(listed) - {"Package", "---"}) == sorted({*python, *npm})


def test_locks_are_pinned_by_hash_and_name_no_registry() -> None:
    for lock in ("requirements.lock", "requirements-node.lock"):
        text = (ROOT / lock).read_text("utf-8")
        for block in re.split(r"^(?=\S)", text, flags=re.M):
            assert not block.startswith(tuple("abcdefghijklmnopqrstuvwxyz")) or "sha256:" in block
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    for path, entry in packages.items():
        assert not path or (entry["integrity"].startswith("sha512-") and "resolved" not in entry)
