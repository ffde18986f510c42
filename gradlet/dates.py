"""When files of problems were first and last changed: from git, or else from the files."""

import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from gradlet.setup.progress import say


def changes(root: Path, paths: Iterable[Path]) -> dict[Path, tuple[str, str]]:
    """First and last change of each file (paths relative to `root`), as RFC 3339 in UTC."""
    dates: dict[Path, tuple[str, str]] = {}
    for path, time in _log(root):  # newest first
        dates[path] = (time, dates.get(path, (time, time))[1])
    for path in paths:
        if path not in dates:
            written = _utc(datetime.fromtimestamp((root / path).stat().st_mtime, UTC))
            dates[path] = (written, written)
    return dates


def _log(root: Path) -> Iterable[tuple[Path, str]]:
    command = ["git", "log", "--format=@%cI", "--name-only", "--relative", "--", "problems"]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return  # no git here
    if done.returncode:
        say(f"The dates of problems are those of the files, since git says: {done.stderr.strip()}")
    time = ""
    for line in done.stdout.splitlines():
        if line.startswith("@"):
            time = _utc(datetime.fromisoformat(line[1:]))
        elif line:
            yield Path(line), time


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
