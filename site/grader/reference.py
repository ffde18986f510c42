"""The reference solution: importable by the hidden tests, never by the learner's code."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, ModuleType

PACKAGE = "reference"


class _Loader(importlib.abc.InspectLoader):
    def __init__(self, source: str) -> None:
        self._source = source

    def get_source(self, fullname: str) -> str:
        return self._source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, f"{fullname.replace('.', '/')}.py", "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Answers for `reference` and all below it before any folder on the path is asked.

    Natively a folder of that name lies in the repository: the learner's code must not find
    it there either.
    """

    def __init__(self, sources: dict[str, str]) -> None:
        self.sources = sources

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname.partition(".")[0] != PACKAGE:
            return None
        source = self.sources.get(fullname)
        if source is None:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        is_package = fullname == PACKAGE
        return importlib.util.spec_from_loader(fullname, _Loader(source), is_package=is_package)


@contextmanager
def importable(name: str, source: str) -> Iterator[_Finder]:
    """`reference.<name>` can be imported inside, until `close` is called on what is yielded."""
    finder = _Finder({PACKAGE: "", f"{PACKAGE}.{name}": source})
    before = _forget()
    sys.meta_path.insert(0, finder)
    try:
        yield finder
    finally:
        sys.meta_path.remove(finder)
        _forget()
        sys.modules.update(before)


def close(finder: _Finder) -> None:
    """From here on nobody can import the reference; who has imported it keeps it."""
    finder.sources = {}
    _forget()


def _forget() -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name.partition(".")[0] == PACKAGE]
    return {name: sys.modules.pop(name) for name in names}
