"""All problems of a clone: read, checked, and in the order in which to solve them."""

import gc
import heapq
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from . import draft, hidden_tests, markdown, mistakes, python_source
from .complaint import Complaint, Complaints, closest, complain_to
from .cross_checks import OTHER_USE, Reference, Sources, Tests, check
from .draft import Draft
from .mistakes import WrongFile
from .problem import DIFFICULTIES, Problem, Section, module_name
from .text_files import decoded, is_leftover
from .typesetting import Piece, Typesetter
from .words import LANGUAGES, SOURCE, language_of

BATCH = 10  # problem files whose formulas and code Node.js gets at once


class _Checked(Protocol):
    @property
    def complaints(self) -> list[Complaint]: ...


_File = TypeVar("_File", bound=_Checked)
_Code = tuple[Tests, Reference, tuple[WrongFile, ...]]
_Parts = tuple[Draft, _Code, dict[str, Problem]]


def read_catalogue(root: Path, node: Path | str = "node") -> list[Problem]:
    """The problems of the clone at `root`, every prerequisite before what needs it.

    Raises:
        Complaints: everything that is wrong in the files.
        SetupError: Node.js cannot be run, or not what sets formulas and code in it.
    """
    return Catalogue(root, node).read()


class UnknownProblem(Exception):
    """A slug that no problem has; the message says which was probably meant."""


def chosen(problems: Sequence[Problem], slugs: Iterable[str]) -> list[Problem]:
    """The problems with these slugs, in the order of the catalogue.

    Raises:
        UnknownProblem: a slug is that of no problem.
    """
    wanted = dict.fromkeys(slugs)
    known = [problem.slug for problem in problems]
    for slug in wanted:
        if slug not in known:
            meant = closest(slug, known)
            hint = f"did you mean {meant!r}?" if meant else f"there are {', '.join(known)}"
            raise UnknownProblem(f"There is no problem {slug!r}: {hint}")
    return [problem for problem in problems if problem.slug in wanted]


class Catalogue:
    """Reads like `read_catalogue`, and the next time only what has changed since.

    A problem whose files are unchanged is the same object as before. Threads may share it.
    """

    def __init__(self, root: Path, node: Path | str = "node") -> None:
        self._root = root
        self._typesetter = Typesetter(node)
        self._draft = _Reader(root, draft.read)
        self._tests = _Reader(root, _read_tests)
        self._reference = _Reader(root, _read_reference)
        self._reading = threading.Lock()
        self._wrong = _Reader(root, lambda path, text: WrongFile(path, text, []))
        self._problems: dict[Path, tuple[_Parts, Problem]] = {}

    def read(self) -> list[Problem]:
        """As `read_catalogue`."""
        with self._reading, _no_garbage_collection():
            return self._read()

    def _read(self) -> list[Problem]:
        complaints: list[Complaint] = []
        with self._typesetter.rendering() as render:
            sources = self._sources(complaints, render)
        wrong = self._wrong_files(complaints)
        complaints += self._broken_formulas(sources)
        complaints += check(sources)
        if complaints:
            raise Complaints(complaints)
        return _in_order([self._problem(one, sources, wrong) for one in sources.drafts.values()])

    def _sources(
        self, complaints: list[Complaint], render: Callable[[Iterable[Piece]], None]
    ) -> Sources:
        drafts = self._drafts(_problem_files(self._root, complaints), render)
        tests = [self._tests(file) for file in _test_files(self._root, complaints)]
        references = [self._reference(file) for file in _python_files(self._root / "reference")]
        for files in (drafts, tests, references):
            for file in files:
                complaints += file.complaints
        originals, translations = _by_language(drafts)
        return Sources(
            self._root,
            originals,
            {one.path.stem.removeprefix("test_"): one for one in tests},
            {one.path.stem: one for one in references},
            translations,
        )

    def _drafts(self, files: list[Path], render: Callable[[Iterable[Piece]], None]) -> list[Draft]:
        """Node.js renders their formulas and code while Python reads on."""
        drafts: list[Draft] = []
        finished = self._finished_drafts()
        for start in range(0, len(files), BATCH):
            some = [self._draft(file) for file in files[start : start + BATCH]]
            fresh = (one for one in some if one not in finished)
            render(piece for one in fresh for piece in one.mentions.pieces())
            drafts += some
        return drafts

    def _finished_drafts(self) -> set[Draft]:
        """What was there and sound at the last read."""
        return {parts[0] for parts, _ in self._problems.values()}

    def _wrong_files(self, complaints: list[Complaint]) -> dict[str, list[WrongFile]]:
        """By the name of the problem's modules."""
        found = defaultdict(list)
        for file in sorted((self._root / mistakes.FOLDER).glob("*/*.py")):
            if not is_leftover(file.name) and not is_leftover(file.parent.name):
                wrong = self._wrong(file)
                complaints += wrong.complaints
                found[file.parent.name].append(wrong)
        return found

    def _broken_formulas(self, sources: Sources) -> Iterator[Complaint]:
        translated = [one for drafts in sources.translations.values() for one in drafts.values()]
        for one in {*sources.drafts.values(), *translated} - self._finished_drafts():
            for line, formula in one.mentions.formulas:
                if broken := self._typesetter.broken(formula):
                    problem = f"KaTeX cannot render this formula: {broken.message}"
                    fix = "correct the TeX; katex.org/docs/supported lists what KaTeX knows"
                    yield Complaint(one.path, line + broken.line, problem, fix)

    def _problem(self, one: Draft, sources: Sources, wrong: dict[str, list[WrongFile]]) -> Problem:
        name = module_name(one.slug)
        code = (sources.tests[name], sources.references[name], tuple(wrong.get(name, ())))
        translations = {
            language: self._finished(one.slug, other, code, {})
            for language, other in sources.translations.get(one.slug, {}).items()
        }
        return self._finished(one.slug, one, code, translations)

    def _finished(
        self, slug: str, one: Draft, code: _Code, translations: dict[str, Problem]
    ) -> Problem:
        parts = (one, code, translations)
        known = self._problems.get(one.path)
        if known is None or known[0] != parts:
            known = (parts, _finish(slug, *parts, self._typesetter))
            self._problems[one.path] = known
        return known[1]


