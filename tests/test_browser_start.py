"""The start page as a learner uses it: find a problem, see what is done, go on, take work along."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from clone import PROBLEM, Clone
from page import ASSISTED, NewContext, close_dialog, open_saved_work
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gradlet.publish import build
from gradlet.serve import serving

ROOT = Path(__file__).resolve().parent.parent
# slug: title, difficulty, tags, prerequisites
PROBLEMS = {
    "softmax": ("Softmax", "Easy", "activation", ""),
    "sigmoid": ("Sigmoïde", "Easy", "activation", ""),
    "gradient": ("Cross-entropy gradient", "Medium", "loss, gradient", "softmax"),
    "layer": ("A dense layer", "Medium", "network, gradient", "gradient, sigmoid"),
    "network": ("A whole network", "Hard", "network", "layer, softmax"),
    "k-means": ("k-means", "Medium", "clustering", ""),
}
THEN = "2026-01-0{}T10:00:00.000Z"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the problems above."""
    root = tmp_path_factory.mktemp("project")
    clone = Clone(root)
    for slug, (title, difficulty, tags, needs) in PROBLEMS.items():
        text = PROBLEM.replace("TITLE", title).replace(
            "difficulty: Easy", f"difficulty: {difficulty}"
        )
        text = text.replace("[softmax, activation]", f"[{tags}]\nprerequisites: [{needs}]")
        clone.add(slug, text)
    shutil.copytree(ROOT / "site", root / "site")
    build(root, root / "out")
    with serving(root / "out") as address:
        yield address


@contextmanager
def visited(browser: Browser, site: str) -> Iterator[Page]:
    """The start page in a fresh profile."""
    context = browser.new_context()
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.goto(site)
    yield page
    context.close()
    assert trouble == []


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with visited(browser, site) as page:
        yield page


@pytest.fixture(scope="module")
def unchanged_page(browser: Browser, site: str) -> Iterator[Page]:
    """For tests that show of themselves that they change nothing."""
    with visited(browser, site) as page:
        remember(page, "softmax", "mine = 1", 1, attempt(1, passed=False))
        page.reload()
        yield page


def attempt(day: int, *, passed: bool, code: str = "x = 1\n") -> dict[str, Any]:
    result = "passed" if passed else "failed"
    return {"at": THEN.format(day), "code": code, "passed": passed, "results": {"test_sum": result}}


def remember(page: Page, slug: str, code: str, day: int, *attempts: dict[str, Any]) -> None:
    """As if the learner had been here on that day of January."""
    page.evaluate(
        """([slug, code, changed, attempts]) => {
          const key = `gradlet:${location.pathname}:${slug}`;
          localStorage.setItem(`${key}:code`, code);
          localStorage.setItem(`${key}:changed`, changed);
          localStorage.setItem(`${key}:attempts`, JSON.stringify(attempts));
        }""",
        [slug, code, THEN.format(day), attempts],
    )


def shown(page: Page) -> list[str]:
    titles = page.locator(".catalogue > li:visible h3")
    # Not `inner_text`: what has come into sight at this moment may not be laid out yet.
    return [title.strip() for title in titles.all_text_contents()]


