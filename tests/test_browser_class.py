"""The whole way of a class: solved in browsers, saved, handed in, re-graded, in the gradebook."""

import csv
import json
from pathlib import Path

import pytest
from page import NewContext, ProblemPage
from playwright.sync_api import BrowserContext

from gradlet import cli
from gradlet.problem import Problem

SLUG = "softmax-from-scratch"
WRONG = "def softmax(logits):\n    return logits / logits.sum()\n"
FORGED = "import numpy as np\nnp.isclose = lambda *a, **k: np.True_\n" + WRONG

Problems = dict[str, Problem]


def hand_in(context: BrowserContext, site: str, name: str, code: str, folder: Path) -> list[str]:
    """Solve the problem in a browser of one's own, save the work; the verdicts on the page."""
    page = ProblemPage(context.new_page(), site)
    page.open(SLUG)
    statuses = page.run(code)
    page.page.locator("#work-menu summary").click()
    page.page.get_by_role("button", name="Save my work").click()
    page.page.locator("#learner").fill(name)
    with page.page.expect_download() as download:
        page.page.locator("#save-dialog").get_by_role("button", name="Save").click()
    download.value.save_as(
        folder / f"{len(list(folder.iterdir()))}-{download.value.suggested_filename}"
    )
    context.close()
    assert page.trouble == []
    return statuses


def test_from_the_browser_to_the_gradebook(
    new_context: NewContext,
    site: str,
    problems: Problems,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "handed-in"
    folder.mkdir()
    right = problems[SLUG].reference_source
    seen = {
        "s1815": hand_in(new_context(), site, "s1815", right, folder),
        "ada@example.org": hand_in(new_context(), site, "ada@example.org", WRONG, folder),
    }
    forged = json.loads(next(folder.glob("0-*.json")).read_text(encoding="utf-8"))
    forged["learner"] = "Mallory"
    work = forged["problems"][SLUG]
    results = {test.name: "passed" for test in problems[SLUG].tests}
    work["code"] = FORGED
    work["attempts"] = [{"at": work["changed"], "code": FORGED, "passed": True, "results": results}]
    (folder / "forged.json").write_text(json.dumps(forged), encoding="utf-8")

    grades = tmp_path / "grades.csv"
    options = ["--csv", str(grades), "--html", str(tmp_path / "report")]
    options += ["--cache", str(tmp_path / "cache")]
    assert cli.main(["regrade", str(folder), *options]) == 0

    said = capsys.readouterr().out
    assert "not confirmed: Mallory" in said
    assert "another version" not in said
    with grades.open(newline="", encoding="utf-8") as stream:
        rows = {row["Student"]: row for row in csv.DictReader(stream)}
    for name, statuses in seen.items():
        share = 100 * statuses.count("passed") / len(statuses)
        assert rows[name]["Softmax from scratch"] == f"{share:.1f}"
    assert rows["s1815"]["Gradlet total"] == "100.0"
    assert float(rows["Mallory"]["Gradlet total"]) < 100
    assert rows["ada@example.org"]["SIS Login ID"] == "ada@example.org"
    assert "Mallory" in (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
