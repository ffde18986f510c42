"""A problem in the frame of another page, which hears of verdicts: across origins, and by SCORM."""

import json
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from page import BOOT, ProblemPage, poll
from plain_server import hosting
from playwright.sync_api import BrowserContext, Frame, Page, expect
from regular import Regular

from gradlet import cli, fingerprint
from gradlet.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
SCORM_RUNTIME = ROOT / "node_modules" / "scorm-again" / "dist" / "scorm12.min.js"
SLUG = "softmax-from-scratch"
WRONG = "import numpy as np\n\n\ndef softmax(logits):\n    return np.full(len(logits), np.nan)\n"

Problems = dict[str, Problem]


class Framed(ProblemPage):
    """A problem page in a frame of a page."""

    def __init__(self, page: Page, frame: Frame) -> None:
        self.outer = page
        self.page = frame  # type: ignore[assignment]
        self.trouble = []

    def _select_all(self) -> None:
        self.page.locator(".cm-content").click()
        self.outer.keyboard.press("ControlOrMeta+a")


def framed(page: Page) -> Framed:
    page.frame_locator("iframe").locator("#run").wait_for(timeout=BOOT)
    (frame,) = (frame for frame in page.frames if "/problems/" in frame.url)
    return Framed(page, frame)


# -- another origin

OUTER = """<!doctype html><title>A course</title><body><script>
const heard = [];
addEventListener("message", (event) => heard.push({ origin: event.origin, data: event.data }));
</script><iframe src="FRAME" style="width: 60rem; height: 40rem"></iframe>"""


