"""Many tasks at once: on every core of this machine, or on a Dask cluster."""

import importlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import joblib

import gradlet
from gradlet.regrade.cache import PARTS, Cache
from gradlet.regrade.grade import Task, Verdict, graded, make_grader_importable

PATIENCE = 10  # seconds that a cluster may take to answer


class ClusterError(Exception):
    """The Dask cluster cannot be used; the message says what to do."""


def grade_all(
    tasks: Sequence[Task],
    cache: Cache,
    advance: Callable[[], object],
    dask: str | None = None,
) -> dict[Task, Verdict]:
    """The verdict of each task; equal tasks are graded once. `advance` is called after each.

    Raises:
        ClusterError: there is no Dask, or no cluster at that address.
        CannotStart: no learner's code can be run here.
    """
    verdicts: dict[Task, Verdict] = {}
    todo = []
    for task in dict.fromkeys(tasks):
        if known := cache.get(task):
            verdicts[task] = known
            advance()
        else:
            todo.append(task)
    if todo:
        with _backend(dask):
            parallel = joblib.Parallel(n_jobs=-1, return_as="generator_unordered")
            for place, verdict in parallel(
                joblib.delayed(_numbered)(*each) for each in enumerate(todo)
            ):
                verdicts[todo[place]] = verdict
                cache.put(todo[place], verdict)
                advance()
    return verdicts


def _numbered(place: int, task: Task) -> tuple[int, Verdict]:
    return place, graded(task)


@contextmanager
def _backend(dask: str | None) -> Iterator[None]:
    if dask is None:
        yield
        return
    try:
        distributed = importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        raise ClusterError(
            "--dask needs the Python package `distributed`, which `make build` installs."
        ) from error
    try:
        client = distributed.Client(dask, timeout=PATIENCE)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"There is no Dask scheduler at {dask} ({error}). Start one with `dask scheduler`, and "
            "workers with `dask worker ADDRESS --nthreads 1`."
        ) from error
    with client, tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "gradlet-regrade.zip")
        archive.write_bytes(_for_workers())
        client.register_plugin(distributed.diagnostics.plugin.UploadFile(str(archive)))
        with joblib.parallel_config(backend="dask"):
            yield


def _for_workers() -> bytes:
    """What grades, as a zip that Python imports from."""
    make_grader_importable()
    ours = Path(gradlet.__file__ or "").parent
    grader = Path(importlib.import_module("grader").__file__ or "").parent
    files = {f"gradlet/regrade/{part}.py": ours / "regrade" / f"{part}.py" for part in PARTS}
    others = ("__init__.py", "cache_folder.py")
    for name in (*others, *(f"regrade/{one}.py" for one in ("__init__", "cache", "parallel"))):
        files[f"gradlet/{name}"] = ours / name
    files |= {f"grader/{file.name}": file for file in grader.glob("*.py")}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, file in files.items():
            archive.write(file, name)
    return buffer.getvalue()
