"""Checks what an author has just changed, while they go on writing."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from gradlet.catalogue import Catalogue
from gradlet.check.check import check_problems
from gradlet.check.report import Report
from gradlet.check.runner import Runner
from gradlet.mistakes import FOLDER
from gradlet.problem import Problem


class LiveCheck:
    """Without mutants, which take longest."""

    def __init__(self, root: Path, catalogue: Catalogue, runner: Runner) -> None:
        self._root = root
        self._catalogue = catalogue
        self._runner = runner
        self._known: dict[str, Problem] | None = None

    def changed(self, paths: Iterable[Path]) -> list[str]:
        """The slugs of problems of which one of these files, or any other, has changed since the
        last call; none at the first.

        Raises:
            Complaints: problems with mistakes.
        """
        problems = {problem.slug: problem for problem in self._catalogue.read()}
        known = problems if self._known is None else self._known
        self._known = problems
        wrong = self._root / FOLDER
        names = {path.relative_to(wrong).parts[0] for path in paths if wrong in path.parents}
        return [
            slug
            for slug, problem in problems.items()
            if problem is not known.get(slug) or problem.name in names
        ]

    def reports(self, slugs: Iterable[str]) -> Iterator[Report]:
        """The verdict on each, as soon as it is known.

        Raises:
            Complaints: problems with mistakes, or wrong solutions of no problem.
        """
        for slug in slugs:
            yield from check_problems(
                self._root, [slug], catalogue=self._catalogue, runner=self._runner, mutants=False
            )
