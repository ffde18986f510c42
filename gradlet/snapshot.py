"""The interpreter that learners' browsers begin with: NumPy, pytest and the grader imported."""

import json
import lzma
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gradlet.cache_folder import cache
from gradlet.dist import short_hash
from gradlet.setup import SetupError
from gradlet.setup.node import environment
from gradlet.setup.progress import say
from gradlet.setup.python_runtime import RuntimeFile

WORKER = Path("site", "worker")
# What decides, beside the packages and the grader, what is recorded and how it is written.
RECORDER = ("record.ts", "pyodide-internals.ts", "snapshot-file.ts", "files.ts", "warm_up.py")
CORE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

# Memory is full of 32-bit addresses: these settings of LZMA are made for that.
XZ = [{"id": lzma.FILTER_LZMA2, "preset": 9, "lc": 2, "lp": 2, "pb": 2, "dict_size": 1 << 25}]


@dataclass(frozen=True)
class Snapshot:
    """The files of one: see site/worker/snapshot-file.ts."""

    head: Path
    body: Path


def ensure_snapshot(
    root: Path, node: Path, wheels: Sequence[RuntimeFile], grader: bytes, *, packed: bool
) -> Snapshot:
    """The snapshot of exactly these files, from the cache if it has been recorded before.

    Packed its body is a quarter as long, and takes half a minute to make.

    Raises:
        SetupError: it cannot be recorded; Node's own words are in the message.
    """
    pyodide = root / "node_modules" / "pyodide"
    sources = [root / WORKER / name for name in RECORDER] + [pyodide / name for name in CORE]
    hashes = "".join(wheel.sha256 for wheel in wheels).encode()
    key = short_hash(hashes, grader, *(source.read_bytes() for source in sources))
    head = cache() / "snapshots" / f"python-{key}.json"
    body = head.with_suffix(".bin")
    if not head.is_file():
        say("Recording Python with NumPy and pytest for the browser, once (10 s)")
        start = time.monotonic()
        head.parent.mkdir(parents=True, exist_ok=True)
        _record(root, node, wheels, grader, Snapshot(head, body))
        say(f"Recorded {body.stat().st_size / 1e6:.1f} MB in {time.monotonic() - start:.0f} s")
    return Snapshot(head, _packed(body) if packed else body)


def _packed(plain: Path) -> Path:
    packed = plain.with_suffix(".xz")
    if not packed.is_file():
        say("Packing it for the published site, once (30 s)")
        # CRC32: the only checksum that every decoder has.
        data = lzma.compress(plain.read_bytes(), check=lzma.CHECK_CRC32, filters=XZ)
        _write(packed, data)
        say(f"Packed it to {len(data) / 1e6:.1f} MB")
    return packed


def _record(
    root: Path, node: Path, wheels: Sequence[RuntimeFile], grader: bytes, out: Snapshot
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "grader.zip").write_bytes(grader)
        job = {
            "pyodide": str(root / "node_modules" / "pyodide"),
            "wheels": [
                {"name": wheel.name, "version": wheel.version, "path": str(wheel.path)}
                for wheel in wheels
            ],
            "grader": str(here / "grader.zip"),
            "warmUp": str(root / WORKER / "warm_up.py"),
            "head": str(here / "head"),
            "body": str(here / "body"),
        }
        (here / "job.json").write_text(json.dumps(job), encoding="utf-8")
        script = here / "record.mjs"
        bundle = ["node_modules/.bin/esbuild", str(WORKER / "record.ts"), "--bundle"]
        bundle += ["--format=esm", "--platform=node", f"--outfile={script}", "--log-level=warning"]
        _run(bundle, root, node)
        _run([str(node), str(script), str(here / "job.json")], root, node)
        _write(out.body, (here / "body").read_bytes())
        _write(out.head, (here / "head").read_bytes())  # last: where it is, so is the other


def _run(command: list[str], root: Path, node: Path) -> None:
    # Into a file: Node that fails writes no more into a pipe than what fits in at once.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as file:
        done = subprocess.run(
            command, cwd=root, env=environment(node), stdout=file, stderr=file, check=False
        )
        file.seek(0)
        said = file.read()
    if done.returncode:
        # Node shows the source line of an error, and that of Pyodide is a million characters long.
        lines = [line[:300] for line in said.splitlines()]
        raise SetupError(
            "Python could not be recorded for the browser. If you have changed site/worker, "
            "site/grader or the version of Pyodide, see docs/runtime.md. What Node says:\n"
            + "\n".join(lines[-30:])
        )


def _write(path: Path, data: bytes) -> None:
    """In one step: a build that is interrupted, or another one, sees all of the file or none."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)
