"""The built site as a plain web host sees it: files, and nothing that is asked of anybody else."""

import ast
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from clone import PROBLEM, TESTS, Clone, with_section

from gradlet.addresses import Addresses
from gradlet.assets import BundleError
from gradlet.catalogue import Catalogue
from gradlet.complaint import Complaints
from gradlet.dist import MARK, Dist, NotOurs, short_hash
from gradlet.memory import Memory
from gradlet.offline import NAME as SERVICE_WORKER
from gradlet.problem import SLUG, Problem
from gradlet.publish import build
from gradlet.runtime import lay_out
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import RuntimeFile, ensure_runtime_files

ROOT = Path(__file__).resolve().parent.parent
Problems = dict[str, Problem]

# Whose pages show the title of `softmax`: its own, and those before and after it.
SHOWING = ("softmax", "extra", "further")

# Attributes by which a page names another file.
ADDRESSES = ("href", "src", "srcset", "data", "poster", "action", "formaction")
# How CSS does.
CSS_ADDRESS = re.compile(r"""(?:url\(|@import)\s*["']?([^"')\s;]*)""")


class Html(HTMLParser):
    """The elements of a page, its text without them, and each of its scripts."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.text = path.read_text(encoding="utf-8")
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.words = ""
        self.feed(self.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "script":
            self.scripts.append((self.elements[-1][1], ""))

    def handle_data(self, data: str) -> None:
        self.words += data
        if self.cdata_elem == "script":  # the text between its tags comes in one piece
            self.scripts[-1] = (self.scripts[-1][0], data)

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Each address in the page, with the name of its element."""
        return [
            (tag, attributes[name])
            for tag, attributes in self.elements
            for name in ADDRESSES
            if name in attributes
        ]

    @property
    def data(self) -> dict[str, Any]:
        """What a problem's page tells its script."""
        (text,) = [text for attributes, text in self.scripts if attributes.get("id") == "page-data"]
        return dict(json.loads(text))


@pytest.fixture(scope="module")
def pages(dist: Path, problems: Problems) -> list[Html]:
    """Every page, in each language: of those of problems there are as many."""
    places = ["", *(f"problems/{slug}/" for slug in problems)]
    files = [f"{folder}{place}index.html" for folder in ("", "fr/") for place in places]
    found = [Html(dist / file) for file in [*files, "404.html"]]
    assert {page.path for page in found} == set(dist.rglob("*.html"))
    return found


@pytest.fixture(scope="module")
def problem_pages(pages: list[Html]) -> list[Html]:
    """The problems' pages in the order of the catalogue, and again in French."""
    return [page for page in pages if page.path.parent.parent.name == "problems"]


def small_project(root: Path) -> Clone:
    """The site's sources, with two small problems, `softmax` and `extra`."""
    root.mkdir()
    clone = Clone(root)
    clone.add("softmax")
    clone.add("extra")
    shutil.copytree(ROOT / "site", root / "site")
    return clone


@pytest.fixture
def project(tmp_path: Path) -> Clone:
    """A small project to change."""
    return small_project(tmp_path / "project")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    clone = small_project(tmp_path_factory.mktemp("built") / "project")
    build(clone.root, clone.root / "out")
    return clone.root / "out"


