"""The web manifest: what a browser needs to install the site as an app, in each language."""

import json
from collections.abc import Iterable, Mapping

from gradlet.dist import Dist
from gradlet.words import Words

NAME = "manifest.webmanifest"


def write_manifests(dist: Dist, assets: Mapping[str, str], languages: Iterable[Words]) -> None:
    """One beside each start page, whose folder is where the app begins."""
    for words in languages:
        root = "../" * words.folder.count("/")

        def icon(name: str, sizes: str, root: str = root, **more: str) -> dict[str, str]:
            kind = "image/svg+xml" if assets[name].endswith(".svg") else "image/png"
            return {"src": root + assets[name], "sizes": sizes, "type": kind, **more}

        manifest = {
            "name": words("site.name"),
            "description": words("site.description"),
            "lang": words.language,
            "start_url": "./",
            "scope": root or "./",
            "display": "minimal-ui",
            "theme_color": "#fbfaf7",
            "background_color": "#fbfaf7",
            "icons": [
                icon("icon", "any"),
                icon("icon-192", "192x192"),
                icon("icon-512", "512x512"),
                icon("icon-maskable", "512x512", purpose="maskable"),
            ],
        }
        dist.write(words.folder + NAME, json.dumps(manifest, ensure_ascii=False, indent=1))
