"""Scripts and styles of the site, bundled by esbuild under names that change with their content."""

import json
import subprocess
import tempfile
from pathlib import Path

from gradlet.dist import Dist
from gradlet.setup.node import environment

ENTRIES = {
    "theme": "site/page/theme.ts",
    "problem": "site/page/problem.ts",
    "worker": "site/worker/worker.ts",
    "style": "site/styles/site.css",
}
DEVELOPMENT_ENTRIES = {"reload": "site/page/reload.ts", "batch": "site/page/batch.ts"}
ICON = "site/icon.svg"


class BundleError(Exception):
    """esbuild refused the scripts or styles; the message is its own, with file and line."""


def bundle(root: Path, node: Path, dist: Dist, *, development: bool = False) -> dict[str, str]:
    """Write the assets; returns the name in `dist` of each entry, and of the icon.

    Raises:
        BundleError: a script or a style sheet has an error.
    """
    entries = ENTRIES | (DEVELOPMENT_ENTRIES if development else {})
    names = {"icon": dist.write_hashed("assets/icon.svg", (root / ICON).read_bytes())}
    with tempfile.TemporaryDirectory() as folder:
        metafile = Path(folder, "meta.json")
        out = Path(folder, "assets")
        _esbuild(
            root,
            node,
            *entries.values(),
            "--format=esm",
            "--legal-comments=linked",
            f"--outdir={out}",
            "--entry-names=[name]-[hash]",
            "--asset-names=[name]-[hash]",
            "--loader:.woff2=file",
            # Every browser that runs Pyodide takes woff2: the older formats are left out.
            "--loader:.woff=empty",
            "--loader:.ttf=empty",
            f"--metafile={metafile}",
        )
        for file in out.iterdir():
            dist.write(f"assets/{file.name}", file.read_bytes())
        outputs = json.loads(metafile.read_text())["outputs"]
        for file_name, output in outputs.items():
            for name, entry in entries.items():
                if output.get("entryPoint") == entry and not file_name.endswith(".css.js"):
                    names[name] = f"assets/{Path(file_name).name}"
    return names


def bundle_script(root: Path, node: Path, entry: str) -> str:
    """One script that is no module.

    Raises:
        BundleError: it has an error.
    """
    # No tsconfig.json: with it, esbuild writes "use strict", without it, it does not.
    return _esbuild(root, node, entry, "--format=iife", "--tsconfig-raw={}")


def _esbuild(root: Path, node: Path, *options: str) -> str:
    common = ("--bundle", "--target=es2022", "--minify", "--log-level=warning")
    done = subprocess.run(
        ["node_modules/.bin/esbuild", *options, *common],
        cwd=root,
        env=environment(node),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(done.stderr.strip())
    return done.stdout
