"""The child that runs a learner's code, as the hidden tests see it: a function to be called."""

import builtins
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import types
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import numpy as np

import gradlet
from gradlet.cache_folder import cache
from gradlet.regrade.codec import Codec, restored
from gradlet.regrade.pipe import Message, receive, send

End = Literal["timeout", "died", "disturbed", "filled"]

# What the environment of the child holds beside the paths: nothing of the teacher's.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "Agg",
    "LANG": "C.UTF-8",
    # A process has one thread, and there is a process for every core already.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# Where matplotlib keeps its list of fonts, which takes a second to make.
MATPLOTLIB = cache().absolute() / "matplotlib"
PATIENCE = 60  # seconds that Python may take to start
# What the code may have in its folder: the system limits the size of one file, not their number.
DISK, ENTRIES = 64 * 1024**2, 1_000  # bytes, files
GLANCE = 0.1  # seconds from one look into the folder to the next


class Gone(Exception):
    """The child has ended, or what it sent is no answer ("disturbed"): see `Child.end`."""


class CannotStart(Exception):
    """No child can be had on this machine; the message says why."""


class Child:
    """A process that has not run anything yet. Use it in a `with` statement."""

    def __init__(self) -> None:
        self.end: End | None = None
        self.signal: str | None = None  # that ended it
        self.killed = False  # by us, or by a system that has no memory left
        self.not_denied: list[str] = []  # see `sandbox.confine`
        self.memory = 0  # bytes at most in use, where the system says so
        self.seconds = 0.0  # from its start until it was closed
        self.busy = 0.0  # seconds that it computed, where the system says so
        self.canonical: str | None = None
        self.returned: Any = None  # by the call before
        self._codec = Codec(self._call)
        self._closed = threading.Event()
        self._guard = threading.Thread(target=self._watch_folder, daemon=True)
        # Now, since in a run the grader keeps learners' code from importing it.
        self._grader: Any = importlib.import_module("grader.solution")

    def __enter__(self) -> "Child":
        with suppress(OSError):  # then it takes that second each time
            MATPLOTLIB.mkdir(parents=True, exist_ok=True)
        self._folder = tempfile.TemporaryDirectory(prefix="gradlet-", ignore_cleanup_errors=True)
        paths = [str(_home(gradlet)), str(_home(importlib.import_module("grader")))]
        self._hidden = paths[:1]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "gradlet.regrade.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=self._folder.name,
            env={
                **ENVIRONMENT,
                **{name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ},
                "PYTHONPATH": os.pathsep.join(paths),
                "HOME": self._folder.name,
                "TMPDIR": self._folder.name,
                "MPLCONFIGDIR": str(MATPLOTLIB),
            },
            start_new_session=True,
        )
        self._timer = self._end_after(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._closed.set()
        if self._guard.ident:
            self._guard.join()
        self._kill()
        self._reap()
        assert self._process.stdin
        assert self._process.stdout
        assert self._process.stderr
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            with suppress(OSError):  # what was still to be written has no reader any more
                stream.close()
        self._folder.cleanup()

    def events(self, problem: str, code: str, seconds: float) -> Iterator[str]:
        """Run the hidden tests in the child, too: the events of the grader, until it ends.

        Raises:
            CannotStart: the child could not even read the code.
        """
        self._begin({"problem": problem, "code": code}, seconds)
        with suppress(Gone):
            self.canonical = self._receive()["canonical"]
            while "event" in (message := self._receive()):
                yield str(message["event"])

    def load(self, code: str, function: str, like: str, seconds: float) -> None:
        """Run the code, which is to define the function. All of the child has `seconds`.

        Raises:
            CannotStart: the child could not even read the code.
            Gone: the code ended the child.
            Exception: what the code raised, or `Unusable` as the page would say it.
        """
        self._begin({"code": code, "function": function, "like": like}, seconds)
        self.canonical = self._receive()["canonical"]
        reply = self._receive()
        if "unusable" in reply:
            raise self._grader.Unusable(str(reply["unusable"]), _line(reply))
        if "raised" in reply:
            self._raise({"line": 1, **{k: v for k, v in reply["raised"].items() if v is not None}})

    def _begin(self, setup: Message, seconds: float) -> None:
        try:
            self._send({**setup, "seconds": seconds, "hide": self._hidden})
            self.not_denied = [str(each) for each in self._receive()["not denied"]]
        except Gone as error:
            raise CannotStart(f"Code of learners cannot be run here: {self._said()}") from error
        self._timer.cancel()
        self._start = time.perf_counter()
        self._timer = self._end_after(seconds)
        self._guard.start()

    def call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the code; what it did to its arguments is done to these."""
        self.returned = None
        self.returned = self._call(name, args, kwargs)
        return self.returned

    def disturbed(self) -> None:
        """What it told is nothing that the grader tells."""
        self._gone("disturbed")

    # -- messages

    def _call(self, which: str | int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        encode, decode = self._codec.encode, self._codec.decode
        self._send(
            {
                "call": which,
                "args": [encode(arg) for arg in args],
                "kwargs": encode(kwargs),
                "random": encode(np.random.get_state()),
                "errors": np.geterr(),
                "strict": _strict(),
            }
        )
        while "callback" in (reply := self._receive()):
            self._send(self._called_back(reply))
        try:
            if "args" in reply:
                for given, after in zip(args, decode(reply["args"]), strict=True):
                    restored(given, after)
                restored(kwargs, decode(reply["kwargs"]))
            if "random" in reply:
                np.random.set_state(decode(reply["random"]))
            if "returned" in reply:
                same = reply["same"]
                return decode(reply["returned"]) if same is None else args[int(same)]
            mismatch = str(reply.get("mismatch", ""))[:2000]
            raised = {} if mismatch else dict(reply["raised"])
        except Exception as error:
            raise self._gone("disturbed") from error
        if mismatch:
            raise self._grader.Mismatch(mismatch)
        return self._raise(raised)

    def _called_back(self, request: Message) -> Message:
        try:
            args = self._codec.decode(request["args"])
            kwargs = self._codec.decode(request["kwargs"])
            function = self._codec.functions[request["callback"]]
        except Exception as error:
            raise self._gone("disturbed") from error
        try:
            return {"returned": self._codec.encode(function(*args, **kwargs))}
        except Exception as error:
            return {"raised": f"{type(error).__name__}: {error}"}

    def _send(self, message: Message) -> None:
        assert self._process.stdin
        if self.end:
            raise Gone
        try:
            send(self._process.stdin, message)
        except OSError as error:
            raise self._gone("died") from error

    def _receive(self) -> Message:
        assert self._process.stdout
        if self.end:
            raise Gone
        try:
            message = receive(self._process.stdout)
        except (ValueError, RecursionError) as error:
            raise self._gone("disturbed") from error
        if message is None:
            raise self._gone("died")
        return message

    # -- what was raised

    def _raise(self, told: Message) -> Any:
        """Raise in this process what the learner's code raised in the child, on the same line."""
        headline = str(told["headline"])[:2000]
        name, _, text = headline.partition(": ")
        kind = getattr(builtins, str(told["kind"]), Exception)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind = Exception
        if issubclass(kind, SyntaxError | NameError | ImportError | AttributeError):
            kind = Exception  # Python adds to the message of these, which is whole already
        module, _, short = name.rpartition(".")
        members = {"__str__": lambda self: text, "__module__": module or "builtins"}
        made: Any = type(short or "Exception", (kind,), members)
        exception: Exception = made.__new__(made)
        if told.get("escaped"):
            cause = self._on_line(exception, _line(told))
            raise self._grader.Escaped(headline) from cause
        raise self._on_line(exception, _line(told))

    def _on_line(self, error: Exception, line: int | None) -> Exception:
        """The exception with a traceback that ends in that line of the learner's code."""
        if line is None:
            return error
        program = compile("\n" * (line - 1) + "raise error", self._grader.FILE, "exec")
        try:
            exec(program, {"error": error})
        except Exception as raised:
            return raised
        return error

    # -- its end

    def _end_after(self, seconds: float) -> threading.Timer:
        def stop() -> None:
            self.end = "timeout"
            self._kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        return timer

    def _watch_folder(self) -> None:
        while not self.end and not self._closed.wait(GLANCE):
            if _overfull(self._folder.name):
                self._gone("filled")

    def _gone(self, end: End) -> Gone:
        self.end = self.end or end
        self._kill()
        return Gone()

    def _kill(self) -> None:
        if self._process.returncode is not None:
            return
        with suppress(ProcessLookupError, PermissionError):  # it has ended by itself
            if sys.platform == "win32":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)

    def _reap(self) -> None:
        self.seconds = time.perf_counter() - getattr(self, "_start", time.perf_counter())
        if sys.platform == "win32":
            self._process.wait()
            return
        _pid, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.busy = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        number = -self._process.returncode
        self.killed = number == signal.SIGKILL
        if number > 0 and not self.killed:
            self.signal = signal.Signals(number).name

    def _said(self) -> str:
        assert self._process.stderr
        return self._process.stderr.read(2000).decode(errors="replace").strip()


def _home(package: types.ModuleType) -> Path:
    """The folder or the zip that the package was imported from."""
    assert package.__file__
    return Path(package.__file__).resolve().parents[1]


def _overfull(folder: str) -> bool:
    """Whether more lies in the folder than may; no link is followed."""
    size = entries = 0
    todo = [folder]
    while todo:
        with suppress(OSError):  # what was just deleted
            for entry in os.scandir(todo.pop()):
                entries += 1
                status = entry.stat(follow_symlinks=False)
                # On the disk, where a file with holes is small; Windows does not say.
                size += getattr(status, "st_blocks", status.st_size // 512) * 512
                if size > DISK or entries > ENTRIES:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    todo.append(entry.path)
    return False


def _line(reply: Message) -> int | None:
    line = reply.get("line")
    return line if isinstance(line, int) and 0 < line < 1_000_000 else None


def _strict() -> list[str]:
    """The kinds of warnings that the test has turned into errors."""
    return [
        category.__name__
        for action, message, category, *_ in warnings.filters
        if action == "error" and not message and isinstance(category, type)
        if category.__module__ == "builtins"
    ]
