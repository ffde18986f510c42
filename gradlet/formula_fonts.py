"""KaTeX's style sheet with its fonts cut to the characters that the site's formulas have.

A font draws a thousand characters, the formulas of a site some dozens: cut, the fonts of a page
weigh a third, and formulas stand in their own type earlier.
"""

import io
import re
import tempfile
from collections.abc import Iterable
from html import unescape
from importlib.metadata import version
from pathlib import Path

from gradlet.cache_folder import cache
from gradlet.dist import short_hash
from gradlet.problem import Problem

SHEET = Path("dist", "katex.min.css")
FONTS = Path("dist", "fonts")
# In KaTeX's HTML; what stands before is MathML, for screen readers.
DRAWN, CHARACTERS = b'class="katex-html"', re.compile(rb">([^<]+)")
# Every browser that runs Pyodide takes woff2.
OLDER = re.compile(r',url\([^)]*\) format\("(?:woff|truetype)"\)')


def characters_of(problems: Iterable[Problem]) -> str:
    """What is drawn in the formulas of the problems, sorted."""
    texts = (text for one in problems for text in (one, *one.translations.values()))
    formulas = {formula for text in texts for formula in text.formulas}
    pieces = {
        piece for formula in formulas for piece in CHARACTERS.findall(formula, formula.index(DRAWN))
    }
    return "".join(sorted(set(unescape(b"".join(pieces).decode()))))


def ensure_formula_fonts(katex: Path, characters: str) -> Path:
    """A folder that stands for KaTeX's own, with these characters; from the cache if it is there.

    Each font is as KaTeX's but for its hints, which a third of its bytes are and which browsers
    that smooth in both directions need no more.
    """
    sheet = OLDER.sub("", (katex / SHEET).read_text("utf-8"))
    fonts = {path.name: path.read_bytes() for path in (katex / FONTS).glob("*.woff2")}
    tools = [version(name) for name in ("fonttools", "brotli")]
    made_of = (Path(__file__).read_text("utf-8"), *tools, characters, sheet)
    key = short_hash(*map(str.encode, made_of), *fonts.values())
    folder = cache() / "formula-fonts" / key
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as name:
            new = Path(name, "katex")
            (new / FONTS).mkdir(parents=True)
            (new / SHEET).write_text(sheet, "utf-8")
            for name, font in fonts.items():
                (new / FONTS / name).write_bytes(_cut(font, characters))
            try:
                new.rename(folder)
            except OSError:
                if not folder.is_dir():  # else another build was quicker
                    raise
    return folder


def _cut(font: bytes, characters: str) -> bytes:
    from fontTools import subset  # here, since it takes a tenth of a second and is seldom needed

    options = subset.Options(flavor="woff2", hinting=False)
    whole = subset.load_font(io.BytesIO(font), options)
    cutter = subset.Subsetter(options)
    cutter.populate(text=characters)
    cutter.subset(whole)
    cut = io.BytesIO()
    subset.save_font(whole, cut, options)
    return cut.getvalue()
