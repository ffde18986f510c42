"""The site's files once more, compressed, for hosts that send such copies as they lie there.

Beside `page.html` come `page.html.br` (Brotli) and `page.html.gz`: to compress that well takes
far too long to be done for each visitor.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from gradlet.cache_folder import cache
from gradlet.dist import Dist
from gradlet.node_script import NodeFailed, NodeScript, node_script
from gradlet.setup import SetupError
from gradlet.setup.progress import say
from gradlet.setup.python_runtime import sha256_of

SCRIPT = Path(__file__).with_name("compress.mjs")
# The rest of what a site holds is compressed already: wheels, fonts, pictures.
SUFFIXES = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".txt", ".wasm", ".xml"}
ENCODINGS = (".br", ".gz")
SMALLEST = 1000  # bytes; less fits into one packet as it is
SLOW = 2_000_000  # bytes; what is larger is worth a word of patience
BEST, QUICK = 11, 5  # of Brotli's 0 to 11
MOST_PROCESSES = 4  # then Python, which writes the pages, is slower than they are


def compress(dist: Dist, node: Path) -> None:
    """Write the compressed copies of all that has been written into `dist`: see `compressing`."""
    with compressing(dist, node) as catch_up:
        catch_up()


@contextmanager
def compressing(dist: Dist, node: Path) -> Iterator[Callable[[], None]]:
    """Yields what has Node.js compress all that has been written into `dist` until then.

    It does so in the background; after the block all copies are there. What carries a hash in
    its name is compressed as well as can be, once for all clones of this machine; pages, which
    change by the thousand, quickly. A copy is as old as its original, to the nanosecond: an
    older or a younger one is made anew.

    Raises:
        SetupError: Node.js could not do it.
    """
    with ExitStack() as stack:
        processes = min(os.cpu_count() or 1, MOST_PROCESSES)
        scripts = [stack.enter_context(node_script(node, SCRIPT)) for _ in range(processes)]
        copies = _Copies(dist, scripts)
        yield copies.catch_up
        try:
            for script in scripts:
                script.answers()
        except NodeFailed as error:
            raise SetupError(f"Node.js could not compress the site. It said:\n{error}") from error
        copies.finish()


class _Copies:
    def __init__(self, dist: Dist, scripts: Sequence[NodeScript]) -> None:
        self._dist = dist
        self._scripts = cycle(scripts)
        self._seen = 0  # of what has been written
        self._stale: list[tuple[Path, int]] = []  # copies, and how old their originals are
        self._kept: dict[Path, Path] = {}  # for each copy that is kept: where in the cache

    def catch_up(self) -> None:
        """Have compressed what was written since the last time."""
        written = self._dist.written
        for name in written[self._seen :]:
            original = self._dist.folder / name
            if not _worth_it(original):
                continue
            age = _age(original)
            copies = [self._dist.keep(name + ending) for ending in ENCODINGS]
            stale = [copy for copy in copies if _age(copy) != age]
            self._stale += [(copy, age) for copy in stale]
            if stale and name.startswith(("assets/", "runtime-")):
                self._keep(original, stale)
            elif stale:
                self._tell(original, stale, QUICK)
        self._seen = len(written)

    def _keep(self, original: Path, copies: Iterable[Path]) -> None:
        content = sha256_of(original)
        for copy in copies:
            kept = cache() / "compressed" / (content + copy.suffix)
            if kept not in self._kept.values() and not kept.is_file():
                if original.stat().st_size > SLOW:
                    say(f"Compressing {original.name}: half a minute, this once")
                kept.parent.mkdir(parents=True, exist_ok=True)
                self._tell(original, [kept], BEST)
            self._kept[copy] = kept

    def _tell(self, original: Path, targets: list[Path], quality: int) -> None:
        next(self._scripts).tell({"source": original, "targets": targets, "quality": quality})

    def finish(self) -> None:
        """Put those copies into their places that come from the cache, and give all their age."""
        for copy, age in self._stale:
            if copy in self._kept:
                shutil.copyfile(self._kept[copy], copy)
            os.utime(copy, ns=(age, age))


def _worth_it(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.stat().st_size >= SMALLEST


def _age(path: Path) -> int:
    """When the file was written, in nanoseconds; 0 if it is not there."""
    return path.stat().st_mtime_ns if path.is_file() else 0
