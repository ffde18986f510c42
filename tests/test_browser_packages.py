"""Packages that problems name, in a real browser: from the site itself, and from nowhere else."""

import base64
import hashlib
import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from clone import PROBLEM, Clone
from page import ProblemPage
from playwright.sync_api import BrowserContext

from gradlet.cache_folder import cache
from gradlet.problem import Problem
from gradlet.publish import build
from gradlet.serve import serving

ROOT = Path(__file__).resolve().parent.parent
Problems = dict[str, Problem]

TESTS = '''\
def test_sum(solution):
    """Comes from the package."""
    assert solution.softmax(1) == "tiny 1.0", "another one"
'''
CODE = "import tiny_help\n\n\ndef softmax(z):\n    return tiny_help.name\n"


def tiny_wheel() -> bytes:
    """A package of one module, as PyPI would have it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr("tiny_help.py", "name = 'tiny 1.0'\n")
        info = "tiny_help-1.0.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-help\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return buffer.getvalue()


@pytest.fixture
def site_with_pin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site whose one problem pins a package that is in no other place than the cache."""
    root, folder = tmp_path / "project", tmp_path / "cache/files"
    folder.mkdir(parents=True)
    for there in (cache() / "files").iterdir():
        (folder / there.name).symlink_to(there)
    for name in ("snapshots", "compressed"):  # for this, Python is not recorded and packed anew
        (cache() / name).mkdir(exist_ok=True)
        (tmp_path / "cache" / name).symlink_to(cache() / name)
    wheel = tiny_wheel()
    sha256 = hashlib.sha256(wheel).hexdigest()
    (folder / sha256).mkdir()
    (folder / sha256 / "tiny_help-1.0-py3-none-any.whl").write_bytes(wheel)
    monkeypatch.setenv("GRADLET_CACHE", str(tmp_path / "cache"))

    root.mkdir()
    clone = Clone(root)
    clone.add(text=PROBLEM.replace("tags:", "packages: [tiny-help==1.0]\ntags:"), tests=TESTS)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    (root / "requirements.lock").unlink()
    clone.write("requirements.lock", f"{lock}tiny-help==1.0 \\\n    --hash=sha256:{sha256}\n")
    shutil.copytree(ROOT / "site", root / "site")
    build(root, tmp_path / "dist")
    with serving(tmp_path / "dist") as address:
        yield address


def test_a_pinned_package_is_installed_from_the_site(
    context: BrowserContext, site_with_pin: str
) -> None:
    page = ProblemPage(context.new_page(), site_with_pin)
    page.open("softmax")
    assert page.run(CODE) == ["passed"]
    assert page.run(CODE.replace("tiny_help.name", "'tiny'")) == ["failed"]
    context.close()
    assert page.trouble == []  # a request to any other host is trouble


def test_a_figure_appears_beside_the_test_in_which_it_was_drawn(
    page: ProblemPage, problems: Problems
) -> None:
    page.open("learning-rate-curves")
    code = problems["learning-rate-curves"].reference_source
    assert set(page.run(code)) == {"passed"}
    figure = page.test("test_curves").locator("figure img")
    assert figure.get_attribute("alt") == (
        "Figure: Horizontal axis: Step. Vertical axis: Mean squared error. Drawn: 0.02, 0.2, 0.7."
    )
    source = str(figure.get_attribute("src"))
    assert base64.b64decode(source.removeprefix("data:image/png;base64,"))[1:4] == b"PNG"
    figure.scroll_into_view_if_needed()
    assert figure.evaluate("image => image.naturalWidth") > 600
    assert page.page.locator("figure").count() == 1  # the other tests put theirs away

    page.run(code.replace('    axes.set_yscale("log")\n', ""))
    assert page.not_passed == ("test_scale",)
    assert page.test("test_scale").locator("figure img").count() == 1
