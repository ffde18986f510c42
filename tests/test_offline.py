"""What the service worker is told of a release."""

import json
import re
from pathlib import Path
from typing import Any

from gradlet.dist import Dist
from gradlet.offline import NAME, Release, release_of
from gradlet.publish import build


def told(dist: Path) -> dict[str, Any]:
    first, _, script = (dist / NAME).read_text(encoding="utf-8").partition("\n")
    assert script
    return dict(json.loads(first.removeprefix("self.release = ").removesuffix(";")))


def test_service_worker_keeps_all_that_has_a_hash(dist: Path) -> None:
    release = told(dist)
    hashed = {
        path.relative_to(dist).as_posix()
        for path in dist.rglob("*")
        if path.is_file() and path.relative_to(dist).as_posix().startswith(("assets/", "runtime-"))
    }
    kept = {*release["always"], *release["sometimes"]}
    assert {name for name in hashed - kept if not name.endswith((".br", ".gz", ".txt"))} == set()
    assert kept <= hashed
    assert any("/numpy-" in name for name in release["always"])
    assert any("/matplotlib-" in name for name in release["sometimes"]), "one problem draws"
    assert all(name.endswith(".whl") for name in release["sometimes"])


def test_pages_name_the_release_that_the_service_worker_names(dist: Path) -> None:
    name = told(dist)["name"]
    pages = list((dist / "problems").rglob("index.html"))
    assert pages
    for page in pages:
        assert f'"release": "{name}"' in page.read_text(encoding="utf-8")


def test_a_release_is_named_after_its_files(tmp_path: Path) -> None:
    def release(*names: str) -> Release:
        dist = Dist(tmp_path / str(len(list(tmp_path.iterdir()))))
        for name in names:
            dist.write(name, "x")
        return release_of(dist, {"runtime-1/scipy.whl"})

    one = release("index.html", "assets/a-1.js", "assets/a-1.js.LEGAL.txt", "runtime-1/scipy.whl")
    assert (one.always, one.sometimes) == (["assets/a-1.js"], ["runtime-1/scipy.whl"])
    assert release("problems/x/index.html", "assets/a-1.js", "runtime-1/scipy.whl") == one
    assert release("assets/a-2.js", "runtime-1/scipy.whl").name != one.name


def test_in_development_there_is_none(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parent.parent
    build(root, tmp_path / "out", development=True)
    assert not (tmp_path / "out" / NAME).exists()
    (page, *_) = (tmp_path / "out/problems").rglob("index.html")
    assert re.search(r'"release": ""', page.read_text(encoding="utf-8"))
