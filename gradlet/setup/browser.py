"""A Chromium for the browser tests: one that is there, or else one that can be had."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from gradlet.setup import SetupError
from gradlet.setup.progress import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# Without these Chromium looks for services of its maker's, which a closed network refuses.
CHROMIUM_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PLAYWRIGHT = (sys.executable, "-m", "playwright", "install", "chromium")
APT = (
    ("apt-get", "update"),
    ("apt-get", "install", "-y", "--no-install-recommends", "chromium"),
)
# Playwright tries five times; where packets are lost, its own 30 s each would be too long.
PATIENCE = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "10000"}


def launch_flags() -> list[str]:
    """How to start the browser; its sandbox does not work for root."""
    return [*CHROMIUM_FLAGS, "--no-sandbox"] if _is_root() else list(CHROMIUM_FLAGS)


def find_browser() -> Path | None:
    """$GRADLET_BROWSER, a Chromium or Chrome of this machine, or Playwright's own.

    Raises:
        SetupError: GRADLET_BROWSER is set, and not to a file.
    """
    if chosen := os.environ.get("GRADLET_BROWSER"):
        if not Path(chosen).is_file():
            raise SetupError(
                f"GRADLET_BROWSER is {chosen}, which is no file. Set it to the path of a Chromium "
                "or Chrome, or unset it to have one found."
            )
        return Path(chosen)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((path for path in (*MAC, _playwrights()) if path.is_file()), None)


def ensure_browser() -> Path:
    """`find_browser`, after installing one if need be.

    Raises:
        SetupError: none of the ways works here.
    """
    if browser := find_browser():
        return browser
    for way in _ways():
        if all(_run(command) for command in way) and (browser := find_browser()):
            return browser
    raise SetupError(
        "The browser tests need Chromium or Chrome, and none could be installed. There are three "
        "ways: install one yourself (on Debian, as root: apt-get install chromium); or run "
        "`.venv/bin/python -m playwright install chromium`; or set GRADLET_BROWSER to its path."
    )


def _ways() -> list[tuple[tuple[str, ...], ...]]:
    """Each way to install a browser is some commands in order."""
    apt = [APT] if _is_root() and shutil.which("apt-get") else []
    return [(PLAYWRIGHT,), *apt]


def _run(command: tuple[str, ...]) -> bool:
    """Whether the command succeeded; its own progress and errors go to the terminal."""
    say(f"Trying to install Chromium: {' '.join(command)}")
    code = subprocess.run(command, env={**os.environ, **PATIENCE}, check=False).returncode
    if code:
        say(f"That did not work: {' '.join(command)} ended with exit code {code}.")
    return code == 0


def _playwrights() -> Path:
    """Where Playwright's own Chromium is, if it is installed."""
    # In another process, for Playwright cannot be started twice in one, and a test has started it.
    ask = "from playwright.sync_api import sync_playwright as start\n"
    ask += "with start() as playwright: print(playwright.chromium.executable_path)"
    done = subprocess.run(
        [sys.executable, "-c", ask], stdout=subprocess.PIPE, text=True, check=True
    )
    return Path(done.stdout.strip())


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0
