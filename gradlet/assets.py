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


def compile_script(root: Path, node: Path, entry: str) -> bytes:
    """One TypeScript file, with what it imports, as a script.

    Raises:
        BundleError: it has an error.
    """
    command = ["node_modules/.bin/esbuild", entry, "--bundle", "--format=esm", "--target=es2022"]
    done = subprocess.run(
        [*command, "--minify", "--log-level=warning"],
        cwd=root,
        env=environment(node),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise BundleError(done.stderr.decode(errors="replace").strip())
    return done.stdout


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
        for file in out.iterdir():
            dist.write(f"assets/{file.name}", file.read_bytes())
        outputs = json.loads(metafile.read_text())["outputs"]
        for file_name, output in outputs.items():
            for name, entry in entries.items():
                if output.get("entryPoint") == entry and not file_name.endswith(".css.js"):
                    names[name] = f"assets/{Path(file_name).name}"
    return names
