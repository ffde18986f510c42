"""A build: problems in, static site out."""

from functools import partial
from pathlib import Path

from gradlet.assets import bundle
from gradlet.compression import compress
from gradlet.dist import Dist
from gradlet.offline import release_of, write_service_worker
from gradlet.pages import Pages
from gradlet.problem import Problem
from gradlet.runtime import lay_out
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import ensure_runtime_files
from gradlet.workshop import Workshop, state_of


def build(
    root: Path, folder: Path, *, workshop: Workshop | None = None, development: bool = False
) -> list[Problem]:
    """Build the site of the project at `root` into `folder`; returns its problems.

    Nothing is written before every problem has been found sound. With a `workshop` that is kept
    from one build to the next only what has changed is read and written.

    Raises:
        Complaints: problems with mistakes, all of them at once.
        BundleError: a script or a style sheet has an error.
        SetupError: a file that the browser's Python needs cannot be had.
        NotOurs: `folder` holds something else.
    """
    node = find_node()
    workshop = workshop or Workshop(root, node)
    problems = workshop.catalogue.read()
    wanted = {package for problem in problems for package in problem.packages}
    dist = Dist(folder)
    site = state_of(root / "site")
    files = ensure_runtime_files(root, sorted(wanted))
    runtime = lay_out(root, node, files, dist, development=development)
    write_assets = partial(bundle, root, node, dist, development=development)
    assets = workshop.once(dist, "assets", (site, development), write_assets)
    release = release_of(dist, runtime.extra_files())
    pages = Pages(root, dist, assets, runtime, "" if development else release.name)
    by_slug = {problem.slug: problem for problem in problems}

    def write(problem: Problem) -> None:
        pages.write_problem(problem, by_slug)
        for image in problem.images:
            dist.write(image.as_posix(), (root / image).read_bytes())

    for problem in problems:
        before = tuple(by_slug[slug] for slug in problem.prerequisites)
        pictures = tuple((root / image).stat().st_mtime_ns for image in problem.images)
        needs = (site, runtime.folder, runtime.snapshot, problem, before, pictures)
        workshop.once(dist, problem.slug, needs, partial(write, problem))
    pages.write_index(problems)
    dist.write(".nojekyll", "")  # GitHub Pages would leave out what begins with an underscore
    if not development:
        write_service_worker(root, node, dist, release)
        compress(dist, node)
    dist.sweep()
    return problems
