"""Unlucky conditions: in each one clear sentence, a way on, and the learner's code again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from page import PYTHON_IS_KEPT, ProblemPage, codes_kept, wait_until, with_time_limit
from playwright.sync_api import BrowserContext, Route, expect

from gradlet.problem import Problem

Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"
MINE = "mine = 1  # typed before all went wrong"
KEEP_WORKER = """globalThis.Worker = class extends Worker {
  constructor(...given) { super(...given); globalThis.newest = this; }
};"""
LOOP = "def cross_entropy_grad(logits, target):\n    while True: pass\n"


@pytest.fixture
def unlucky(context: BrowserContext, site: str) -> ProblemPage:
    """A page in a fresh profile, whose console may complain."""
    return ProblemPage(context.new_page(), site)


def goes_on(page: ProblemPage, problems: Problems) -> None:
    """Python is there, and grades rightly."""
    page.wait_for("ready")
    assert page.run(problems[SLUG].reference_source) == ["passed"] * 6


# -- the network, and what comes over it


def gone(route: Route) -> None:
    route.abort("internetdisconnected")


def missing(route: Route) -> None:
    route.fulfill(status=404, content_type="text/html", body="<h1>Not Found</h1>")


def damaged(route: Route) -> None:
    body = route.fetch().body()
    route.fulfill(response=route.fetch(), body=body[: len(body) // 2])


def portal(route: Route) -> None:
    """What a network answers to everything before one has signed in."""
    route.fulfill(status=200, content_type="text/html", body="<h1>Please sign in</h1>")


FATES = [
    ("**/assets/worker-*.js", gone),
    ("**/pyodide.mjs", gone),
    ("**/pyodide.asm.wasm", gone),
    ("**/tests-*.json", gone),
    ("**/pyodide.asm.mjs", missing),
    ("**/pyodide.asm.wasm", damaged),
    ("**/assets/worker-*.js", portal),
    ("**/pyodide-lock.json", portal),
]


@pytest.mark.parametrize(("file", "fate"), FATES)
def test_a_file_of_python_that_does_not_come(
    unlucky: ProblemPage, problems: Problems, file: str, fate: Callable[[Route], None]
) -> None:
    """At whatever stage: said, and after `Try again` all is well, the code as it was."""
    page = unlucky.page
    page.route(file, fate)
    unlucky.open(wait=False)
    unlucky.paste(MINE)
    unlucky.wait_for("broken")
    said = re.compile("could not load it. Your code is safe|your code is saved")
    expect(page.locator("#broken-help")).to_contain_text(said)
    page.unroute(file)
    page.get_by_role("button", name="Try again").click()
    assert unlucky.code == MINE
    goes_on(unlucky, problems)
    expect(page.locator("#broken-help")).to_be_hidden()


def of_another_build(route: Route) -> None:
    """A host that is being renewed, or that mixes two builds."""
    head = route.fetch().json()
    route.fulfill(json={**head, "bytes": head["bytes"] + 64, "sum": head["sum"] ^ 1})


def not_a_head(route: Route) -> None:
    route.fulfill(json={"error": "try again later"})


HEAD, BODY = "**/python-*.json", "**/python-*.xz"
WITHOUT_SNAPSHOT = [
    *((HEAD, fate) for fate in (gone, missing, damaged, portal, of_another_build, not_a_head)),
    *((BODY, fate) for fate in (gone, missing, damaged, portal)),
]


@pytest.mark.parametrize(("file", "fate"), WITHOUT_SNAPSHOT)
def test_without_the_snapshot_python_is_started_plainly(
    unlucky: ProblemPage, problems: Problems, file: str, fate: Callable[[Route], None]
) -> None:
    said: list[str] = []
    unlucky.page.on("console", lambda message: said.append(message.text))
    unlucky.page.route(file, fate)
    unlucky.open(wait=False)
    goes_on(unlucky, problems)
    assert any("started plainly" in text for text in said)
    assert not any("Uncaught" in text for text in said)


@pytest.mark.parametrize("fate", [gone, portal], ids=lambda fate: fate.__name__)
def test_the_snapshots_head_does_not_come_again(
    unlucky: ProblemPage, problems: Problems, fate: Callable[[Route], None]
) -> None:
    """After Stop: by then the body is kept, and its libraries are compiled."""
    unlucky.open()
    wait_until(unlucky.page, PYTHON_IS_KEPT)
    unlucky.page.route(HEAD, fate)
    unlucky.paste(LOOP)
    unlucky.press_run()
    unlucky.page.get_by_role("button", name="Stop").click()
    goes_on(unlucky, problems)
    assert not any("exception" in trouble for trouble in unlucky.trouble)


def test_a_network_that_stands_still_is_said_and_asked_again(
    unlucky: ProblemPage, problems: Problems
) -> None:
    page = unlucky.page
    page.clock.install()
    page.route(re.compile("/runtime-|/tests-"), lambda _route: None)  # never answered
    unlucky.open(wait=False)
    unlucky.paste(MINE)
    page.clock.run_for(25_000)
    expect(page.locator("#loading-text")).to_contain_text("Nothing has arrived for a while")
    page.unroute_all()
    page.clock.run_for(25_000)  # less than it waits for the second time
    assert page.locator("html").get_attribute("data-runtime") == "loading"
    page.clock.run_for(25_000)
    assert unlucky.code == MINE
    page.clock.resume()
    goes_on(unlucky, problems)


def test_a_part_of_the_pages_own_script_is_lost_once(
    unlucky: ProblemPage, problems: Problems
) -> None:
    """The page loads itself again."""
    unlucky.page.route("**/assets/part-*.js", gone, times=1)
    unlucky.open(wait=False)
    goes_on(unlucky, problems)


@pytest.mark.parametrize("fate", [gone, missing], ids=lambda fate: fate.__name__)
def test_the_pages_own_script_does_not_come(
    unlucky: ProblemPage, problems: Problems, fate: Callable[[Route], None]
) -> None:
    page = unlucky.page
    unlucky.open(wait=False)
    unlucky.paste(MINE)
    page.route("**/assets/problem-*.js", fate)
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("A part of this page did not arrive")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    expect(page.locator("#run")).to_be_hidden()
    assert unlucky.code == MINE
    later = MINE + "  # typed in the meantime"
    unlucky.paste(later)
    page.unroute("**/assets/problem-*.js")
    page.reload()
    assert unlucky.code == later
    goes_on(unlucky, problems)


def test_a_new_release_while_the_page_is_open(unlucky: ProblemPage, problems: Problems) -> None:
    """The files of the old one are gone; the page needs them when it starts Python again."""
    page = unlucky.page
    unlucky.open()
    unlucky.paste(LOOP)
    unlucky.press_run()
    page.route(re.compile("/(assets|runtime-[^/]*)/"), missing)
    page.get_by_role("button", name="Stop").click()
    unlucky.wait_for("broken")
    expect(page.locator("#broken-help")).to_contain_text("has been renewed since you opened")
    page.unroute(re.compile("/(assets|runtime-[^/]*)/"))
    page.reload()
    assert unlucky.code.rstrip() == LOOP.rstrip()
    goes_on(unlucky, problems)


# -- the browser


@pytest.mark.parametrize(
    "lack",
    [
        "delete globalThis.WebAssembly",
        "WebAssembly.validate = () => false",  # WebAssembly without exceptions
        "globalThis.Worker = class { constructor(address) {} terminate() {} }",  # no modules
    ],
)
def test_a_browser_without_what_python_needs(context: BrowserContext, site: str, lack: str) -> None:
    context.add_init_script(lack)
    page = ProblemPage(context.new_page(), site)
    page.open(wait=False)
    page.wait_for("broken")
    expect(page.page.locator("#broken-help")).to_contain_text("Your browser is too old")
    page.paste(MINE)
    page.press_run()
    page.page.get_by_role("button", name="Try it").click()
    page.page.keyboard.press("Enter")
    expect(page.page.locator("#try-result")).to_contain_text("Your browser is too old")
    expect(page.page.locator("html")).to_have_attribute("data-runtime", "broken")
    page.page.reload()
    assert page.code == MINE


def test_a_browser_too_old_to_read_the_scripts(unlucky: ProblemPage) -> None:
    page = unlucky.page
    page.set_viewport_size({"width": 390, "height": 700})
    newer = "syntax of the year 2040 ?;"
    page.route(
        re.compile("/assets/(editor|code|problem)-"),
        lambda route: route.fulfill(content_type="text/javascript", body=newer),
    )
    unlucky.open(wait=False)
    expect(page.get_by_role("alert")).to_contain_text("it is probably too old")
    expect(page.get_by_role("alert")).to_be_in_viewport()
    for nothing_to_use in ("#run", "#editor"):
        expect(page.locator(nothing_to_use)).to_be_hidden()


def test_a_browser_that_is_only_slow_is_not_called_old(first_visit: ProblemPage) -> None:
    """The page has started before it counts as loaded, when old-browser.js looks."""
    first_visit.page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { window.startedInTime ="
        " document.documentElement.hasAttribute('data-started'); });"
    )
    first_visit.open(wait=False)
    assert first_visit.page.evaluate("window.startedInTime")
    expect(first_visit.page.locator("#browser-old")).to_be_hidden()


def test_the_word_to_old_browsers_has_no_new_syntax(dist: Path) -> None:
    (script,) = dist.glob("assets/old-browser-*.js")
    text = script.read_text(encoding="utf-8")
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    assert not re.findall(
        r"=>|\b(?:let|const|class|import|export|async)\b|`|\?\.|\?\?|\.\.\.", code
    )


def test_the_worker_is_ended_while_nobody_runs_anything(
    page: ProblemPage, problems: Problems
) -> None:
    """A browser may do so with a page that nobody looks at; the next run is graded all the same."""
    page.open()
    (worker,) = page.page.workers
    worker.evaluate("() => setTimeout(() => self.close())")
    page.paste(problems[SLUG].reference_source)
    page.press_run()
    expect(page.results).to_have_attribute("data-verdict", "passed", timeout=60_000)
    assert page.statuses == ["passed"] * 6


def test_the_worker_is_ended_during_a_run(unlucky: ProblemPage, problems: Problems) -> None:
    page = unlucky.page
    page.add_init_script(KEEP_WORKER)
    page.route(f"**/problems/{SLUG}/", lambda route: with_time_limit(route, 5))
    unlucky.open()
    unlucky.paste(LOOP)
    unlucky.press_run()
    expect(unlucky.test("test_output_shape")).to_have_attribute("data-status", "running")
    page.evaluate("globalThis.newest.terminate()")
    unlucky.wait_for_verdict()
    assert "the time limit" in unlucky.verdict
    assert unlucky.code.rstrip() == LOOP.rstrip()
    goes_on(unlucky, problems)


# -- time


def test_the_computer_sleeps_for_an_hour_during_a_run(
    unlucky: ProblemPage, problems: Problems
) -> None:
    page = unlucky.page
    page.clock.install()
    unlucky.open()
    unlucky.paste(LOOP)
    unlucky.press_run()
    expect(unlucky.test("test_output_shape")).to_have_attribute("data-status", "running")
    page.clock.fast_forward(3_600_000)
    expect(page.locator("html")).to_have_attribute("data-runtime", "running")
    page.clock.run_for(12_000)
    unlucky.wait_for_verdict()
    assert "the time limit" in unlucky.verdict
    page.clock.resume()
    goes_on(unlucky, problems)


def test_the_clock_is_set_back(unlucky: ProblemPage, problems: Problems) -> None:
    page = unlucky.page
    page.clock.install(time="2030-01-01T00:00:00")
    unlucky.open()
    unlucky.paste(MINE)
    page.clock.set_system_time("1999-12-31T23:59:59")
    page.clock.resume()
    goes_on(unlucky, problems)
    unlucky.paste(MINE + "  # later")
    page.reload()
    assert unlucky.code == MINE + "  # later"


# -- the storage


@pytest.mark.parametrize(
    "refusal",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); }",
        "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty("
        "globalThis, name, { get() { throw new DOMException('', 'SecurityError'); } })",
    ],
    ids=["full", "forbidden"],
)
def test_a_storage_that_is(page: ProblemPage, problems: Problems, refusal: str) -> None:
    page.page.add_init_script(refusal)
    page.open(wait=False)
    page.paste(MINE)
    expect(page.page.locator("#saved")).to_contain_text("does not let this page save")
    assert page.code == MINE
    goes_on(page, problems)


def test_a_storage_that_is_cleared(unlucky: ProblemPage, context: BrowserContext) -> None:
    unlucky.open(wait=False)
    unlucky.paste(MINE)
    elsewhere = context.new_page()
    elsewhere.goto(unlucky.site)
    elsewhere.evaluate("localStorage.clear()")
    kept = "Object.keys(localStorage).some((key) => key.endsWith(':code'))"
    wait_until(unlucky.page, kept)
    unlucky.page.reload()
    assert unlucky.code == MINE


# -- two tabs on one problem


def without_python(context: BrowserContext, site: str) -> ProblemPage:
    tab = ProblemPage(context.new_page(), site)
    tab.page.route("**/assets/worker-*.js", lambda route: route.fulfill(body=""))
    tab.open(wait=False)
    return tab


@pytest.fixture
def first_tab(context: BrowserContext, site: str) -> ProblemPage:
    return without_python(context, site)


@pytest.fixture
def tabs(context: BrowserContext, site: str) -> tuple[ProblemPage, ProblemPage]:
    """Both show the same code; in the first, something else has then been typed."""
    first, second = (without_python(context, site) for _ in range(2))
    first.page.bring_to_front()
    first.paste("first = 1")
    expect(second.page.locator("#other-tab")).to_be_visible()
    return first, second


def test_two_tabs_say_so_and_overwrite_nothing(tabs: tuple[ProblemPage, ProblemPage]) -> None:
    first, second = tabs
    second.page.bring_to_front()
    second.paste("second = 2")
    expect(first.page.locator("#other-tab")).to_be_hidden()
    for tab, code in ((first, "first = 1"), (second, "second = 2")):
        tab.page.reload()
        assert tab.code == code, "each finds its own again"
    expect(second.page.locator("#other-tab")).to_contain_text("in another tab perhaps")
    second.paste("second = 3")
    expect(second.page.locator("#saved")).to_contain_text("Kept in this tab only")


def test_of_two_tabs_the_other_code_can_be_taken(tabs: tuple[ProblemPage, ProblemPage]) -> None:
    first, second = tabs
    second.paste("second = 2")
    second.page.get_by_role("button", name="The other code").click()
    assert second.code == "first = 1"
    assert codes_kept(second.page) == ["second = 2"], "a copy of what was left"
    expect(second.page.locator("#other-tab")).to_be_hidden()
    second.paste("both = 3")
    expect(first.page.locator("#other-tab")).to_be_visible()


def test_what_loses_is_not_given_up_without_a_copy(tabs: tuple[ProblemPage, ProblemPage]) -> None:
    _, second = tabs
    second.paste("second = 2")
    second.fill_storage()
    for name in ("The other code", "The code of this tab"):
        second.page.get_by_role("button", name=name).click()
        expect(second.page.locator("#saved")).to_contain_text("Nothing was replaced")
        assert second.code == "second = 2"
        expect(second.page.locator("#other-tab")).to_be_visible()


def test_a_page_that_was_asleep_overwrites_nothing(first_tab: ProblemPage) -> None:
    """In the back/forward cache, where nobody tells it what another page has saved."""
    page = first_tab.page
    first_tab.paste("old = 1")
    page.evaluate("localStorage.setItem('gradlet:/:cross-entropy-gradient:code', 'newer = 2')")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.locator("#other-tab")).to_be_visible()
    first_tab.paste("old = 3")
    page.get_by_role("button", name="The other code").click()
    assert first_tab.code == "newer = 2"
    assert codes_kept(first_tab.page) == ["old = 3"]


def test_of_two_tabs_this_code_can_be_kept(tabs: tuple[ProblemPage, ProblemPage]) -> None:
    first, second = tabs
    second.paste("second = 2")
    second.page.get_by_role("button", name="The code of this tab").click()
    expect(first.page.locator("#other-tab")).to_be_visible()
    assert first.code == "first = 1"
    assert codes_kept(second.page) == ["first = 1"], "a copy of what was left"
    second.page.reload()
    assert second.code == "second = 2"
