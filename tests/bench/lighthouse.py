"""What Lighthouse says of the start page and of a problem, as seen from a slow phone.

Lighthouse is large, and no part of the project: npm brings it into the cache, for this only.
"""

import json
import os
import statistics
import subprocess
from pathlib import Path
from typing import Any

from bench.stage import SLUG, Stage
from gradlet.cache_folder import cache
from gradlet.setup.browser import ensure_browser, launch_flags
from gradlet.setup.node import environment, find_node

VERSION = "13.5.0"
TIMES = 3
METRICS = {
    "first contentful paint": "first-contentful-paint",
    "largest contentful paint": "largest-contentful-paint",
    "total blocking time": "total-blocking-time",
    "cumulative layout shift": "cumulative-layout-shift",
    "speed index": "speed-index",
}


def measure(stage: Stage) -> dict[str, Any]:
    """The median score (0 to 100) and its metrics, for each page."""
    stage.line.open()
    program = ensure_lighthouse()
    problem = stage.addresses["gradlet"]
    pages = {"start page": problem.removesuffix(f"problems/{SLUG}/"), "problem": problem}
    return {
        name: _median([_run(program, url) for _ in range(TIMES)]) for name, url in pages.items()
    }


def ensure_lighthouse() -> Path:
    folder = cache() / f"bench-lighthouse-{VERSION}"
    program = folder / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not program.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
        command += ["--prefix", str(folder), f"lighthouse@{VERSION}"]
        subprocess.run(command, check=True, env=environment(find_node()))
    return program


def _run(program: Path, url: str) -> dict[str, Any]:
    flags = " ".join(["--headless=new", *launch_flags()])
    command = [str(find_node()), str(program), url, "--output=json", "--quiet"]
    command += ["--only-categories=performance", f"--chrome-flags={flags}"]
    env = {**os.environ, "CHROME_PATH": str(ensure_browser())}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=env)
    return dict(json.loads(done.stdout))


def _median(reports: list[dict[str, Any]]) -> dict[str, Any]:
    scores = [100 * report["categories"]["performance"]["score"] for report in reports]
    values = {
        name: statistics.median(report["audits"][audit]["numericValue"] for report in reports)
        for name, audit in METRICS.items()
    }
    below_full = sorted(
        audit["id"]
        for audit in reports[-1]["audits"].values()
        if audit.get("score") is not None and audit["score"] < 0.9
    )
    return {
        "score": round(statistics.median(scores)),
        **{name: round(value, 3) for name, value in values.items()},
        "to mend": below_full,
    }
