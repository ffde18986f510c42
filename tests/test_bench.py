"""The parts of the benchmarks that could quietly be wrong."""

import asyncio
import re
from pathlib import Path

import httpx
import pytest
from bench import build, document
from bench.line import CHUNK, Line, serving
from bench.stage import percentile
from bench.visits import page_weight

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
    with serving(line, tmp_path, tmp_path) as addresses:
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
    asyncio.run(line._pass(500_000))
    asyncio.run(line._pass(250_000))
    assert waited == [pytest.approx(0.5), pytest.approx(0.75)], "one after the other"


def test_the_page_is_all_but_python() -> None:
    files = {"/index.html": 1, "/assets/problem-X.js": 2, "/runtime-1/a.wasm": 50}
    assert page_weight({**files, "/assets/grader-0.zip": 40}) == 3


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


def test_generated_problems_have_formulas_of_their_own(tmp_path: Path) -> None:
    build.generate(tmp_path, 4)
    texts = [
        path.read_text(encoding="utf-8") for path in sorted((tmp_path / "problems").glob("*.md"))
    ]
    assert len(texts) == 4
    displayed = [formula for text in texts for formula in re.findall(r"\$\$[^$]+\$\$", text)]
    assert len(displayed) >= 4
    assert len(set(displayed)) == len(displayed)