@pytest.fixture
def course(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Another web site than the one of the problems: its origin, and its folder."""
    with hosting(tmp_path, "") as host:
        yield host.address.rstrip("/"), tmp_path


def errors(page: Page) -> list[str]:
    """Those of its scripts and of its frames', from now on."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def outer(regular: Regular) -> Iterator[Page]:
    """A page of another site, in a browser that has kept the site of the problems."""
    page = regular.context.new_page()
    trouble = errors(page)
    yield page
    regular.forget_learner()
    assert trouble == []


@pytest.fixture
def learning_platform(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    trouble = errors(page)
    yield page
    assert trouble == []


def open_course(outer: Page, course: tuple[str, Path], frame: str) -> Framed:
    origin, folder = course
    (folder / "index.html").write_text(OUTER.replace("FRAME", frame), encoding="utf-8")
    outer.goto(f"{origin}/index.html")
    page = framed(outer)
    page.wait_for("ready")
    return page


def heard(outer: Page) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = outer.evaluate("heard")
    return messages


def test_page_of_the_named_origin_hears_each_verdict(
    outer: Page, course: tuple[str, Path], site: str, problems: Problems
) -> None:
    origin = quote(course[0], safe="")
    frame = open_course(outer, course, f"{site}problems/{SLUG}/?embed={origin}")
    tests = [test.name for test in problems[SLUG].tests]
    assert frame.run(problems[SLUG].reference_source) == ["passed"] * len(tests)
    not_passed = dict(zip(tests, frame.run(WRONG), strict=True))
    ours = site.rstrip("/")
    verdict = {
        "type": "gradlet:verdict",
        "version": 1,
        "problem": SLUG,
        "tests": fingerprint.tests_hash(problems[SLUG]),
    }
    assert heard(outer) == [
        {"origin": ours, "data": {"type": "gradlet:ready", "version": 1, "problem": SLUG}},
        {
            "origin": ours,
            "data": {**verdict, "passed": True, "results": dict.fromkeys(tests, "passed")},
        },
        {"origin": ours, "data": {**verdict, "passed": False, "results": not_passed}},
    ]
    assert "failed" in not_passed.values()
    for way_out in (".wordmark", ".prerequisites", ".meta .tag", "#after > p"):
        expect(frame.page.locator(way_out).first).to_be_hidden()
    links = frame.page.locator("a[href]:not([href^='#'])")
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


@pytest.mark.parametrize(
    "query",
    ["", "?embed=https://school.example", "?embed=*", "?embed=null", "?embed=ORIGIN/"],
    ids=["none", "other", "any", "null", "address"],
)
def test_nobody_else_hears_anything(
    query: str, outer: Page, course: tuple[str, Path], site: str, problems: Problems
) -> None:
    query = query.replace("ORIGIN", course[0])
    frame = open_course(outer, course, f"{site}problems/{SLUG}/{query}")
    assert set(frame.run(problems[SLUG].reference_source)) == {"passed"}
    outer.evaluate("new Promise((done) => setTimeout(done, 200))")
    assert heard(outer) == []


# -- SCORM

PLATFORM = """<!doctype html><title>A learning platform</title><body>
<script src="runtime.js"></script><script>
window.API = new Scorm12API({ autocommit: false, logLevel: 5 });
const kept = JSON.parse(sessionStorage.getItem("kept") ?? "null");
if (kept) window.API.loadFromJSON(kept.cmi, "cmi");
const commits = [];
window.API.on("LMSCommit", () => {
  const data = window.API.renderCommitCMI(false);
  commits.push(structuredClone(data.cmi));
  sessionStorage.setItem("kept", JSON.stringify(data));
});
window.API.on("LMSSetValue.cmi.core.exit", (_, value) => sessionStorage.setItem("exit", value));
window.API.on("LMSFinish", () => sessionStorage.setItem("finished", "yes"));
</script><iframe src="package/PAGE" style="width: 70rem; height: 45rem"></iframe>"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scorm") / "gradlet.zip"
    assert cli.main(["scorm", SLUG, "cross-entropy-gradient", "--out", str(file)]) == 0
    return file


def test_manifest_lists_every_file_and_each_problem(package: Path, problems: Problems) -> None:
    with zipfile.ZipFile(package) as archive:
        names = set(archive.namelist())
        manifest = ElementTree.fromstring(archive.read("imsmanifest.xml"))
    space = {"i": "http://www.imsproject.org/xsd/imscp_rootv1p1p2"}
    adl = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
    version = manifest.find("i:metadata/i:schemaversion", space)
    assert version is not None
    assert version.text == "1.2"
    files = [file.attrib["href"] for file in manifest.iterfind(".//i:file", space)]
    assert set(files) == names - {"imsmanifest.xml"}
    assert len(files) == len(set(files))
    resources = {
        each.attrib["identifier"]: each for each in manifest.iterfind(".//i:resource", space)
    }
    slugs = []
    for item in manifest.iterfind(".//i:item", space):
        resource = resources[item.attrib["identifierref"]]
        assert resource.attrib[f"{adl}scormtype"] == "sco"
        assert resource.attrib["href"] in names
        slugs.append(Path(resource.attrib["href"]).stem)
    assert slugs == [SLUG, "cross-entropy-gradient"]  # prerequisites first
    pages = {name for name in names if name.startswith("problems/") and name.endswith(".html")}
    assert pages == {f"problems/{slug}/index.html" for slug in slugs}


def test_unknown_problem_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "package.zip"
    assert cli.main(["scorm", "softmax-from-scrach", "--out", str(file)]) == 1
    assert "did you mean 'softmax-from-scratch'" in capsys.readouterr().err
    assert not file.exists()


@pytest.fixture
def platform(package: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a learning platform that has imported the package."""
    (tmp_path / "runtime.js").write_bytes(SCORM_RUNTIME.read_bytes())
    page = PLATFORM.replace("PAGE", f"scorm/{SLUG}.html")
    (tmp_path / "index.html").write_text(page, encoding="utf-8")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "package")
    with hosting(tmp_path, "") as host:
        yield f"{host.address}index.html"


def commits(outer: Page) -> list[dict[str, Any]]:
    return [each["core"] for each in outer.evaluate("commits")]


def open_sco(outer: Page, address: str) -> Framed:
    outer.goto(address)
    outer.frame_locator("iframe").frame_locator("iframe").locator("#run").wait_for(timeout=BOOT)
    (frame,) = (frame for frame in outer.frames if "/problems/" in frame.url)
    page = Framed(outer, frame)
    page.wait_for("ready")
    return page


def test_platform_hears_of_status_and_score(
    learning_platform: Page, platform: str, problems: Problems
) -> None:
    outer = learning_platform
    note = outer.frame_locator("iframe").locator("#note")
    page = open_sco(outer, platform)
    assert commits(outer)[-1]["lesson_status"] == "incomplete"
    expect(note).to_have_text("Your results are reported to your course.")

    statuses = page.run(WRONG)
    score = 100 * statuses.count("passed") // len(statuses)
    assert 0 < score < 100
    expect(note).to_have_text(f"Reported to your course: {score} of 100 points.")
    core = commits(outer)[-1]
    assert core["lesson_status"] == "incomplete"
    assert core["score"] == {"raw": str(score), "min": "0", "max": "100"}

    page.run(problems[SLUG].reference_source)
    expect(note).to_have_text("Reported to your course: 100 of 100 points.")
    core = commits(outer)[-1]
    assert (core["lesson_status"], core["score"]["raw"]) == ("passed", "100")

    reported = len(commits(outer))
    page.run(WRONG)  # who goes on trying loses nothing
    poll(outer, lambda: len(commits(outer)) > reported, "a third verdict is reported")
    core = commits(outer)[-1]
    assert (core["lesson_status"], core["score"]["raw"]) == ("passed", "100")

    outer.reload()  # leaves, and comes back
    assert outer.evaluate("sessionStorage.getItem('finished')") == "yes"
    kept = json.loads(outer.evaluate("sessionStorage.getItem('kept')"))["cmi"]["core"]
    assert kept["lesson_status"] == "passed"
    assert outer.evaluate("sessionStorage.getItem('exit')") == "suspend"
    assert len(kept["session_time"].split(":")) == 3


def test_without_a_platform_the_page_says_so(
    learning_platform: Page, platform: str, problems: Problems
) -> None:
    outer = learning_platform
    outer.goto(platform.replace("index.html", f"package/scorm/{SLUG}.html"))
    expect(outer.locator("#note")).to_contain_text("No learning platform opened this page")
    page = framed(outer)
    page.wait_for("ready")
    assert set(page.run(problems[SLUG].reference_source)) == {"passed"}
