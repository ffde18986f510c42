"""A build: problems in, static site out."""

from pathlib import Path

from gradlet.assets import bundle
from gradlet.catalogue import Catalogue
from gradlet.compression import compress
from gradlet.dist import Dist
from gradlet.offline import release_of, write_service_worker
from gradlet.pages import Pages
from gradlet.problem import Problem
from gradlet.runtime import lay_out
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import ensure_runtime_files


def build(
    root: Path, folder: Path, *, catalogue: Catalogue | None = None, development: bool = False
) -> list[Problem]:
    """Build the site of the project at `root` into `folder`; returns its problems.

    Nothing is written before every problem has been found sound. A `catalogue` that is kept from
    one build to the next reads only what has changed.

    Raises:
        Complaints: problems with mistakes, all of them at once.
        BundleError: a script or a style sheet has an error.
        SetupError: a file that the browser's Python needs cannot be had.
        NotOurs: `folder` holds something else.
    """
    node = find_node()
    problems = (catalogue or Catalogue(root, node)).read()
    wanted = {package for problem in problems for package in problem.packages}
    dist = Dist(folder)
    runtime = lay_out(root, ensure_runtime_files(root, sorted(wanted)), dist)
    assets = bundle(root, node, dist, development=development)
    release = release_of(dist, runtime.extra_files())
    pages = Pages(root, dist, assets, runtime, "" if development else release.name)
    by_slug = {problem.slug: problem for problem in problems}
    for problem in problems:
        pages.write_problem(problem, by_slug)
        for image in problem.images:
            dist.write(image.as_posix(), (root / image).read_bytes())
    pages.write_index(problems)
    dist.write(".nojekyll", "")  # GitHub Pages would leave out what begins with an underscore
    if not development:
        write_service_worker(root, node, dist, release)
        compress(dist, node)
    dist.sweep()
    return problems
