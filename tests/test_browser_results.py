"""Results that teach, try it, attempts, hints, the solution, figures: as a person uses them."""

import json
import re

import pytest
from page import BOOT, NewContext, ProblemPage, attempts, changed, with_time_limit
from playwright.sync_api import Locator, expect

from gradlet.problem import Problem

Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"
GRADIENT = """import numpy as np

def cross_entropy_grad(logits, target):
    e = np.exp(logits - logits.max())
    p = e / e.sum()
    p[{index}] -= {by}
    return p
"""
FIRST = GRADIENT.format(index="0", by="1")

# In the place of the problem's own tests: they hand over arrays of other shapes.
TESTS = """
import numpy as np
from grader.compare import assert_close

def test_output_shape(solution):
    x = np.arange(12.0).reshape(3, 4)
    assert_close(solution.cross_entropy_grad(x.copy(), 0), x)

def test_formula(solution):
    x = np.ones((40, 25))
    assert_close(solution.cross_entropy_grad(x.copy(), 0), x)

def test_finite_difference(solution):
    x = np.arange(300.0)
    assert_close(solution.cross_entropy_grad(x.copy(), 0), x)

def test_sum(solution):
    x = np.arange(1.0, 21.0)
    assert_close(solution.cross_entropy_grad(x.copy(), 1), x)
"""
CHANGES = """import numpy as np

def cross_entropy_grad(logits, target):
    result = logits.copy()
    result[2] += 0.5
    if target:
        result[4] = np.nan
    return result
"""


# -- a failed test


def test_short_array_is_a_table_with_the_wrong_entries_marked(warm_page: ProblemPage) -> None:
    warm_page.ensure_open(SLUG)
    warm_page.run(FIRST)
    failed = warm_page.test("test_formula")
    rows = failed.get_by_role("row")
    assert rows.nth(0).inner_text().split() == [
        "Entry",
        "logits",
        "Expected",
        "Got",
        "Difference",
    ]
    cells = [rows.nth(at).inner_text().split() for at in (1, 2, 3)]
    assert cells[0] == ["[0]", "0", "0.333333", "-0.666667", "✗", "-1"]
    assert cells[1] == ["[1]", "0", "-0.666667", "0.333333", "✗", "+1"]
    assert cells[2] == ["[2]", "0", "0.333333", "0.333333", "✓", "right"]
    assert failed.locator("tr.wrong").count() == 2
    text = failed.inner_text()
    assert "cross_entropy_grad(logits=array([0, 0, 0]), target=1)" in text
    assert "1 at index [0]: expected 0.333333, got -0.666667. Largest relative error: 3" in text


def test_known_mistake_is_explained_in_full_once(warm_page: ProblemPage) -> None:
    warm_page.ensure_open(SLUG)
    warm_page.run(FIRST)
    said = warm_page.page.locator("#tests .known:not(:empty)").all_inner_texts()
    mistake = "1 is always subtracted at index 0, whatever the target is."
    assert said[0] == f"This is a known mistake. {mistake}"
    assert set(said[1:]) == {"The same known mistake as above."}


@pytest.mark.parametrize("size", [(390, 844), (1280, 600)], ids=["phone", "wide"])
def test_first_failed_test_is_right_below_the_verdict(
    page: ProblemPage, size: tuple[int, int]
) -> None:
    page.page.set_viewport_size({"width": size[0], "height": size[1]})
    page.open()
    page.run(FIRST)
    first, verdict = (
        place.bounding_box()
        for place in (
            page.page.locator(f"[data-test={page.not_passed[0]}]"),
            page.page.locator(".verdict-bar"),
        )
    )
    assert first
    assert verdict
    gap = first["y"] - verdict["y"] - verdict["height"]
    assert -1 < gap < 10, "no text of the test before it shows"


LONG = "".join(f"# line {line}\n" for line in range(60))


@pytest.mark.parametrize("ending", ["all passed", "no test could run"])
def test_verdict_is_in_sight_on_a_phone(page: ProblemPage, problems: Problems, ending: str) -> None:
    page.page.set_viewport_size({"width": 390, "height": 844})
    page.open()
    code = problems[SLUG].reference_source if ending == "all passed" else "def ("
    page.paste(LONG + code)
    page.page.locator("#editor").evaluate("(editor) => editor.scrollIntoView()")
    verdict = page.page.locator("[role=status]")
    expect(verdict).not_to_be_in_viewport()
    page.page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_verdict()
    expect(verdict).to_be_in_viewport(ratio=1)


