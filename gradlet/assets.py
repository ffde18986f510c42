"""Scripts and styles of the site, bundled by esbuild under names that change with their content."""

import json
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from gradlet.cross_checks import FIGURES
from gradlet.dist import Dist
from gradlet.setup.node import environment
from gradlet.words import Words

# Each in one file that is no module: a worker that waits for a second one, settings that come
# after the first paint, and a Python that begins to load after the page, would be late.
WHOLE = {
    "early": "site/page/early.ts",
    "settings": "site/page/settings.ts",
    "worker": "site/worker/worker.ts",
    "style": "site/styles/site.css",
}
# What these share, and what they load only when it is wanted, goes into files of its own.
SPLIT = {
    "editor": "site/page/editor.ts",
    "code": "site/page/code.ts",
    "problem": "site/page/problem.ts",
    "start": "site/page/start.ts",
}
DEVELOPMENT_ENTRIES = {
    "reload": "site/page/reload.ts",
    "strip": "site/styles/strip.css",
    "batch": "site/page/batch.ts",
}
# Without tsconfig.json: with it, esbuild writes "use strict", without it, it does not.
NO_MODULE = ("--format=iife", "--tsconfig-raw={}")
# CodeMirror makes a segmenter of words while the page loads, which takes longer than reading all of
# its commands, for commands that no key here calls.
NO_SEGMENTER = "--define:Intl.Segmenter=undefined"
COPIED = {
    "old-browser": "site/page/old-browser.js",  # esbuild would write it for newer browsers
    "icon": "site/icons/icon.svg",
    "icon-180": "site/icons/icon-180.png",
    "icon-192": "site/icons/icon-192.png",
    "icon-512": "site/icons/icon-512.png",
    "icon-maskable": "site/icons/icon-maskable.png",
}


class BundleError(Exception):
    """esbuild refused the scripts or styles; the message is its own, with file and line."""


def compile_script(root: Path, node: Path, entry: str) -> bytes:
    """One TypeScript file, with what it imports, as a script.

    Raises:
        BundleError: it has an error.
    """
    return _run(root, node, entry, "--format=esm").encode()


def bundle(
    root: Path,
    node: Path,
    dist: Dist,
    languages: Iterable[Words],
    katex: Path,
    *,
    development: bool = False,
) -> dict[str, str]:
    """Write the assets; returns the name in `dist` of each entry, copied file and language's texts.

    `katex` is the package whose style sheet and fonts formulas get.

    Raises:
        BundleError: a script or a style sheet has an error.
    """
    names = {
        name: dist.write_hashed(f"assets/{Path(path).name}", (root / path).read_bytes())
        for name, path in COPIED.items()
    }
    for words in languages:
        name = f"words-{words.language}"
        names[name] = dist.write_hashed(f"assets/{name}.js", words.script)
    for files, entries in _bundled(root, node, katex, development, tuple(_versions(root))):
        for file_name, content in files.items():
            dist.write(file_name, content)
        names |= entries
    return names


def _versions(root: Path) -> Iterator[tuple[str, int, int]]:
    """What changes when a source of the bundle does: the name, time and size of each file."""
    for path in sorted([*(root / "site").rglob("*"), root / "package-lock.json"]):
        if path.is_file():
            status = path.stat()
            yield str(path), status.st_mtime_ns, status.st_size


# The files by their names in the site, and the name of each entry.
_Bundle = tuple[dict[str, bytes], dict[str, str]]


@lru_cache(maxsize=1)  # a change to a problem need not wait for esbuild
def _bundled(
    root: Path,
    node: Path,
    katex: Path,
    development: bool,
    _versions: tuple[tuple[str, int, int], ...],
) -> list[_Bundle]:
    figures = {
        f"figure-{path.stem}": path.relative_to(root).as_posix()
        for path in sorted((root / FIGURES).glob("*.ts"))
    }
    modules = SPLIT | figures | (DEVELOPMENT_ENTRIES if development else {})
    split = ("--format=esm", "--splitting", "--chunk-names=part-[hash]")
    return [
        _esbuild(root, node, WHOLE, *NO_MODULE, f"--alias:katex={katex}"),
        _esbuild(root, node, modules, *split, NO_SEGMENTER),
    ]


def _esbuild(root: Path, node: Path, entries: dict[str, str], *options: str) -> _Bundle:
    names = {}
    with tempfile.TemporaryDirectory() as folder:
        metafile = Path(folder, "meta.json")
        out = Path(folder, "assets")
        _run(
            root,
            node,
            *entries.values(),
            *options,
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
        files = {f"assets/{file.name}": file.read_bytes() for file in out.iterdir()}
        outputs = json.loads(metafile.read_text())["outputs"]
        for file_name, output in outputs.items():
            for name, entry in entries.items():
                if output.get("entryPoint") == entry and not file_name.endswith(".css.js"):
                    names[name] = f"assets/{Path(file_name).name}"
    return files, names


def bundle_script(root: Path, node: Path, entry: str) -> str:
    """One script that is no module.

    Raises:
        BundleError: it has an error.
    """
    return _run(root, node, entry, *NO_MODULE)


def _run(root: Path, node: Path, *options: str) -> str:
    common = ("--bundle", "--target=es2022", "--minify", "--log-level=warning")
    done = subprocess.run(
        ["node_modules/.bin/esbuild", *options, *common],
        cwd=root,
        env=environment(node),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise BundleError(done.stderr.strip())
    return done.stdout
