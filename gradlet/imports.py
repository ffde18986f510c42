"""Whether learners' browsers have the modules that a problem's code imports."""

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from .python_source import Import
from .setup.python_runtime import modules_of, package_with, standard_modules

ALWAYS = frozenset(("numpy", "pytest", "grader", "reference"))


def undeclared(
    root: Path, packages: Collection[str], imports: Iterable[Import]
) -> Iterator[tuple[int, str, str]]:
    """Line, problem and fix of each import that neither Python nor the packages have."""
    for line, module in imports:
        if module in ALWAYS or module in standard_modules(root):
            continue
        if any(module in modules_of(root, package) for package in packages):
            continue
        if module in sys.stdlib_module_names:
            if not module.startswith("_"):  # what is Python's own business is not judged
                said = "is in the standard library of this Python, and not of the browser's"
                yield line, f"{module!r} {said}", "do without it"
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
