"""The folder that is published: written where it changed, swept of what is not ours any more."""

import hashlib
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
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
        self.written: list[str] = []  # names, in this order; some more than once
        if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
            raise NotOurs(
                f"{folder} holds files that are not Gradlet's, and a build deletes what it has "
                "not written. Name another folder."
            )
        folder.mkdir(parents=True, exist_ok=True)
        names = set(_listed(str(folder)))  # once: to ask for each file takes longer
        self._files = {name for name in names if not name.endswith("/")}
        self._folders = {name.removesuffix("/") for name in names - self._files}
        self.write(MARK, "Built by Gradlet: the next build deletes what it does not write.\n")

    def write(self, name: str, content: bytes | str) -> str:
        """Write one file, `name` relative to the folder; returns the name."""
        path = self.keep(name)
        data = content.encode() if isinstance(content, str) else content
        if not (name in self._files and path.read_bytes() == data):
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
        for name in self._files.difference(self.written):
            (self.folder / name).unlink(missing_ok=True)
        for name in sorted(self._folders - _folders_of(self.written), reverse=True):
            with suppress(OSError):  # somebody else has put something there just now
                (self.folder / name).rmdir()

    def names(self) -> list[str]:
        """What this build has written so far, in the order of the alphabet."""
        return sorted(set(self.written))

    def keep(self, name: str) -> Path:
        """Where to write a file by other means."""
        path = self.folder / name
        if not self._folders.issuperset(_folders_of([name])):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._folders |= _folders_of([name])
        self.written.append(name)
        return path

    def keep_all(self, names: Collection[str]) -> bool:
        """Let files of an earlier build stay; False, and nothing is done, if one is not there."""
        there = self._files.issuperset(names)
        if there:
            self.written += names
        return there


def _listed(folder: str, start: str = "") -> Iterator[str]:
    """The names of all files and folders in a folder, and in those; a folder's ends in a slash."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = start + entry.name
            if entry.is_dir(follow_symlinks=False):
                yield f"{name}/"
                yield from _listed(entry.path, f"{name}/")
            else:
                yield name


def _folders_of(names: Iterable[str]) -> set[str]:
    """All folders in which, or below which, files of these names lie."""
    folders: set[str] = set()
    for name in names:
        folder = name.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders
