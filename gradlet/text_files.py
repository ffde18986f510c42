"""Files that people write, and what lies between them that nobody has written."""

from pathlib import Path

from .complaint import Complaint


def is_leftover(name: str) -> bool:
    """What editors and systems leave: `.#mean.py` and `#mean.py#` (Emacs), `.mean.py.swp` (Vim),
    `mean.py~`, `.DS_Store`, the folder `.ipynb_checkpoints`."""
    return name.startswith((".", "#")) or name.endswith("~")


def decoded(data: bytes, path: Path, complaints: list[Complaint]) -> str:
    """The text of a file, with a complaint about what is none."""
    try:
        text = data.decode("utf-8-sig")  # editors on Windows begin files with a mark
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = "the file is not UTF-8 text"
        complaints.append(Complaint(path, line, problem, "save it with the encoding UTF-8"))
        text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")
