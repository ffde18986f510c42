"""What no file can know by itself: titles, links, prerequisites, and files that belong together."""

import keyword
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from .complaint import Complaint, closest
from .draft import Draft
from .imports import undeclared
from .problem import SLUG, FrontMatter, HiddenTest, module_name
from .python_source import Function, Import
from .setup.python_runtime import name_of, package_problem

OTHER_USE = "a file for other use, which no test can import, begins its name with _"
FIGURES = Path("site", "figures")  # their scripts; the still pictures are images as others are


@dataclass(frozen=True, eq=False)
class Tests:
    """A hidden test file, `path` relative to the clone."""

    path: Path
    source: str
    tests: tuple[HiddenTest, ...]
    imports: tuple[Import, ...]
    complaints: list[Complaint]


@dataclass(frozen=True, eq=False)
class Reference:
    """A reference file, `path` relative to the clone; no functions if it is not valid Python."""

    path: Path
    source: str
    functions: dict[str, Function] | None
    imports: tuple[Import, ...]
    complaints: list[Complaint]


@dataclass(frozen=True)
class Sources:
    """All files that authors write: drafts by slug, the Python files by module name."""

    root: Path
    drafts: dict[str, Draft]
    tests: dict[str, Tests]
    references: dict[str, Reference]
    translations: dict[str, dict[str, Draft]] = field(default_factory=dict)  # by slug, language


def check(sources: Sources) -> Iterator[Complaint]:
    """Everything wrong between the files."""
    yield from _titles(sources)
    yield from _prerequisites(sources)
    yield from _cycles(sources)
    yield from _orphans(sources)
    for draft in sources.drafts.values():
        yield from _file_name(draft, sources)
        yield from _links(draft, sources)
        yield from _images(draft, sources)
        yield from _figures(draft, sources)
        yield from _packages(draft, sources)
        yield from _imports(draft, sources)
        yield from _tests_and_reference(draft, sources)
    for slug, translations in sources.translations.items():
        for draft in translations.values():
            yield from _translation(draft, slug, sources)
            yield from _links(draft, sources)
            yield from _images(draft, sources)
            yield from _imports(draft, sources)


def _translation(draft: Draft, slug: str, sources: Sources) -> Iterator[Complaint]:
    """A translation differs from its problem in words only."""
    original = sources.drafts.get(slug)
    if not original:
        problem = f"the file translates no problem: there is no problems/{slug}.md"
        meant = closest(slug, sources.drafts)
        yield Complaint(draft.path, 1, problem, f"rename it after {meant or 'a problem'}")
        return
    if not draft.front or not original.front:
        return  # said already
    where = original.path.as_posix()
    for name in FrontMatter.model_fields:
        if name == "title":
            continue
        here, there = getattr(draft.front.fields, name), getattr(original.front.fields, name)
        if here != there:
            problem = f"{name!r} is not what it is in {where}"
            fix = "write the same as there: only 'title' and the text are translated"
            yield Complaint(draft.path, draft.line_of(name), problem, fix)
    starter, other = draft.starter, original.starter
    if starter and starter.function and other and other.function:
        here, there = starter.function.signature, other.function.signature
        if here != there:
            problem = f"the starter code has '{here}', that of {where} '{there}'"
            line = starter.line + starter.function.line - 1
            yield Complaint(draft.path, line, problem, "give both the same parameters")


def _titles(sources: Sources) -> Iterator[Complaint]:
    first: dict[str, Draft] = {}
    for draft in sources.drafts.values():
        title = draft.front.fields.title if draft.front else ""
        if not title:
            continue
        other = first.setdefault(title.casefold(), draft)
        if other is not draft:
            line = draft.line_of("title")
            problem = f"the title {title!r} is also that of {other.path.as_posix()}"
            yield Complaint(draft.path, line, problem, "write another title")


def _prerequisites(sources: Sources) -> Iterator[Complaint]:
    for draft in sources.drafts.values():
        for index, slug in enumerate(_needs(draft)):
            line = draft.line_of("prerequisites", index)
            if slug == draft.slug:
                problem = "the problem is its own prerequisite"
                yield Complaint(draft.path, line, problem, "remove it from the list")
            elif slug not in sources.drafts:
                problem = f"there is no problem {slug!r} to be a prerequisite"
                yield Complaint(draft.path, line, problem, _suggestion(slug, sources))


def _cycles(sources: Sources) -> Iterator[Complaint]:
    graph = {
        slug: [need for need in _needs(draft) if need != slug]
        for slug, draft in sources.drafts.items()
    }
    while True:
        try:
            TopologicalSorter(graph).prepare()
            return
        except CycleError as error:
            # Each slug in the cycle is needed by the next; read backwards it is "needs".
            cycle: list[str] = error.args[1][:0:-1]
        start = cycle.index(min(cycle))
        cycle = cycle[start:] + cycle[:start]
        draft = sources.drafts[cycle[0]]
        chain = " needs ".join(repr(slug) for slug in [*cycle, cycle[0]])
        problem = f"the prerequisites run in a circle: {chain}"
        line = draft.line_of("prerequisites")
        yield Complaint(draft.path, line, problem, "remove one of these prerequisites")
        for slug in cycle:
            del graph[slug]


