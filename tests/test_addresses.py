"""What a page says of itself where the site's address is known: to searchers, readers, chats."""

import io
import json
import os
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from gradlet.addresses import VARIABLE, Addresses, BadAddress, addresses_from
from gradlet.dates import changes
from gradlet.preview import preview
from gradlet.problem import Problem
from gradlet.publish import build

ROOT = Path(__file__).resolve().parent.parent
BASE = "https://example.org/ml/"
Problems = dict[str, Problem]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    build(ROOT, folder, addresses=Addresses(BASE))
    return folder


def places(published: Path) -> list[str]:
    """Every page but the one for addresses that lead nowhere."""
    files = published.rglob("index.html")
    return sorted(file.parent.relative_to(published).as_posix().rstrip(".") for file in files)


def head(published: Path, place: str) -> str:
    text = (published / place / "index.html").read_text(encoding="utf-8")
    return text[: text.index("</head>")]


def only(pattern: str, text: str) -> str:
    (found,) = re.findall(pattern, text)
    return str(found)


def test_every_page_has_its_own_title_description_address_and_picture(published: Path) -> None:
    seen = []
    for place in places(published):
        text = head(published, place)
        address = only(r'<link rel="canonical" href="([^"]+)">', text)
        assert address == BASE + (f"{place}/" if place else "")
        title = only(r"<title>([^<]+)</title>", text)
        description = only(r'<meta name="description" content="([^"]+)">', text)
        assert 20 < len(description) < 400
        picture = only(r'<meta property="og:image" content="([^"]+)">', text)
        file = published / picture.removeprefix(BASE)
        image = Image.open(io.BytesIO(file.read_bytes()))
        assert (image.format, image.size) == ("PNG", (1200, 630))
        assert file.stat().st_size < 200_000
        assert only(r'<meta property="og:title" content="([^"]+)">', text) == title
        if not place.startswith("fr"):
            seen.append((title, description, picture))
    for values in zip(*seen, strict=True):
        assert len(set(values)) == len(values), "each page has its own"


def test_languages_name_each_other(published: Path) -> None:
    for place in places(published):
        found = dict(re.findall(r'hreflang="([\w-]+)" href="(https[^"]+)"', head(published, place)))
        assert set(found) == {"en", "fr", "x-default"}
        assert found["fr"] == found["en"].replace(BASE, f"{BASE}fr/")
        assert found["x-default"] == found["en"]


def test_sitemap_lists_every_page_and_no_other(published: Path) -> None:
    root = ET.parse(published / "sitemap.xml").getroot()
    space = {"": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = [str(each.text) for each in root.findall("url/loc", space)]
    assert sorted(found) == sorted(
        BASE + (f"{place}/" if place else "") for place in places(published)
    )
    for changed in root.findall("url/lastmod", space):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(changed.text))
    assert f"Sitemap: {BASE}sitemap.xml" in (published / "robots.txt").read_text()


@pytest.mark.parametrize("folder", ["", "fr/"])
def test_feed_is_atom(published: Path, problems: Problems, folder: str) -> None:
    root = ET.parse(published / f"{folder}feed.xml").getroot()
    space = {"": "http://www.w3.org/2005/Atom"}
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    entries = root.findall("entry", space)
    assert len(entries) == len(problems)
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert element.findtext(name, "", space)
    ids = {entry.findtext("id", "", space) for entry in entries}
    assert ids == {f"{BASE}{folder}problems/{slug}/" for slug in problems}


def test_each_problem_is_a_learning_resource(published: Path, problems: Problems) -> None:
    for slug, problem in problems.items():
        text = head(published, f"problems/{slug}")
        data = json.loads(only(r'<script type="application/ld\+json">(.*?)</script>', text))
        assert data["@type"] == "LearningResource"
        assert data["name"] == problem.title
        assert data["teaches"] == list(problem.tags)
        assert data["url"] == f"{BASE}problems/{slug}/"
        assert len(data["competencyRequired"]) == len(problem.prerequisites)


def test_page_for_nowhere_works_at_any_depth(published: Path, dist: Path) -> None:
    text = (published / "404.html").read_text(encoding="utf-8")
    addresses = re.findall(r'(?:href|src)="([^"#]+)"', text)
    assert addresses
    assert [each for each in addresses if not each.startswith("/ml/")] == []
    assert 'rel="canonical"' not in text


def test_without_an_address_none_is_claimed(dist: Path) -> None:
    names = {path.name for path in dist.rglob("*")}
    assert not names & {"sitemap.xml", "robots.txt", "feed.xml", "preview.png"}
    for page in dist.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "canonical" not in text
        assert "og:" not in text


def test_address_is_given_or_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert addresses_from(None) is None
    monkeypatch.setenv(VARIABLE, "https://school.example/ml")
    found = addresses_from(None)
    assert found
    assert (found.base, found.path) == ("https://school.example/ml/", "/ml/")
    given = addresses_from("http://other.example")
    assert given
    assert (given.base, given.path) == ("http://other.example/", "/")


@pytest.mark.parametrize(
    "base", ["example.org", "ftp://example.org/", "https://", "https://a/?b=1"]
)
def test_address_that_is_none_is_refused(base: str) -> None:
    with pytest.raises(BadAddress, match=r"--base-url, or GRADLET_URL.*https://example\.org"):
        Addresses(base)


def test_preview_is_drawn_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADLET_CACHE", str(tmp_path))
    long = "A title that is far too long for one line, and for two, " * 3
    first = preview(ROOT, long, "Easy · é", "word " * 200)
    (kept,) = tmp_path.glob("previews/*.png")
    assert kept.read_bytes() == first
    kept.write_bytes(b"from the cache")
    assert preview(ROOT, long, "Easy · é", "word " * 200) == b"from the cache"
    assert preview(ROOT, "Other", "Easy", "") != b"from the cache"


def test_dates_come_from_git_and_else_from_the_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = Path("problems/old.md"), Path("problems/new.md")
    (tmp_path / "problems").mkdir()
    for path in (old, new):
        (tmp_path / path).write_text("text", encoding="utf-8")
        os.utime(tmp_path / path, (0, 0))
    never = ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z")
    assert changes(tmp_path, [old, new]) == {old: never, new: never}
    said = capsys.readouterr().err
    assert "The dates of problems are those of the files, since git says: fatal: not a git" in said
    _git(tmp_path, "init", "-q")
    for day, text in ((1, "text"), (2, "more")):
        (tmp_path / old).write_text(text, encoding="utf-8")
        _git(tmp_path, "add", str(old))
        _git(tmp_path, "commit", "-qm", "x", date=f"2026-03-0{day}T10:00:00+01:00")
    assert changes(tmp_path, [old, new]) == {
        old: ("2026-03-01T09:00:00Z", "2026-03-02T09:00:00Z"),
        new: never,
    }
    assert capsys.readouterr().err == ""


def _git(root: Path, *arguments: str, date: str = "") -> None:
    who = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@example.org"}
    who |= {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@example.org"}
    env = {**os.environ, **who, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    subprocess.run(["git", *arguments], cwd=root, env=env, check=True)
