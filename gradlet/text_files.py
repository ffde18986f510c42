"""Files that people write, and what lies between them that nobody has written."""


def is_leftover(name: str) -> bool:
    """What editors and systems leave: `.#mean.py` and `#mean.py#` (Emacs), `.mean.py.swp` (Vim),
    `mean.py~`, `.DS_Store`, the folder `.ipynb_checkpoints`."""
    return name.startswith((".", "#")) or name.endswith("~")
