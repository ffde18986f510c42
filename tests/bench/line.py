"""The line between browser and server: as narrow as is wished, and every byte on it is counted."""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gradlet.serve import listen

CHUNK = 16_384  # bytes that are let through at once


class Line:
    """Shared by all connections of all servers on it, as a learner's own line is.

    The browser's own way to limit the network is not used: one limit for all connections, of the
    page, its workers and its service worker, is surer here, and so is the count.
    """

    def __init__(self) -> None:
        self._bytes_per_second = 0.0
        self._delay = 0.0
        self._free = 0.0
        self.bytes: Counter[str] = Counter()  # of bodies, by path

    def open(self, megabits: float = 0, delay: float = 0) -> None:
        """Begin anew: `megabits` a second (0: no limit), `delay` in seconds for each answer."""
        self._bytes_per_second, self._delay = megabits * 1e6 / 8, delay
        self._free = 0
        self.bytes.clear()

    def to(self, app: ASGIApp) -> ASGIApp:
        """`app`, at the other end of the line."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            async def narrow(message: Message) -> None:
                body = message.get("body", b"")
                self.bytes[scope["path"]] += len(body)
                if self._bytes_per_second and body:
                    for start in range(0, len(body), CHUNK):
                        chunk = body[start : start + CHUNK]
                        await self._pass(len(chunk))
                        await send({**message, "body": chunk, "more_body": True})
                    message = {**message, "body": b""}
                await send(message)

            await asyncio.sleep(self._delay)
            await app(scope, receive, narrow)

        async def only_http(scope: Scope, receive: Receive, send: Send) -> None:
            await (answer if scope["type"] == "http" else app)(scope, receive, send)

        return only_http

    async def _pass(self, size: int) -> None:
        now = time.perf_counter()
        self._free = max(now, self._free) + size / self._bytes_per_second
        await asyncio.sleep(self._free - now)


@contextmanager
def serving(line: Line, *apps: ASGIApp) -> Iterator[list[str]]:
    """Each application on a port of its own, all over `line`: yields their addresses."""
    loop = asyncio.new_event_loop()
    sockets = [listen("127.0.0.1", 0) for _ in apps]
    servers = [
        uvicorn.Server(
            uvicorn.Config(
                line.to(app),
                log_level="warning",
                timeout_graceful_shutdown=1,
            )
        )
        for app in apps
    ]

    async def all_of_them() -> None:
        pairs = zip(servers, sockets, strict=True)
        await asyncio.gather(*(server._serve([taken]) for server, taken in pairs))

    thread = threading.Thread(target=loop.run_until_complete, args=(all_of_them(),), daemon=True)
    thread.start()
    while not all(server.started for server in servers):
        time.sleep(0.01)
    try:
        yield [f"http://127.0.0.1:{taken.getsockname()[1]}/" for taken in sockets]
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(timeout=10)
