"""Code in the page's worker can reach no other host, even where a host sends no headers."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from page import NewContext, ProblemPage
from plain_server import hosting
from playwright.sync_api import Worker

from gradlet.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
Problems = dict[str, Problem]
SLUG = "cross-entropy-gradient"
Attempts = tuple[dict[str, str], list[str]]  # what came of each, and what the other host heard


def later(code: str) -> str:
    """`code` on its own: whatever a debugger evaluates is free of the policy."""
    act = f"() => {{ try {{ resolve({code}); }} catch (error) {{ reject(error); }} }}"
    return f"new Promise((resolve, reject) => setTimeout({act}))"


# Each tries to reach the other host, and tells how that ended.
WAYS = {
    "fetch": "fetch(`${there}fetch`, { mode: 'no-cors' })",
    "XMLHttpRequest": """new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.onload = resolve;
        request.onerror = () => reject(new Error("refused"));
        request.open("GET", `${there}xhr`);
        request.send();
    })""",
    "WebSocket": """new Promise((resolve, reject) => {
        const socket = new WebSocket(there.replace("http", "ws") + "socket");
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error("refused"));
    })""",
    "EventSource": """new Promise((resolve, reject) => {
        const events = new EventSource(`${there}events`);
        events.onopen = resolve;
        events.onerror = () => reject(new Error("refused"));
    })""",
    "import()": "import(`${there}module.js`)",
    "importScripts": later("importScripts(`${there}script.js`)"),
    "Worker": """new Promise((resolve, reject) => {
        const worker = new Worker(`${there}worker.js`);
        worker.onmessage = resolve;
        worker.onerror = () => reject(new Error("refused"));
    })""",
    "Worker from a blob": """new Promise((resolve, reject) => {
        const code = `fetch("${there}nested", { mode: "no-cors" })
            .then(() => postMessage("sent"), () => postMessage("refused"))`;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.onmessage = ({ data }) => data === "sent" ? resolve() : reject(new Error(data));
        worker.onerror = () => reject(new Error("refused"));
    })""",
    "eval": later("(0, eval)('1')"),
    "Function": later("new Function('return 1')()"),
}
LOCKDOWN = (ROOT / "site" / "worker" / "lockdown.ts").read_text(encoding="utf-8")
TAKEN_OFF = re.findall(r'^  "(\w+)",$', LOCKDOWN, re.M)
START = "(script) => { globalThis.kept = new Worker(script, { type: 'module' }); }"
SCRIPT = "text/javascript"
TRY = "(there) => %s.then(() => 'done', (error) => `refused: ${error.name}`)"


@pytest.fixture
def other_host() -> Iterator[tuple[str, list[str]]]:
    """Another host that would answer anything; its address, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
        server.shutdown()


def try_all(place: Worker, there: str) -> dict[str, str]:
    return {way: place.evaluate(TRY % code, there) for way, code in WAYS.items()}


def test_a_worker_from_a_file_would_reach_another_host(
    new_context: NewContext, dist: Path, other_host: tuple[str, list[str]]
) -> None:
    """Why the worker comes from a blob: address; and that the other host can be reached at all."""
    there, asked = other_host
    with hosting(dist, "") as host:
        page = new_context().new_page()
        page.goto(host.address)
        (script,) = dist.glob("assets/worker-*.js")
        with page.expect_worker() as started:
            page.evaluate(START, f"assets/{script.name}")
        assert started.value.evaluate(TRY % WAYS["fetch"], there) == "done"
        assert asked == ["/fetch"]


@pytest.mark.parametrize("headers", [False, True], ids=["without headers", "with headers"])
def test_the_worker_can_send_nothing_to_another_host(
    new_context: NewContext,
    dist: Path,
    site: str,
    problems: Problems,
    other_host: tuple[str, list[str]],
    headers: bool,
) -> None:
    there, asked = other_host
    with hosting(dist, "") as host:
        page = ProblemPage(new_context().new_page(), site if headers else host.address)
        # The page's worker, before any script of ours has taken such ways off it.
        page.page.route("**/worker-*.js", lambda route: route.fulfill(content_type=SCRIPT, body=""))
        with page.page.expect_worker() as started:
            page.open(wait=False)
        outcome = try_all(started.value, there)
        assert all(each.startswith("refused") for each in outcome.values()), outcome
        assert asked == []
        page.page.unroute("**/worker-*.js")
        page.open()
        assert page.run(problems[SLUG].reference_source) == ["passed"] * 6


def test_the_worker_gives_up_what_python_does_not_need(page: ProblemPage) -> None:
    page.open()
    (worker,) = page.page.workers
    least = {"fetch", "XMLHttpRequest", "WebSocket", "WebTransport", "EventSource", "Worker"}
    assert least | {"BroadcastChannel", "caches", "indexedDB"} < set(TAKEN_OFF)
    for name in [*TAKEN_OFF, "navigator"]:
        assert worker.evaluate(f"typeof {name}") == "undefined", name


def test_the_worker_script_does_nothing_for_who_starts_it_from_its_file(
    new_context: NewContext, dist: Path
) -> None:
    """It would have no policy there, and load Python from wherever it is told to."""
    (script,) = dist.glob("assets/worker-*.js")
    ask = """async (script) => {
        const answer = (address) => new Promise((resolve, reject) => {
            const worker = new Worker(address, { type: "module" });
            worker.onmessage = ({ data }) => resolve(data.value);
            worker.onerror = () => reject(new Error(`${address} does not load`));
            worker.postMessage({ id: "1", type: "APPLY", path: ["isThere"], argumentList: [] });
        });
        const here = answer(script);
        const blob = await (await fetch(script)).blob();
        const there = await answer(URL.createObjectURL(blob));  // as the page starts it
        const silence = new Promise((resolve) => setTimeout(resolve, 1000, "silence"));
        return [await Promise.race([here, silence]), there];
    }"""
    with hosting(dist, "") as host:
        page = new_context().new_page()
        page.goto(host.address)
        said = page.evaluate(ask, f"{host.address}assets/{script.name}")
        assert said == ["silence", True]
