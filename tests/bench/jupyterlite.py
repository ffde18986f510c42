"""A second peer: JupyterLite's REPL, whose Pyodide kernel runs a cell with the bare page's imports.

JupyterLite and what its kernel needs come from PyPI into the cache, and are no part of the project.
Its Pyodide, numpy and pytest are Gradlet's own, so that no request leaves this machine.
"""

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.utils import canonicalize_name
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bench import bare
from gradlet import serve
from gradlet.cache_folder import cache
from gradlet.compression import compress
from gradlet.dist import Dist
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import RuntimeFile, ensure_runtime_files, sha256_of

VERSION = "0.8.6"
WANTED = (f"jupyterlite-core=={VERSION}", f"jupyterlite-pyodide-kernel=={VERSION}")
KERNEL_NEEDS = ("comm", "ipython", "jedi")
COMM = {  # the one that Pyodide's lock lacks
    "version": "0.2.3",
    "file_name": "comm-0.2.3-py3-none-any.whl",
    "imports": ["comm"],
    "depends": [],
}

SITE = "assets/"  # what lies there browsers may keep, and it is compressed as well as can be
PYODIDE = "pyodide/"
CONFIG = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "pyodideUrl": f"./{PYODIDE}pyodide.mjs",
                "disablePyPIFallback": True,
            }
        }
    },
}
NOT_SENT = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Embedder-Policy",
)
CELL = "import numpy, pytest; print('ready', numpy.arange(3).sum())"
PAGE = f"{SITE}repl/index.html?kernel=python&code={quote(CELL)}"

# It says nothing when it is ready, as the other pages do: this says it once the output is there.
SIGN = """
if (location.pathname.includes("/repl/")) new MutationObserver((_, observer) => {
  const outputs = [...document.querySelectorAll(".jp-OutputArea-output")];
  if (!outputs.some((output) => output.textContent.includes("ready 3"))) return;
  observer.disconnect();
  document.documentElement.dataset.runtime = "ready";
}).observe(document, { childList: true, characterData: true, subtree: true });
"""


def lay_out(root: Path, folder: Path) -> None:
    """Write the site into `folder`, with compressed copies as Gradlet's own files have."""
    home = cache() / f"bench-jupyterlite-{VERSION}"
    dist = Dist(folder)
    with tempfile.TemporaryDirectory() as name:
        built = _build(home, Path(name))
        for file in built.rglob("*"):
            if file.is_file() and file.suffix != ".map":
                dist.copy(SITE + file.relative_to(built).as_posix(), file)
    ours = ensure_runtime_files(root, ["micropip"])
    theirs = _kernel_files(root, home / "wheels", {file.name for file in ours})
    bare.lay_out_pyodide(root, dist, SITE + PYODIDE, [*ours, *theirs])
    compress(dist, find_node())
    dist.sweep()


def application(folder: Path) -> ASGIApp:
    """The development server without the headers that JupyterLite cannot do with, nor needs.

    Its pages have scripts in them, and its kernel makes a function out of a text: neither runs
    under Gradlet's policy. Isolated, its page and its worker wait for each other by
    Atomics.waitAsync, and take no account of a value that has changed before they wait: then the
    page has an exception, and the kernel may stand still.
    """
    app = serve.application(folder)

    async def without_them(scope: Scope, receive: Receive, send: Send) -> None:
        async def pass_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in NOT_SENT:
                    del headers[name]
            await send(message)

        await app(scope, receive, pass_on)

    return without_them


def _build(home: Path, folder: Path) -> Path:
    """JupyterLite with no app but its REPL, built in `folder` by an environment of its own."""
    program = home / "venv" / "bin" / "jupyter-lite"
    if not program.is_file():
        venv.create(home / "venv", with_pip=True)
        _run(str(program.with_name("python")), "-m", "pip", "install", "--quiet", *WANTED)
    (folder / "jupyter-lite.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    built = folder / "built"
    # What it notes for itself it leaves where it is run.
    _run(str(program), "build", "--apps", "repl", "--output-dir", str(built), folder=folder)
    return built


def _kernel_files(root: Path, folder: Path, had: set[str]) -> list[RuntimeFile]:
    """What the kernel imports besides `had`: PyPI's wheels, at the versions of Pyodide's lock."""
    text = (root / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8")
    entries = closure({**json.loads(text)["packages"], "comm": COMM}, KERNEL_NEEDS, had)
    pins = [
        f"{name}=={entry['version']}"
        for name, entry in entries.items()
        if not (folder / entry["file_name"]).is_file()
    ]
    if pins:
        options = ["--no-deps", "--only-binary=:all:", "--python-version=3.14"]
        pip = [sys.executable, "-m", "pip", "download", "--quiet", *options]
        _run(*pip, "--dest", str(folder), *pins)
    return [_kernel_file(name, entry, folder) for name, entry in entries.items()]


def _kernel_file(name: str, entry: dict[str, Any], folder: Path) -> RuntimeFile:
    path = folder / entry["file_name"]
    return RuntimeFile(
        name=name,
        version=entry["version"],
        file_name=path.name,
        sha256=sha256_of(path),  # Pyodide's differs: it packs its wheels anew, without tests
        depends=tuple(canonicalize_name(need) for need in entry["depends"]),
        imports=tuple(entry["imports"]),
        path=path,
    )


def closure(packages: dict[str, Any], names: Iterable[str], had: set[str]) -> dict[str, Any]:
    """The entries of `names` and of all they depend on, but for those that are `had` already."""
    found: dict[str, Any] = {}
    todo = list(names)
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in found and name not in had:
            found[name] = packages[name]
            todo += packages[name]["depends"]
    return found


def _run(*command: str, folder: Path | None = None) -> None:
    """Quietly, unless it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
