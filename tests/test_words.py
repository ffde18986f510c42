"""The interface's texts: the same in each language, none missing, none without a use."""

import json
import re
from pathlib import Path

import pytest

from gradlet.words import LANGUAGES, SOURCE, Words, language_of, read_words

ROOT = Path(__file__).resolve().parent.parent
LANGUAGE_FILES = sorted((ROOT / "site" / "words").glob("*.json"))
TEXTS = {file.stem: json.loads(file.read_text("utf-8")) for file in LANGUAGE_FILES}
SOURCES = [
    *(ROOT / "site" / "templates").glob("*"),
    *(ROOT / "site" / "page").glob("*.ts"),
    *(ROOT / "site" / "figures").glob("*.ts"),
    *(ROOT / "gradlet").glob("*.py"),
]


def test_there_is_a_file_for_each_language_and_no_other() -> None:
    assert set(TEXTS) == set(LANGUAGES)
    assert next(words.language for words in read_words(ROOT)) == SOURCE


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != SOURCE])
def test_languages_have_the_same_keys_and_placeholders(language: str) -> None:
    assert list(TEXTS[language]) == list(TEXTS[SOURCE]), "in the same order, too"
    for key, text in TEXTS[language].items():
        assert _placeholders(text) == _placeholders(TEXTS[SOURCE][key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_half_counted(language: str) -> None:
    texts = TEXTS[language]
    for key, text in texts.items():
        assert text.strip() == text != ""
        if key.endswith(".one"):
            assert key.removesuffix("one") + "other" in texts
        if key.endswith(".other"):
            assert key.removesuffix("other") + "one" in texts


def test_every_text_is_used() -> None:
    """By its whole key, or by the beginning of one to which the rest is added."""
    used = set()
    for source in SOURCES:
        used |= set(re.findall(r"""["'`]([\w-]+(?:\.[\w-]+)*\.?)(?=["'`$])""", _read(source)))
        used |= set(re.findall(r"""f["']([\w.]+\.)\{""", _read(source)))
    for key in TEXTS[SOURCE]:
        stem = re.sub(r"\.(one|other)$", "", key)
        parents = {stem[: place + 1] for place, sign in enumerate(stem) if sign == "."}
        assert used & {stem, *parents} or _by_name(stem), f"{key} has no use"


def test_every_key_that_a_template_names_is_there() -> None:
    for template in (ROOT / "site" / "templates").glob("*"):
        for key in re.findall(r'(?<![\w.])t\("([^"]+)"[,)]', _read(template)):
            assert key in TEXTS[SOURCE], f"{template.name}: {key}"
        for key in re.findall(r't\.count\("([^"]+)"', _read(template)):
            assert f"{key}.one" in TEXTS[SOURCE], f"{template.name}: {key}"


def test_values_are_escaped_unless_they_are_markup() -> None:
    words = Words("en", {"a": "<{x}>", "n.one": "{count} & one", "n.other": "{count} & more"})
    assert words("a", x="<b>") == "&lt;&lt;b&gt;&gt;"
    assert words("a", x=words("a", x=1)) == "&lt;&lt;1&gt;&gt;"
    assert words.count("n", 1) == "1 &amp; one"
    assert words.count("n", 0) == "0 &amp; more"
    assert Words("fr", words.texts).count("n", 0) == "0 &amp; one"


def test_language_of_a_problem_file() -> None:
    assert language_of(Path("problems/softmax.fr.md")) == "fr"
    assert language_of(Path("problems/softmax.md")) == "en"
    assert language_of(Path("problems/softmax.xx.md")) == "en", "no language that the site has"


def _placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _by_name(key: str) -> bool:
    """The settings' texts are put together from the name of each setting."""
    return key.startswith("settings.")
