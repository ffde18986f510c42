"""axe-core in a page: what it finds wrong for people who see, hear or move differently."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    # Of what is in order it then tells one example each, and not a megabyte.
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("(options) => axe.run(options)", options)
    assert found["passes"], "axe has looked at the page"
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
