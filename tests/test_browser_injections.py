"""Script in whatever comes from outside ends as text: in a problem, a link, the storage, a run."""

import json
import shutil
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from clone import TESTS, Clone, with_section
from page import ProblemPage
from playwright.sync_api import Browser

from gradlet.complaint import Complaints
from gradlet.publish import build
from gradlet.serve import serving

ROOT = Path(__file__).resolve().parent.parent
INJECTIONS = (ROOT / "tests" / "injections.txt").read_text(encoding="utf-8").splitlines()

# What a page holds that only somebody else can have put there.
FOREIGN = """() => {
  const ours = (address) => new URL(address, location).href.startsWith(location.origin + "/");
  const strange = [];
  if ("injected" in globalThis) strange.push("a script has run");
  const never = "iframe, object, embed, base, svg script, math style, template," +
    "textarea:not(#try-call), form:not([method=dialog], #filters), meta[http-equiv=refresh]," +
    "[srcdoc], animate, body style:not([class])";
  for (const each of document.querySelectorAll(never)) strange.push(each.outerHTML);
  for (const each of document.querySelectorAll("*")) {
    for (const { name, value } of each.attributes) {
      if (name.startsWith("on")) strange.push(each.outerHTML);
      const leads = /^(href|src|action|data)$/.test(name);
      if (leads && /^\\s*(javascript|data:text|vbscript)/i.test(value))
        strange.push(each.outerHTML);
    }
    const isData = /^application\\/(ld\\+)?json$/.test(each.type);
    if (each.localName === "script" && !isData && !ours(each.src))
      strange.push(each.outerHTML);
    if (each.localName === "link" && !ours(each.href)) strange.push(each.outerHTML);
  }
  return strange;
}"""

# A worker that never answers. (To answer for its script instead would switch the browser's cache
# off, and each page would load all of its own scripts again.)
NO_PYTHON = """globalThis.Worker = class extends EventTarget {
  constructor(address, options) { super(); options.type; }
  postMessage() {}
  terminate() {}
};"""


def text_with(injection: str) -> str:
    """A problem that has `injection` in every place where an author can write."""
    section = f"Before {injection} after.\n\n{injection}\n\n- {injection}\n\n"
    section += f"| a |\n|---|\n| {injection} |\n\n```python\n{injection}\n```"
    text = with_section("Background", section).replace("Turn scores", f"Turn {injection} scores")
    text = text.replace("TITLE", json.dumps(injection)) + f"\n## Hints\n\n- {injection}\n"
    return text.replace("    pass", f"    # {injection}\n    pass")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """A site whose problems hold the injections; its address and their slugs."""
    clone = Clone(tmp_path_factory.mktemp("hostile"))
    for number, injection in enumerate(INJECTIONS):
        clone.add(f"p{number}", text_with(injection), TESTS.replace("Rows", f"{injection} rows"))
    shutil.copytree(ROOT / "site", clone.root / "site")
    for name in ("node_modules", "requirements.lock"):
        if not (clone.root / name).exists():
            (clone.root / name).symlink_to(ROOT / name)
    try:
        clone.read()
    except Complaints as refused:  # some injections are mistakes an author is told of
        for slug in {complaint.file.stem for complaint in refused.complaints}:
            clone.remove(slug)
    out = clone.root / "out"
    build(clone.root, out)
    with serving(out) as address:
        yield address, sorted(path.name for path in (out / "problems").iterdir())


def test_in_a_problem(browser: Browser, hostile: tuple[str, list[str]]) -> None:
    address, slugs = hostile
    assert len(slugs) > 0.9 * len(INJECTIONS)
    context = browser.new_context()
    page = ProblemPage(context.new_page(), address)
    context.add_init_script(NO_PYTHON)
    page.page.goto(address)
    assert page.page.evaluate(FOREIGN) == []
    for slug in slugs:
        page.open(slug, wait=False)
        assert page.page.evaluate(FOREIGN) == [], slug
        assert page.page.locator("h1").text_content() == INJECTIONS[int(slug[1:])]
    context.close()
    assert page.trouble == []


