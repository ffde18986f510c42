"""The settings that all Jinja templates share which become HTML or XML."""

from functools import lru_cache
from pathlib import Path

import jinja2


@lru_cache(maxsize=4)  # compiled once, however many pages are made of them, or however often
def templates(folder: Path) -> jinja2.Environment:
    """The templates in `folder`: what is put in is escaped, and a name that is none is an error."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