def test_what_no_test_can_run_for_is_in_sight_after_a_run_that_was_scrolled_to(
    page: ProblemPage,
) -> None:
    page.page.set_viewport_size({"width": 1280, "height": 600})
    page.open()
    page.run(FIRST)
    page.page.locator("#tests li").last.scroll_into_view_if_needed()
    page.paste("def (")
    expect(page.page.get_by_text("You have changed your code")).to_be_in_viewport(ratio=1)
    page.press_run()
    page.wait_for_verdict()
    line = page.page.locator("#general").get_by_role("button", name="Line 1")
    expect(line).to_be_in_viewport(ratio=1)
    top, bar = line.bounding_box(), page.page.locator(".verdict-bar").bounding_box()
    assert top
    assert bar
    assert top["y"] >= bar["y"] + bar["height"]


def test_pattern_is_said_where_no_known_mistake_fits(warm_page: ProblemPage) -> None:
    warm_page.ensure_open(SLUG)
    warm_page.run(GRADIENT.format(index="target", by="1").replace("return p", "return 3 * p"))
    known = warm_page.test("test_formula").locator(".known").inner_text()
    assert known == "Your result is 3 times the expected one: was a sum taken instead of a mean?"


def test_overflow_is_said(warm_page: ProblemPage) -> None:
    warm_page.ensure_open(SLUG)
    code = GRADIENT.format(index="target", by="1").replace(" - logits.max()", "")
    # As it stands, this is a mistake that the author foresaw, whose own words would be shown.
    warm_page.run(code.replace("    return p", "    p[0] = 0.5\n    return p"))
    known = warm_page.test("test_stability").locator(".known").inner_text()
    assert "The input holds 1002" in known
    assert "subtract the maximum first" in known


def test_text_of_the_learner_is_only_text(warm_page: ProblemPage) -> None:
    warm_page.ensure_open(SLUG)
    warm_page.run(
        "def cross_entropy_grad(logits, target):\n    return '<img src=x onerror=alert(1)>'\n"
    )
    assert "<img src=x" in warm_page.test("test_formula").inner_text()
    assert warm_page.page.locator("#results img").count() == 0


def test_many_numbers_are_pictures_described_in_words(first_visit: ProblemPage) -> None:
    first_visit.page.route(
        "**/tests-*.json", lambda route: changed(route, test_source=TESTS, mistakes=[])
    )
    first_visit.open()
    first_visit.run(CHANGES)
    matrix = first_visit.test("test_output_shape")
    assert matrix.locator("td.wrong").count() == 4
    assert re.search(r"8\.5\s+expected 8", matrix.inner_text())

    heat = first_visit.test("test_formula").get_by_role("img")
    name = heat.get_attribute("aria-label")
    assert name.startswith("Entries [0, 0] to [31, 24]: 25 are wrong. Furthest off: [2, 0]: ")
    assert "expected 1, got 1.5" in name
    assert heat.locator("rect").count() == 32 * 25
    assert heat.locator("rect.above").count() == 25
    assert (
        "800 of 1000 entries" in first_visit.test("test_formula").locator("figcaption").inner_text()
    )

    vector = first_visit.test("test_finite_difference").get_by_role("img")
    assert vector.get_attribute("aria-label") == (
        "Entries [0] to [127]: 1 is wrong. Furthest off: [2]: expected 2, got 2.5."
    )
    assert vector.locator("rect.wanted").count() == 128
    assert vector.locator("rect.came.wrong").count() == 1
    nan = first_visit.test("test_sum")
    assert "expected 5, got nan" in nan.get_by_role("img").get_attribute("aria-label")
    assert nan.locator("rect.no-number").count() == 2, "its place and the legend's"
    nan.get_by_text("Numbers").click()
    assert "3.5" in nan.locator(".values").last.inner_text()


# -- try it


def press_try(page: ProblemPage) -> Locator:
    page.page.get_by_role("button", name="Try it", exact=True).click()
    call = page.page.get_by_label("Your call")
    expect(call).to_be_focused()
    return call


def result(page: ProblemPage) -> Locator:
    return page.page.get_by_role("log", name="What came of it")