@pytest.fixture
def out(project: Clone, built: Path) -> Path:
    """Where `project` has been built: a copy, since that is the same site wherever it is."""
    return Path(shutil.copytree(built, project.root / "out"))


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def is_foreign(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme not in ("", "data")


def file_of(address: str, page: Path) -> Path:
    """The file that a plain web host sends for a relative address in a page."""
    path = Path(os.path.normpath(page.parent / unquote(urlsplit(address).path)))
    return path / "index.html" if path.is_dir() else path


# -- what the files ask for


def test_every_address_is_relative_and_leads_to_a_file(dist: Path, pages: list[Html]) -> None:
    by_path = {page.path: page for page in pages}
    followed = set()
    for page in pages:
        for tag, address in page.addresses:
            if tag == "a" and is_foreign(address):
                continue  # a link that the reader may follow, or not
            assert not is_foreign(address), f"{page.path}: <{tag}> asks {address}"
            assert not address.startswith("/"), f"{page.path}: {address} needs the site at the root"
            if urlsplit(address).path:
                target = file_of(address, page.path)
                assert target.is_file(), f"{page.path}: nothing at {address}"
                assert target.is_relative_to(dist), f"{page.path}: {address} leaves the site"
                followed.add(target)
            else:
                target = page.path
            if fragment := urlsplit(address).fragment:
                assert unquote(fragment) in by_path[target].ids, f"{page.path}: {address}"
    linked = set(by_path) - {dist / "404.html"}
    assert followed > linked, "every page is linked from another"


def test_no_id_is_there_twice(pages: list[Html]) -> None:
    for page in pages:
        assert len(set(page.ids)) == len(page.ids), page.path


def test_styles_ask_for_files_of_the_site_only(dist: Path, pages: list[Html]) -> None:
    sheets = {path: path.read_text(encoding="utf-8") for path in dist.rglob("*.css")}
    assert sheets
    fonts = set()
    for path, text in sheets.items():
        for address in CSS_ADDRESS.findall(text):
            assert not is_foreign(address), f"{path}: {address}"
            if not address.startswith("data:"):
                assert file_of(address, path).is_file(), f"{path}: nothing at {address}"
                fonts.add(file_of(address, path))
    assert fonts == set(dist.rglob("*.woff2")), "every font is used"
    for page in pages:  # KaTeX writes many style attributes
        for _, attributes in page.elements:
            assert "url(" not in attributes.get("style", "")


def test_our_scripts_name_no_other_host(dist: Path) -> None:
    scripts = list((dist / "assets").glob("*.js"))
    names = {re.split(r"-[0-9a-f]{10}|-[0-9A-Z]{8}", path.name)[0] for path in scripts}
    entries = {
        "old-browser",
        "early",
        "settings",
        "start",
        "code",
        "editor",
        "problem",
        "worker",
        "words-en",
        "words-fr",
    }
    assert names == entries | {"part", "softmax-gradient"}
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        hosts = set(re.findall(r"(?:https?:|wss?:|[\"'`])//([\w.-]+)", text))
        # The name of SVG, and an example in a message: nobody fetches them.
        assert hosts <= {"www.w3.org", "school.example"}, path


def test_pages_have_no_scripts_of_their_own(pages: list[Html]) -> None:
    for page in pages:
        for attributes, text in page.scripts:
            if "src" in attributes:
                assert text == ""
            else:
                assert attributes["type"] in ("application/json", "application/ld+json")
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on")], (page.path, tag)


def test_formulas_are_ready_to_be_shown(dist: Path, pages: list[Html]) -> None:
    formulas = [page.text.count('class="katex"') for page in pages]
    assert sum(formulas) > 0
    for what in ('class="katex-html"', "<math "):  # to be seen, and to be read aloud
        assert [page.text.count(what) for page in pages] == formulas
    scripts = [*(dist / "assets").glob("*.js"), *dist.rglob("*.mjs")]
    assert scripts
    for path in scripts:
        assert "katex" not in path.name.lower() + path.read_text(encoding="utf-8").lower()


def test_code_has_the_colours_of_the_editor(dist: Path, pages: list[Html]) -> None:
    (sheet,) = (dist / "assets").glob("site-*.css")
    coloured = set(re.findall(r"tok-\w+", sheet.read_text(encoding="utf-8")))
    shown = {
        classes
        for page in pages
        for _, attributes in page.elements
        if (classes := attributes.get("class", "")).startswith("tok-")
    }
    assert "tok-keyword" in shown
    assert [classes for classes in shown if coloured.isdisjoint(classes.split())] == []


# -- names


def test_what_may_be_kept_for_ever_changes_its_name_with_its_content(
    dist: Path, pages: list[Html], problems: Problems
) -> None:
    """All other files are pages, the problems' images, manifests, the service worker, two marks."""
    others = {page.path.relative_to(dist) for page in pages}
    others |= {Path(".nojekyll"), Path(MARK), Path(SERVICE_WORKER)}
    others |= {path.relative_to(dist) for path in dist.rglob("*.webmanifest")}
    for problem in problems.values():
        others |= {Path(folder, image) for image in problem.images for folder in ("", "fr")}
    others.add(Path("_headers"))
    for name, content in contents(dist).items():
        if name.endswith((".br", ".gz")):
            assert (dist / name).with_suffix("").is_file(), f"{name} is a copy"
            continue
        if Path(name) in others or re.fullmatch(r"runtime-[0-9a-f]{10}/[^/]+", name):
            continue
        if ours := re.fullmatch(
            rf"(?:assets|problems/{SLUG})/[a-z]+(?:-\w+)?-([0-9a-f]{{10}})\.\w+", name
        ):
            assert ours[ours.lastindex or 0] == short_hash(content), name
        else:  # esbuild's own hash
            assert re.fullmatch(r"assets/\w+(-\w+)?-[0-9A-Z]{8}\.[\w.]+", name), name


@pytest.mark.parametrize(
    ("source", "asset"),
    [
        ("site/page/settings.ts", "settings-*.js"),
        ("site/worker/worker.ts", "worker-*.js"),
        ("site/styles/site.css", "site-*.css"),
        ("site/icons/icon.svg", "icon-*.svg"),
        ("site/words/en.json", "words-en-*.js"),
        ("site/grader/run.py", "grader-*.zip"),
    ],
)
def test_another_source_gives_another_name(
    project: Clone, out: Path, source: str, asset: str
) -> None:
    (before,) = (out / "assets").glob(asset)
    content = before.read_bytes()
    change = {
        ".ts": "globalThis.x = 1;",
        ".css": "b { color: red }",
        ".svg": "<!-- -->",
        ".json": "\n",
    }
    path = project.root / source
    text = path.read_text(encoding="utf-8") + change.get(path.suffix, "x = 1\n")
    text = text.replace('"Not run"', '"Not yet run"')
    path.write_text(text, encoding="utf-8")
    build(project.root, out)
    (after,) = (out / "assets").glob(asset)
    assert before.name != after.name
    assert content != after.read_bytes()
    assert after.name in (out / "problems/softmax/index.html").read_text(encoding="utf-8")


# -- the browser's Python


def test_the_lock_lists_exactly_the_wheels_that_are_there(dist: Path) -> None:
    (runtime,) = dist.glob("runtime-*/")
    packages = json.loads((runtime / "pyodide-lock.json").read_text())["packages"]
    listed = {entry["file_name"]: entry["sha256"] for entry in packages.values()}
    there = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in runtime.glob("*.whl")
    }
    assert listed == there
    assert {"numpy", "pytest"} < set(packages)
    for name, entry in packages.items():
        assert entry["name"] == name
        assert set(entry["depends"]) <= set(packages)


