"""Python's own file server, as a stand-in for the plainest of web hosts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serve_in_folder(dist: str, folder: str) -> Iterator[str]:
    """Serve the site below `folder` of a host; yields its address."""
    with TemporaryDirectory() as root:
        place = Path(root, folder.rstrip("/") or "site")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(dist)
        base = Path(root) if folder else place
        handler = partial(_Quiet, directory=str(base))
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_address[1]}/{folder}"
            server.shutdown()
