"""A script in Node.js that works while Python goes on."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any


class NodeFailed(Exception):
    """The script did not come to its end; the message is what it said."""


@contextmanager
def node_script(node: Path | str, script: Path) -> Iterator["NodeScript"]:
    """The script for one block: after it, nothing of it runs any more."""
    # What it answers waits in a file: nobody reads a pipe while Python does something else.
    with tempfile.TemporaryFile() as answers, tempfile.TemporaryFile() as said:
        running = NodeScript([str(node), str(script)], answers, said)
        try:
            yield running
        finally:
            running.stop()


class NodeScript:
    """Takes lines of JSON and may answer with others; Node.js starts with the first line."""

    def __init__(self, command: list[str], answers: IO[bytes], said: IO[bytes]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = answers
        self._said = said

    def tell(self, what: object) -> None:
        """Send a line; raises OSError if Node.js cannot be started."""
        if not self._process:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=self._answers, stderr=self._said
            )
        assert self._process.stdin
        with suppress(BrokenPipeError):  # it has failed: `answers` says why
            self._process.stdin.write(json.dumps(what, default=str).encode() + b"\n")
            self._process.stdin.flush()

    def answers(self) -> Iterator[Any]:
        """Wait until it is done with all that it was told; what it has answered, read one by one.

        Raises:
            NodeFailed: it could not do it.
        """
        if not self._process:
            return iter(())
        self._process.communicate()
        if self._process.returncode:
            self._said.seek(0)
            raise NodeFailed(self._said.read().decode(errors="replace").strip())
        self._answers.seek(0)
        return (json.loads(line) for line in self._answers)

    def stop(self) -> None:
        """End it at once, if it is not done."""
        if self._process:
            self._process.kill()
            self._process.communicate()
