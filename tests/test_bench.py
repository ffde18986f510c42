"""The parts of the benchmarks that could quietly be wrong."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from bench import build, document, jupyterlite, report
from bench.line import CHUNK, Line, serving
from bench.stage import percentile
from bench.visits import page_weight

from gradlet.serve import application

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("values", "expected"), [([1.0], 1), ([2.0, 1.0], 2), ([float(n) for n in range(1, 101)], 95)]
)
def test_percentile(values: list[float], expected: float) -> None:
    assert percentile(values, 0.95) == expected


def test_what_comes_over_the_line_is_whole_and_counted(tmp_path: Path) -> None:
    content = bytes(range(256)) * 300
    assert len(content) > 2 * CHUNK
    (tmp_path / "file.bin").write_bytes(content)
    line = Line()
    with serving(line, application(tmp_path), application(tmp_path)) as addresses:
        for megabits in (0, 50):
            line.open(megabits)
            bodies = [httpx.get(f"{address}file.bin").content for address in addresses]
            assert bodies == [content, content]
            assert line.bytes == {"/file.bin": 2 * len(content)}


def test_a_narrow_line_waits_as_long_as_the_bytes_take(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        waited.append(seconds)
        await sleep(0)

    monkeypatch.setattr("bench.line.asyncio.sleep", note)
    monkeypatch.setattr("bench.line.time.perf_counter", lambda: 100.0)
    line = Line()
    line.open(megabits=8)  # a million bytes a second
    with ThreadPoolExecutor(1) as thread:  # in this one Playwright's loop may be running
        for count in (500_000, 250_000):
            thread.submit(asyncio.run, line._pass(count)).result()
    assert waited == [pytest.approx(0.5), pytest.approx(0.75)], "one after the other"


def test_jupyterlite_is_served_as_all_are_but_for_the_headers_it_cannot_have(
    tmp_path: Path,
) -> None:
    (tmp_path / "index.html").write_text("<script>start()</script>")
    apps = application(tmp_path), jupyterlite.application(tmp_path)
    with serving(Line(), *apps) as addresses:
        ours, theirs = (httpx.get(address).headers.keys() for address in addresses)
    assert ours - theirs == {name.lower() for name in jupyterlite.NOT_SENT}
    assert theirs <= ours


def test_what_the_kernel_needs_comes_once_and_not_what_is_there_already() -> None:
    packages = {
        "ipython": {"depends": ["prompt_toolkit", "six"]},
        "prompt-toolkit": {"depends": ["wcwidth", "six"]},
        "six": {"depends": []},
        "wcwidth": {"depends": ["six"]},
        "scipy": {"depends": ["numpy"]},
    }
    found = jupyterlite.closure(packages, ["ipython"], had={"six"})
    assert sorted(found) == ["ipython", "prompt-toolkit", "wcwidth"]
    assert found["prompt-toolkit"] is packages["prompt-toolkit"]


def test_the_table_leaves_open_what_a_peer_was_not_measured_at() -> None:
    seconds = {"seconds": {"median": 2.0, "p95": 3.0}, "bytes": 1_000_000, "files": {}}
    stopped = {side: {"seconds": seconds["seconds"]} for side in ("gradlet", "bare")}
    later = dict.fromkeys(("gradlet", "bare", "jupyterlite"), seconds)
    assert report.table({"later": later, "restart": stopped}) == [
        ["", "Gradlet", "bare page", "JupyterLite", "Gradlet / bare"],
        ["later visit until ready, s", "2.00 (3.00)", "2.00 (3.00)", "2.00 (3.00)", "1.00"],
        ["stopped until ready again, s", "2.00 (3.00)", "2.00 (3.00)", "", "1.00"],
        ["later visit, MB on the line until ready", "1.00", "1.00", "1.00", "1.00"],
    ]


def test_the_page_is_all_but_python() -> None:
    page = {"/index.html": 1, "/assets/problem-X.js": 2}
    python = ("/runtime-1/a.wasm", "/assets/grader-0.zip", "/assets/worker-X.js")
    files = {**page, **dict.fromkeys((*python, "/problems/softmax/tests-0.json"), 40)}
    assert page_weight(files) == 3


def test_a_table_takes_the_place_of_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "DOCUMENT", tmp_path / "page.md")
    document.DOCUMENT.write_text("a\n<!-- x -->\nold\n<!-- /x -->\nb\n")
    for new in ("one", "two"):
        document.put("x", document.markdown([["head"], [new]]))
        text = document.DOCUMENT.read_text()
        assert text == f"a\n<!-- x -->\n\n| head |\n| --- |\n| {new} |\n\n<!-- /x -->\nb\n"
    with pytest.raises(SystemExit, match="should have"):
        document.put("y", "")


def test_generated_problems_have_formulas_and_code_of_their_own(tmp_path: Path) -> None:
    build.generate(tmp_path, 4)
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((tmp_path / "problems").glob("*.md"))
    ]
    assert len(texts) == 4
    displayed = [formula for text in texts for formula in re.findall(r"\$\$[^$]+\$\$", text)]
    assert len(displayed) >= 4
    assert len(set(displayed)) == len(displayed)
    code = [
        one for text in texts for one in re.findall(r"^```python\n(.+?)^```", text, re.M | re.S)
    ]
    assert len(code) >= 12
    assert len(set(code)) == len(code)
