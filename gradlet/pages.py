"""Problems become pages: Jinja templates, filled in and written, in each language."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from gradlet import __version__, prerequisite_map
from gradlet.addresses import Addresses
from gradlet.dist import Dist
from gradlet.fingerprint import tests_hash, text_hash
from gradlet.linked_data import learning_resource
from gradlet.memory import Memory
from gradlet.policy import POLICY
from gradlet.problem import DIFFICULTIES, Problem
from gradlet.runtime import ALWAYS, Runtime
from gradlet.templates import templates
from gradlet.words import SOURCE, Words


class Pages:
    """Renders the site's templates; `assets` are names in `dist` (see `gradlet.assets`).

    `release` is the name of what is published.
    """

    def __init__(
        self,
        root: Path,
        dist: Dist,
        assets: Mapping[str, str],
        runtime: Runtime,
        languages: Sequence[Words],
        addresses: Addresses | None,
        *,
        development: bool,
        release: str,
    ) -> None:
        self._root = root
        self._dist = dist
        self._assets = assets
        self._runtime = runtime
        self._languages = languages
        self._addresses = addresses
        self._development = development
        self._release = "" if development else release
        self._templates = templates(root / "site" / "templates")
        self._parts: dict[tuple[str, str], Markup] = {}

    def write_index(self, problems: Sequence[Problem], memory: Memory, site: str) -> None:
        """The start page: every problem, in the order of the catalogue.

        Most of it are the problems' cards, which `memory` keeps while `site`, the state of what
        is no problem, is the same.
        """
        card = self._templates.get_template("card.html")
        hashes = {one.slug: (text_hash(self._root, one), tests_hash(one)) for one in problems}
        tags = Counter(tag for problem in problems for tag in problem.tags)
        for words in self._languages:
            texts = [problem.in_language(words.language) for problem in problems]
            by_slug = {problem.slug: problem for problem in texts}
            cards = []
            for problem, text in zip(problems, texts, strict=True):
                before = [by_slug[slug] for slug in problem.prerequisites]
                values = {"problem": text, "before": before, "hashes": hashes[problem.slug]}
                render = partial(card.render, t=words, **values)
                name = f"{words.folder}card {problem.slug}"
                cards.append(Markup(memory.once(self._dist, name, (site, values), render)))
            self._write(
                "",
                "index.html",
                words,
                title=words("site.title"),
                description=words("site.description"),
                cards=cards,
                needs=lambda one, by_slug=by_slug: [by_slug[slug] for slug in one.prerequisites],
                map=prerequisite_map.draw(texts),
                tags=sorted(tags.items()),
                difficulties=DIFFICULTIES,
                version=__version__,
            )

    def write_problem(
        self, problem: Problem, catalogue: Mapping[str, Problem], next_ones: Sequence[Problem]
    ) -> None:
        """The page of one problem, and beside it what the grader needs to know of it."""
        place = f"problems/{problem.slug}/"
        tests = self._dist.write_hashed(f"{place}tests.json", for_grader(problem))
        tests_bytes = (self._dist.folder / tests).stat().st_size
        prerequisites = [catalogue[slug] for slug in problem.prerequisites]
        for words in self._languages:
            text = problem.in_language(words.language)
            root = _up(words.folder + place)
            address = self._addresses.page(words, place) if self._addresses else None
            page_data = {
                "slug": problem.slug,
                "starter": text.starter,
                "examples": problem.examples,
                "timeLimit": problem.time_limit,
                "siteRoot": root,
                "release": self._release,
                "worker": root + self._assets["worker"],
                "runtime": {
                    "index": root + self._runtime.folder,
                    "packages": ALWAYS,
                    "extra": problem.packages,
                    "grader": root + self._runtime.grader,
                    "problem": root + tests,
                    "head": root + self._runtime.head,
                    "body": root + self._runtime.body,
                    "bytes": self._runtime.bytes(problem.packages) + tests_bytes,
                },
                "version": __version__,
                "hashes": {
                    "problem": text_hash(self._root, problem),
                    "tests": tests_hash(problem),
                },
            }
            self._write(
                place,
                "problem.html",
                words,
                title=f"{text.title} · {words('site.name')}",
                description=text.summary_text,
                problem=text,
                prerequisites=[one.in_language(words.language) for one in prerequisites],
                next_ones=[one.in_language(words.language) for one in next_ones],
                page_data=page_data,
                linked_data=learning_resource(text, prerequisites, words, address),
            )

    def write_missing(self) -> None:
        """The page that a host sends where there is none: for any address, however deep."""
        root = "/" if self._development else ""
        if self._addresses:
            root = self._addresses.path
        (words,) = [words for words in self._languages if words.language == SOURCE]
        self._render("404.html", "404.html", words, root, title=words("missing.title"))

    def _write(self, place: str, template: str, words: Words, **values: Any) -> None:
        """A page at `place` (empty, or ends in a slash) below its language's folder."""
        folder = words.folder + place
        root = _up(folder)
        others = [other for other in self._languages if other is not words]
        if self._addresses:
            language = values["problem"].language if "problem" in values else words.language
            values |= self._addresses.of(place, words, self._languages, language)
        self._render(
            f"{folder}index.html",
            template,
            words,
            root,
            translations=[
                {
                    "language": other.language,
                    "label": other("site.language"),
                    "href": f"{root}{other.folder}{place}" or "./",
                }
                for other in others
            ],
            **values,
        )

    def _render(self, name: str, template: str, words: Words, root: str, **values: Any) -> None:
        defaults: dict[str, Any] = {
            "address": None,
            "description": words("site.description"),
            "translations": [],
        }
        html = self._templates.get_template(template).render(
            defaults
            | {
                "root": root,
                "home": f"{root}{words.folder}" or "./",
                "t": words,
                "part": partial(self._part, words),
                "assets": self._assets,
                "policy": POLICY,
                "development": self._development,
            }
            | values
        )
        self._dist.write(name, html)

    def _part(self, words: Words, template: str) -> Markup:
        """What is the same on all pages of a language, and need not be made for each."""
        part = self._parts.get((words.language, template))
        if part is None:
            part = Markup(self._templates.get_template(template).render(t=words))
            self._parts[words.language, template] = part
        return part


def _up(folder: str) -> str:
    """The way from a folder of the site (empty, or ends in a slash) to the site's own."""
    return "../" * folder.count("/")


def for_grader(problem: Problem) -> bytes:
    """The fields of `grader.Problem`, as JSON."""
    return json.dumps(
        {
            "name": problem.name,
            "function": problem.function,
            "tests": [test.name for test in problem.tests],
            "test_source": problem.test_source,
            "reference_source": problem.reference_source,
            "mistakes": [mistake.model_dump() for mistake in problem.mistakes],
        }
    ).encode()
