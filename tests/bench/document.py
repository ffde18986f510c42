"""The tables in docs/performance.md: whoever measures writes them anew."""

import re
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "performance.md"


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """A table; the first row is its head."""
    head, *body = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([head, "|" + " --- |" * len(rows[0]), *body])


def put(section: str, table: str) -> None:
    """Replace what stands between the two marks of a section."""
    text = DOCUMENT.read_text(encoding="utf-8")
    marks = f"<!-- {section} -->", f"<!-- /{section} -->"
    pattern = f"(?<={re.escape(marks[0])}\n).*(?={re.escape(marks[1])})"
    new, count = re.subn(pattern, lambda _: f"\n{table}\n\n", text, flags=re.DOTALL)
    if count != 1:
        raise SystemExit(f"{DOCUMENT} should have {marks[0]} and {marks[1]} on lines of their own.")
    DOCUMENT.write_text(new, encoding="utf-8")
