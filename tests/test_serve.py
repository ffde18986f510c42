"""The development server, asked by a client of our own: others tidy an address before they ask."""

import contextlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from gradlet.cli import _parser
from gradlet.serve import UNFORESEEN, Author, PortTaken, application, listen

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10  # seconds; what takes longer has failed
SECRET = b"not for visitors"
FOR_EVER = "max-age=31536000, immutable"

TYPES = {
    "index.html": "text/html; charset=utf-8",
    "problems/softmax/index.html": "text/html; charset=utf-8",
    "problems/softmax/tests-0123456789.json": "application/json",
    "assets/style-HASH.css": "text/css; charset=utf-8",
    "assets/problem-HASH.js": "text/javascript; charset=utf-8",
    "assets/font-HASH.woff2": "font/woff2",
    "assets/icon-0123456789.svg": "image/svg+xml",
    "assets/grader-0123456789.zip": "application/zip",
    "runtime-0123456789/pyodide.mjs": "text/javascript; charset=utf-8",
    "runtime-0123456789/pyodide.asm.wasm": "application/wasm",
    "runtime-0123456789/pyodide-lock.json": "application/json",
    "runtime-0123456789/numpy-2.whl": "application/zip",
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(port: int, target: str, *more: str) -> Answer:
    """Request `target` exactly as it is written."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        lines = [f"GET {target} HTTP/1.1", "Host: localhost", "Connection: close", *more]
        request = "\r\n".join([*lines, "", ""])
        connection.sendall(request.encode("latin-1"))
        with http.client.HTTPResponse(connection) as response:
            response.begin()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())


@contextmanager
def running(
    folder: Path, sources: Sequence[Path] = (), author: Author | None = None
) -> Iterator[int]:
    """A server that rebuilds; yields its port. It does not wait for pages, which never leave."""
    taken = listen("127.0.0.1", 0)
    app = application(folder, sources, author)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield taken.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a file of each kind, and beside it what is nobody's business."""
    root = tmp_path_factory.mktemp("root")
    for name in TYPES:
        path = root / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    for folder in (root, root / "dist2"):
        folder.mkdir(exist_ok=True)
        (folder / "secret.txt").write_bytes(SECRET)
    (root / "dist/leak.txt").symlink_to(root / "secret.txt")
    return root / "dist"


@pytest.fixture(scope="module")
def port(dist: Path) -> Iterator[int]:
    with running(dist) as port:
        yield port


# -- files


@pytest.mark.parametrize("name", TYPES)
def test_each_kind_of_file(port: int, name: str) -> None:
    answer = ask(port, f"/{name}")
    assert answer.status == 200
    assert answer.body == name.encode()
    assert answer.headers["content-type"] == TYPES[name]
    hashed = name.startswith(("assets", "runtime"))
    assert answer.headers["cache-control"] == (FOR_EVER if hashed else "no-cache")


@pytest.mark.parametrize(
    "target", ["/", "/problems/softmax", "/assets/icon-0123456789.svg", "/nothing", "/%00"]
)
def test_every_answer_has_the_headers_of_an_isolated_page(port: int, target: str) -> None:
    headers = ask(port, target).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=0.5", "gzip"),
        ("deflate", None),
        ("brown", None),
    ],
)
def test_compressed_copies(tmp_path: Path, accepted: str, encoding: str | None) -> None:
    for name in ("index.html", "index.html.br", "index.html.gz", "assets/plain-HASH.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    header = f"Accept-Encoding: {accepted}"
    with running(tmp_path) as port:
        answer = ask(port, "/", header)
        again = ask(port, "/", header, f"If-None-Match: {answer.headers['etag']}")
        plain = ask(port, "/assets/plain-HASH.js", header)
    ending = {"br": ".br", "gzip": ".gz", None: ""}[encoding]
    assert answer.body == f"index.html{ending}".encode()
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert again.status == 304
    assert plain.body == b"assets/plain-HASH.js"
    assert "content-encoding" not in plain.headers


def test_a_compressed_copy_that_leads_elsewhere_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("page")
    (tmp_path / "site" / "index.html.br").symlink_to(tmp_path / "secret")
    with running(tmp_path / "site") as port:
        answer = ask(port, "/", "Accept-Encoding: br")
    assert answer.body == b"page"
    assert "content-encoding" not in answer.headers


def test_folders(port: int) -> None:
    assert ask(port, "/").body == b"index.html"
    assert ask(port, "/problems/softmax/").body == b"problems/softmax/index.html"
    without_slash = ask(port, "/problems/softmax?from=index")
    assert without_slash.status == 307
    assert without_slash.headers["location"] == "http://localhost/problems/softmax/?from=index"
    for without_page in ("/problems/", "/problems", "/assets/"):
        assert ask(port, without_page).status == 404


@pytest.mark.parametrize(
    "target", ["/nothing", "/nothing/", "/index", "/-/nothing", "/" + "a" * 999]
)
def test_what_is_not_there(port: int, target: str) -> None:
    answer = ask(port, target)
    assert answer.status == 404
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_not_there_yet_may_be_there_later(port: int) -> None:
    assert ask(port, "/assets/style-0ther.css").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/../dist2/secret.txt",  # begins as the site's folder does
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/.%2e/secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/%252e%252e/secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "//ROOT/secret.txt",
        "/%2fROOT/secret.txt",
        "/ROOT/secret.txt",
        "http://localhost/../secret.txt",
        "../secret.txt",
        "/../secret.txt%00.html",
        "/%00/../../secret.txt",
        "/leak.txt",
    ],
)
def test_nothing_outside_the_site_is_served(port: int, dist: Path, target: str) -> None:
    root = dist.parent
    assert (root / "secret.txt").read_bytes() == SECRET
    answer = ask(port, target.replace("/ROOT", str(root)))
    assert answer.status in (400, 404)
    assert SECRET not in answer.body