def all_needed(lock: dict[str, Any], names: list[str]) -> set[str]:
    needed: set[str] = set()
    todo = set(names)
    while todo - needed:
        needed |= todo
        todo = {other for name in needed for other in lock[name]["depends"]}
    return needed


def test_the_progress_bar_knows_the_true_number_of_bytes(
    dist: Path, problem_pages: list[Html]
) -> None:
    for page in problem_pages:
        asked = page.data["runtime"]
        index = file_of(asked["index"], page.path).parent
        lock = json.loads((index / "pyodide-lock.json").read_text())["packages"]
        extra = [package.partition("==")[0] for package in asked["extra"]]
        # What every problem needs is in the snapshot.
        recorded = all_needed(lock, asked["packages"])
        needed = all_needed(lock, [*extra, *(["micropip"] if extra else [])]) - recorded
        files = [
            index / "pyodide.asm.wasm",
            index / "pyodide-lock.json",
            *(index / lock[name]["file_name"] for name in needed),
            file_of(asked["head"], page.path),
            file_of(asked["body"], page.path),
            file_of(asked["problem"], page.path),
        ]
        assert asked["bytes"] == sum(path.stat().st_size for path in files)


def test_all_that_a_pages_script_asks_for_is_there(dist: Path, problem_pages: list[Html]) -> None:
    for page in problem_pages:
        data, runtime = page.data, page.data["runtime"]
        assert data["slug"] == page.path.parent.name
        assert file_of(data["siteRoot"], page.path) == dist / "index.html"
        for address in (data["worker"], runtime["grader"], runtime["problem"]):
            assert file_of(address, page.path).is_file()
        for name in ("pyodide.mjs", "pyodide.asm.mjs"):
            assert file_of(runtime["index"] + name, page.path).is_file()


def test_another_package_gives_another_runtime(tmp_path: Path) -> None:
    path = tmp_path / "extra-1.0-py3-none-any.whl"
    path.write_bytes(b"wheel")
    files = ensure_runtime_files(ROOT, ["micropip"])
    (micropip,) = (file.path.stat().st_size for file in files if file.name == "micropip")
    extra = RuntimeFile("extra", "1.0", path.name, "0" * 64, ("numpy",), ("extra",), path)
    before, after = (
        lay_out(ROOT, find_node(), some, Dist(tmp_path / "out"), development=True)
        for some in (files, [*files, extra])
    )
    assert before.folder != after.folder
    assert (tmp_path / "out" / after.folder / path.name).read_bytes() == b"wheel"
    assert after.bytes(["extra==1.0"]) - after.bytes() == len(b"wheel") + micropip


