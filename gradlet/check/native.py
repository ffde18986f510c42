"""Runs jobs on this machine, in processes that are replaced when they loop or die."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from gradlet.check.runner import Event, Job, Outcome, decoded
from gradlet.setup import SetupError

WORKER = Path(__file__).with_name("worker.py")
GRADER = Path(__file__).resolve().parents[2] / "site"


class NativeRunner:
    """A `Runner`. Its processes wait for the next jobs until it is closed."""

    def __init__(self) -> None:
        self._size = os.cpu_count() or 1
        self._idle: dict[int, list[_Worker]] = defaultdict(list)  # by hash seed

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes."""
        for workers in self._idle.values():
            while workers:
                workers.pop().close()

    def run(self, jobs: Sequence[Job], advance: Callable[[], object]) -> list[Outcome]:
        """See `Runner`.

        Raises:
            SetupError: the grader cannot be started in a process of its own.
        """
        with ThreadPoolExecutor(self._size) as threads:
            outcomes = []
            for outcome in threads.map(self._run, jobs):
                outcomes.append(outcome)
                advance()
        return outcomes

    def _run(self, job: Job) -> Outcome:
        idle = self._idle[job.hash_seed]
        try:
            worker = idle.pop()
        except IndexError:  # asking first would not do: another thread may take the last
            worker = _Worker(job.hash_seed)
        outcome = worker.run(job)
        if outcome.end == "done":
            idle.append(worker)
        else:
            worker.close()
        return outcome


class _Worker:
    """One process of `worker.py`."""

    def __init__(self, hash_seed: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(WORKER)],  # -P: gradlet/check is not to be imported from
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=tempfile.gettempdir(),
            env={
                **os.environ,
                "PYTHONPATH": str(GRADER),
                "PYTHONHASHSEED": str(hash_seed),
                # There is a process for every core already.
                "OPENBLAS_NUM_THREADS": "1",
                "OMP_NUM_THREADS": "1",
            },
            encoding="utf-8",
        )
        if self._next() is None:
            self.close()
            raise SetupError(
                "The grader cannot be started; what Python says of it is above. "
                "`make build` installs what it needs."
            )

    def run(self, job: Job) -> Outcome:
        """Run a job; unless it is done then, the worker can only be closed."""
        stopped = threading.Event()

        def stop() -> None:
            stopped.set()
            self._process.kill()

        start = time.perf_counter()
        timer = threading.Timer(job.limit, stop)
        timer.start()
        self._send(job)
        events: list[Event] = []
        while (event := self._next()) and event["kind"] != "done":
            events.append(event)
        timer.cancel()
        timer.join()
        end = "timeout" if stopped.is_set() else "done" if event else "died"
        return Outcome(job, tuple(events), end, time.perf_counter() - start)  # type: ignore[arg-type]

    def _send(self, job: Job) -> None:
        assert self._process.stdin
        text = json.dumps({"problem": job.problem, "code": job.code, "seed": job.seed})
        try:
            self._process.stdin.write(text + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it has died: its last event, which will not come, tells

    def _next(self) -> Event | None:
        """The next event, or None from a process that has ended."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        # What was cut off by the end of the process is no event.
        return decoded(line) if line.endswith("\n") else None

    def close(self) -> None:
        with self._process:  # closes the pipes, waits
            self._process.kill()