def _needs(draft: Draft) -> tuple[str, ...]:
    return draft.front.fields.prerequisites if draft.front else ()


def _orphans(sources: Sources) -> Iterator[Complaint]:
    names = {module_name(slug) for slug in sources.drafts}
    for kind, files in (("test_", sources.tests), ("", sources.references)):
        for name, file in files.items():
            if name in names:
                continue
            meant = closest(name, names)
            fix = f"rename it to {kind}{meant}.py" if meant else "add its problem or remove it"
            problem = f"the file belongs to no problem: there is no problems/{_slug(name)}.md"
            yield Complaint(file.path, 1, problem, f"{fix}; {OTHER_USE}")


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _file_name(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    name = module_name(draft.slug)
    proper = re.sub(r"[^a-z0-9]+", "-", draft.slug.lower()).strip("-")
    packages = draft.front.fields.packages if draft.front else ()
    problem = ""
    if not re.fullmatch(SLUG, draft.slug):
        problem = "a file name must be of small letters, digits and single hyphens"
        if proper in sources.drafts:
            problem += f", and {proper}.md is there already"
    else:
        problem = name_problem(sources.root, name, packages)
    if problem:
        fine = re.fullmatch(SLUG, proper) and proper != draft.slug and proper not in sources.drafts
        new = proper if fine else f"{proper}-from-scratch"
        yield Complaint(draft.path, 1, problem, f"rename the file, for example to {new}.md")


def name_problem(root: Path, name: str, packages: Iterable[str] = ()) -> str:
    """Why the Python files of a problem cannot have this name, or nothing."""
    if keyword.iskeyword(name):
        return f"{name!r} is a word of Python itself: its reference could not be imported"
    if name in sys.stdlib_module_names or name in {"numpy", *map(name_of, packages)}:
        # `python reference/random.py` puts that folder first on the module path.
        return f"reference/{name}.py would be imported in place of Python's module {name!r}"
    if (root / "tests" / f"test_{name}.py").exists():
        return f"pytest cannot tell its test file from tests/test_{name}.py"
    return ""


def _links(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    for line, slug in draft.mentions.links:
        if slug not in sources.drafts:
            problem = f"the link leads to {slug}.md, which is no problem"
            yield Complaint(draft.path, line, problem, _suggestion(slug, sources))


def _suggestion(slug: str, sources: Sources) -> str:
    meant = closest(slug, sources.drafts)
    return f"write {meant!r}" if meant else f"remove it or add problems/{slug}.md"


def _images(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    for line, path in draft.mentions.images:
        if not (sources.root / "problems" / path).is_file():
            problem = f"the image problems/{path} does not exist"
            yield Complaint(draft.path, line, problem, "put the file there or correct its path")


def _packages(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    for index, package in enumerate(draft.front.fields.packages if draft.front else ()):
        if wrong := package_problem(sources.root, package):
            yield Complaint(draft.path, draft.line_of("packages", index), *wrong)


def _imports(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    """What is installed on this machine besides would be missing in every learner's browser."""
    if not draft.front:
        return
    name = module_name(draft.slug)
    files = [
        (file.path, 1, file.imports)
        for file in (sources.tests.get(name), sources.references.get(name))
        if file
    ]
    if draft.starter:
        files.append((draft.path, draft.starter.line, draft.starter.imports))
    for path, first_line, imports in files:
        problem, packages = name.partition(".")[0], draft.front.fields.packages  # not `.fr`
        for line, *said in undeclared(sources.root, problem, packages, imports):
            yield Complaint(path, first_line + line - 1, *said)


def _figures(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    folder = sources.root / FIGURES
    for line, name in draft.mentions.figures:
        if not (folder / f"{name}.ts").is_file():
            meant = closest(name, (file.stem for file in folder.glob("*.ts")))
            fix = f"write {meant!r}" if meant else f"add the script {FIGURES.as_posix()}/{name}.ts"
            yield Complaint(draft.path, line, f"there is no figure {name!r}", fix)


def _tests_and_reference(draft: Draft, sources: Sources) -> Iterator[Complaint]:
    name = module_name(draft.slug)
    for what, file, known in (
        ("hidden tests", f"hidden_tests/test_{name}.py", sources.tests),
        ("reference solution", f"reference/{name}.py", sources.references),
    ):
        if name not in known:
            problem = f"the problem has no {what}"
            yield Complaint(draft.path, 1, problem, f"write them in {file}")
    reference = sources.references.get(name)
    function = draft.front.fields.function if draft.front else ""
    if function and reference and reference.functions is not None:
        yield from _function(draft, function, reference, reference.functions)


def _function(
    draft: Draft, name: str, reference: Reference, functions: dict[str, Function]
) -> Iterator[Complaint]:
    if name not in functions:
        problem = f"the function {name!r} of {draft.path.as_posix()} is not defined here"
        yield Complaint(reference.path, 1, problem, f"write 'def {name}(...):'")
        return
    signature, starter = functions[name].signature, draft.starter
    if starter and starter.function and starter.function.signature != signature:
        problem = (
            f"the starter code has '{starter.function.signature}', the reference '{signature}'"
        )
        line = starter.line + starter.function.line - 1
        yield Complaint(draft.path, line, problem, "give both the same parameters")