# -- what the learner is not shown


def test_solutions_and_hidden_tests_are_not_in_the_page(
    dist: Path, pages: list[Html], problem_pages: list[Html], problems: Problems
) -> None:
    """Nor in a script. The file that only the grader reads has them."""
    shown = [path.read_text(encoding="utf-8") for path in dist.rglob("*.js")]
    for page in pages:
        shown.append(page.words)
    for page in problem_pages:
        shown += [value for value in page.data.values() if isinstance(value, str)]
    everything = squeezed("".join(shown))
    for problem in problems.values():
        assert squeezed(problem.starter) in everything, "this test can find code in a page"
        secrets = [*bodies(problem.test_source), *bodies(problem.reference_source)]
        assert len(secrets) > len(problem.tests)
        for body in secrets:
            assert squeezed(body) not in everything
        (file,) = (dist / "problems" / problem.slug).glob("tests-*.json")
        told = json.loads(file.read_text(encoding="utf-8"))
        assert told["test_source"] == problem.test_source
        assert told["reference_source"] == problem.reference_source


def squeezed(code: str) -> str:
    """Without white space: a page may indent and break it in its own way."""
    return "".join(code.split())


def bodies(source: str) -> Iterator[str]:
    """The code of each function, after its docstring."""
    lines = source.splitlines()
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef):
            start = function.body[bool(ast.get_docstring(function))].lineno
            yield "\n".join(lines[start - 1 : function.end_lineno])


# -- building again