def saved_file(page: Page, learner: str = "") -> dict[str, Any]:
    """What a press on "Save my work" writes."""
    page.get_by_role("button", name="Save my work").click()
    page.get_by_label("Your name or student number").fill(learner)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert re.fullmatch(r"gradlet-[\w-]*\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    return dict(json.loads(Path(download.value.path()).read_text(encoding="utf-8")))


def open_file(page: Page, content: object) -> str:
    """Open a file of saved work; what the page says of it."""
    said = open_saved_work(page, content)
    close_dialog(page)
    return said


# -- states, map, way on


def test_list_is_all_there_without_scripts(new_context: NewContext, site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site)
    assert sorted(shown(page)) == sorted(title for title, *_ in PROBLEMS.values())
    expect(page.get_by_role("search")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    assert "need JavaScript" in str(page.locator("noscript").text_content())
    expect(page.locator("svg .box")).to_have_count(5)
    page.get_by_role("link", name="A dense layer: Medium, after Cross-entropy gradient").click()
    expect(page).to_have_url(f"{site}problems/layer/")


def test_each_problem_shows_what_was_done(page: Page) -> None:
    expect(page.get_by_text("0 of 6 solved")).to_be_visible()
    expect(page.locator("#continue")).to_be_hidden()
    remember(page, "softmax", "x = 1", 1, attempt(1, passed=False), attempt(2, passed=True))
    remember(page, "sigmoid", "x = 1", 3)
    page.reload()
    state = "[data-slug={}] .state"
    expect(page.locator(state.format("softmax"))).to_have_text("Solved")
    expect(page.locator(state.format("sigmoid"))).to_have_text("Started")
    expect(page.locator(state.format("network"))).to_be_hidden()
    expect(page.get_by_text("1 of 6 solved")).to_be_visible()


def test_map_tells_what_is_solved_and_what_is_now_open(page: Page) -> None:
    remember(page, "softmax", "x = 1", 1, attempt(1, passed=True))
    page.reload()
    the_map = page.get_by_role("region", name="Map of the problems")
    names = [box.get_attribute("aria-label") for box in the_map.get_by_role("link").all()]
    assert names == [
        "Sigmoïde: Easy. Open now",
        "Softmax: Easy. Solved",
        "Cross-entropy gradient: Medium, after Softmax. Open now",
        "A dense layer: Medium, after Cross-entropy gradient, Sigmoïde. Builds on others",
        "A whole network: Hard, after A dense layer, Softmax. Builds on others",
    ]
    page.get_by_text("The map as a list").click()
    expect(
        page.get_by_text("A dense layer: after Cross-entropy gradient, Sigmoïde")
    ).to_be_visible()
    the_map.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/problems/softmax/$"))


def test_way_on_leads_to_what_was_left_and_then_to_what_is_open(page: Page) -> None:
    remember(page, "sigmoid", "x = 1", 1)
    remember(page, "gradient", "x = 1", 2)
    page.reload()
    way_on = page.locator("#continue")
    expect(way_on).to_contain_text("Go on with Cross-entropy gradient")
    expect(way_on).to_contain_text("days ago")
    page.evaluate(
        "localStorage.setItem(`gradlet:${location.pathname}:gradient:changed`, new Date().toJSON())"
    )
    page.reload()
    expect(way_on).to_contain_text("last worked on just now")
    remember(page, "sigmoid", "x = 1", 1, attempt(3, passed=True))
    remember(page, "gradient", "x = 1", 2, attempt(3, passed=True))
    page.reload()
    expect(way_on).to_contain_text("Next for you Softmax")
    way_on.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/problems/softmax/$"))


def test_state_follows_another_tab(page: Page, site: str) -> None:
    other = page.context.new_page()
    other.goto(site)
    remember(other, "softmax", "x = 1", 1, attempt(1, passed=True))
    expect(page.get_by_text("1 of 6 solved")).to_be_visible()


def test_damaged_storage_is_no_progress_and_no_harm(page: Page) -> None:
    for junk in ("{", "[1, null, {}]", '{"length": 3}', '[{"at": 1, "passed": true}]'):
        page.evaluate(
            "(junk) => localStorage.setItem(`gradlet:${location.pathname}:softmax:attempts`, junk)",
            junk,
        )
        page.reload()
        expect(page.get_by_text("0 of 6 solved")).to_be_visible()


# -- search and filters


def test_search_finds_words_wherever_they_stand(page: Page) -> None:
    search = page.get_by_role("searchbox", name="Search")
    search.fill("sigmoide")
    assert shown(page) == ["Sigmoïde"], "with or without accents"
    expect(page.locator("#found")).to_have_text("1 of 6 problems")
    search.fill("GRADIENT layer")
    assert shown(page) == ["A dense layer"], "each word somewhere"
    search.fill("<img src=x onerror=alert(1)>")
    assert shown(page) == []
    expect(page.locator("#found")).to_contain_text("No problem fits")
    page.get_by_role("button", name="Clear").click()
    assert len(shown(page)) == 6
    expect(search).to_be_focused()


def test_filters_live_in_the_address(page: Page, site: str) -> None:
    page.get_by_label("Difficulty").select_option("Medium")
    page.get_by_label("Topic").select_option("gradient")
    expect(page).to_have_url(f"{site}?difficulty=Medium&tag=gradient")
    assert shown(page) == ["Cross-entropy gradient", "A dense layer"]
    page.get_by_role("searchbox").press_sequentially("dense")
    assert shown(page) == ["A dense layer"]
    page.reload()
    assert shown(page) == ["A dense layer"], "the address is enough"
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert shown(page) == ["Cross-entropy gradient", "A dense layer"], "a word is one step"
    page.go_back()
    expect(page.get_by_label("Topic")).to_have_value("")
    assert shown(page) == ["Cross-entropy gradient", "A dense layer", "k-means"]
    page.go_forward()
    expect(page.get_by_label("Topic")).to_have_value("gradient")
    assert shown(page) == ["Cross-entropy gradient", "A dense layer"]


def test_filter_by_own_state(page: Page) -> None:
    remember(page, "softmax", "x = 1", 1, attempt(1, passed=True))
    remember(page, "k-means", "x = 1", 1)
    page.reload()
    state = page.get_by_label("Your progress")
    state.select_option("Solved")
    assert shown(page) == ["Softmax"]
    state.select_option("Started")
    assert shown(page) == ["k-means"]
    state.select_option("Open now")
    assert shown(page) == ["Sigmoïde", "Cross-entropy gradient"]


def test_topic_in_the_list_shows_its_problems(page: Page, site: str) -> None:
    page.locator(".catalogue").get_by_role("link", name="network", exact=True).first.click()
    expect(page).to_have_url(f"{site}?tag=network")
    assert shown(page) == ["A dense layer", "A whole network"]


def test_address_with_nonsense_shows_all(page: Page, site: str) -> None:
    page.goto(f"{site}?difficulty=Trivial&tag=nope&state=&other=1#list-title")
    assert len(shown(page)) == 6


# -- settings


def test_settings_are_kept_and_follow_to_other_pages(new_context: NewContext, site: str) -> None:
    page = new_context(color_scheme="dark").new_page()
    page.goto(site)
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    size = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    dark, normal = page.evaluate(paper), page.evaluate(size)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Colours").select_option("Light")
    page.get_by_label("Size of text").select_option("Large")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Settings")).to_be_focused()
    light = page.evaluate(paper)
    assert light != dark
    page.goto(f"{site}problems/softmax/")
    assert page.evaluate(paper) == light
    assert page.evaluate(size) > normal
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Indentation in the editor").select_option("2 spaces")
    page.keyboard.press("Escape")
    page.locator(".cm-content").click()
    page.locator(ASSISTED).wait_for()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("def f():\nreturn 1")
    assert page.locator(".cm-line").all_inner_texts() == ["def f():", "  return 1"]


def test_vim_keys_are_loaded_only_when_they_are_wanted(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    scripts: list[str] = []
    page.on("request", lambda asked: scripts.append(asked.url) if ".js" in asked.url else None)
    page.goto(f"{site}problems/softmax/")
    page.locator(".cm-content").wait_for()
    before = len(scripts)
    page.get_by_role("button", name="Settings").click()
    page.get_by_label("Vim keys").check()
    page.keyboard.press("Escape")
    page.locator(".cm-vim-panel").wait_for()
    assert len(scripts) > before
    page.locator(".cm-content").click()
    page.keyboard.type("ggdGiprint(1)")
    page.keyboard.press("Escape")  # closes the list of names
    page.keyboard.press("Escape")
    page.keyboard.type("yyp")
    assert page.locator(".cm-line").all_inner_texts() == ["print(1)", "print(1)"]
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('.cm-editor')"), "a way out"


# -- saved work


def test_saved_work_comes_back_in_another_browser(
    page: Page, context: BrowserContext, site: str
) -> None:
    remember(page, "softmax", "mine = 1\n", 2, attempt(1, passed=True, code="older = 1\n"))
    remember(page, "sigmoid", "mine = 2\n", 3)
    page.reload()
    content = saved_file(page, "Ada <b>Lovelace</b>")
    assert (content["format"], content["version"]) == ("gradlet-work", 1)
    assert content["learner"] == "Ada <b>Lovelace</b>"
    assert set(content["problems"]) == {"softmax", "sigmoid"}
    softmax = content["problems"]["softmax"]
    assert softmax["code"] == "mine = 1\n"
    assert softmax["changed"] == THEN.format(2)
    assert softmax["attempts"] == [attempt(1, passed=True, code="older = 1\n")]
    assert re.fullmatch("[0-9a-f]{10}", softmax["tests"])
    assert re.fullmatch("[0-9a-f]{10}", softmax["problem"])

    elsewhere = context.new_page()
    elsewhere.goto(site)
    said = open_file(elsewhere, content)
    assert "The work on 2 problems was added" in said
    assert "saved by Ada <b>Lovelace</b>." in said, "text stays text"
    expect(elsewhere.get_by_text("1 of 6 solved")).to_be_visible()
    assert "Nothing was changed" in open_file(elsewhere, content)
    assert saved_file(elsewhere)["problems"] == content["problems"], "nothing was lost"
    elsewhere.goto(f"{site}problems/softmax/")
    expect(elsewhere.locator(".cm-line").first).to_have_text("mine = 1")


def test_two_histories_become_one_without_loss(page: Page) -> None:
    both = attempt(1, passed=False, code="both = 1\n")
    remember(page, "softmax", "here = 1\n", 3, both, attempt(2, passed=False, code="a = 1\n"))
    page.reload()
    theirs = saved_file(page)
    theirs["problems"]["softmax"] |= {
        "code": "there = 1\n",
        "changed": THEN.format(4),
        "attempts": [both, attempt(3, passed=True, code="b = 1\n")],
    }
    theirs["problems"]["gone"] = theirs["problems"]["softmax"]
    said = open_file(page, theirs)
    assert "the code in the file is newer" in said
    assert "1 of them is not on this site" in said
    merged = saved_file(page)["problems"]["softmax"]
    assert merged["code"] == "there = 1\n"
    codes = {one["code"] for one in merged["attempts"]}
    assert codes == {"both = 1\n", "a = 1\n", "b = 1\n", "here = 1\n"}
    assert len(merged["attempts"]) == 4
    theirs["problems"]["softmax"]["changed"] = THEN.format(1)
    theirs["problems"]["softmax"]["code"] = "oldest = 1\n"
    open_file(page, theirs)
    merged = saved_file(page)["problems"]["softmax"]
    assert merged["code"] == "there = 1\n", "the newer one stays"
    assert "oldest = 1\n" in {one["code"] for one in merged["attempts"]}


SOUND: dict[str, Any] = {
    "format": "gradlet-work",
    "version": 1,
    "saved": THEN.format(1),
    "site": {"version": "0.1.0", "address": "https://example.org/"},
    "problems": {
        "softmax": {
            "problem": "0123456789",
            "tests": None,
            "code": "x = 1",
            "changed": THEN.format(1),
            "attempts": [attempt(1, passed=True)],
        }
    },
}


def damaged(*place: str | int, value: object) -> dict[str, Any]:
    content: Any = json.loads(json.dumps(SOUND))
    inner = content
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return dict(content)


PROBLEM_PLACE = ("problems", "softmax")
ATTEMPT_PLACE = (*PROBLEM_PLACE, "attempts", 0)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "not a file of saved work"),
        ('{"format": "gradlet-work", "ver', "not a file of saved work"),
        ("[]", "some other program"),
        ('{"format": "other", "version": 1}', "some other program"),
        (damaged("version", value=2), "another version of Gradlet"),
        (damaged("saved", value="yesterday"), "at this place: saved"),
        (damaged("saved", value="2026-13-40T99:00:00.000Z"), "at this place: saved"),
        (damaged("learner", value="x" * 201), "at this place: learner"),
        (damaged("learner", value={"toString": 1}), "at this place: learner"),
        (damaged("problems", "../../etc", value={}), "at this place: problems → ../../etc"),
        (damaged(*PROBLEM_PLACE, "code", value=1), "problems → softmax → code"),
        (damaged(*PROBLEM_PLACE, "code", value="x" * 200_001), "problems → softmax → code"),
        (damaged(*PROBLEM_PLACE, "tests", value="<script>"), "problems → softmax → tests"),
        (
            damaged(*PROBLEM_PLACE, "attempts", value=[attempt(1, passed=True)] * 1001),
            "problems → softmax → attempts",
        ),
        (damaged(*ATTEMPT_PLACE, "passed", value="yes"), "attempts → 0 → passed"),
        (damaged(*ATTEMPT_PLACE, "results", value={"test_a": "won"}), "results → test_a"),
        (damaged(*ATTEMPT_PLACE, "results", value={"<b>": "passed"}), "results → <b>"),
        ("[" * 100_000, "not a file of saved work"),
    ],
    ids=str,
)
def test_a_file_that_is_not_sound_is_refused_and_nothing_changes(
    unchanged_page: Page, content: object, why: str
) -> None:
    page = unchanged_page
    before = page.evaluate("JSON.stringify(localStorage)")
    said = open_file(page, content)
    assert said.startswith("The file was not opened, and nothing was changed.")
    assert why in said
    assert page.evaluate("JSON.stringify(localStorage)") == before


