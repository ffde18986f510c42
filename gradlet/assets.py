"""Scripts and styles of the site, bundled by esbuild under names that change with their content."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from gradlet.dist import Dist
from gradlet.setup.node import environment

ENTRIES = {
    "theme": "site/page/theme.ts",
    "problem": "site/page/problem.ts",
    "worker": "site/worker/worker.ts",
    "style": "site/styles/site.css",
}
DEVELOPMENT_ENTRIES = {
    "reload": "site/page/reload.ts",
    "strip": "site/styles/strip.css",
    "batch": "site/page/batch.ts",
}
ICON = "site/icon.svg"


class BundleError(Exception):
    """esbuild refused the scripts or styles; the message is its own, with file and line."""


def bundle(root: Path, node: Path, dist: Dist, *, development: bool = False) -> dict[str, str]:
    """Write the assets; returns the name in `dist` of each entry, and of the icon.

    Raises:
        BundleError: a script or a style sheet has an error.
    """
    files, names = _bundled(root, node, development, tuple(_versions(root)))
    for name, content in files.items():
        dist.write(name, content)
    return {"icon": dist.write_hashed("assets/icon.svg", (root / ICON).read_bytes()), **names}


def _versions(root: Path) -> Iterator[tuple[str, int, int]]:
    """What changes when a source of the bundle does: the name, time and size of each file."""
    for path in sorted([*(root / "site").rglob("*"), root / "package-lock.json"]):
        if path.is_file():
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size


@lru_cache(maxsize=1)  # a change to a problem need not wait for esbuild
def _bundled(
    root: Path, node: Path, development: bool, _versions: tuple[tuple[str, int, int], ...]
) -> tuple[dict[str, bytes], dict[str, str]]:
    """The files of the bundle by their names in the site, and the name of each entry."""
    entries = ENTRIES | (DEVELOPMENT_ENTRIES if development else {})
    names = {}
    with tempfile.TemporaryDirectory() as folder:
        metafile = Path(folder, "meta.json")
        out = Path(folder, "assets")
        command = [
            "node_modules/.bin/esbuild",
            *entries.values(),
            "--bundle",
            "--format=esm",
            "--target=es2022",
            "--minify",
            "--legal-comments=linked",
            f"--outdir={out}",
            "--entry-names=[name]-[hash]",
            "--asset-names=[name]-[hash]",
            "--loader:.woff2=file",
            # Every browser that runs Pyodide takes woff2: the older formats are left out.
            "--loader:.woff=empty",
            "--loader:.ttf=empty",
            "--log-level=warning",
            f"--metafile={metafile}",
        ]
        done = subprocess.run(
            command,
            cwd=root,
            env=environment(node),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BundleError(done.stderr.strip())
        files = {f"assets/{file.name}": file.read_bytes() for file in out.iterdir()}
        outputs = json.loads(metafile.read_text())["outputs"]
        for file_name, output in outputs.items():
            for name, entry in entries.items():
                if output.get("entryPoint") == entry and not file_name.endswith(".css.js"):
                    names[name] = f"assets/{Path(file_name).name}"
    return files, names