def test_own_call_shows_prints_and_value(page: ProblemPage, problems: Problems) -> None:
    page.open()
    page.paste(problems[SLUG].reference_source)
    call = press_try(page)
    call.fill("print('<b>hello</b>')\ncross_entropy_grad(np.array([0., 0., 0.]), 1)")
    call.press("Enter")
    expect(result(page)).to_contain_text("array([ 0.333333, -0.666667,  0.333333])")
    expect(result(page)).to_contain_text("<b>hello</b>")
    expect(page.results).to_have_attribute("data-verdict", "idle")
    page.page.reload()
    assert "hello" in page.page.get_by_label("Your call").input_value(), "it is kept"
    page.wait_for("ready")


def test_examples_of_the_statement_are_one_press_away(
    page: ProblemPage, problems: Problems
) -> None:
    page.open()
    page.paste(problems[SLUG].reference_source)
    press_try(page)
    buttons = page.page.locator("#try-examples button")
    assert buttons.all_inner_texts() == list(problems[SLUG].examples)
    assert len(problems[SLUG].examples) == 4
    buttons.nth(0).click()
    expect(result(page)).to_contain_text("array([ 0.333, -0.667,  0.333])")
    buttons.nth(2).click()
    expect(result(page)).to_contain_text("True")


def test_errors_of_a_call_mark_the_line(page: ProblemPage) -> None:
    page.open()
    page.paste("def cross_entropy_grad(logits, target):\n    return logits[99]\n")
    call = press_try(page)
    call.fill("cross_entropy_grad(np.ones(3), 1)")
    page.page.get_by_role("button", name="Run", exact=True).click()
    expect(result(page)).to_contain_text("IndexError: index 99 is out of bounds")
    expect(page.page.locator(".cm-lintRange-error")).to_have_text("return logits[99]")
    result(page).get_by_role("button", name="Line 2").click()
    expect(page.page.locator(".cm-content")).to_be_focused()
    call.fill("cross_entropy_grad(")
    call.press("Enter")
    expect(result(page)).to_contain_text("This is not valid Python")


def test_own_call_can_be_stopped(page: ProblemPage) -> None:
    page.open()
    call = press_try(page)
    call.fill("while True: pass")
    call.press("Enter")
    page.wait_for("running")
    page.page.get_by_role("button", name="Stop").click()
    expect(result(page)).to_have_text("You stopped it.")
    page.wait_for("ready")
    call.fill("1 + 1")
    call.press("Enter")
    expect(result(page)).to_contain_text("2")


def test_own_call_has_the_time_limit(first_visit: ProblemPage) -> None:
    first_visit.page.route(f"**/problems/{SLUG}/", lambda route: with_time_limit(route, 5))
    first_visit.open()
    first_visit.paste("def mine():\n    while True: pass\n")
    call = press_try(first_visit)
    call.fill("mine()")
    call.press("Enter")
    expect(result(first_visit)).to_contain_text("Stopped after 5 s, the time limit", timeout=BOOT)
    expect(result(first_visit)).to_contain_text("Line 2 was running.")
    expect(first_visit.page.locator(".cm-lintRange-error")).to_have_text("while True: pass")
    first_visit.wait_for("ready")


# -- after passing


def test_success_leads_on_and_to_the_reference(page: ProblemPage, problems: Problems) -> None:
    page.open("softmax-from-scratch")
    after = page.page.locator("#after")
    expect(after).to_be_hidden()
    page.run(problems["softmax-from-scratch"].reference_source.replace("z = ", "zz = z = ", 1))
    expect(after).to_contain_text("Next: Cross-entropy gradient")
    page.page.get_by_role("button", name="Compare with the reference solution").click()
    dialog = page.page.get_by_role("dialog", name="Your code and the reference solution")
    expect(dialog.locator(".cm-mergeView")).to_be_visible()
    expect(dialog.locator(".cm-changedLine").first).to_contain_text("zz = z = ")
    page.page.keyboard.press("Escape")
    expect(page.page.locator(".cm-content")).to_have_count(1)  # the page has heard of it
    # With little in common: what is the same is not marked all the same.
    mine = "e = np.exp(logits - logits.max())\n    return e / e.sum()\n"
    page.run(f"import numpy as np\n\n\ndef softmax(logits: np.ndarray) -> np.ndarray:\n    {mine}")
    page.page.get_by_role("button", name="Compare with the reference solution").click()
    changed = dialog.locator(".cm-merge-a .cm-changedLine")
    expect(changed.first).to_contain_text("e = np.exp")
    expect(changed.filter(has_text="import numpy")).to_have_count(0)
    page.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    after.get_by_role("link", name="Cross-entropy gradient").click()
    page.wait_for("ready")
    assert f"/{SLUG}/" in page.page.url


