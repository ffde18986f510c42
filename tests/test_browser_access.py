"""For everybody: axe on every page and state, the keyboard, zoom, small screens, paper."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe import violations
from page import NewContext, ProblemPage
from playwright.sync_api import Page, expect

from gradlet.problem import Problem

Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
CRASH = "def cross_entropy_grad(logits, target):\n    print('here')\n    return logits.nothing\n"


def themes(page: Page) -> Iterator[str]:
    """The page as it is, by day and by night."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        yield theme


def found(page: Page) -> dict[str, list[str]]:
    """What axe finds, by theme."""
    return {theme: each for theme in themes(page) if (each := violations(page))}


def test_axe_finds_nothing_on_the_start_page(page: ProblemPage) -> None:
    for address in ("", "fr/", "?q=cross", "?q=nothing-at-all"):
        page.page.goto(page.site + address)
        expect(page.page.locator("#found")).not_to_be_empty()
        assert found(page.page) == {}
    page.page.goto(page.site)
    for button, close in (("Settings", "Done"), ("Save my work", "Cancel")):
        page.page.get_by_role("button", name=button).click()
        assert found(page.page) == {}
        page.page.get_by_role("button", name=close).click()


def test_axe_finds_nothing_on_the_page_for_addresses_that_lead_nowhere(page: ProblemPage) -> None:
    page.page.goto(f"{page.site}404.html")
    assert found(page.page) == {}


def test_axe_finds_nothing_on_a_problem_in_any_state(page: ProblemPage, problems: Problems) -> None:
    page.open()
    assert found(page.page) == {}, "idle"
    reference = problems[SLUG].reference_source
    states = {
        "passed": reference,
        "failed": reference.replace("-= 1", "+= 1"),
        "error": CRASH,
        "syntax error": "def f(:\n",
    }
    for state, code in states.items():
        page.run(code)
        assert found(page.page) == {}, state
    page.page.get_by_text("More", exact=True).click()
    assert found(page.page) == {}, "menu"
    page.page.keyboard.press("Escape")
    page.page.get_by_role("button", name="Reset", exact=True).click()
    assert found(page.page) == {}, "reset"
    page.page.keyboard.press("Escape")
    page.page.goto(f"{page.site}fr/problems/{SLUG}/")
    page.wait_for("ready")
    assert found(page.page) == {}, "in French"


def test_axe_finds_nothing_when_python_is_loading_or_cannot_be_had(
    first_visit: ProblemPage,
) -> None:
    held = []
    page = first_visit.page
    page.route("**/*.wasm", lambda route: held.append(route))
    first_visit.open(wait=False)
    expect(page.locator("#loading")).to_be_visible()
    assert found(page) == {}
    page.route("**/*.wasm", lambda route: route.abort())
    for route in held:
        route.abort()
    first_visit.wait_for("broken")
    assert found(page) == {}
    first_visit.trouble.clear()  # the browser tells of the file, too


def test_all_controls_of_the_start_page_are_reached_by_keyboard(page: ProblemPage) -> None:
    page.page.goto(page.site)
    wanted = page.page.locator(
        "main a[href], main button:visible, main select, main input, header a, header button,"
        " main summary, main [tabindex='0']"
    )
    names = {each.evaluate("each => each.outerHTML") for each in wanted.all()}
    reached = _tab_through(page.page, 60)
    assert names - reached == set()


def test_the_editor_can_be_left_by_keyboard_and_says_how(page: ProblemPage) -> None:
    page.open()
    editor = page.page.get_by_role("textbox", name="Your code. Press Escape, then Tab")
    editor.focus()
    page.page.keyboard.press("Tab")
    expect(editor).to_be_focused()  # Tab indents
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Tab")
    expect(page.page.get_by_role("button", name="Run tests")).to_be_focused()


def test_verdict_is_announced(page: ProblemPage, problems: Problems) -> None:
    page.open()
    status = page.page.get_by_role("status").filter(has_text="Not run yet")
    expect(status).to_be_visible()
    page.run(problems[SLUG].reference_source)
    expect(page.page.get_by_role("status").filter(has_text="passed")).to_be_visible()


