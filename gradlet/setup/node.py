"""Node.js and the npm packages: the machine's own Node, or else the one on PyPI."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from gradlet.setup import SetupError
from gradlet.setup.progress import say

OLDEST = 20
LOCK = "requirements-node.lock"


def find_node() -> Path:
    """A Node.js that is recent enough: this virtual environment's, or the one on PATH.

    Raises:
        SetupError: there is none.
    """
    for folder in (str(Path(sys.executable).parent), os.environ.get("PATH", "")):
        found = shutil.which("node", path=folder)
        if found and _version(found) >= OLDEST:
            return Path(found)
    raise SetupError(f"Node.js {OLDEST} or newer was not found. Run `make build`, which brings it.")


def ensure_node(root: Path) -> Path:
    """`find_node`, after installing Node.js from PyPI into this environment if need be."""
    try:
        return find_node()
    except SetupError:
        say(f"No Node.js {OLDEST} or newer here: installing one from PyPI (60 MB)")
    pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "-r", LOCK]
    if subprocess.run(pip, cwd=root, check=False).returncode:
        raise SetupError(
            f"Node.js could not be installed from PyPI. Install Node.js {OLDEST} or newer yourself."
        )
    return find_node()


def environment(node: Path) -> dict[str, str]:
    """This process's environment with `node` first on PATH: npm's programs look for it there."""
    return {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}


def ensure_npm_packages(root: Path) -> None:
    """Install what package-lock.json lists into node_modules, if that is not there already.

    Raises:
        SetupError: npm cannot be found, or fails; its own words are above the message.
    """
    wanted = hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()
    stamp = root / "node_modules" / ".gradlet-lock"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    node = ensure_node(root)
    npm = shutil.which("npm", path=environment(node)["PATH"])
    if npm is None:
        raise SetupError(f"{node} has no npm beside it. Install npm, which belongs to Node.js.")
    say("Installing the npm packages (80 MB)")
    done = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=root,
        env=environment(node),
        check=False,
    )
    if done.returncode:
        raise SetupError("npm could not install the packages. Its own message is above.")
    stamp.write_text(wanted)


def _version(node: str) -> int:
    """The major version of a Node.js, 0 if it does not run."""
    try:
        done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    match = re.match(r"v(\d+)\.", done.stdout)
    return int(match[1]) if match else 0
