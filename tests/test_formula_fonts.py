"""The site's formulas look the same in KaTeX's fonts and in those cut from them."""

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from clone import PROBLEM, Clone
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from gradlet import formula_fonts
from gradlet.formula_fonts import characters_of, ensure_formula_fonts
from gradlet.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
KATEX = ROOT / "node_modules" / "katex"


class Drawn(HTMLParser):
    """The characters of a page that are drawn as parts of its formulas."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.characters: set[str] = set()
        self._depth = 0  # of spans, in a formula
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "span" and (self._depth or ("class", "katex-html") in attrs):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "span" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.characters.update(data)


@pytest.fixture(scope="module")
def cut(problems: dict[str, Problem]) -> Path:
    return ensure_formula_fonts(KATEX, characters_of(problems.values()))


def fonts(katex: Path) -> dict[str, TTFont]:
    return {path.name: TTFont(path) for path in (katex / "dist" / "fonts").glob("*.woff2")}


def drawing(font: TTFont, character: str) -> list[Any]:
    glyph, pen = font.getGlyphSet()[font.getBestCmap()[ord(character)]], RecordingPen()
    glyph.draw(pen)
    return [glyph.width, *pen.value]


def test_every_character_of_every_formula_is_drawn_as_before(dist: Path, cut: Path) -> None:
    characters = set[str]().union(*(Drawn(page).characters for page in dist.rglob("*.html")))
    assert set("x∑∇∈") < characters
    compared = 0
    whole, smaller = fonts(KATEX), fonts(cut)
    assert whole.keys() == smaller.keys()
    for name, font in whole.items():
        for character in characters & set(map(chr, font.getBestCmap())):
            assert drawing(smaller[name], character) == drawing(font, character), (name, character)
            compared += 1
    assert compared > 500


def test_what_no_formula_needs_is_left_out(cut: Path) -> None:
    assert "ℷ" in map(chr, fonts(KATEX)["KaTeX_AMS-Regular.woff2"].getBestCmap())
    assert "ℷ" not in map(chr, fonts(cut)["KaTeX_AMS-Regular.woff2"].getBestCmap())


def test_characters_are_those_that_are_drawn(problems: dict[str, Problem]) -> None:
    """Not what only stands in the text or in TeX; and `<`, though HTML writes it as `&lt;`."""
    characters = characters_of(problems.values())
    assert "<" in characters
    assert not set("&;\\qJ") & set(characters)


def test_the_published_site_has_the_cut_fonts(dist: Path, cut: Path) -> None:
    made = {path.read_bytes() for path in (cut / "dist" / "fonts").iterdir()}
    assert {path.read_bytes() for path in dist.rglob("*.woff2")} == made


@pytest.mark.parametrize("place", ["Turn scores", "Because.", "- A hint:"])
@pytest.mark.parametrize("name", ["a.md", "a.fr.md"])
def test_a_new_character_anywhere_in_a_problem(tmp_path: Path, name: str, place: str) -> None:
    clone = Clone(tmp_path)
    text = f"{PROBLEM}\n## Hints\n\n- A hint: $z$.\n"
    clone.add("a", text)
    clone.write("problems/a.fr.md", text)
    assert characters_of(clone.read()) == "z"
    clone.write(f"problems/{name}", text.replace(place, place + r" $\gimel$"))
    assert characters_of(clone.read()) == "zℷ"


def test_other_characters_make_other_fonts(
    cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADLET_CACHE", str(tmp_path))
    one, other = ensure_formula_fonts(KATEX, "x"), ensure_formula_fonts(KATEX, "xℷ")
    assert len({one.name, other.name, cut.name}) == 3
    assert ensure_formula_fonts(KATEX, "xℷ") == other
    assert {path.name for path in other.parent.iterdir()} == {one.name, other.name}


def test_two_builds_may_cut_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADLET_CACHE", str(tmp_path))
    cut_one, others = formula_fonts._cut, list[Path]()

    def cut_slowly(font: bytes, characters: str) -> bytes:
        if not others:
            monkeypatch.setattr(formula_fonts, "_cut", cut_one)
            others.append(ensure_formula_fonts(KATEX, "x"))
        return cut_one(font, characters)

    monkeypatch.setattr(formula_fonts, "_cut", cut_slowly)
    assert [ensure_formula_fonts(KATEX, "x")] == others
    assert [path.name for path in others[0].parent.iterdir()] == [others[0].name]
