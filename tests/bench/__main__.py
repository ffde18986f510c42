"""`make bench`: measures, and writes docs/performance/bench.json, its plot and its table.

Parts can be named to measure them alone; what the others gave before is kept.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bench import document, lighthouse, presses, report, visits
from bench.stage import ROOT, stage

OUT = ROOT / "docs" / "performance"
PARTS = {
    "later": visits.later,
    "first-20": lambda stage: visits.first(stage, "20"),
    "first-4": lambda stage: visits.first(stage, "4"),
    "press": presses.verdicts,
    "restart": presses.restarts,
    "lighthouse": lighthouse.measure,
}


def main(names: list[str]) -> None:
    if unknown := set(names) - PARTS.keys():
        sys.exit(f"No such part: {', '.join(unknown)}. There are: {', '.join(PARTS)}.")
    results = _read(OUT / "bench.json")
    with stage() as here:
        results["machine"] = report.machine(here.browser.version)
        for name in names or PARTS:
            print(f"measuring: {name}", file=sys.stderr, flush=True)
            results[name] = PARTS[name](here)
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=1, sort_keys=True)
    (OUT / "bench.json").write_text(text + "\n", encoding="utf-8")
    table = document.markdown(report.table(results))
    print(table)
    picture = "![Bars of the medians, relative to the bare page](performance/bench.svg)"
    document.put("bench", f"{picture}\n\n{report.where(results)}\n\n{table}")
    report.plot(results, OUT / "bench.svg")


def _read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


main(sys.argv[1:])
