"""A second peer: JupyterLite's REPL with its Pyodide kernel, all its requests answered locally.

Its own packages come from PyPI and npm into the cache; they are no part of the project. It takes
the newest Pyodide it was made for, and Gradlet's numpy. pytest is not asked of it.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any
from urllib.parse import quote

from packaging.utils import canonicalize_name

from gradlet.compression import compress
from gradlet.dist import MARK, Dist
from gradlet.setup.node import environment, find_node
from gradlet.setup.python_runtime import cache, ensure_runtime_files

VERSION = "0.8.6"
PYODIDE = "314.0.6"
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
KERNEL_NEEDS = ("micropip", "ipython", "comm", "jedi", "numpy")
READY = "numpy is ready"
NOT_PYODIDES = {
    "comm": {
        "name": "comm",
        "version": "0.2.3",
        "file_name": "comm-0.2.3-py3-none-any.whl",
        "install_dir": "site",
        "package_type": "package",
        "imports": ["comm"],
        "depends": [],
    }
}
CODE = f"import numpy; print('{READY.split()[0]}', 'is', 'ready')"
PAGE = f"repl/index.html?kernel=python&toolbar=1&code={quote(CODE)}"
RUNTIME = "runtime-jupyterlite/"  # by this name the server lets browsers keep it


def lay_out(root: Path, folder: Path) -> None:
    """Write the site into `folder`, with compressed copies as Gradlet's own files have."""
    home = cache() / f"bench-jupyterlite-{VERSION}"
    site = home / "site"
    if not (site / "index.html").is_file():
        home.mkdir(parents=True, exist_ok=True)
        _build_site(root, home, site)
    dist = Dist(folder)
    for file in sorted(site.rglob("*")):
        if file.is_file() and file.suffix != ".map":
            dist.copy(file.relative_to(site).as_posix(), file)
    compress(dist, find_node())
    dist.sweep()
    assert (folder / MARK).is_file()


def _build_site(root: Path, home: Path, site: Path) -> None:
    venv.create(home / "venv", with_pip=True)
    python = str(home / "venv" / "bin" / "python")
    wanted = [f"jupyterlite-core=={VERSION}", f"jupyterlite-pyodide-kernel=={VERSION}"]
    _run([python, "-m", "pip", "install", "--quiet", *wanted], home)
    env = environment(find_node())
    _run(["npm", "pack", f"pyodide@{PYODIDE}", "--silent"], home, env=env)
    shutil.unpack_archive(home / f"pyodide-{PYODIDE}.tgz", home / "pyodide", filter="data")
    options = {
        "pyodideUrl": f"./{RUNTIME}pyodide.mjs",
        "disablePyPIFallback": True,
    }
    config = {
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {
            "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": options}
        },
    }
    work = home / "work"
    work.mkdir(exist_ok=True)
    (work / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    jupyter = str(home / "venv" / "bin" / "jupyter-lite")
    _run([jupyter, "build", "--apps", "repl", "--output-dir", str(site)], work)
    _lay_out_pyodide(root, home / "pyodide" / "package", site / RUNTIME)


def _lay_out_pyodide(root: Path, package: Path, folder: Path) -> None:
    folder.mkdir()
    for name in CORE:
        shutil.copy(package / name, folder / name)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = {**lock["packages"], **NOT_PYODIDES}
    needed = _closure(packages)
    ours = {file.name: file for file in ensure_runtime_files(root)}
    for name, entry in needed.items():
        if name == "numpy":
            shutil.copy(ours[name].path, folder)
            entry |= {"file_name": ours[name].file_name, "version": ours[name].version}
        else:
            pin = f"{name}=={entry['version']}"
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--only-binary=:all:", "--python-version=3.14", "--dest", str(folder), pin]
            _run(command, folder)
            (wheel,) = folder.glob(f"{entry['file_name'].split('-')[0]}-*.whl")
            entry["file_name"] = wheel.name
        content = (folder / entry["file_name"]).read_bytes()
        entry["sha256"] = hashlib.sha256(content).hexdigest()
    text = json.dumps({"info": lock["info"], "packages": needed})
    (folder / "pyodide-lock.json").write_text(text, encoding="utf-8")


def _closure(packages: dict[str, Any]) -> dict[str, Any]:
    needed: dict[str, Any] = {}
    todo = [name for name in KERNEL_NEEDS if name in packages]
    while todo:
        name = canonicalize_name(todo.pop())
        if name not in needed:
            needed[name] = packages[name]
            todo += packages[name]["depends"]
    return needed


def _run(command: list[str], folder: Path, **options: Any) -> None:
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, **options
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
