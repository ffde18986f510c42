"""What search engines, feed readers and chats ask for, of a site whose address is known."""

from collections.abc import Sequence
from pathlib import Path

from gradlet.addresses import Addresses
from gradlet.dates import changes
from gradlet.dist import Dist
from gradlet.preview import preview
from gradlet.problem import Problem
from gradlet.templates import templates
from gradlet.words import Words

NEWEST = 50  # problems in the feed


def write_discovery(
    root: Path,
    dist: Dist,
    addresses: Addresses,
    problems: Sequence[Problem],
    languages: Sequence[Words],
) -> None:
    """sitemap.xml and robots.txt; in each language feed.xml, and a picture of every page."""
    pages = templates(root / "site" / "templates")
    dates = changes(root, [problem.path for problem in problems])
    updated = max(dates[problem.path][1] for problem in problems)
    newest = sorted(problems, key=lambda one: dates[one.path][0], reverse=True)[:NEWEST]
    places = [("", updated), *((_place(one), dates[one.path][1]) for one in problems)]
    sitemap = pages.get_template("sitemap.xml")
    dist.write(
        "sitemap.xml", sitemap.render(addresses=addresses, places=places, languages=languages)
    )
    dist.write("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {addresses.base}sitemap.xml\n")
    feed = pages.get_template("feed.xml")
    for words in languages:
        values = {"problems": newest, "dates": dates, "updated": updated}
        dist.write(f"{words.folder}feed.xml", feed.render(t=words, addresses=addresses, **values))
        _write_pictures(root, dist, problems, words)


def _write_pictures(root: Path, dist: Dist, problems: Sequence[Problem], words: Words) -> None:
    name = words("site.name").unescape()
    start = preview(
        root, words("index.title").unescape(), name, words("site.description").unescape()
    )
    dist.write(f"{words.folder}preview.png", start)
    for problem in problems:
        text = problem.in_language(words.language)
        if text.language != words.language:
            continue  # the picture of the English page will do
        meta = " · ".join([words(f"difficulty.{problem.difficulty}").unescape(), *problem.tags])
        picture = preview(root, text.title, meta, text.summary_text)
        dist.write(f"{words.folder}{_place(problem)}preview.png", picture)


def _place(problem: Problem) -> str:
    return f"problems/{problem.slug}/"
