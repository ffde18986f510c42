"""Absolute addresses: what a page can say of itself only if the site's own address is known."""

import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from gradlet.words import SOURCE, Words

VARIABLE = "GRADLET_URL"


class BadAddress(Exception):
    """What was given as the site's address is none; the message says what to write."""


class Addresses:
    """Of a site at `base`, which begins with https:// or http:// and ends in a slash.

    Raises:
        BadAddress: `base` is no such address.
    """

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise BadAddress(
                f"The site's address (--base-url, or {VARIABLE}) should look like "
                f"https://example.org/gradlet/, but is {base!r}."
            )
        self.base = base.rstrip("/") + "/"
        self.path = urlsplit(self.base).path

    def page(self, words: Words, place: str) -> str:
        """Of the page at `place` in a language."""
        return self.base + words.folder + place

    def of(
        self, place: str, words: Words, languages: Sequence[Words], language: str
    ) -> dict[str, Any]:
        """The variables of the template addresses.html; `language` is that of the author's text."""
        alternates = [(other.language, self.page(other, place)) for other in languages]
        (pictured,) = [other for other in languages if other.language == language]
        (default,) = [address for language, address in alternates if language == SOURCE]
        return {
            "address": self.page(words, place),
            "picture": f"{self.page(pictured, place)}preview.png",
            "alternates": [
                {"language": language, "address": address}
                for language, address in [*alternates, ("x-default", default)]
            ],
        }


def addresses_from(given: str | None) -> Addresses | None:
    """Of the address given, or else of the environment's; None if there is neither."""
    base = given or os.environ.get(VARIABLE)
    return Addresses(base) if base else None
