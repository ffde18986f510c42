"""Whether learners' browsers have the modules that a problem's code imports."""

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from .python_source import Import
from .setup.python_runtime import modules_of, package_with

# Of this machine's Python: a browser's lacks a few, such as tkinter and curses.
ALWAYS = sys.stdlib_module_names | {"numpy", "pytest", "grader", "reference"}


def undeclared(
    root: Path, packages: Collection[str], imports: Iterable[Import]
) -> Iterator[tuple[int, str, str]]:
    """Line, problem and fix of each import that neither Python nor the packages have."""
    for line, module in imports:
        if module in ALWAYS or any(module in modules_of(root, package) for package in packages):
            continue
        problem = f"{module!r} is in no package that the problem names: browsers may not have it"
        package = package_with(root, module)
        fix = (
            f"add {package!r} to 'packages' in the front matter"
            if package
            else "do without it, or name the package that has it under 'packages' in the front "
            "matter, pinned by `make package NAME=<package>==<version>`"
        )
        yield line, problem, fix
