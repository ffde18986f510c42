"""The browser that tests share has kept the site, and nothing of the test before."""

from typing import Any

import pytest
from page import CONTROLLED, PYTHON_IS_KEPT, ProblemPage
from playwright.sync_api import Browser
from regular import Regular

FOUND = """async () => {
  const folder = await navigator.storage.getDirectory();
  return {
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    cookies: document.cookie,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    files: await Array.fromAsync(folder.keys()),
    theme: document.documentElement.dataset.theme,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    width: innerWidth,
    clipboard: (await navigator.permissions.query({ name: "clipboard-read" })).state,
    route: (await fetch("../../manifest.webmanifest")).status,
  };
}"""
LEAVE = """async () => {
  sessionStorage.setItem("left", "1");
  document.cookie = "left=1; max-age=9999; path=/";
  await new Promise((done) => (indexedDB.open("left").onsuccess = done));
  const folder = await navigator.storage.getDirectory();
  await folder.getFileHandle("left", { create: true });
}"""


def found(page: ProblemPage) -> dict[str, Any]:
    return dict(page.page.evaluate(FOUND))


def leave_all(page: ProblemPage, regular: Regular) -> None:
    page.paste("left = 1\n")
    page.page.get_by_role("button", name="Settings").click()
    page.page.get_by_label("Colours").select_option("Light")
    page.page.get_by_role("button", name="Done").click()
    page.page.evaluate(LEAVE)
    page.page.emulate_media(color_scheme="dark")
    page.page.set_viewport_size({"width": 700, "height": 700})
    page.page.route("**/manifest.webmanifest", lambda route: route.fulfill(status=203))
    regular.context.grant_permissions(["clipboard-read"])
    regular.context.new_page().goto(page.site)


@pytest.fixture(scope="module")
def nothing(browser: Browser, site: str) -> dict[str, Any]:
    """What is found in a fresh profile."""
    context = browser.new_context()
    page = ProblemPage(context.new_page(), site)
    page.open()
    nothing = found(page)
    context.close()
    return nothing


@pytest.mark.parametrize("turn", ["one test", "the next"])
def test_each_begins_as_in_a_fresh_profile(
    page: ProblemPage, nothing: dict[str, Any], regular: Regular, turn: str
) -> None:
    page.open()
    assert found(page) == nothing
    assert len(regular.context.pages) == 2, "its own and the blank one"
    leave_all(page, regular)
    left = found(page)
    assert [what for what in nothing if left[what] == nothing[what]] == []
    page.page.reload()
    page.wait_for("ready")
    assert found(page) == left, "all of it lasts"


def test_the_site_is_kept_and_all_requests_are_noticed(page: ProblemPage) -> None:
    asked: list[str] = []
    page.page.on("request", lambda request: asked.append(request.url))
    page.open(wait=False)
    assert page.page.evaluate(CONTROLLED)
    assert page.page.evaluate(PYTHON_IS_KEPT)
    page.wait_for("ready")
    for name in ("/problem-", "/pyodide.asm.wasm"):  # of the page, of its worker
        assert any(name in address for address in asked)


def test_an_error_is_noticed_in_the_test_that_made_it(page: ProblemPage) -> None:
    page.open(wait=False)
    assert page.trouble == []
    page.page.evaluate("console.error('strange')")
    assert page.trouble == ["console: strange"]
    page.trouble.clear()