class _Reader(Generic[_File]):
    """Reads files, and reads a file again only when it was written since."""

    def __init__(self, root: Path, read: Callable[[Path, str], _File]) -> None:
        self._root = root
        self._read = read
        self._known: dict[Path, tuple[tuple[int, int], _File]] = {}

    def __call__(self, file: Path) -> _File:
        status = file.stat()
        written = status.st_mtime_ns, status.st_size
        known = self._known.get(file)
        if known is None or known[0] != written:
            path = file.relative_to(self._root)
            complaints: list[Complaint] = []
            content = self._read(path, decoded(file.read_bytes(), path, complaints))
            content.complaints.extend(complaints)
            known = self._known[file] = (written, content)
        return known[1]


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A syntax tree is thousands of small objects that go when they are done with, since none of
    them holds itself: searching them for garbage only takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _read_tests(path: Path, text: str) -> Tests:
    complaints: list[Complaint] = []
    complain = complain_to(complaints, path)
    tree = python_source.parse(text, complain)
    tests = hidden_tests.read(tree, complain) if tree else ()
    imports = python_source.imports(tree) if tree else ()
    return Tests(path, text, tests, imports, complaints)


def _read_reference(path: Path, text: str) -> Reference:
    complaints: list[Complaint] = []
    tree = python_source.parse(text, complain_to(complaints, path))
    functions = python_source.functions(tree) if tree else None
    imports = python_source.imports(tree) if tree else ()
    return Reference(path, text, functions, imports, complaints)


def _problem_files(root: Path, complaints: list[Complaint]) -> list[Path]:
    folder, files = root / "problems", []
    for parent, name in sorted((one, name) for one, _, names in os.walk(folder) for name in names):
        if not name.lower().endswith((".md", ".markdown")):
            continue
        file = Path(parent, name)
        if any(map(is_leftover, file.relative_to(folder).parts)):
            continue
        if wrong := _elsewhere(file, folder) or _in_no_language(file):
            complaints.append(Complaint(file.relative_to(root), 1, *wrong))
        else:
            files.append(file)
    if not files:
        problem, fix = "there are no problems", "write the first, problems/<name>.md"
        complaints.append(Complaint(Path("problems"), 1, problem, fix))
    return files