MALFORMED = {
    "no request": b"\r\n\r\n",
    "noise": bytes(range(256)) * 4 + b"\r\n\r\n",
    "TLS": bytes.fromhex("1603010200010001fc0303") + b"\0" * 40,
    "no version": b"GET /\r\n\r\n",
    "another version": b"GET / HTTP/9.9\r\nHost: a\r\n\r\n",
    "no method": b" / HTTP/1.1\r\nHost: a\r\n\r\n",
    "unknown method": b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
    "writing": b"PUT /index.html HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nbad",
    "deleting": b"DELETE /index.html HTTP/1.1\r\nHost: a\r\n\r\n",
    "a proxy's method": b"CONNECT localhost:22 HTTP/1.1\r\nHost: a\r\n\r\n",
    "a header without a name": b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    "a header with a null byte": b"GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a negative length": b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    "length and chunks": (
        b"POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n"
    ),
    "an endless line": b"GET /" + b"a" * 1_000_000,
    "an endless header": b"GET / HTTP/1.1\r\nX: " + b"a" * 1_000_000,
    "a range that is none": b"GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=9-1,-,x\r\n\r\n",
    "ten thousand ranges": (
        b"GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=" + b"0-1," * 10_000 + b"0-1\r\n\r\n"
    ),
    "a date that is none": b"GET / HTTP/1.1\r\nHost: a\r\nIf-Modified-Since: never\r\n\r\n",
    "half a request": b"GET / HTTP/1.1\r\nHos",
    "bytes that are no text": b"GET /\xff\xfe%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n",
}


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
def test_malformed_requests_are_refused_and_the_next_is_answered(
    port: int, dist: Path, request_: bytes
) -> None:
    before = (dist / "index.html").read_bytes()
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        with contextlib.suppress(OSError):  # it may hang up before it has read all
            connection.sendall(request_)
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(OSError):
            while piece := connection.recv(65536):
                answer += piece
    assert SECRET not in answer
    assert b"Traceback" not in answer
    assert b" 500 " not in answer.partition(b"\r\n")[0]
    assert (dist / "index.html").read_bytes() == before
    assert ask(port, "/").body == before


def test_it_listens_on_this_computer_alone_unless_told_otherwise() -> None:
    assert _parser().parse_args(["serve"]).host == "127.0.0.1"
    assert _parser().parse_args(["serve", "--host", "0.0.0.0"]).host == "0.0.0.0"


# -- the port


def test_a_taken_port_is_told_with_another_one() -> None:
    with listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} .*: make serve PORT={port + 1}$"):
            listen("127.0.0.1", port)
    listen("127.0.0.1", port).close()  # it is free again at once


def test_the_port_is_held_before_the_server_runs() -> None:
    with listen("127.0.0.1", 0) as taken, socket.create_connection(taken.getsockname(), PATIENCE):
        pass  # a browser that is early waits, instead of being refused


# -- building anew


