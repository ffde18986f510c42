"""A problem page as a person uses it."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Route, expect

BOOT = 60_000  # milliseconds that Python may take to load on a slow machine
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const options = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
}"""

NewContext = Callable[..., BrowserContext]  # a fixture, with the options of Browser.new_context

ASSISTED = ".cm-content[aria-autocomplete=list]"  # the editor, once it completes what is typed

# A function in a function, or the inner one would be called at once.
FULL = "() => { Storage.prototype.setItem = () => { throw new DOMException('full'); } }"

# Once a page is ready, the browser begins to keep the site for the next visit. It has, when:
CONTROLLED = "navigator.serviceWorker?.controller?.state === 'activated'"
PYTHON_IS_KEPT = "async () => (await (await caches.open('gradlet-python')).keys()).length > 0"


@dataclass
class ProblemPage:
    page: Page
    site: str
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"exception: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        origin = "/".join(self.site.split("/")[:3])  # all that the address of a blob tells
        if not request.url.startswith((self.site, f"blob:{origin}/", "data:")):
            self.trouble.append(f"foreign request: {request.url}")

    def took_trouble(self) -> list[str]:
        """What went wrong since this was last asked."""
        found, self.trouble = self.trouble, []
        return found

    # -- what a person does

    def open(self, slug: str = "cross-entropy-gradient", *, wait: bool = True) -> None:
        self.page.goto(f"{self.site}problems/{slug}/")
        if wait:
            self.wait_for("ready")

    def ensure_open(self, slug: str = "cross-entropy-gradient") -> None:
        """Go there, unless the page is there already."""
        if not self.page.url.endswith(f"/{slug}/"):
            self.open(slug)

    def type(self, code: str) -> None:
        """Replace the code in the editor key by key. The editor indents by itself."""
        self._select_all()
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(code)

    def paste(self, code: str) -> None:
        self._select_all()
        self.page.evaluate(PASTE, code)

    def _select_all(self) -> None:
        self.page.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")

    def press_run(self) -> None:
        self.page.get_by_role("button", name="Run tests").click()

    def run(self, code: str) -> list[str]:
        """Paste, run, wait; the status of each test."""
        self.paste(code)
        self.press_run()
        self.wait_for_verdict()
        return self.statuses

    def reset(self) -> None:
        """Press Reset and say yes. The page hears of that when the dialog has closed."""
        self.page.get_by_role("button", name="Reset", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        closed = dialog.evaluate_handle(
            "dialog => ({ closed: new Promise((is) => dialog.addEventListener('close', is)) })"
        )
        dialog.get_by_role("button", name="Reset").click()
        closed.evaluate("async ({ closed }) => { await closed; }")

    def wait_for(self, runtime: str) -> None:
        html = self.page.locator("html")
        try:
            expect(html).to_have_attribute("data-runtime", runtime, timeout=BOOT)
        except AssertionError as error:
            said = self.page.locator(".runtime").inner_text()
            raise AssertionError(f"{error}\nThe page: {said!r}; {self.trouble}") from error

    def wait_for_verdict(self) -> None:
        expect(self.results).not_to_have_attribute("data-verdict", "idle", timeout=BOOT)
        expect(self.results).not_to_have_attribute("data-verdict", "running", timeout=BOOT)
        self.wait_for("ready")

    def wait_for_assistance(self) -> None:
        """Until the editor, entered, indents and completes as Python's does."""
        self.page.locator(ASSISTED).wait_for()

    def fill_storage(self) -> None:
        """From now on, until the page is loaded again, the browser keeps nothing."""
        self.page.evaluate(FULL)

    # -- what a person sees

    @property
    def results(self) -> Any:
        return self.page.locator("#results")

    @property
    def tests(self) -> Any:
        return self.page.get_by_role("list", name="Hidden tests").locator("> li")

    def test(self, name: str) -> Any:
        return self.page.locator(f"[data-test={name}]")

    @property
    def statuses(self) -> list[str]:
        return [str(each.get_attribute("data-status")) for each in self.tests.all()]

    @property
    def not_passed(self) -> tuple[str, ...]:
        return tuple(
            str(each.get_attribute("data-test"))
            for each in self.tests.all()
            if each.get_attribute("data-status") != "passed"
        )

    @property
    def verdict(self) -> str:
        return self.page.locator("[role=status]").inner_text()

    @property
    def code(self) -> str:
        lines = self.page.locator(".cm-line")
        lines.first.wait_for()  # the editor is made after the page is loaded
        return "\n".join("" if line == "\n" else line for line in lines.all_inner_texts())


def attempts(page: Page) -> list[dict[str, Any]]:
    """Those that are kept for the problem of the page, the oldest first."""
    find = "Object.entries(localStorage).find(([key]) => key.endsWith(':attempts'))?.[1] ?? '[]'"
    kept: list[dict[str, Any]] = json.loads(page.evaluate(find))
    return kept


def codes_kept(page: Page) -> list[str]:
    return [attempt["code"] for attempt in attempts(page)]


def open_saved_work(page: Page, content: object) -> str:
    """Open a file of saved work; what the page says of it. Its dialog stays open."""
    text = content if isinstance(content, str) else json.dumps(content)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open saved work").click()
    chooser.value.set_files(
        {"name": "work.json", "mimeType": "application/json", "buffer": text.encode()}
    )
    said = page.get_by_role("dialog", name="Open saved work").locator("#open-said")
    return said.inner_text()


def close_dialog(page: Page) -> None:
    page.get_by_role("dialog").get_by_role("button", name="Close").click()


def changed(route: Route, **fields: object) -> None:
    """Answer with the JSON that was asked for, some of its fields changed."""
    problem = route.fetch().json()
    assert fields.keys() <= problem.keys()
    route.fulfill(json=problem | fields)


def with_time_limit(route: Route, seconds: int) -> None:
    """Answer with the problem's page, its time limit changed."""
    response = route.fetch()
    body = response.text()
    changed = re.sub(r'"timeLimit": ?[\d.]+', f'"timeLimit": {seconds}', body)
    assert changed != body
    route.fulfill(response=response, body=changed)


@contextmanager
def held_back(page: Page, pattern: str) -> Iterator[None]:
    """What the page asks for and `pattern` fits is answered only after the block."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    yield
    for route in held:
        route.continue_()
    page.unroute(pattern)


def wait_until(page: Page, expression: str, argument: object = None, timeout: int = BOOT) -> None:
    """Wait until `expression` is true. Playwright's own wait evaluates text inside the page, which
    the site's policy forbids; a debugger's evaluation it does not.
    """
    poll(page, lambda: page.evaluate(expression, argument), expression, timeout)


def poll(page: Page, is_so: Callable[[], object], what: str, timeout: int = BOOT) -> None:
    """Wait until something is so, which `what` names; meanwhile the browser goes on."""
    end = time.monotonic() + timeout / 1000
    while not is_so():
        assert time.monotonic() < end, f"never true: {what}"
        page.wait_for_timeout(20)
