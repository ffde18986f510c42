"""What is not written again, and what is all the same."""

from pathlib import Path

import pytest

from gradlet.dist import Dist
from gradlet.memory import Memory, state_of


class Writer:
    """Writes a page, and counts how often."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.memory = Memory()
        self.times = 0

    def build(self, *needs: object) -> str:
        dist = Dist(self.root / "out")

        def write() -> str:
            self.times += 1
            return dist.write("page/index.html", f"{needs}")

        name = self.memory.once(dist, "page", needs, write)
        dist.sweep()
        return name


@pytest.fixture
def writer(tmp_path: Path) -> Writer:
    return Writer(tmp_path)


def test_what_needs_nothing_new_is_written_once_and_stays(writer: Writer) -> None:
    for _ in range(3):
        assert writer.build("a", 1) == "page/index.html"
    assert writer.times == 1
    assert (writer.root / "out/page/index.html").read_text() == "('a', 1)"


def test_what_needs_something_new_is_written_again(writer: Writer) -> None:
    for needs in (("a",), ("b",), ("b", 1)):
        writer.build(*needs)
        assert (writer.root / "out/page/index.html").read_text() == f"{needs}"
    assert writer.times == 3


def test_what_somebody_deleted_is_written_again(writer: Writer) -> None:
    writer.build("a")
    (writer.root / "out/page/index.html").unlink()
    writer.build("a")
    assert (writer.root / "out/page/index.html").is_file()


def test_state_of_a_folder_changes_with_its_files(tmp_path: Path) -> None:
    states = [state_of(tmp_path)]
    for name, content in (("a/b.txt", "1"), ("a/b.txt", "22"), ("a/c.txt", "1")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
        states.append(state_of(tmp_path))
    assert len(set(states)) == 4
