"""`build.py scorm SLUG... [--out FILE.zip]`."""

import argparse
from pathlib import Path

from rich.console import Console

from gradlet.scorm import write_package


def add_options(command: argparse.ArgumentParser, root: Path) -> None:
    command.add_argument("slugs", nargs="+", metavar="SLUG", help="a problem of the package")
    command.add_argument(
        "--out", type=Path, default=Path("gradlet-scorm.zip"), help="default: gradlet-scorm.zip"
    )
    command.set_defaults(run=lambda options: run(options, root))


def run(options: argparse.Namespace, root: Path) -> int:
    problems = write_package(root, options.slugs, options.out)
    size = options.out.stat().st_size / 1e6
    count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
    console = Console(soft_wrap=True, highlight=False)
    console.print(f"Wrote {options.out}: {count}, {size:.0f} MB", markup=False)
    return 0
