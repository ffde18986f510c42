"""Where this person's machine keeps what is dear to have: for all clones of the repository."""

import os
from pathlib import Path


def cache() -> Path:
    """The folder that keeps downloads, and what is slow to make."""
    if folder := os.environ.get("GRADLET_CACHE"):
        return Path(folder)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gradlet"
