"""A SCORM 1.2 package: some problems as learning platforms (Moodle, Canvas ...) import them.

Each problem is an item of its own: a page that shows the problem in a frame and reports its
verdicts to the platform (site/scorm/sco.ts). Beside it lies the whole site of these problems.
"""

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from gradlet.assets import compile_script
from gradlet.catalogue import Catalogue, chosen
from gradlet.dist import MARK, short_hash
from gradlet.problem import Problem
from gradlet.publish import build
from gradlet.setup.node import find_node
from gradlet.templates import templates

TEMPLATES = Path(__file__).parent
SCRIPT = "site/scorm/sco.ts"
LEFT_OUT = (".br", ".gz", ".map")  # platforms send none of them
TIME = (1980, 1, 1, 0, 0, 0)  # a package is the same, byte for byte, whenever its sources are


def write_package(root: Path, slugs: Sequence[str], out: Path) -> list[Problem]:
    """Write the package of some problems to `out`; returns them.

    Raises:
        UnknownProblem: a slug is that of no problem.
        Complaints, BundleError, SetupError: what would stop a build.
    """
    node = find_node()
    some = Some(root, node, slugs)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary, "site")
        problems = build(root, folder, catalogue=some)
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


class Some(Catalogue):
    """Some problems of a clone, each prerequisite before what needs it."""

    def __init__(self, root: Path, node: Path, slugs: Sequence[str]) -> None:
        super().__init__(root, node)
        self._slugs = slugs

    def read(self) -> list[Problem]:
        return [self._without_others(each) for each in chosen(super().read(), self._slugs)]

    def _without_others(self, problem: Problem) -> Problem:
        """The problem and its translations, without prerequisites that are not in the package."""
        needs = tuple(slug for slug in problem.prerequisites if slug in self._slugs)
        translations = {
            language: self._without_others(text) for language, text in problem.translations.items()
        }
        return problem.model_copy(update={"prerequisites": needs, "translations": translations})


def _files(folder: Path) -> Iterable[Path]:
    for file in folder.rglob("*"):
        if file.is_file() and file.suffix not in LEFT_OUT and not file.name.startswith("."):
            yield file


def _pages(problems: list[Problem], script: bytes, files: list[str]) -> dict[str, bytes | str]:
    ours = templates(TEMPLATES)
    own = {"scorm/sco.js": script}
    for problem in problems:
        page = ours.get_template("sco.html.jinja").render(problem=problem)
        own[f"scorm/{problem.slug}.html"] = page.encode()
    names = "\n".join(problem.slug for problem in problems)
    manifest = ours.get_template("imsmanifest.xml.jinja").render(
        problems=problems,
        identifier=short_hash(names.encode()),
        files=["scorm/sco.js", *files],
    )
    return {"imsmanifest.xml": manifest, **own}


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
