"""The site's files once more, compressed, for hosts that send such copies as they lie there.

Beside `page.html` come `page.html.br` (Brotli) and `page.html.gz`: to compress that well takes
far too long to be done for each visitor.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from gradlet.cache_folder import cache
from gradlet.dist import Dist
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


class _Job(NamedTuple):
    """Compress `source` into `target`, whose ending says how."""

    source: Path
    target: Path
    quality: int


def compress(dist: Dist, node: Path) -> None:
    """Write the compressed copies of all that has been written into `dist`.

    What carries a hash in its name is compressed as well as can be, once for all clones of this
    machine; pages, which change by the thousand, quickly. A copy is as old as its original, to
    the nanosecond: an older or a younger one is made anew.

    Raises:
        SetupError: Node.js could not do it.
    """
    originals = [name for name in dist.names() if _worth_it(dist, name)]
    copies = [(name, dist.keep(name + ending)) for name in originals for ending in ENCODINGS]
    stale = [(name, copy) for name, copy in copies if _age(copy) != _age(dist.folder / name)]
    kept = dict(_kept(dist.folder, stale))
    jobs = [
        _Job(dist.folder / name, kept.get(copy, copy), BEST if copy in kept else QUICK)
        for name, copy in stale
        if copy not in kept or not kept[copy].is_file()
    ]
    _run(node, list({job.target: job for job in jobs}.values()))
    for name, copy in stale:
        if copy in kept:
            shutil.copyfile(kept[copy], copy)
        age = _age(dist.folder / name)
        os.utime(copy, ns=(age, age))


def _worth_it(dist: Dist, name: str) -> bool:
    path = dist.folder / name
    return path.suffix in SUFFIXES and path.stat().st_size >= SMALLEST


def _kept(folder: Path, copies: Iterable[tuple[str, Path]]) -> Iterator[tuple[Path, Path]]:
    """For each copy that is kept from build to build: where in the cache."""
    for name, copy in copies:
        if name.startswith(("assets/", "runtime-")):
            content = sha256_of(folder / name)
            yield copy, cache() / "compressed" / (content + copy.suffix)


def _age(path: Path) -> int:
    """When the file was written, in nanoseconds; 0 if it is not there."""
    return path.stat().st_mtime_ns if path.is_file() else 0


def _run(node: Path, jobs: list[_Job]) -> None:
    slow = (job.source for job in jobs if job.quality == BEST)
    large = {source.name for source in slow if source.stat().st_size > SLOW}
    if large:
        say(f"Compressing {', '.join(sorted(large))}: half a minute, this once")
    for folder in {job.target.parent for job in jobs}:
        folder.mkdir(parents=True, exist_ok=True)
    if jobs:
        done = subprocess.run(
            [str(node), str(SCRIPT)],
            input=json.dumps([job._asdict() for job in jobs], default=str),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SetupError(f"Node.js could not compress the site. It said:\n{done.stderr}")
