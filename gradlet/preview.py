"""Preview pictures: what a chat or a forum shows where somebody has put a link to a page."""

import io
import textwrap
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from gradlet.cache_folder import cache
from gradlet.dist import short_hash

SIZE = (1200, 630)
FONTS = Path("node_modules/@expo-google-fonts/source-sans-3")
PAPER, INK, SOFT, ACCENT = "#fbfaf7", "#23211d", "#666057", "#265e8c"
LOOK = b"1"  # change it with what is drawn below: pictures are kept by it
LEFT, RIGHT = 90, 1110


def preview(root: Path, title: str, meta: str, text: str) -> bytes:
    """A PNG of 1200 x 630: title, a line about it, and the beginning of its text.

    It is drawn once: a cache outside the repository keeps it by its content.
    """
    name = short_hash(LOOK, title.encode(), meta.encode(), text.encode())
    kept = cache() / "previews" / f"{name}.png"
    if kept.is_file():
        return kept.read_bytes()
    png = _draw(root, title, meta, text)
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(".part")
    part.write_bytes(png)
    part.replace(kept)  # in one step: nobody ever sees half a picture
    return png


def _draw(root: Path, title: str, meta: str, text: str) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 16, SIZE[1]), fill=ACCENT)
    bold, regular = _font(root, "600SemiBold", 84), _font(root, "400Regular", 40)
    y = 90
    for line in _wrapped(draw, title, bold, 2):
        draw.text((LEFT, y), line, INK, bold)
        y += 96
    draw.text((LEFT, y + 12), meta, ACCENT, _font(root, "600SemiBold", 36))
    y += 84
    for line in _wrapped(draw, text, regular, 4):
        draw.text((LEFT, y), line, SOFT, regular)
        y += 52
    draw.text((LEFT, 540), "Gradlet", INK, _font(root, "600SemiBold", 40), anchor="ls")
    _triangle(draw, RIGHT - 30, 520)
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=4)  # more takes longer than it saves
    return buffer.getvalue()


def _triangle(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    """The site's sign: a nabla."""
    draw.polygon([(x - 36, y - 32), (x + 36, y - 32), (x, y + 32)], outline=ACCENT, width=9)


def _wrapped(
    draw: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, most: int
) -> list[str]:
    """The text in lines that fit, at most so many."""
    average = draw.textlength(text, font) / max(1, len(text))
    width = int(1.2 * (RIGHT - LEFT) / max(1, average))
    while True:
        lines = textwrap.wrap(text, width, max_lines=most, placeholder=" …")
        if width < 8 or all(draw.textlength(line, font) <= RIGHT - LEFT for line in lines):
            return lines
        width -= 1


@lru_cache
def _font(root: Path, weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(root / FONTS / weight / f"SourceSans3_{weight}.ttf", size)
