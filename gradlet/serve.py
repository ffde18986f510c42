"""The development server: serves the site, builds it anew when a source changes, reloads pages."""

import asyncio
import json
import mimetypes
import os
import re
import socket
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from watchfiles import awatch

from gradlet.policy import CHECKED, HEADERS, cache_control

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


UNFORESEEN = "Something unforeseen happened: the terminal shows what. Save again to try again."

_Result = TypeVar("_Result")


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
                found = message["status"] < 300  # what is not there yet may be there later
                headers["Cache-Control"] = cache_control(scope["path"]) if found else CHECKED
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
            # No link, which might lead out of the folder.
            if encoding in accepted and copy.is_file() and not copy.is_symlink():
                response = super().file_response(copy, copy.stat(), scope, status_code)
                response.headers["Content-Encoding"] = encoding
                break
        else:
            response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Vary"] = "Accept-Encoding"
        return response


class Pages:
    """Every open page, and what it is told; a page that opens later is told what still holds."""

    def __init__(self) -> None:
        self._open: set[asyncio.Queue[str]] = set()
        self._lasting: dict[str, str] = {}  # by what it is about

    def tell(self, event: str, data: object = None, about: str | None = None) -> None:
        """Send an event. What is `about` something holds until something else is said of it."""
        text = f"event: {event}\ndata: {json.dumps(data)}\n\n"
        if about:
            self._lasting[about] = text
        for page in self._open:
            page.put_nowait(text)

    def forget(self, about: str) -> None:
        """What was said about it does not hold any more."""
        self._lasting.pop(about, None)

    async def listen(self, _request: Request) -> StreamingResponse:
        async def events() -> AsyncIterator[str]:
            page: asyncio.Queue[str] = asyncio.Queue()
            self._open.add(page)
            try:
                yield "".join(["retry: 500\n\n", *self._lasting.values()])
                while True:
                    yield await page.get()
            finally:
                self._open.discard(page)

        return StreamingResponse(events(), media_type="text/event-stream")


class Author(Protocol):
    """What is done when an author has changed a source; all of it in threads of their own."""

    def rebuild(self) -> str | None:
        """Build the site; returns in words why it cannot be built, and else None."""

    def changed(self, paths: Iterable[Path]) -> Iterable[str]:
        """The slugs of the problems to check after these files were changed."""

    def check(self, slug: str) -> dict[str, Any]:
        """The verdict on a problem, for the strip on its page (site/page/strip.ts)."""


class _Watch:
    """Builds anew after each change, tells the pages, and then has the problems checked."""

    def __init__(self, sources: Sequence[Path], author: Author, pages: Pages) -> None:
        self._sources = sources
        self._author = author
        self._pages = pages
        self._unchecked: dict[str, None] = {}  # slugs, in order
        self._some_unchecked = asyncio.Event()

    async def build(self) -> None:
        async for changes in awatch(*self._sources, debounce=60, step=20):
            trouble = await self._try(self._author.rebuild, UNFORESEEN)
            if trouble:
                self._pages.tell("failed", trouble, about="build")
                continue
            self._pages.forget("build")
            self._pages.tell("built")
            paths = [Path(path) for _, path in changes]
            for slug in await self._try(partial(self._author.changed, paths)) or ():
                self._unchecked[slug] = None
                self._some_unchecked.set()

    async def check(self) -> None:
        """One problem after another, while the building goes on."""
        while await self._some_unchecked.wait():
            slug = next(iter(self._unchecked))
            del self._unchecked[slug]
            self._pages.tell("checking", {"slug": slug}, about=slug)
            verdict = await self._try(partial(self._author.check, slug))
            if verdict and slug not in self._unchecked:  # else there is something newer to be said
                self._pages.tell("checked", verdict, about=slug)
            if not self._unchecked:
                self._some_unchecked.clear()

    async def _try(
        self, work: Callable[[], _Result | None], otherwise: _Result | None = None
    ) -> _Result | None:
        """Do it in a thread. What nobody has foreseen is shown, and does not end the watching:
        a source may vanish between being listed and being read, as editors save."""
        try:
            return await asyncio.to_thread(work)
        except Exception:
            traceback.print_exc()
            return otherwise


def application(
    folder: Path, sources: Sequence[Path] = (), author: Author | None = None
) -> ASGIApp:
    """The server as an ASGI application; the `author`'s work begins with a change below one of
    `sources`."""
    pages = Pages()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watch = _Watch(sources, author, pages) if author else None
        tasks = [
            asyncio.create_task(work()) for work in ((watch.build, watch.check) if watch else ())
        ]
        yield
        for task in tasks:
            task.cancel()

    routes = [
        Route("/-/events", pages.listen),
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
    app = application(folder)
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