def _elsewhere(file: Path, folder: Path) -> tuple[str, str] | None:
    if file.parent == folder and file.suffix == ".md":
        return None
    problem = "only problems/<name>.md is read as a problem"
    return problem, f"move the file to problems/{file.stem}.md, or out of problems/"


def _in_no_language(file: Path) -> tuple[str, str] | None:
    name, dot, language = file.stem.partition(".")
    others = [code for code in LANGUAGES if code != SOURCE]
    if not dot or language in others:
        return None
    form = " or ".join(f"{name}.{code}.md ({LANGUAGES[code]})" for code in others)
    problem = f"{language!r} is no language that a problem can be translated into"
    return problem, f"name a translation {form}; the name of a problem has no dot"


def _test_files(root: Path, complaints: list[Complaint]) -> list[Path]:
    files = []
    for file in _python_files(root / "hidden_tests"):
        if file.name.startswith("test_"):
            files.append(file)
            continue
        new = f"test_{file.name}"
        fix = f"rename it to {new}" if not file.with_name(new).exists() else "remove it"
        fix += f"; {OTHER_USE}"
        problem = "only hidden_tests/test_<name>.py is read as hidden tests"
        complaints.append(Complaint(file.relative_to(root), 1, problem, fix))
    return files


def _python_files(folder: Path) -> list[Path]:
    names = sorted(entry.name for entry in os.scandir(folder)) if folder.is_dir() else []
    return [
        folder / name
        for name in names
        if name.endswith(".py")
        and name != "conftest.py"
        and not (name.startswith("_") or is_leftover(name))
    ]


def _by_language(drafts: list[Draft]) -> tuple[dict[str, Draft], dict[str, dict[str, Draft]]]:
    """The problems by slug, and their translations (`<slug>.fr.md`) by slug and language."""
    originals: dict[str, Draft] = {}
    translations: dict[str, dict[str, Draft]] = {}
    for one in drafts:
        language = language_of(one.path)
        if language == SOURCE:
            originals[one.slug] = one
        else:
            translations.setdefault(one.path.stem.partition(".")[0], {})[language] = one
    return originals, translations


def _finish(
    slug: str,
    one: Draft,
    code: _Code,
    translations: dict[str, Problem],
    typesetter: Typesetter,
) -> Problem:
    assert one.front
    assert one.text
    assert one.starter
    tests, reference, wrong = code
    return Problem(
        **dict(one.front.fields),
        slug=slug,
        name=module_name(slug),
        path=one.path,
        summary_html=_joined(one.text.summary, typesetter),
        summary_text=one.text.plain_summary,
        sections=tuple(
            Section(title=title, anchor=markdown.anchor(title), parts=typesetter.fill(html))
            for title, html in one.text.sections
        ),
        starter=one.starter.code,
        formulas=tuple(typesetter.html(formula) for _, formula in one.mentions.formulas),
        examples=one.text.examples,
        hints=tuple(_joined(hint, typesetter) for hint in one.text.hints),
        images=tuple(dict.fromkeys(Path("problems", path) for _, path in one.mentions.images)),
        figures=tuple(dict.fromkeys(name for _, name in one.mentions.figures)),
        tests=tests.tests,
        test_source=tests.source,
        reference_source=reference.source,
        mistakes=tuple(mistakes.mistakes(wrong)),
        language=language_of(one.path),
        translations=translations,
    )


def _joined(html: str, typesetter: Typesetter) -> str:
    return b"".join(typesetter.fill(html)).decode()


def _in_order(problems: list[Problem]) -> list[Problem]:
    """Easy ones first, then by title, but each prerequisite before what needs it."""
    by_slug = {problem.slug: problem for problem in problems}
    ordered, ready = [], list[tuple[int, str, str]]()
    sorter = TopologicalSorter({problem.slug: problem.prerequisites for problem in problems})
    sorter.prepare()
    while sorter.is_active():
        for slug in sorter.get_ready():
            problem = by_slug[slug]
            key = (DIFFICULTIES.index(problem.difficulty), problem.title.casefold(), slug)
            heapq.heappush(ready, key)
        slug = heapq.heappop(ready)[2]
        ordered.append(by_slug[slug])
        sorter.done(slug)
    return ordered