def test_nothing_moves_where_the_system_asks_for_calm(page: ProblemPage) -> None:
    page.open()
    for theme in themes(page.page):
        moving = page.page.evaluate(
            "[...document.querySelectorAll('*')].filter((each) => {"
            " const style = getComputedStyle(each);"
            " return style.animationName !== 'none' || style.transitionDuration !== '0s' })"
            ".map((each) => each.outerHTML.slice(0, 80))"
        )
        assert [each for each in moving if "cm-" not in each] == [], theme


def test_forced_colours_keep_states_and_borders(page: ProblemPage) -> None:
    page.page.emulate_media(forced_colors="active")
    page.open()
    page.run("def cross_entropy_grad(logits, target):\n    return logits * 0\n")
    run = page.page.get_by_role("button", name="Run tests")
    assert run.evaluate("each => getComputedStyle(each).borderTopStyle") == "solid"
    assert violations(page.page) == []


@pytest.mark.parametrize("path", ["", f"problems/{SLUG}/", "404.html", "fr/"])
def test_at_400_percent_nothing_is_cut_off(new_context: NewContext, site: str, path: str) -> None:
    """A window of 1280 by 1024 at 400 % is one of 320 by 256."""
    page = new_context(viewport={"width": 320, "height": 256}).new_page()
    page.goto(site + path)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    # What stays on screen while one scrolls leaves room for what is read.
    heights = page.evaluate(
        "[...document.querySelectorAll('body :not(.cm-editor *)')]"
        ".filter((each) => ['fixed', 'sticky'].includes(getComputedStyle(each).position))"
        ".map((each) => each.offsetHeight)"
    )
    assert sum(heights) < 256 * 0.6


def test_run_is_within_reach_above_a_screen_keyboard(new_context: NewContext, site: str) -> None:
    """On a phone of 360 pixels the keyboard takes more than half of the height."""
    context = new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = ProblemPage(context.new_page(), site)
    page.open()
    page.page.locator(".cm-content").click()
    page.page.set_viewport_size({"width": 360, "height": 330})
    page.page.locator(".cm-content").press_sequentially("x")
    run = page.page.get_by_role("button", name="Run tests")
    expect(run).to_be_in_viewport(ratio=1)
    about = page.page.locator("#run-about")
    expect(about).to_be_hidden()
    run.hover()
    page.page.mouse.down()
    page.page.wait_for_timeout(200)  # a finger is slow; the editor has lost the focus
    expect(about).to_be_hidden()  # or the button would be elsewhere by now
    page.page.mouse.up()
    page.wait_for_verdict()
    expect(about).to_be_visible()


def test_print_shows_the_text_and_the_code_and_no_buttons(page: ProblemPage) -> None:
    page.open()
    page.paste("def mine():\n    return 1  # " + "a long comment " * 20)
    page.page.emulate_media(media="print")
    expect(page.page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.page.locator(".cm-line").first).to_have_text("def mine():")
    for name in ("Run tests", "Reset", "Settings"):
        expect(page.page.get_by_role("button", name=name)).to_be_hidden()
    page.page.set_viewport_size({"width": 794, "height": 1123})  # A4
    assert page.page.evaluate("document.documentElement.scrollWidth") == 794


def test_print_shows_the_still_picture_of_a_figure(page: ProblemPage) -> None:
    page.open(wait=False)
    figure = page.page.locator("figure[data-figure=softmax-gradient]")
    slider, still = figure.get_by_role("slider").first, figure.locator("img")
    expect(slider).to_be_visible()
    expect(still).to_be_hidden()
    page.page.emulate_media(media="print")
    expect(still).to_be_visible()
    expect(slider).to_be_hidden()
    page.wait_for("ready")


@pytest.mark.parametrize("width", [320, 360, 600])
def test_menu_opens_within_a_narrow_page(page: ProblemPage, width: int) -> None:
    page.page.set_viewport_size({"width": width, "height": 740})
    page.open(wait=False)
    page.paste("x = 1\n")
    page.page.locator("#work-menu summary").click()
    box = page.page.locator("#work-menu > div").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    page.wait_for("ready")


def _tab_through(page: Page, times: int) -> set[str]:
    reached = set()
    for _ in range(times):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.outerHTML"))
    return reached
