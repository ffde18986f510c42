"""A build: problems in, static site out."""

from functools import partial
from pathlib import Path

from gradlet.addresses import Addresses
from gradlet.assets import bundle
from gradlet.catalogue import Catalogue
from gradlet.compression import compressing
from gradlet.discovery import write_discovery
from gradlet.dist import Dist
from gradlet.formula_fonts import characters_of, ensure_formula_fonts
from gradlet.manifest import write_manifests
from gradlet.memory import Memory, state_of
from gradlet.offline import release_of, write_service_worker
from gradlet.pages import Pages
from gradlet.policy import headers_file
from gradlet.problem import Problem
from gradlet.runtime import lay_out
from gradlet.setup.node import find_node
from gradlet.setup.python_runtime import ensure_runtime_files
from gradlet.way_on import ways_on
from gradlet.words import read_words


def build(
    root: Path,
    folder: Path,
    *,
    catalogue: Catalogue | None = None,
    addresses: Addresses | None = None,
    memory: Memory | None = None,
    development: bool = False,
) -> list[Problem]:
    """Build the site of the project at `root` into `folder`; returns its problems.

    Nothing is written before every problem has been found sound. A `catalogue` that is kept from
    one build to the next reads only what has changed, and a `memory` only the pages that have
    changed are written. With the site's `addresses`, pages also say
    where they are, with a picture, and there are a sitemap and a feed.

    Raises:
        Complaints: problems with mistakes, all of them at once.
        BundleError: a script or a style sheet has an error.
        SetupError: a file that the browser's Python needs cannot be had.
        NotOurs: `folder` holds something else.
    """
    node = find_node()
    memory = memory or Memory()
    problems = (catalogue or Catalogue(root, node)).read()
    wanted = {package for problem in problems for package in problem.packages}
    dist = Dist(folder)
    site = state_of(root / "site")
    files = ensure_runtime_files(root, sorted(wanted))
    runtime = lay_out(root, node, files, dist, development=development)
    languages = read_words(root)
    katex = root / "node_modules" / "katex"
    if not development:
        katex = ensure_formula_fonts(katex, characters_of(problems))
    assets = bundle(root, node, dist, languages, katex, development=development)
    release = release_of(dist, runtime.extra_files())
    pages = Pages(
        root,
        dist,
        assets,
        runtime,
        languages,
        addresses,
        development=development,
        release=release.name,
    )
    by_slug = {problem.slug: problem for problem in problems}
    next_ones = ways_on(problems)

    def write(problem: Problem) -> None:
        pages.write_problem(problem, by_slug, next_ones[problem.slug])
        for words in languages:
            for image in problem.in_language(words.language).images:
                dist.write(words.folder + image.as_posix(), (root / image).read_bytes())

    with compressing(dist, node) as catch_up:
        for problem in problems:
            others = (*(by_slug[slug] for slug in problem.prerequisites), *next_ones[problem.slug])
            texts = [problem.in_language(words.language) for words in languages]
            pictures = [
                (root / image).stat().st_mtime_ns for text in texts for image in text.images
            ]
            needs = (site, runtime.folder, runtime.body, problem, others, pictures)
            memory.once(dist, problem.slug, needs, partial(write, problem))
            if not development:
                catch_up()
        pages.write_index(problems, memory, site)
        pages.write_missing()
        write_manifests(dist, assets, languages)
        if addresses:
            write_discovery(root, dist, addresses, problems, languages)
        dist.write(".nojekyll", "")  # GitHub Pages would leave out what begins with an underscore
        dist.write("_headers", headers_file())
        if not development:
            write_service_worker(root, node, dist, release, languages)
            catch_up()
    dist.sweep()
    return problems
