"""Problems become pages: Jinja templates, filled in and written."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

from gradlet.dist import Dist
from gradlet.problem import Problem
from gradlet.runtime import ALWAYS, Runtime


class Pages:
    """Renders the site's templates; `assets` are names in `dist` (see `gradlet.assets`).

    `release` is the name of what is published, empty in development.
    """

    def __init__(
        self,
        root: Path,
        dist: Dist,
        assets: Mapping[str, str],
        runtime: Runtime,
        release: str,
    ) -> None:
        self._dist = dist
        self._assets = assets
        self._runtime = runtime
        self._release = release
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(root / "site" / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write_index(self, problems: Sequence[Problem]) -> None:
        """The start page: every problem, in the order of the catalogue."""
        self._write("index.html", problems=problems)

    def write_problem(self, problem: Problem, catalogue: Mapping[str, Problem]) -> None:
        """The page of one problem, and beside it what the grader needs to know of it."""
        folder = f"problems/{problem.slug}"
        tests = self._dist.write_hashed(f"{folder}/tests.json", for_grader(problem))
        root = "../../"
        tests_bytes = (self._dist.folder / tests).stat().st_size
        page_data = {
            "slug": problem.slug,
            "starter": problem.starter,
            "timeLimit": problem.time_limit,
            "siteRoot": root,
            "release": self._release,
            "worker": root + self._assets["worker"],
            "runtime": {
                "index": root + self._runtime.folder,
                "packages": ALWAYS,
                "extra": problem.packages,
                "grader": root + self._runtime.grader,
                "problem": Path(tests).name,
                "snapshot": root + self._runtime.snapshot,
                "bytes": self._runtime.bytes(problem.packages) + tests_bytes,
            },
        }
        self._write(
            f"{folder}/index.html",
            root=root,
            problem=problem,
            prerequisites=[catalogue[slug] for slug in problem.prerequisites],
            page_data=page_data,
        )

    def _write(self, name: str, *, root: str = "", **values: Any) -> None:
        template = "problem.html" if name.startswith("problems/") else name
        html = self._templates.get_template(template).render(
            root=root, assets=self._assets, development=not self._release, **values
        )
        self._dist.write(name, html)


def for_grader(problem: Problem) -> bytes:
    """The fields of `grader.Problem`, as JSON."""
    return json.dumps(
        {
            "name": problem.name,
            "function": problem.function,
            "tests": [test.name for test in problem.tests],
            "test_source": problem.test_source,
            "reference_source": problem.reference_source,
        }
    ).encode()
