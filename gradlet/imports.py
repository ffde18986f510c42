"""Whether learners' browsers have the modules that a problem's code imports."""

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from .python_source import FOLDERS, Import
from .setup.python_runtime import modules_of, package_with, standard_modules

ALWAYS = frozenset(("numpy", "pytest", "grader"))


def undeclared(
    root: Path, problem_name: str, packages: Collection[str], imports: Iterable[Import]
) -> Iterator[tuple[int, str, str]]:
    """Line, problem and fix of each import that neither Python nor the packages have.

    `problem_name` is that of the problem's Python modules.
    """
    own = f"reference.{problem_name}"
    for line, full_name in imports:
        module = full_name.partition(".")[0]  # empty if it is relative
        if not module or module in FOLDERS:
            if full_name not in ("reference", own):
                yield line, *_another_file(full_name, own)
            continue
        if module in ALWAYS or module in standard_modules(root):
            continue
        if any(module in modules_of(root, package) for package in packages):
            continue
        if module in sys.stdlib_module_names:
            if not module.startswith("_"):  # what is Python's own business is not judged
                said = "is in the standard library of this Python, and not of the browser's"
                yield line, f"{module!r} {said}", "do without it"
            continue
        if _is_file(root, module):
            yield line, *_another_file(full_name, own)
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


def _is_file(root: Path, module: str) -> bool:
    return any((root / folder / f"{module}.py").is_file() for folder in FOLDERS)


def _another_file(module: str, own: str) -> tuple[str, str]:
    problem = (
        f"{module!r} cannot be imported: of the files of this repository, hidden tests have "
        f"{own!r} and no other, and all other code has none"
    )
    return problem, "write what you need of it into this file itself"