def test_the_sound_file_is_opened(page: Page) -> None:
    said = open_file(page, SOUND)
    assert "The work on 1 problem was added" in said
    assert "1 run was added." in said
    assert "1 of them has other tests here" in said, "the file does not say which it had"


def test_a_browser_without_room_keeps_what_it_had(page: Page) -> None:
    remember(page, "softmax", "mine = 1", 1)
    page.evaluate(
        "() => { const set = Storage.prototype.setItem;"
        " Storage.prototype.setItem = function (key, value) {"
        " if (key.endsWith('sigmoid:code')) throw new DOMException('', 'QuotaExceededError');"
        " set.call(this, key, value) } }"
    )
    before = page.evaluate("JSON.stringify(Object.entries(localStorage).sort())")
    content = json.loads(json.dumps(SOUND))
    content["problems"]["sigmoid"] = content["problems"]["softmax"]
    assert "does not give this site enough room" in open_file(page, content)
    assert page.evaluate("JSON.stringify(Object.entries(localStorage).sort())") == before


def test_nothing_to_save_is_said(page: Page) -> None:
    page.get_by_role("button", name="Save my work").click()
    expect(page.get_by_text("There is nothing to save yet")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_disabled()


# -- two languages


def test_french_pages_are_french_and_share_the_progress(page: Page, site: str) -> None:
    remember(page, "softmax", "x = 1", 1, attempt(1, passed=True))
    page.get_by_role("link", name="FR", exact=True).click()
    expect(page).to_have_url(f"{site}fr/")
    assert page.evaluate("document.documentElement.lang") == "fr"
    expect(page.get_by_role("heading", level=1)).to_contain_text("Apprendre")
    expect(page.get_by_text("1 résolu sur 6")).to_be_visible()
    page.locator(".catalogue").get_by_role("link", name="Softmax", exact=True).first.click()
    expect(page).to_have_url(f"{site}fr/problems/softmax/")
    expect(page.get_by_role("button", name="Lancer les tests")).to_be_visible()
    expect(page.locator("article")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", name="Énoncé")).to_have_attribute("lang", "fr")
    page.get_by_role("link", name="EN", exact=True).click()
    expect(page).to_have_url(f"{site}problems/softmax/")
