"""A Chromium for the browser tests: one that is there, or else one that can be had."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from gradlet.setup import SetupError
from gradlet.setup.progress import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")

# Without these Chromium looks for services of its maker's, which a closed network refuses.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_flags() -> list[str]:
    """How to start the browser; its sandbox does not work for root."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*FLAGS, "--no-sandbox"] if root else list(FLAGS)


def find_browser() -> Path | None:
    """$GRADLET_BROWSER, a Chromium or Chrome of this machine, or Playwright's own."""
    if chosen := os.environ.get("GRADLET_BROWSER"):
        return Path(chosen)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    return next((path for path in (MAC, _playwrights()) if path.is_file()), None)


def ensure_browser() -> Path:
    """`find_browser`, after installing one if need be.

    Raises:
        SetupError: none of the ways works here.
    """
    ways = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        ways.append(["apt-get", "update"])
        ways.append(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    for way in ways:
        if browser := find_browser():
            return browser
        say(f"No Chromium here. Trying: {' '.join(way)}")
        subprocess.run(way, check=False)  # whether it worked is seen by what is there now
    if browser := find_browser():
        return browser
    raise SetupError(
        "The browser tests need Chromium or Chrome, and none could be installed. Install one "
        "(on Debian: apt-get install chromium), or set GRADLET_BROWSER to the path of one."
    )


def _playwrights() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)
