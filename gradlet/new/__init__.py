"""`build.py new`: the four files of a new problem, complete, and passing `check` as they stand."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

import jinja2
from pydantic import ValidationError

from gradlet.cross_checks import name_problem
from gradlet.problem import SLUG, FrontMatter, module_name

TEMPLATES = Path(__file__).parent


class NewProblemError(Exception):
    """A new problem cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class NewProblem:
    """What an author is asked for; the rest they find in the files."""

    slug: str
    title: str
    signature: str  # as after `def`: "softmax(logits: np.ndarray) -> np.ndarray"
    difficulty: str = "Easy"
    tags: tuple[str, ...] = ("new",)


def write(root: Path, problem: NewProblem) -> list[Path]:
    """Write the files of `problem` below `root`; returns them, the markdown first.

    Raises:
        NewProblemError: a field is not as it must be, or a file is there already.
    """
    function = _function(problem.signature)
    parameters = _parameters(problem.signature, function.args)
    if not re.fullmatch(SLUG, problem.slug):
        raise NewProblemError(
            f"The slug {problem.slug!r} is the problem's address: write small letters, digits and "
            "hyphens, a letter first, e.g. softmax-from-scratch."
        )
    _check_fields(problem, function.name)
    name = module_name(problem.slug)
    if taken := name_problem(root, name):
        raise NewProblemError(
            f"The slug {problem.slug!r} cannot be had: {taken}. Choose another one, "
            f"e.g. {problem.slug}-from-scratch."
        )
    files = {
        "problem.md": root / "problems" / f"{problem.slug}.md",
        "test.py": root / "hidden_tests" / f"test_{name}.py",
        "reference.py": root / "reference" / f"{name}.py",
        "wrong.py": root / "hidden_tests" / "wrong" / name / "input_returned.py",
    }
    for file in files.values():
        if file.exists():
            raise NewProblemError(
                f"{file.relative_to(root)} is there already, and nothing was written. "
                "Choose another slug, or delete the file."
            )
    # Not HTML: what is written here is read by people and by Python.
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    values = {
        "problem": problem,
        "name": name,
        "function": function.name,
        "signature": ast.unparse(function).removeprefix("def ").partition(":\n")[0],
        "parameters": parameters,
    }
    for template, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(templates.get_template(f"{template}.jinja").render(values), "utf-8")
    return list(files.values())


def _check_fields(problem: NewProblem, function: str) -> None:
    """What would stop the next build had better not be written."""
    fields = {
        "title": problem.title,
        "difficulty": problem.difficulty,
        "function": function,
        "tags": problem.tags,
    }
    try:
        FrontMatter.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        wanted = FrontMatter.model_fields[name].description
        raise NewProblemError(
            f"The {name} should be {wanted}, but here is {first['input']!r}."
        ) from error


def _parameters(signature: str, arguments: ast.arguments) -> list[str]:
    """The names of the parameters, all of which can be given by their places."""
    if arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        raise NewProblemError(
            f"{signature!r} has parameters after a *, and the files of a new problem give them by "
            "their places: leave the * out, and add it to the files afterwards."
        )
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if not names:
        raise NewProblemError(f"{signature!r} takes no argument: write at least one.")
    return names


def _function(signature: str) -> ast.FunctionDef:
    try:
        (function,) = ast.parse(f"def {signature.strip()}: pass").body
    except (SyntaxError, ValueError):
        function = None
    if not isinstance(function, ast.FunctionDef):
        raise NewProblemError(
            f"{signature!r} is no signature of a function: write its name and its arguments as "
            "after `def`, e.g. 'softmax(logits: np.ndarray) -> np.ndarray'."
        )
    return function
