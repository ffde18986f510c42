"""A SCORM 1.2 package: some problems as learning platforms (Moodle, Canvas ...) import them.

Each problem is an item of its own: a page that shows the problem in a frame and reports its
verdicts to the platform (site/scorm/sco.ts). Beside it lies the whole site of these problems.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import jinja2

from gradlet.assets import compile_script
from gradlet.catalogue import Catalogue
from gradlet.complaint import closest
from gradlet.dist import MARK, short_hash
from gradlet.problem import Problem
from gradlet.publish import build
from gradlet.setup.node import find_node

TEMPLATES = Path(__file__).parent
SCRIPT = "site/scorm/sco.ts"
LEFT_OUT = (".br", ".gz", ".map")  # platforms send none of them
TIME = (1980, 1, 1, 0, 0, 0)  # a package is the same, byte for byte, whenever its sources are


class UnknownProblem(Exception):
    """A slug that no problem has; the message says which was probably meant."""


def write_package(root: Path, slugs: Sequence[str], out: Path) -> list[Problem]:
    """Write the package of some problems to `out`; returns them.

    Raises:
        UnknownProblem: a slug is that of no problem.
        Complaints, BundleError, SetupError: what would stop a build.
    """
    node = find_node()
    chosen = _Chosen(root, node, slugs)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "site")
        problems = build(root, folder, catalogue=chosen)
        (folder / MARK).unlink()
        script = compile_script(root, node, SCRIPT)
        files = {file.relative_to(folder).as_posix(): file for file in sorted(_files(folder))}
        pages = _pages(problems, script, list(files))
        out.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, text in pages.items():
                package.writestr(_entry(name), text)
            for name, file in files.items():
                package.writestr(_entry(name), file.read_bytes())
    return problems


class _Chosen(Catalogue):
    """Some problems of a clone, each prerequisite before what needs it."""

    def __init__(self, root: Path, node: Path, slugs: Sequence[str]) -> None:
        super().__init__(root, node)
        self._slugs = slugs

    def read(self) -> list[Problem]:
        every = {problem.slug: problem for problem in super().read()}
        for slug in self._slugs:
            if slug not in every:
                meant = closest(slug, every)
                hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(every)}"
                raise UnknownProblem(f"There is no problem {slug!r}: {hint}")
        return [
            problem.model_copy(
                update={"prerequisites": tuple(set(problem.prerequisites) & set(self._slugs))}
            )
            for slug, problem in every.items()
            if slug in self._slugs
        ]


def _files(folder: Path) -> Iterable[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in LEFT_OUT and not file.name.startswith("."):
            yield file


def _pages(problems: list[Problem], script: bytes, files: list[str]) -> dict[str, bytes | str]:
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = {"scorm/sco.js": script}
    for problem in problems:
        page = templates.get_template("sco.html.jinja").render(problem=problem)
        own[f"scorm/{problem.slug}.html"] = page.encode()
    names = "\n".join(problem.slug for problem in problems)
    manifest = templates.get_template("imsmanifest.xml.jinja").render(
        problems=problems,
        identifier=short_hash(names.encode()),
        files=["scorm/sco.js", *files],
    )
    return {"imsmanifest.xml": manifest, **own}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
