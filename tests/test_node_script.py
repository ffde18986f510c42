"""Scripts in Node.js that work beside Python."""

from pathlib import Path

import pytest

from gradlet.node_script import NodeFailed, node_script
from gradlet.setup.node import find_node

NODE = find_node()
DOUBLE = """\
import { createInterface } from "node:readline";
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(JSON.parse(line) + JSON.parse(line)));
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.mjs"


def test_answers_come_in_order(script: Path) -> None:
    script.write_text(DOUBLE)
    with node_script(NODE, script) as double:
        long = "é" * 100_000  # more than a pipe holds
        for question in (1, "a\nb", long):
            double.tell(question)
        assert list(double.answers()) == [2, "a\nba\nb", long + long]


def test_without_a_question_nothing_is_started(script: Path) -> None:
    with node_script("no such program", script) as nothing:
        assert list(nothing.answers()) == []


def test_a_script_that_fails_is_quoted(script: Path) -> None:
    script.write_text("throw new Error('no more paper')")
    with node_script(NODE, script) as failing:
        for _ in range(1000):
            failing.tell("x" * 1000)
        with pytest.raises(NodeFailed, match="no more paper"):
            failing.answers()


def test_it_ends_with_its_block(script: Path) -> None:
    script.write_text("setInterval(() => {}, 1000)")
    with node_script(NODE, script) as endless:
        endless.tell(1)
        process = endless._process
        assert process
        assert process.poll() is None
    assert process.returncode is not None
