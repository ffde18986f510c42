"""The page around the grader: what is saved, stopped, queued, reset, and how it can be driven."""

import re
from pathlib import Path

import pytest
from page import ProblemPage, codes_kept, held_back, with_time_limit
from plain_server import hosting
from playwright.sync_api import BrowserContext, expect

from gradlet.problem import Problem

Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"
LOOP = "def cross_entropy_grad(logits, target):\n    print('round')\n    while True: pass\n"


def test_page_tells_what_awaits_the_learner_before_any_run(
    page: ProblemPage, problems: Problems
) -> None:
    page.open(wait=False)
    assert page.statuses == ["idle"] * 6
    sentences = [test.sentence_text for test in problems[SLUG].tests]
    shown = page.page.locator("#tests .sentence").all_inner_texts()
    assert shown == sentences
    about = page.page.locator("#run-about").inner_text()
    assert "6 hidden tests, run by Python in your browser." in about
    run = page.page.get_by_role("button", name="Run tests", exact=True)
    expect(run).to_have_accessible_description(re.compile("6 hidden tests"))
    page.wait_for("ready")


def test_statement_and_editor_are_there_before_python(first_visit: ProblemPage) -> None:
    with held_back(first_visit.page, "**/*.wasm"):
        first_visit.open(wait=False)
        first_visit.paste("x = 1  # typed while Python loads\n")
        assert first_visit.code.startswith("x = 1  # typed while Python loads")
        expect(first_visit.page.locator("html")).to_have_attribute("data-runtime", "loading")
        assert first_visit.page.locator(".katex").count() > 20
        expect(first_visit.page.locator("#loading-text")).to_contain_text(" MB")
    first_visit.wait_for("ready")


def test_pressing_run_early_queues_the_run(first_visit: ProblemPage, problems: Problems) -> None:
    first_visit.open(wait=False)
    first_visit.paste(problems[SLUG].reference_source)
    first_visit.press_run()
    expect(first_visit.page.locator("#runtime-text")).to_contain_text("as soon as Python is ready")
    first_visit.wait_for_verdict()
    assert first_visit.statuses == ["passed"] * 6


def test_loop_ends_at_the_time_limit_and_the_next_run_is_right(
    first_visit: ProblemPage, problems: Problems
) -> None:
    # The site's limit is 10 s; this learner's clock is quicker.
    first_visit.page.route(f"**/problems/{SLUG}/", lambda route: with_time_limit(route, 5))
    first_visit.open()
    assert first_visit.run(LOOP) == ["timeout", *["skipped"] * 5]
    assert "Stopped after 5 seconds, the time limit" in first_visit.verdict
    assert "is there a loop that never ends?" in first_visit.verdict
    assert first_visit.verdict.endswith("Line 3 was running.")
    assert "round" in first_visit.test("test_output_shape").inner_text(), "what it printed is kept"
    expect(first_visit.page.get_by_role("button", name="Line 3")).to_be_visible()
    expect(first_visit.page.locator(".cm-lintRange-error")).to_have_text("while True: pass")
    assert first_visit.run(problems[SLUG].reference_source) == ["passed"] * 6


def test_stop_ends_a_loop_and_the_next_run_is_right(page: ProblemPage, problems: Problems) -> None:
    page.open()
    page.paste(LOOP)
    page.press_run()
    expect(page.test("test_output_shape")).to_have_attribute("data-status", "running")
    expect(page.page.locator("html")).to_have_attribute("data-runtime", "running")
    assert page.page.evaluate("1 + 1") == 2, "the page answers while the loop runs"
    page.page.get_by_role("button", name="Stop").click()
    expect(page.page.get_by_role("button", name="Run tests")).to_be_focused()
    page.wait_for_verdict()
    assert page.verdict.startswith("You stopped the run. 0 of 6 hidden tests passed")
    assert page.code.rstrip() == LOOP.rstrip(), "the code is as it was"
    assert page.run(problems[SLUG].reference_source) == ["passed"] * 6


def test_a_run_that_ends_by_itself_hands_the_focus_on(page: ProblemPage) -> None:
    page.open()
    page.paste("x = 1\n")
    focused = page.page.evaluate(
        "() => { document.querySelector('#run').click(); document.querySelector('#stop').focus();"
        "return document.activeElement.id; }"
    )
    assert focused == "stop"
    page.wait_for_verdict()
    expect(page.page.get_by_role("button", name="Run tests")).to_be_focused()


