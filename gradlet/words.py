"""The interface's texts, one file for each language: site/words/en.json, fr.json.

Each is a flat list of keys and sentences. `{name}` in a sentence is a placeholder. A sentence
that counts has two keys, `<key>.one` and `<key>.other`.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from markupsafe import Markup, escape

FOLDER = Path("site/words")
SOURCE = "en"  # what authors write unless a file says otherwise; its pages lie at the root

LANGUAGES = {"en": "English", "fr": "Français"}


def language_of(path: Path) -> str:
    """In which language a problem file is written: `<slug>.fr.md` in French."""
    _, _, language = path.stem.partition(".")
    return language if language in LANGUAGES else SOURCE


class Words:
    """`words("key", name=value)`: a text of one language, ready to stand in HTML.

    Values are escaped unless they are markup already.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self.texts = texts
        # A site of a thousand problems has a hundred thousand of them.
        self._escaped = {key: Markup(escape(text)) for key, text in texts.items()}

    def __call__(self, key: str, **values: object) -> Markup:
        text = self._escaped[key]
        return text.format(**values) if values else text

    def count(self, key: str, count: int, **values: object) -> Markup:
        """A text for that many things; `{count}` in it is the number."""
        return self(f"{key}.{self._plural(count)}", count=count, **values)

    def _plural(self, count: int) -> str:
        return "one" if count == 1 or (count == 0 and self.language == "fr") else "other"

    @property
    def folder(self) -> str:
        """Where the language's pages lie in the site; empty, or ends in a slash."""
        return "" if self.language == SOURCE else f"{self.language}/"

    @property
    def script(self) -> bytes:
        """What gives the same texts to the page's scripts."""
        return f"globalThis.gradletWords={json.dumps(self.texts, ensure_ascii=False)};\n".encode()


def read_words(root: Path) -> list[Words]:
    """Every language of the interface, that of the root first."""
    return [
        Words(language, json.loads((root / FOLDER / f"{language}.json").read_text("utf-8")))
        for language in LANGUAGES
    ]