@pytest.fixture
def quick(browser: Browser, site: str) -> Iterator[ProblemPage]:
    """A page that loads no Python."""
    context = browser.new_context()
    context.add_init_script(NO_PYTHON)
    yield ProblemPage(context.new_page(), site)
    context.close()


def test_in_a_link(quick: ProblemPage) -> None:
    for injection in INJECTIONS[::4]:
        written = quote(injection)
        # Each loads the page anew, since it differs from the one before by more than a fragment.
        for link in (f"#{written}", f"?{written}", f"?code={written}#code={written}"):
            quick.page.goto(f"{quick.site}problems/cross-entropy-gradient/{link}")
            assert quick.page.evaluate(FOREIGN) == [], link
    assert quick.trouble == []


def test_in_code_that_a_link_carries(quick: ProblemPage) -> None:
    code = "\n".join(INJECTIONS)
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(code.encode()) + packer.flush()
    fragment = urlsafe_b64encode(packed).decode().rstrip("=")
    quick.page.goto(f"{quick.site}problems/cross-entropy-gradient/#code={fragment}")
    quick.page.locator("#shared-look").click()
    assert quick.page.locator("#shared-preview").text_content() == code
    assert quick.page.evaluate(FOREIGN) == []
    quick.page.locator("#shared-use").click()
    assert quick.page.evaluate(FOREIGN) == []
    assert quick.trouble == []


def test_in_a_file_name(quick: ProblemPage) -> None:
    for injection in INJECTIONS:
        quick.page.goto(f"{quick.site}{quote(injection, safe='')}")
        assert "There is no such page" in quick.page.locator("main").inner_text()
        assert quick.page.evaluate(FOREIGN) == [], injection


def test_in_the_storage(quick: ProblemPage) -> None:
    """Another page of the same host, or an older version of this one, can have written anything."""
    quick.open(wait=False)
    quick.paste("x = 1")
    quick.page.get_by_role("button", name="Reset", exact=True).click()
    quick.page.get_by_role("dialog").get_by_role("button", name="Reset").click()
    keys = quick.page.evaluate("Object.keys(localStorage)")
    assert len(keys) >= 3, keys
    keys.append("gradlet:settings")
    overwrite = "([keys, text]) => { for (const key of keys) localStorage.setItem(key, text); }"
    for injection in INJECTIONS:
        quick.page.evaluate(overwrite, [keys, injection])
        quick.page.goto(quick.site)
        assert quick.page.evaluate(FOREIGN) == [], injection
        quick.open(wait=False)
        assert quick.page.evaluate(FOREIGN) == [], injection
        assert quick.code == injection
        quick.page.get_by_role("button", name="Undo reset").click()
        assert quick.page.evaluate(FOREIGN) == [], injection
    assert quick.trouble == []


PRINT = "for line in LINES:\n    print(line)\n"
WAYS_OUT = {
    "printed": f"{PRINT}def cross_entropy_grad(logits, target):\n    {PRINT.splitlines()[0]}\n"
    "        print(line)\n",
    "raised": "def cross_entropy_grad(logits, target): raise ValueError('\\n'.join(LINES))\n",
    "raised at once": "raise ValueError('\\n'.join(LINES))\n",
    "returned": "def cross_entropy_grad(logits, target): return LINES\n",
    "represented": "class Liar:\n    def __repr__(self): return ' '.join(LINES)\n"
    "def cross_entropy_grad(logits, target): return Liar()\n",
    "name of a class": "def cross_entropy_grad(logits, target):\n"
    "    return type(' '.join(LINES), (), {})()\n",
    "source line": "def cross_entropy_grad(logits, target):\n"
    "    return 1 / 0  # <script>globalThis.injected = 1</script><img src=x onerror=alert(1)>\n",
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_in_what_a_run_says(warm_page: ProblemPage, way: str) -> None:
    if not warm_page.page.url.endswith("/cross-entropy-gradient/"):
        warm_page.open()
    statuses = warm_page.run(f"LINES = {INJECTIONS!r}\n{WAYS_OUT[way]}")
    assert "passed" not in statuses
    assert warm_page.page.evaluate(FOREIGN) == []
    assert "<script>globalThis.injected" in warm_page.results.inner_text()