def test_solution_is_shown_only_to_those_who_insist(page: ProblemPage, problems: Problems) -> None:
    page.open(wait=False)
    page.paste("mine = 1\n")
    show = page.page.locator("article").get_by_role("button", name="Show me the solution")
    show.click()
    page.page.get_by_role("button", name="Let me try again").click()
    expect(page.page.locator("#solution-dialog")).to_be_hidden()
    show.click()
    ask = page.page.get_by_role("dialog", name="Show the reference solution?")
    ask.get_by_role("button", name="Show me the solution").click()
    dialog = page.page.locator("#solution-dialog")
    expect(dialog.locator(".cm-merge-a")).to_contain_text("mine = 1")
    expect(dialog.locator(".cm-merge-b")).to_contain_text("def cross_entropy_grad")
    page.page.keyboard.press("Escape")
    expect(page.page.locator("#editor .cm-line").first).to_have_text("mine = 1")
    assert page.page.locator("#editor .cm-line").count() == 2, "the code is as it was"
    page.wait_for("ready")


def test_attempts_are_kept_and_can_be_gone_back_to(page: ProblemPage, problems: Problems) -> None:
    page.open()
    page.run(FIRST)
    page.run(problems[SLUG].reference_source)
    page.paste("not run\n")
    page.page.reload()
    page.wait_for("ready")
    kept = page.page.evaluate(
        "Object.entries(localStorage).find(([key]) => key.endsWith(':attempts'))"
    )
    assert kept[0].endswith(f":{SLUG}:attempts")
    first, second = json.loads(kept[1])
    assert (first["code"].strip(), first["passed"]) == (FIRST.strip(), False)
    assert second["passed"] is True
    assert set(second["results"].values()) == {"passed"}

    page.page.get_by_role("button", name="Attempts", exact=True).click()
    items = page.page.locator("#attempts-list > li")
    assert "6 of 6 passed" in items.nth(0).inner_text()
    assert "2 of 6 passed" in items.nth(1).inner_text()
    items.nth(1).get_by_role("button", name="Put it into the editor").click()
    assert page.code.strip() == FIRST.strip()
    page.page.keyboard.press("ControlOrMeta+z")
    assert page.code == "not run\n", "one step of Undo brings back what was there"
    page.page.get_by_role("button", name="Undo", exact=True).click()
    assert page.code == "not run\n", "and so does the button"
    page.page.get_by_role("button", name="Attempts", exact=True).click()
    assert "not run" in items.nth(0).inner_text(), "and it is kept among the attempts"


def test_only_the_latest_attempts_are_kept_and_the_first_that_passed(page: ProblemPage) -> None:
    page.open(wait=False)
    page.paste("x\n")
    key = page.page.evaluate("Object.keys(localStorage).find((key) => key.endsWith(':code'))")
    old = [
        {"at": f"2026-01-01T00:{n:02}:00.000Z", "code": str(n), "passed": n == 3, "results": {}}
        for n in range(50)
    ]
    attempts = key.replace(":code", ":attempts")
    page.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [attempts, json.dumps(old)])
    page.wait_for("ready")
    page.run("def cross_entropy_grad(logits, target): return 1\n")
    page.run("def cross_entropy_grad(logits, target): return 2\n")
    for _ in range(3):
        page.run("def cross_entropy_grad(logits, target): return 3\n")
    kept = json.loads(page.page.evaluate("(key) => localStorage.getItem(key)", attempts))
    assert len(kept) == 50
    assert [each["code"] for each in kept[:3]] == ["3", "4", "5"]
    assert [each["code"].strip()[-1] for each in kept[-3:]] == ["1", "2", "3"]


def test_a_run_for_which_the_first_that_passed_leaves_no_room_is_said(
    page: ProblemPage, problems: Problems
) -> None:
    page.open()
    page.run(problems[SLUG].reference_source)
    page.page.evaluate(
        "() => { const { setItem } = Storage.prototype;"
        "Storage.prototype.setItem = function (key, value) {"
        "const full = key.endsWith(':attempts') && value.length > this.getItem(key).length + 9;"
        "if (full) throw new DOMException('full'); return setItem.call(this, key, value); }; }"
    )
    page.run("x = 1\n")
    expect(page.page.locator("#saved")).to_contain_text("not among the attempts")
    assert [attempt["passed"] for attempt in attempts(page.page)] == [True]


