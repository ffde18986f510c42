"""What has been written, remembered by a server that builds the site again and again."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from gradlet.dist import Dist

_Result = TypeVar("_Result")


class _Done(NamedTuple):
    needs: tuple[object, ...]
    result: object
    names: list[str]


class Memory:
    """From one build to the next: what was written, and what it needed."""

    def __init__(self) -> None:
        self._done: dict[str, _Done] = {}

    def once(
        self, dist: Dist, what: str, needs: tuple[object, ...], write: Callable[[], _Result]
    ) -> _Result:
        """What `write` returns, or returned the last time if all that it `needs` is the same.

        Then the files stay that it wrote into `dist`, unless somebody has deleted one.
        """
        done = self._done.get(what)
        if done and done.needs == needs and dist.keep_all(done.names):
            return done.result  # type: ignore[return-value] # `what` stands for one function
        before = len(dist.written)
        result = write()
        self._done[what] = _Done(needs, result, dist.written[before:])
        return result


def state_of(folder: Path) -> str:
    """Changes whenever a file in the folder does."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    states = ((path, path.stat().st_mtime_ns, path.stat().st_size) for path in files)
    return "\n".join(f"{path} {time} {size}" for path, time, size in states)