def test_loop_at_the_top_of_the_code_is_stopped_too(first_visit: ProblemPage) -> None:
    first_visit.page.route(f"**/problems/{SLUG}/", lambda route: with_time_limit(route, 5))
    first_visit.open()
    assert first_visit.run("x = 1\nwhile True: pass\n") == ["skipped"] * 6
    assert "Stopped after 5 seconds, the time limit" in first_visit.verdict
    expect(first_visit.page.get_by_role("button", name="Line 2")).to_be_visible()


def test_typed_code_survives_a_reload(page: ProblemPage) -> None:
    page.open()
    page.type("answer = 42")
    page.page.reload()
    page.wait_for("ready")
    assert page.code == "answer = 42"
    page.open("softmax-from-scratch")
    assert "def softmax" in page.code, "each problem has its own"


def test_control_enter_runs(page: ProblemPage, problems: Problems) -> None:
    page.open()
    page.paste(problems[SLUG].reference_source)
    page.page.keyboard.press("ControlOrMeta+Enter")
    page.wait_for_verdict()
    assert page.statuses == ["passed"] * 6
    assert page.code.rstrip() == problems[SLUG].reference_source.rstrip(), "no line was added"


def test_editor_indents_after_a_colon_and_completes_names(page: ProblemPage) -> None:
    page.open()
    page.type("")
    page.wait_for_assistance()
    page.page.keyboard.type("def f(some_long_name):\nreturn some_l", delay=20)
    page.page.locator(".cm-tooltip-autocomplete").wait_for()
    page.page.wait_for_timeout(150)  # the editor ignores Enter right after the list appears
    page.page.keyboard.press("Enter")
    assert page.code == "def f(some_long_name):\n    return some_long_name"
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Tab")
    assert page.page.evaluate("!document.activeElement.closest('.cm-editor')"), "a way out"


def test_typing_need_not_wait_for_assistance(first_visit: ProblemPage) -> None:
    keyboard = first_visit.page.keyboard
    first_visit.open()
    with held_back(first_visit.page, "**/part-*.js"):
        first_visit.type("    total = 1")
        keyboard.type("\nif total:\ntotal")
        assert first_visit.code == "    total = 1\n    if total:\n        total"
    first_visit.wait_for_assistance()
    assert first_visit.code == "    total = 1\n    if total:\n        total"
    keyboard.type("(")
    assert first_visit.code == "    total = 1\n    if total:\n        total()"
    for _ in range(40):  # as many as may be; with nothing left it does nothing
        keyboard.press("ControlOrMeta+z")
    assert "def cross_entropy_grad" in first_visit.code, "what was typed before can be undone"


def test_assistance_that_could_not_be_loaded_comes_the_next_time(
    first_visit: ProblemPage,
) -> None:
    first_visit.open()
    first_visit.page.route("**/part-*.js", lambda route: route.abort())
    with first_visit.page.expect_console_message(lambda told: "does without" in told.text):
        first_visit.type("x = 1")
    first_visit.page.unroute("**/part-*.js")
    first_visit.page.get_by_role("button", name="Run tests").focus()
    first_visit.page.locator(".cm-content").focus()
    first_visit.wait_for_assistance()
    assert first_visit.code == "x = 1"
    assert len(first_visit.trouble) == 2, "the browser's error and the page's warning"
    first_visit.trouble.clear()


def test_reset_asks_first_and_can_be_undone_even_after_a_reload(
    page: ProblemPage, problems: Problems
) -> None:
    starter = problems[SLUG].starter.rstrip()
    page.open()
    page.type("mine = 1")
    page.page.get_by_role("button", name="Reset", exact=True).click()
    page.page.get_by_role("button", name="Keep my code").click()
    assert page.code == "mine = 1"
    page.reset()
    assert page.code.rstrip() == starter
    page.page.reload()
    assert page.code.rstrip() == starter
    page.page.get_by_role("button", name="Undo reset").click()
    assert page.code == "mine = 1"
    page.page.reload()
    assert page.code == "mine = 1"
    expect(page.page.get_by_role("button", name="Undo reset")).to_be_hidden()
    page.wait_for("ready")