class Page:
    """An open page: notes in `log` what it is told."""

    def __init__(self, port: int, log: list[str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._connection.request("GET", "/-/events")
        self._response = self._connection.getresponse()
        assert self._response.getheader("Content-Type", "").startswith("text/event-stream")
        assert self._response.getheader("Cache-Control") == "no-cache"
        self._log = log
        # When the first words are here, the server knows the page and watches the sources.
        assert self._response.readline() + self._response.readline() == b"retry: 500\n\n"
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            while line := self._response.readline():
                event, data = line.decode(), self._response.readline().decode()
                assert self._response.readline() == b"\n"
                assert event.startswith("event: ")
                told = json.loads(data.removeprefix("data: "))
                words = told["slug"] if isinstance(told, dict) else told or ""
                self._log.append(f"{event.removeprefix('event: ').strip()} {words}".strip())


class Notes:
    """An author who notes in `log` what is done, and of whose problems one, `a`, has changed."""

    def __init__(self, log: list[str], source: Path | None = None) -> None:
        self.log = log
        self.source = source
        self.surprises = 0  # exceptions to come
        self.may_check = threading.Event()
        self.may_check.set()
        self.changes: list[set[Path]] = []

    def rebuild(self) -> str | None:
        broken = self.source is not None and self.source.read_text() == "broken"
        self.log.append("failing" if broken else "building")
        if self.surprises:
            self.surprises -= 1
            raise FileNotFoundError("moved by an editor")
        return "a line is wrong" if broken else None

    def changed(self, paths: Iterable[Path]) -> list[str]:
        self.changes.append(set(paths))
        return ["a"] if any(path.name.startswith("a") for path in self.changes[-1]) else []

    def check(self, slug: str) -> dict[str, Any]:
        assert self.may_check.wait(PATIENCE)
        return {"slug": slug}


def wait_for(log: Sequence[object], length: int) -> None:
    end = time.monotonic() + PATIENCE
    while len(log) < length:
        assert time.monotonic() < end, f"only {log}"
        time.sleep(0.01)


def test_pages_are_told_of_each_build(tmp_path: Path) -> None:
    sources = [tmp_path / "problems", tmp_path / "site"]
    for folder in sources:
        (folder / "deeper").mkdir(parents=True)
    log: list[str] = []
    source = sources[0] / "softmax.md"
    with running(tmp_path / "dist", sources, Notes(log, source)) as port:
        for _ in range(2):
            Page(port, log)
        source.write_text("broken")
        wait_for(log, 3)
        assert log == ["failing", *["failed a line is wrong"] * 2]
        Page(port, log)  # opened while the site cannot be built
        wait_for(log, 4)
        assert log[3] == "failed a line is wrong"

        source.write_text("mended")
        wait_for(log, 8)
        assert log[4:] == ["building", *["built"] * 3]
        Page(port, log)  # there is nothing to be said any more
        (sources[1] / "deeper/new.ts").write_text("new")
        wait_for(log, 13)
        assert log[8:] == ["building", *["built"] * 4]


def test_a_page_that_has_left_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    log: list[str] = []
    with running(tmp_path / "dist", [tmp_path / "site"], Notes(log)) as port:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as left:
            left.sendall(b"GET /-/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert left.recv(1)
        Page(port, log)
        (tmp_path / "site/b.ts").touch()
        wait_for(log, 2)
        assert log == ["building", "built"]


def test_a_rebuild_that_breaks_does_not_end_the_watching(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A source may vanish between being listed and being read, as editors save."""
    (tmp_path / "site").mkdir()
    log: list[str] = []
    author = Notes(log)
    author.surprises = 1
    with running(tmp_path / "dist", [tmp_path / "site"], author) as port:
        Page(port, log)
        (tmp_path / "site/b.ts").write_text("1")
        wait_for(log, 2)
        assert log == ["building", f"failed {UNFORESEEN}"]
        assert "FileNotFoundError: moved by an editor" in capfd.readouterr().err
        (tmp_path / "site/b.ts").write_text("2")
        wait_for(log, 4)
        assert log[2:] == ["building", "built"]


def test_a_verdict_follows_the_page_and_waits_for_those_that_come_later(tmp_path: Path) -> None:
    (tmp_path / "problems").mkdir()
    log: list[str] = []
    author = Notes(log)
    with running(tmp_path / "dist", [tmp_path / "problems"], author) as port:
        Page(port, log)
        (tmp_path / "problems/a.md").write_text("1")
        wait_for(log, 4)
        assert log == ["building", "built", "checking a", "checked a"]
        assert author.changes == [{tmp_path / "problems/a.md"}]
        later: list[str] = []
        Page(port, later)
        wait_for(later, 1)
        assert later == ["checked a"]


def test_pages_are_built_while_a_check_goes_on_and_its_verdict_is_that_of_the_last_change(
    tmp_path: Path,
) -> None:
    (tmp_path / "problems").mkdir()
    log: list[str] = []
    author = Notes(log)
    with running(tmp_path / "dist", [tmp_path / "problems"], author) as port:
        Page(port, log)
        author.may_check.clear()
        for text in ("1", "2"):
            (tmp_path / "problems/a.md").write_text(text)
            wait_for(log, 3 if text == "1" else 5)
        assert log == ["building", "built", "checking a", "building", "built"]
        wait_for(author.changes, 2)
        author.may_check.set()
        wait_for(log, 7)
        assert log[5:] == ["checking a", "checked a"]


def test_ctrl_c_ends_the_server_while_pages_are_open(tmp_path: Path) -> None:
    """Without a limit it would wait for the pages, whose connections never end."""
    (tmp_path / "index.html").write_text("hello")
    script = (
        "import sys; from pathlib import Path; from gradlet.serve import *\n"
        "taken = listen('127.0.0.1', 0)\n"
        "print(taken.getsockname()[1], flush=True)\n"
        "serve(application(Path(sys.argv[1])), taken)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            port = int(server.stdout.readline())
            Page(port, [])
            assert ask(port, "/").body == b"hello"
            server.send_signal(signal.SIGINT)
            server.wait(PATIENCE)
        finally:
            server.kill()
