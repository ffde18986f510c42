"""Python's own file server, as a stand-in for the plainest of web hosts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass
class Host:
    """A host whose site can be replaced, and which can fail. `address` ends in a slash."""

    place: Path
    address: str = ""
    up: bool = True
    failing: str = ""  # paths that have this in them cannot be had
    asked: list[str] = field(default_factory=list)

    def publish(self, dist: Path) -> None:
        """Put another site in the place of the one before."""
        new = self.place.with_name("new")
        new.symlink_to(dist)
        new.replace(self.place)


@contextmanager
def hosting(dist: Path, folder: str) -> Iterator[Host]:
    """Serve the site below `folder`, empty or ending in a slash."""
    with TemporaryDirectory() as root:
        place = Path(root, folder.rstrip("/") or "site")
        place.parent.mkdir(parents=True, exist_ok=True)
        host = Host(place)
        host.publish(dist)
        base = Path(root) if folder else place

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: object) -> None:
                super().__init__(*args, directory=str(base))  # type: ignore[arg-type]

            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                host.asked.append(self.path)
                if not host.up:
                    self.close_connection = True  # without an answer, as if nobody were there
                elif host.failing and host.failing in self.path:
                    self.send_error(HTTPStatus.SERVICE_UNAVAILABLE)
                else:
                    super().do_GET()

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            # Looks often whether to end, and so ends at once.
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
            host.address = f"http://127.0.0.1:{server.server_address[1]}/{folder}"
            try:
                yield host
            finally:
                server.shutdown()