def test_escape_in_the_question_keeps_the_code_after_a_reset_too(
    page: ProblemPage, problems: Problems
) -> None:
    page.open(wait=False)
    page.paste("mine = 1")
    page.reset()
    page.paste("mine = 2")
    page.page.get_by_role("button", name="Reset", exact=True).click()
    page.page.keyboard.press("Escape")
    expect(page.page.get_by_role("dialog")).to_be_hidden()
    assert page.code == "mine = 2"
    page.wait_for("ready")


def test_reset_twice_can_still_be_undone(page: ProblemPage, problems: Problems) -> None:
    page.open(wait=False)
    page.paste("mine = 1")
    page.reset()
    page.reset()
    page.page.get_by_role("button", name="Undo reset").click()
    assert page.code == "mine = 1"
    page.wait_for("ready")


def test_what_was_typed_after_a_reset_is_kept(page: ProblemPage) -> None:
    page.open(wait=False)
    for code in ("mine = 1", "mine = 2"):
        page.paste(code)
        page.reset()
    assert codes_kept(page.page) == ["mine = 1"], "only the second reset can be undone"
    page.paste("mine = 3")
    page.page.get_by_role("button", name="Undo reset").click()
    assert page.code == "mine = 2"
    assert codes_kept(page.page) == ["mine = 1", "mine = 3"]
    page.wait_for("ready")


def test_a_reset_is_over_when_other_code_has_been_run(page: ProblemPage) -> None:
    page.open()
    page.paste("mine = 1")
    page.reset()
    page.run("mine = 2")
    expect(page.page.get_by_role("button", name="Undo reset")).to_be_hidden()
    page.page.reload()
    expect(page.page.get_by_role("button", name="Undo reset")).to_be_hidden()
    assert set(codes_kept(page.page)) == {"mine = 1", "mine = 2"}
    page.wait_for("ready")


def test_code_of_which_no_copy_can_be_kept_is_not_replaced(page: ProblemPage) -> None:
    page.open(wait=False)
    page.paste("mine = 1")
    page.fill_storage()
    page.reset()
    expect(page.page.get_by_role("alert")).to_contain_text("Nothing was replaced")
    assert page.code == "mine = 1"
    expect(page.page.get_by_role("button", name="Undo reset")).to_be_hidden()
    page.wait_for("ready")


def test_code_typed_while_the_run_waits_marks_the_results_as_old(first_visit: ProblemPage) -> None:
    with held_back(first_visit.page, "**/*.wasm"):
        first_visit.open(wait=False)
        first_visit.paste("raise ValueError")
        first_visit.press_run()
        first_visit.paste("x = 1\nraise KeyError")
    first_visit.wait_for_verdict()
    assert "ValueError" in first_visit.verdict
    expect(
        first_visit.page.get_by_text("You have changed your code since this run.")
    ).to_be_visible()
    expect(first_visit.page.locator(".cm-lint-marker-error")).to_have_count(0)


def test_changed_code_marks_the_results_as_old(page: ProblemPage, problems: Problems) -> None:
    page.open()
    page.run(problems[SLUG].reference_source)
    note = page.page.get_by_text("You have changed your code since this run.")
    expect(note).to_be_hidden()
    page.paste("x = 1\n")
    expect(note).to_be_visible()
    page.run(problems[SLUG].reference_source)
    expect(note).to_be_hidden()


@pytest.mark.parametrize("folder", ["", "courses/ml/2027/"])
def test_site_works_in_any_folder(context: BrowserContext, dist: Path, folder: str) -> None:
    """A project page, a sub-folder of a school's server: any plain file server will do."""
    with hosting(dist, folder) as host:
        page = ProblemPage(context.new_page(), host.address)
        page.page.goto(host.address)
        page.page.get_by_role("link", name="Cross-entropy gradient", exact=True).click()
        page.wait_for("ready")
        page.page.get_by_role("link", name="Gradlet").click()
        expect(page.page.get_by_role("heading", level=1)).to_contain_text("Learn")
        context.close()
        assert page.trouble == []


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_window(page: ProblemPage, width: int) -> None:
    page.page.set_viewport_size({"width": width, "height": 800})
    for slug in (SLUG, "softmax-from-scratch"):
        page.open(slug)
        page.run("def " + "x" * 300 + "(): pass\nprint('y' * 500)\nraise ValueError('z' * 500)\n")
        assert page.page.evaluate("document.documentElement.scrollWidth") == width