def test_the_same_sources_give_the_same_site_wherever_they_are(tmp_path: Path, dist: Path) -> None:
    for name in ("problems", "hidden_tests", "reference", "site"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("requirements.lock", "package.json"):  # which says how scripts are to be read
        (tmp_path / name).symlink_to(ROOT / name)
    # Not a link, which esbuild would follow; and without the largest, which no build needs.
    without = shutil.ignore_patterns("@biomejs", "@typescript")
    packages = tmp_path / "node_modules"
    shutil.copytree(ROOT / "node_modules", packages, symlinks=True, ignore=without)
    build(tmp_path, tmp_path / "out")
    assert contents(tmp_path / "out") == contents(dist)


def test_a_second_build_writes_nothing(project: Clone, out: Path) -> None:
    first = times(out)
    build(project.root, out)
    assert times(out) == first


def test_what_is_kept_from_build_to_build_gives_the_same_site_as_a_fresh_one(
    project: Clone,
) -> None:
    needing = PROBLEM.replace("tags:", "prerequisites: [softmax]\ntags:")
    catalogue, memory = Catalogue(project.root, find_node()), Memory()

    def rebuilt(fresh: str) -> dict[str, bytes]:
        root, addresses = project.root, Addresses("https://example.org/")
        build(root, root / "out", catalogue=catalogue, memory=memory, addresses=addresses)
        build(root, root / fresh, addresses=addresses)
        kept = contents(root / "out")
        assert kept == contents(root / fresh)
        return kept

    project.add("extra", needing)
    project.add("further")
    rebuilt("first")

    project.add("softmax", PROBLEM.replace("TITLE", "Yet another title"))
    site = rebuilt("title")
    for name in ("index.html", "feed.xml", *(f"problems/{slug}/index.html" for slug in SHOWING)):
        for folder in ("", "fr/"):
            assert b"Yet another title" in site[folder + name], folder + name
    assert b'data-name="Yet another title' in site["index.html"], "the map"

    project.write("problems/softmax.fr.md", PROBLEM.replace("TITLE", "Un autre titre"))
    site = rebuilt("translation")
    assert b"Un autre titre" in site["fr/problems/extra/index.html"]
    assert b"Un autre titre" not in site["problems/extra/index.html"]

    project.write("hidden_tests/test_softmax.py", TESTS.replace("Rows", "Columns"))
    site = rebuilt("tests")
    assert b"Columns sum to one" in site["fr/problems/softmax/index.html"]

    project.remove("further")
    (project.root / "problems/softmax.fr.md").unlink()
    assert b"Un autre titre" not in b"".join(rebuilt("removed").values())


def test_what_is_removed_disappears_from_the_site(project: Clone, out: Path) -> None:
    page = out / "problems/extra/index.html"
    assert page.is_file()
    kept = times(out / "assets") | times(out / "problems/softmax")
    for path in ("problems/extra.md", "hidden_tests/test_extra.py", "reference/extra.py"):
        (project.root / path).unlink()
    problems = build(project.root, out)
    assert [problem.slug for problem in problems] == ["softmax"]
    assert not page.parent.exists()
    assert "problems/extra" not in (out / "index.html").read_text(encoding="utf-8")
    assert times(out / "assets") | times(out / "problems") == kept


def test_images_come_along(project: Clone, out: Path) -> None:
    picture = project.root / "problems/images/curve.svg"
    picture.parent.mkdir()
    picture.write_text("<svg/>", encoding="utf-8")
    project.add("extra", with_section("Background", "![A curve](images/curve.svg)"))
    build(project.root, out)
    page = Html(out / "problems/extra/index.html")
    (address,) = [address for tag, address in page.addresses if tag == "img"]
    assert file_of(address, page.path).read_text(encoding="utf-8") == "<svg/>"


def test_a_build_with_a_complaint_writes_nothing(project: Clone, out: Path) -> None:
    before = contents(out), times(out)
    project.add("new")
    project.add("extra", PROBLEM.replace("Easy", "Trivial"))
    for folder in (out, project.root / "new"):
        with pytest.raises(Complaints):
            build(project.root, folder)
    assert (contents(out), times(out)) == before
    assert not (project.root / "new").exists()


def test_a_script_with_an_error_leaves_the_pages_as_they_were(project: Clone, out: Path) -> None:
    before = contents(out)
    project.write("site/page/settings.ts", "const = 1;")
    with pytest.raises(BundleError, match=r"site/page/settings\.ts:1:6"):
        build(project.root, out)
    assert contents(out) == before


# -- Dist


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder that an earlier build has filled."""
    earlier = Dist(tmp_path / "out")
    earlier.write("a/b/c.txt", "old")
    earlier.write("a/d.txt", "same")
    yield tmp_path / "out"
    assert not list(tmp_path.rglob("*.part"))


def test_sweep_deletes_files_of_earlier_builds_and_empty_folders(folder: Path) -> None:
    (folder / "empty/deeper").mkdir(parents=True)
    (folder / "a/.d.txt.part").touch()
    (folder / "link").symlink_to(folder.parent / "elsewhere")
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere/thesis.tex").touch()
    dist = Dist(folder)
    dist.write("a/d.txt", "same")
    assert (folder / "a/b/c.txt").exists(), "until the build is complete, the old site is there"
    dist.sweep()
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*")} == {
        MARK,
        "a",
        "a/d.txt",
    }
    assert (folder.parent / "elsewhere/thesis.tex").exists(), "only the link was deleted"


def test_only_what_is_different_is_written(folder: Path) -> None:
    os.utime(folder / "a/d.txt", (1, 1))
    os.utime(folder / "a/b/c.txt", (1, 1))
    dist = Dist(folder)
    assert dist.write("a/d.txt", b"same") == "a/d.txt"
    assert dist.write("a/b/c.txt", "new é") == "a/b/c.txt"
    assert (folder / "a/d.txt").stat().st_mtime == 1
    assert (folder / "a/b/c.txt").stat().st_mtime != 1
    assert (folder / "a/b/c.txt").read_bytes() == "new é".encode()


def test_hashed_names(folder: Path) -> None:
    dist = Dist(folder)
    one, two = dist.write_hashed("x/y.json", b"1"), dist.write_hashed("x/y.json", b"2")
    assert one == f"x/y-{short_hash(b'1')}.json"
    assert (folder / one).read_bytes() == b"1"
    assert (folder / two).read_bytes() == b"2"
    dist.sweep()
    assert (folder / one).exists()


def test_a_hash_tells_where_one_content_ends() -> None:
    assert short_hash(b"ab", b"c") != short_hash(b"a", b"bc")
    assert re.fullmatch("[0-9a-f]{10}", short_hash())


def test_copy(folder: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"whole")
    dist = Dist(folder)
    dist.copy("runtime/file", source)
    assert (folder / "runtime/file").read_bytes() == b"whole"

    os.utime(folder / "runtime/file", (1, 1))
    dist.copy("runtime/file", source)
    assert (folder / "runtime/file").stat().st_mtime == 1

    (folder / "runtime/file").write_bytes(b"who")  # cut off by a full disk
    dist.copy("runtime/file", source)
    assert (folder / "runtime/file").read_bytes() == b"whole"
    dist.sweep()
    assert (folder / "runtime/file").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(
        NotOurs, match=f"{re.escape(str(tmp_path))} holds files.* Name another folder"
    ):
        Dist(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]

    (tmp_path / "thesis.tex").unlink()
    Dist(tmp_path).sweep()
    Dist(tmp_path).sweep()  # now it is ours