def test_old_attempts_make_room_for_a_new_one(page: ProblemPage) -> None:
    """For long code, too, within a moment: it is not tried with one less each time."""
    page.open()
    page.paste("x\n")
    key = page.page.evaluate("Object.keys(localStorage).find((key) => key.endsWith(':code'))")
    attempts = key.replace(":code", ":attempts")
    old = [
        {"at": f"2026-01-01T00:{n:02}:00.000Z", "code": f"{n:#>90000}", "passed": n == 3}
        | {"results": {}}
        for n in range(50)
    ]
    page.page.evaluate("([k, v]) => localStorage.setItem(k, v)", [attempts, json.dumps(old)])
    page.page.evaluate(
        "() => { const { setItem } = Storage.prototype; globalThis.writes = 0;"
        "Storage.prototype.setItem = function (...given) {"
        "writes += given[0].endsWith(':attempts'); return setItem.apply(this, given); }; }"
    )
    page.run("y" * 1_000_000)
    kept = json.loads(page.page.evaluate("(key) => localStorage.getItem(key)", attempts))
    assert kept[-1]["code"].startswith("yyy")
    assert kept[0]["passed"], "the first that passed stays"
    assert 30 < len(kept) < 50
    assert page.page.evaluate("globalThis.writes") == 3, "no room, back to what was, room"


# -- hints and figures


def test_hints_open_one_by_one(page: ProblemPage) -> None:
    page.open(wait=False)
    hints = page.page.locator("details.hint")
    second = hints.nth(1).locator("summary")
    expect(second).to_contain_text("(open hint 1 first)")
    second.click()
    expect(hints.nth(1)).not_to_have_attribute("open", "")
    second.focus()
    page.page.keyboard.press("Enter")
    expect(hints.nth(1)).not_to_have_attribute("open", "")
    hints.nth(0).locator("summary").press("Enter")
    expect(second).not_to_contain_text("first")  # the page has heard of it
    second.press("Enter")
    expect(hints.nth(1)).to_have_attribute("open", "")
    expect(hints.nth(2).locator("summary")).not_to_contain_text("first")
    page.wait_for("ready")


def numbers(row: Locator) -> list[float]:
    return [float(text) for text in row.locator(".number").all_inner_texts()]


def test_figure_can_be_played_with_by_keyboard(page: ProblemPage) -> None:
    page.open(wait=False)
    figure = page.page.locator("figure[data-figure=softmax-gradient]")
    rows = figure.locator("tbody tr")
    assert numbers(rows.nth(2)) == [3.0, 0.63, 1.0, -0.37]
    slider = figure.get_by_role("slider", name="Logit of class 0")
    slider.focus()
    page.page.keyboard.press("End")
    assert numbers(rows.nth(0)) == [5.0, 0.84, 0.0, 0.84]
    figure.get_by_role("radio", name="Class 0 is the true one").check()
    assert numbers(rows.nth(0)) == [5.0, 0.84, 1.0, -0.16]
    expect(figure.locator(".said")).to_contain_text(
        "The true class 0 has probability 0.84, and its entry of the gradient is -0.16."
    )
    for _ in range(7):
        page.page.keyboard.press("ArrowDown")
        gradients = [numbers(rows.nth(at))[3] for at in range(4)]
        assert abs(sum(gradients)) < 0.021, "rounded to two digits each"
    assert figure.locator("tfoot").inner_text().split()[-1] == "0.00"
    page.wait_for("ready")


def test_figure_is_there_without_scripts(new_context: NewContext, site: str) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}problems/{SLUG}/")
    picture = page.get_by_role("img", name=re.compile("Four classes with the logits 1, 2, 3"))
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 640)


@pytest.mark.parametrize("width", [320, 360])
def test_nothing_makes_a_narrow_page_wider(
    page: ProblemPage, problems: Problems, width: int
) -> None:
    page.page.set_viewport_size({"width": width, "height": 740})
    page.open()
    page.run(FIRST)
    press_try(page)
    page.page.locator("#try-examples button").nth(0).click()
    expect(result(page)).to_contain_text("array(")
    wide = page.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    page.page.locator("article").get_by_role("button", name="Show me the solution").click()
    ask = page.page.get_by_role("dialog", name="Show the reference solution?")
    ask.get_by_role("button", name="Show me the solution").click()
    deleted = page.page.locator("#solution-diff .cm-deletedChunk", has_text="return p")
    expect(deleted).to_be_visible()  # another is an empty line
    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
