"""The development server: serves the site, builds it anew when a source changes, reloads pages."""

import asyncio
import mimetypes
import os
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from watchfiles import awatch

# A machine's own table may lack these, and a browser refuses scripts of another type.
for suffix, kind in {
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}.items():
    mimetypes.add_type(kind, suffix)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PortTaken(Exception):
    """Somebody listens there already; the message says what to do."""


class _Headers:
    """Adds the site's headers; what carries a hash in its name may be kept for ever."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                hashed = scope["path"].startswith(("/assets/", "/runtime-"))
                headers["Cache-Control"] = "max-age=31536000, immutable" if hashed else "no-cache"
            await send(message)

        await self._app(scope, receive, send_with_headers)


class _Files(StaticFiles):
    """Sends the compressed copy of a file to a browser that takes it, if the build made one."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        accepted = re.split(r"[\s,;]+", Headers(scope=scope).get("accept-encoding", ""))
        for encoding, ending in (("br", ".br"), ("gzip", ".gz")):
            copy = Path(f"{full_path}{ending}")
            if encoding in accepted and copy.is_file():
                response = super().file_response(copy, copy.stat(), scope, status_code)
                response.headers["Content-Encoding"] = encoding
                break
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        return response


class Reloads:
    """Tells every open page that the site has been built anew."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[str]] = set()

    def tell(self) -> None:
        for page in self._pages:
            page.put_nowait("event: built\ndata:\n\n")

    async def listen(self, _request: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            page: asyncio.Queue[str] = asyncio.Queue()
            self._pages.add(page)
            try:
                yield "retry: 500\n\n"
                while True:
                    yield await page.get()
            finally:
                self._pages.discard(page)

        return StreamingResponse(events(), media_type="text/event-stream")


def application(folder: Path, sources: Sequence[Path], rebuild: Callable[[], bool]) -> ASGIApp:
    """The server as an ASGI application.

    `rebuild` builds the site and tells whether it could; it runs in a thread of its own, after
    each change below one of `sources`.
    """
    reloads = Reloads()

    async def watch() -> None:
        async for _changes in awatch(*sources, debounce=100, step=20):
            if await asyncio.to_thread(rebuild):
                reloads.tell()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watcher = asyncio.create_task(watch()) if sources else None
        yield
        if watcher:
            watcher.cancel()

    routes = [
        Route("/-/events", reloads.listen),
        Mount("/", _Files(directory=folder, html=True, check_dir=False)),
    ]
    return _Headers(Starlette(routes=routes, lifespan=lifespan))


def listen(host: str, port: int) -> socket.socket:
    """A socket on that port, taken before anything is built.

    Raises:
        PortTaken: somebody else has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError as error:
        taken.close()
        raise PortTaken(
            f"Port {port} of {host} cannot be used ({error.strerror}). "
            f"Choose another one: make serve PORT={port + 1}"
        ) from error
    return taken


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve a built site in the background; yields its address, which ends in a slash."""
    taken = listen("127.0.0.1", 0)
    app = application(folder, (), rebuild=lambda: False)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join(timeout=10)


def serve(app: ASGIApp, taken: socket.socket) -> None:
    """Serve until Ctrl+C. Open event streams do not hold it up."""
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
    uvicorn.Server(config).run(sockets=[taken])
