"""The service worker, which keeps the site in the browser for times without a network."""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from gradlet.assets import bundle_script
from gradlet.dist import Dist, short_hash
from gradlet.words import Words

SCRIPT = "site/service-worker/service-worker.ts"
# At the root of the site, since it may keep only what lies beside and below it.
NAME = "service-worker.js"


@dataclass(frozen=True)
class Release:
    """The files that carry a hash in their names, and a name that changes with them.

    `always` are needed by every page and kept from the start, `sometimes` when they were used.
    """

    name: str
    always: list[str]
    sometimes: list[str]


def release_of(dist: Dist, sometimes: Collection[str]) -> Release:
    """What has been written into `dist` so far; `sometimes` are names in it."""
    hashed = [name for name in dist.names() if name.startswith(("assets/", "runtime-"))]
    hashed = [name for name in hashed if not name.endswith(".LEGAL.txt")]
    return Release(
        short_hash(*map(str.encode, hashed)),
        [name for name in hashed if name not in sometimes],
        [name for name in hashed if name in sometimes],
    )


def write_service_worker(
    root: Path, node: Path, dist: Dist, release: Release, languages: Iterable[Words]
) -> None:
    """Raises BundleError if the script has an error."""
    offline = {words.folder: _offline_texts(words) for words in languages}
    told = f"self.release = {json.dumps({**asdict(release), 'offline': offline})};\n"
    dist.write(NAME, told + bundle_script(root, node, SCRIPT))


def _offline_texts(words: Words) -> dict[str, str]:
    """Of the page that stands for one that is not kept (site/service-worker/offline-page.ts)."""
    return {
        "language": words.language,
        "site": words("site.name"),
        "title": words("offline.title"),
        "text": words("offline.text"),
        "all": words("offline.all"),
    }
