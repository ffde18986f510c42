"""The compressed copies that lie beside the site's files."""

import gzip
import subprocess
from pathlib import Path

import pytest

from gradlet.compression import compress
from gradlet.dist import Dist
from gradlet.setup import SetupError
from gradlet.setup.node import find_node

NODE = find_node()
PAGE = "problems/softmax/index.html"
STYLE = "assets/site-12345678.css"
LONG = "<p>Scores become probabilities.</p>\n" * 100
UNPACK = "process.stdout.write(zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])))"
GONE = Path("no-node-needed")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADLET_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def build(folder: Path, files: dict[str, str], node: Path = NODE) -> None:
    dist = Dist(folder)
    for name, content in files.items():
        dist.write(name, content)
    compress(dist, node)
    dist.sweep()


def unpacked(copy: Path) -> bytes:
    if copy.suffix == ".gz":
        return gzip.decompress(copy.read_bytes())
    done = subprocess.run([NODE, "-e", UNPACK, copy], capture_output=True, check=True)
    return done.stdout


def copies(folder: Path) -> list[str]:
    found = (*folder.rglob("*.br"), *folder.rglob("*.gz"))
    return sorted(path.relative_to(folder).as_posix() for path in found)


@pytest.mark.parametrize("name", [PAGE, STYLE])
@pytest.mark.parametrize("ending", [".br", ".gz"])
def test_a_copy_is_smaller_and_unpacks_to_its_original(
    tmp_path: Path, name: str, ending: str
) -> None:
    folder = tmp_path / "out"
    build(folder, {name: LONG})
    copy = folder / (name + ending)
    assert unpacked(copy) == LONG.encode()
    assert copy.stat().st_size < len(LONG) / 10
    assert copy.stat().st_mtime_ns == (folder / name).stat().st_mtime_ns


def test_small_files_and_packed_ones_have_none(tmp_path: Path) -> None:
    build(tmp_path / "out", {PAGE: "short", "runtime-1/numpy.whl": LONG, "assets/a.woff2": LONG})
    assert copies(tmp_path / "out") == []


def test_a_changed_file_has_new_copies(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for content in (LONG, LONG + "more"):
        build(folder, {PAGE: content})
        assert unpacked(folder / f"{PAGE}.br") == content.encode()
        assert unpacked(folder / f"{PAGE}.gz") == content.encode()


def test_a_younger_copy_is_not_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    build(folder, {PAGE: LONG})
    copy = folder / f"{PAGE}.gz"
    copy.write_bytes(b"half of it")
    build(folder, {PAGE: LONG})
    assert unpacked(copy) == LONG.encode()


def test_a_removed_file_takes_its_copies_along(tmp_path: Path) -> None:
    build(tmp_path / "out", {PAGE: LONG, STYLE: LONG})
    build(tmp_path / "out", {STYLE: LONG})
    assert copies(tmp_path / "out") == [f"{STYLE}.br", f"{STYLE}.gz"]


def test_what_has_not_changed_is_not_compressed_again(tmp_path: Path) -> None:
    build(tmp_path / "out", {PAGE: LONG, STYLE: LONG})
    build(tmp_path / "out", {PAGE: LONG, STYLE: LONG}, node=GONE)


def test_hashed_files_come_from_the_cache_into_another_folder(tmp_path: Path, cache: Path) -> None:
    build(tmp_path / "one", {STYLE: LONG, PAGE: LONG})
    assert len(list((cache / "compressed").iterdir())) == 2, "the page's copies are not kept"
    build(tmp_path / "two", {STYLE: LONG}, node=GONE)
    assert unpacked(tmp_path / "two" / f"{STYLE}.br") == LONG.encode()


def test_a_failure_is_told_in_nodes_words(tmp_path: Path) -> None:
    dist = Dist(tmp_path / "out")
    dist.write(PAGE, LONG)
    (tmp_path / "out" / f"{PAGE}.gz").mkdir()
    with pytest.raises(SetupError, match="could not compress the site") as caught:
        compress(dist, NODE)
    assert "index.html.gz" in str(caught.value)


def test_two_names_of_one_content(tmp_path: Path) -> None:
    names = [STYLE, "assets/twin-12345678.css"]
    build(tmp_path / "out", dict.fromkeys(names, LONG))
    assert [unpacked(tmp_path / "out" / f"{name}.br") for name in names] == [LONG.encode()] * 2
