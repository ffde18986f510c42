"""Node.js and the npm packages: the machine's own Node, or else the one on PyPI."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

from gradlet.setup import SetupError
from gradlet.setup.progress import say

OLDEST = 20
LOCK = "requirements-node.lock"


def find_node() -> Path:
    """A recent Node.js that has npm: this virtual environment's, or the one on PATH.

    Raises:
        SetupError: there is none.
    """
    for folder in (str(Path(sys.executable).parent), os.environ.get("PATH", "")):
        found = shutil.which("node", path=folder)
        if (
            found
            and shutil.which("npm", path=folder)
            and _version(found, Path(found).stat().st_mtime_ns) >= OLDEST
        ):
            return Path(found)
    raise SetupError(
        f"Node.js {OLDEST} or newer, with npm, was not found. Run `make build`, which brings it."
    )


def ensure_node(root: Path) -> Path:
    """`find_node`, after installing Node.js from PyPI into this environment if need be.

    Raises:
        SetupError: it could not be installed; pip's own words are above the message.
    """
    try:
        return find_node()
    except SetupError:
        say(f"No Node.js {OLDEST} or newer with npm here: installing one from PyPI (60 MB)")
    pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "-r", LOCK]
    if subprocess.run(pip, cwd=root, check=False).returncode:
        raise SetupError(
            f"Node.js could not be installed from PyPI; pip's own message is above. Install "
            f"Node.js {OLDEST} or newer, with npm, yourself."
        )
    return find_node()


def environment(node: Path) -> dict[str, str]:
    """This process's environment with `node` first on PATH: npm's programs look for it there."""
    return {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def ensure_npm_packages(root: Path) -> None:
    """Have Node.js, and what package-lock.json lists in node_modules, if they are not there yet.

    Raises:
        SetupError: Node.js cannot be had, or npm fails; its own words are above the message.
    """
    node = ensure_node(root)
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / ".gradlet-lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    say("Installing the npm packages into node_modules (130 MB)")
    start = time.monotonic()
    _npm_ci(root, node)
    stamp.write_text(wanted, encoding="utf-8")
    say(f"Installed the npm packages in {time.monotonic() - start:.0f} s")


def _npm_ci(root: Path, node: Path) -> None:
    env = environment(node)
    npm = shutil.which("npm", path=env["PATH"]) or "npm"
    command = [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    code = subprocess.run(command, cwd=root, env=env, check=False).returncode
    if code:
        raise SetupError(
            f"npm could not install the packages of package-lock.json (exit code {code}). Its own "
            "message is above; when that is put right, run the same command again."
        )


@lru_cache  # a server that builds again and again need not ask each time
def _version(node: str, _written: int) -> int:
    """The major version of a Node.js, 0 if it does not run."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    match = re.match(r"v(\d+)\.", done.stdout)
    return int(match[1]) if match else 0
