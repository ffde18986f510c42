"""The folder that is published: written where it changed, swept of what is not ours any more."""

import hashlib
import shutil
from pathlib import Path

MARK = ".gradlet-site"


def short_hash(*contents: bytes) -> str:
    """Ten hexadecimal digits that change with the contents: for names that browsers may keep."""
    digest = hashlib.sha256()
    for content in contents:
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()[:10]


class NotOurs(Exception):
    """The folder holds something that no build has written, and a build would delete it."""


class Dist:
    """One build's way to write into `folder`.

    Files that are the same already are left alone, so that a web server that watches the folder
    and a browser that asks for changes have little to do.

    Raises:
        NotOurs: the folder has files, and not the mark of an earlier build.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._kept: set[Path] = set()
        self.written: list[str] = []  # names, in this order; some more than once
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
            raise NotOurs(
                f"{folder} holds files that are not Gradlet's, and a build deletes what it has "
                "not written. Name another folder, or empty this one."
            )
        self.write(MARK, "Built by Gradlet: the next build deletes what it does not write.\n")

    def write(self, name: str, content: bytes | str) -> str:
        """Write one file, `name` relative to the folder; returns the name."""
        path = self.keep(name)
        data = content.encode() if isinstance(content, str) else content
        if not (path.is_file() and path.read_bytes() == data):
            path.write_bytes(data)
        return name

    def write_hashed(self, name: str, content: bytes) -> str:
        """Write `folder/stem.ext` as `folder/stem-<hash>.ext`; returns that name."""
        path = Path(name)
        return self.write(
            path.with_name(f"{path.stem}-{short_hash(content)}{path.suffix}").as_posix(), content
        )

    def copy(self, name: str, source: Path) -> None:
        """Copy a file whose name, or whose folder's name, changes with its content."""
        path = self.keep(name)
        if not (path.is_file() and path.stat().st_size == source.stat().st_size):
            temporary = path.with_name(f".{path.name}.part")
            shutil.copyfile(source, temporary)
            temporary.replace(path)

    def sweep(self) -> None:
        """Delete what this build did not write."""
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in self._kept:
                path.unlink()

    def names(self) -> list[str]:
        """What this build has written so far, in the order of the alphabet."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self._kept)

    def keep(self, name: str) -> Path:
        """Where to write a file by other means, or where one lies that is to stay."""
        path = self.folder / name
        if path not in self._kept:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._kept.add(path)
        self.written.append(name)
        return path
