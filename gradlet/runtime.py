"""Python for the browser: Pyodide, numpy, pytest and the grader, laid out in the site."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from gradlet.dist import Dist, short_hash
from gradlet.setup.python_runtime import INSTALLER, RuntimeFile, name_of
from gradlet.snapshot import ensure_snapshot

# Loaded by `import`, which the page's progress does not count.
SCRIPTS = ("pyodide.mjs", "pyodide.asm.mjs")
CODE = "pyodide.asm.wasm"
DATA = (CODE, "python_stdlib.zip")
LOCK = "pyodide-lock.json"
ALWAYS = ("numpy", "pytest")


@dataclass(frozen=True)
class Runtime:
    """Where the runtime lies in the site, and what a problem that needs some packages loads."""

    folder: str  # ends in a slash
    grader: str
    head: str  # of the snapshot
    body: str
    files: dict[str, RuntimeFile]  # by package name
    core_bytes: int

    def bytes(self, extra: Iterable[str] = ()) -> int:
        """How many bytes the worker fetches before the first run of a problem with these packages
        can begin. Those that every problem has are in the snapshot."""
        names = [name_of(package) for package in extra]
        needed = _closure(self.files, [*names, *([INSTALLER] if names else [])])
        needed -= _closure(self.files, ALWAYS)
        return self.core_bytes + sum(self.files[name].path.stat().st_size for name in needed)

    def extra_files(self) -> set[str]:
        """Where in the site the packages lie that only some problems need."""
        extra = self.files.keys() - _closure(self.files, ALWAYS)
        return {self.folder + self.files[name].file_name for name in extra}


def _closure(files: Mapping[str, RuntimeFile], names: Iterable[str]) -> set[str]:
    """`names`, and all that they depend on."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo.extend(files[name].depends)
    return found


def lay_out(
    root: Path, node: Path, files: Iterable[RuntimeFile], dist: Dist, *, development: bool
) -> Runtime:
    """Copy the runtime into the site, in a folder whose name changes with its content.

    In development the snapshot is not packed, which would take longer than the rest of the build.
    """
    pyodide = root / "node_modules" / "pyodide"
    by_name = {file.name: file for file in files}
    lock = _lock(pyodide, by_name.values())
    core = {name: pyodide / name for name in (*SCRIPTS, *DATA)}
    folder = f"runtime-{short_hash(lock, *(path.read_bytes() for path in core.values()))}/"
    for name, path in core.items():
        dist.copy(folder + name, path)
    for file in by_name.values():
        dist.copy(folder + file.file_name, file.path)
    dist.write(folder + LOCK, lock)
    grader = _zip(root / "site" / "grader")
    wheels = [by_name[name] for name in sorted(_closure(by_name, ALWAYS))]
    snapshot = ensure_snapshot(root, node, wheels, grader, packed=not development)
    for path in (snapshot.head, snapshot.body):
        dist.copy(folder + path.name, path)
    loaded = (core[CODE], snapshot.head, snapshot.body)
    core_bytes = sum(path.stat().st_size for path in loaded) + len(lock)
    return Runtime(
        folder,
        dist.write_hashed("assets/grader.zip", grader),
        folder + snapshot.head.name,
        folder + snapshot.body.name,
        by_name,
        core_bytes,
    )


def _lock(pyodide: Path, files: Iterable[RuntimeFile]) -> bytes:
    """Pyodide's lock file, cut to the packages that the site has: nothing else can be asked for."""
    info = json.loads((pyodide / LOCK).read_text(encoding="utf-8"))["info"]
    packages = {
        file.name: {
            "name": file.name,
            "version": file.version,
            "file_name": file.file_name,
            "install_dir": "site",
            "sha256": file.sha256,
            "package_type": "package",
            "imports": list(file.imports),
            "depends": list(file.depends),
        }
        for file in files
    }
    return json.dumps({"info": info, "packages": packages}, indent=1).encode()


def _zip(package: Path) -> bytes:
    """The grader as a zip that is the same, byte for byte, whenever its sources are."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(package.glob("*.py")):
            entry = zipfile.ZipInfo(f"{package.name}/{path.name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()
