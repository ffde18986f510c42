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
from page import ProblemPage, close_dialog, open_saved_work
from playwright.sync_api import BrowserContext, expect

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


def test_in_a_problem(context: BrowserContext, hostile: tuple[str, list[str]]) -> None:
    address, slugs = hostile
    assert len(slugs) > 0.9 * len(INJECTIONS)
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
def quick(context: BrowserContext, site: str) -> ProblemPage:
    """A page that loads no Python."""
    context.add_init_script(NO_PYTHON)
    return ProblemPage(context.new_page(), site)


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
    assert quick.page.locator("#shared-preview *").count() == 0
    assert quick.page.evaluate(FOREIGN) == []
    quick.page.locator("#shared-use").click()
    assert quick.page.evaluate(FOREIGN) == []
    assert quick.trouble == []


def test_in_a_file_name(quick: ProblemPage) -> None:
    for injection in INJECTIONS:
        quick.page.goto(f"{quick.site}{quote(injection, safe='')}")
        assert "There is no such page" in quick.page.locator("main").inner_text()
        assert quick.page.evaluate(FOREIGN) == [], injection


STORE = """values => {
  for (const [key, value] of Object.entries(values)) {
    const name = `gradlet:/:cross-entropy-gradient:${key}`;
    for (const store of [localStorage, sessionStorage]) store.setItem(name, value);
  }
}"""


SOUND = {"at": "2026-01-01T10:00:00.000Z", "passed": True, "results": {"test_sum": "passed"}}


def sound_attempts() -> list[dict[str, object]]:
    return [{**SOUND, "code": injection} for injection in INJECTIONS]


def unsound_attempts() -> list[dict[str, object]]:
    """One injection each, in a place that must be sound."""
    return [
        {**SOUND, "code": "", **damage}
        for text in INJECTIONS
        for damage in (
            {"at": text},
            {"passed": text},
            {"results": text},
            {"results": {text: "passed"}},
            {"results": {"test_sum": text}},
        )
    ]


def assert_all_shown(page: ProblemPage, code: str) -> None:
    """The editor has it: the first lines and the last; it draws only what is in sight."""
    assert code.startswith(page.code)
    assert page.page.evaluate(FOREIGN) == []
    page.page.locator(".cm-content").click()
    page.page.keyboard.press("ControlOrMeta+End")
    expect(page.page.locator(".cm-line").last).to_have_text(code.splitlines()[-1])
    assert code.endswith(page.code)
    assert page.page.evaluate(FOREIGN) == []


def test_in_the_storage(quick: ProblemPage) -> None:
    """Another page of the same host, or an older version of this one, can have written anything."""
    page = quick.page
    page.goto(quick.site)
    code = "\n".join(INJECTIONS)
    attempts = json.dumps(sound_attempts() + unsound_attempts())
    page.evaluate(STORE, {"code": code, "before-reset": code, "attempts": attempts})
    page.goto(quick.site)
    assert page.evaluate(FOREIGN) == []
    quick.open(wait=False)
    assert_all_shown(quick, code)
    page.get_by_role("button", name="Attempts").click()
    dialog = page.get_by_role("dialog", name="Attempts")
    assert dialog.locator("pre").all_text_contents() == INJECTIONS[::-1], "the sound ones"
    assert page.evaluate(FOREIGN) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Undo reset").click()
    assert page.evaluate(FOREIGN) == []
    assert quick.trouble == []


@pytest.mark.parametrize("injection", INJECTIONS[::20])
def test_in_the_storage_where_something_else_must_lie(quick: ProblemPage, injection: str) -> None:
    page = quick.page
    page.goto(quick.site)
    keys = ("code", "changed", "attempts", "before-reset", "apart")
    page.evaluate(STORE, dict.fromkeys(keys, injection))
    settings = dict.fromkeys(("theme", "size", "tab", "vim"), injection)
    for kept in (injection, json.dumps(settings)):
        page.evaluate("text => localStorage.setItem('gradlet:settings', text)", kept)
        page.goto(quick.site)
        assert page.evaluate(FOREIGN) == []
        quick.open(wait=False)
        assert page.evaluate(FOREIGN) == []
        assert quick.code == injection
    assert quick.trouble == []


def test_in_a_file_of_saved_work(quick: ProblemPage) -> None:
    def opened(content: object) -> str:
        said = open_saved_work(quick.page, content)
        assert quick.page.evaluate(FOREIGN) == []
        close_dialog(quick.page)
        return said

    quick.page.goto(quick.site)
    code = "\n".join(INJECTIONS)
    attempts = sound_attempts()
    work = {"problem": None, "tests": None, "code": code, "changed": None, "attempts": attempts}
    site = {"version": "1", "address": code[:500]}
    file = {"format": "gradlet-work", "version": 1, "saved": SOUND["at"], "site": site}
    for injection in INJECTIONS[::4]:
        problems = {"cross-entropy-gradient": work}
        assert injection in opened({**file, "learner": injection, "problems": problems})
        assert injection in opened({**file, "problems": {injection: work}}), "refused by name"
    quick.open(wait=False)
    assert_all_shown(quick, code)
    assert quick.trouble == []


PRINT = "for line in LINES:\n    print(line)\n"
WAYS_OUT = {
    "printed": f"{PRINT}def cross_entropy_grad(logits, target):\n    {PRINT.splitlines()[0]}\n"
    "        print(line)\n",
    "raised": "def cross_entropy_grad(logits, target): raise ValueError('\\n'.join(LINES))\n",
    "raised at once": "raise ValueError('\\n'.join(LINES))\n",
    "returned": "def cross_entropy_grad(logits, target): return LINES\n",
    "represented": "class Liar:\n    def __repr__(self): return ' '.join(LINES)\n"
    "def cross_entropy_grad(logits, target): raise KeyError(Liar())\n",
    "name of a class": "def cross_entropy_grad(logits, target):\n"
    "    return type(' '.join(LINES), (), {})()\n",
    "source line": "def cross_entropy_grad(logits, target):\n"
    "    return 1 / 0  # <script>globalThis.injected = 1</script><img src=x onerror=alert(1)>\n",
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_in_what_a_run_says(warm_page: ProblemPage, way: str) -> None:
    warm_page.ensure_open()
    statuses = warm_page.run(f"LINES = {INJECTIONS!r}\n{WAYS_OUT[way]}")
    assert "passed" not in statuses
    assert warm_page.page.evaluate(FOREIGN) == []
    assert "<script>globalThis.injected" in warm_page.results.inner_text()
