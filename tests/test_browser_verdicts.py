"""Verdicts in a real browser: real Python, real numpy, real pytest."""

import re
from collections.abc import Iterator

import pytest
from page import ProblemPage, changed
from playwright.sync_api import Browser
from wrong_solutions import WRONG_SOLUTIONS, WrongSolution

from gradlet.problem import Problem

Problems = dict[str, Problem]

# One opened page grades them all, as a learner's page does; the page of the other problem next.
# That of gelu, which takes long to load, is open when they begin.
BY_PROBLEM = sorted(WRONG_SOLUTIONS, key=lambda wrong: (wrong.problem != "gelu", wrong.problem))


@pytest.fixture(scope="module")
def page_that_explains_nothing(browser: Browser, site: str) -> Iterator[ProblemPage]:
    """Whose problems come without known mistakes: to look for one may take two seconds."""
    context = browser.new_context()
    context.add_init_script("delete Navigator.prototype.serviceWorker")  # it would answer instead
    context.route("**/tests-*.json", lambda route: changed(route, mistakes=[]))
    yield ProblemPage(context.new_page(), site)
    context.close()


@pytest.mark.parametrize("slug", ["cross-entropy-gradient", "softmax-from-scratch"])
def test_reference_passes_all(warm_page: ProblemPage, problems: Problems, slug: str) -> None:
    warm_page.ensure_open(slug)
    count = len(problems[slug].tests)
    assert warm_page.run(problems[slug].reference_source) == ["passed"] * count
    assert warm_page.verdict == f"All {count} hidden tests passed."


@pytest.mark.parametrize("slug", ["softmax-from-scratch", "cross-entropy-gradient"])
def test_starter_code_passes_none_and_says_why(
    warm_page: ProblemPage, problems: Problems, slug: str
) -> None:
    warm_page.ensure_open(slug)
    statuses = warm_page.run(problems[slug].starter)
    assert set(statuses) <= {"failed", "error"}
    assert warm_page.verdict.startswith(f"0 of {len(statuses)} hidden tests passed")
    for test in warm_page.tests.all():
        assert "returned None: is a return statement missing?" in test.inner_text()


def test_scipy_is_there_for_the_learner_and_for_the_tests(
    page_that_explains_nothing: ProblemPage, problems: Problems
) -> None:
    page = page_that_explains_nothing
    page.ensure_open("gelu")
    assert set(page.run(problems["gelu"].reference_source)) == {"passed"}
    statuses = page.run(
        "def gelu(x):\n    from scipy.special import expit\n    return x * expit(x)\n"
    )
    assert statuses == ["passed", "failed", "failed", "passed", "failed", "passed"]
    assert page.took_trouble() == []


@pytest.mark.parametrize("wrong", BY_PROBLEM, ids=str)
def test_wrong_solution_fails_just_the_tests_it_names(
    page_that_explains_nothing: ProblemPage, wrong: WrongSolution
) -> None:
    page = page_that_explains_nothing
    page.ensure_open(wrong.problem.replace("_", "-"))
    page.run(wrong.code)
    assert page.not_passed == wrong.fails
    assert page.took_trouble() == []


def test_failure_shows_message_input_expected_got_and_difference(warm_page: ProblemPage) -> None:
    warm_page.ensure_open("cross-entropy-gradient")
    warm_page.run(
        "import numpy as np\n\n"
        "def cross_entropy_grad(logits, target):\n"
        "    e = np.exp(logits - logits.max())\n"
        "    p = e / e.sum()\n"
        "    p[target] += 1\n"
        "    return p\n"
    )
    text = warm_page.test("test_formula").inner_text()
    assert "The gradient is softmax(logits), minus 1 at the target's index." in text
    assert "cross_entropy_grad(logits=array([0, 0, 0]), target=1)" in text
    assert re.search(r"\[1\]\s+0\s+-0\.666667\s+1\.33333", text), "the table, the wrong row in it"
    assert "2 at index [1]: expected -0.666667, got 1.33333" in text
    assert warm_page.verdict == "1 of 6 hidden tests passed, 5 failed."


def test_exception_marks_the_line_and_cuts_the_traceback(warm_page: ProblemPage) -> None:
    warm_page.ensure_open("cross-entropy-gradient")
    code = "def helper(v):\n    return v[99]\n\ndef cross_entropy_grad(logits, target):\n"
    statuses = warm_page.run(code + "    return helper(logits)\n")
    assert statuses == ["error"] * 6
    first, second = (warm_page.tests.nth(i).inner_text() for i in range(2))
    assert "IndexError: index 99 is out of bounds" in first
    assert 'File "solution.py", line 2, in helper' in first
    assert "site-packages" not in first
    assert "hidden_tests" not in first
    assert "IndexError: index 99 is out of bounds" in second
    assert "Traceback" not in second, "the way to the same place is shown once"
    assert "In the same place as above." in second
    assert warm_page.page.locator(".cm-lintRange-error").inner_text() == "return v[99]"
    warm_page.page.get_by_role("button", name="Line 2").first.click()
    assert warm_page.page.locator(".cm-activeLineGutter").first.inner_text().strip() == "2"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("def cross_entropy_grad(logits, target)\n    pass\n", "SyntaxError on line 1: expected"),
        ("import numpy as np\n", "Your code does not define cross_entropy_grad."),
        ("x = 1 / 0\n", "Your code stops on line 1 before any test can run: ZeroDivisionError"),
        ("import reference\n", "No module named 'reference'"),
        ("def cross_entropy_grad(z): ...\n", "does not take the arguments"),
    ],
)
def test_what_concerns_all_tests_is_said_once(
    warm_page: ProblemPage, code: str, sentence: str
) -> None:
    warm_page.ensure_open("cross-entropy-gradient")
    assert warm_page.run(code) == ["skipped"] * 6
    assert warm_page.verdict.startswith("No test was run. ")
    assert sentence in warm_page.verdict
    assert sentence not in warm_page.page.locator("#tests").inner_text()


def test_reference_cannot_be_imported_during_a_call(warm_page: ProblemPage) -> None:
    warm_page.ensure_open("cross-entropy-gradient")
    statuses = warm_page.run(
        "def cross_entropy_grad(logits, target):\n"
        "    from reference.cross_entropy_gradient import cross_entropy_grad as answer\n"
        "    return answer(logits, target)\n"
    )
    assert statuses == ["error"] * 6


def test_prints_are_shown_with_the_test_that_made_them(
    warm_page: ProblemPage, problems: Problems
) -> None:
    warm_page.ensure_open("softmax-from-scratch")
    source = problems["softmax-from-scratch"].reference_source
    shouted = source.replace("    z = ", "    print('<b>given</b>', logits)\n    z = ", 1)
    assert shouted != source
    assert set(warm_page.run(shouted)) == {"passed"}
    printed = warm_page.test("test_sum").locator(".output")
    assert printed.locator("pre").text_content().startswith("<b>given</b> [")
    assert printed.locator("b").count() == 0
