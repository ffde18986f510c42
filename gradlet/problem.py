"""A problem: what its author wrote, validated, and ready to be laid out as a page."""

import builtins
import keyword
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

SLUG = r"[a-z][a-z0-9]*(-[a-z0-9]+)*"
DIFFICULTIES = ("Easy", "Medium", "Hard")
SECTIONS = (
    "Background",
    "Problem statement",
    "Input",
    "Output",
    "Examples",
    "Constraints",
    "Notes",
    "Starter code",
    "Hints",
)


def _free(name: str) -> str:
    if keyword.iskeyword(name) or hasattr(builtins, name):
        raise ValueError("taken by Python")
    return name


def _distinct(items: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(items)) < len(items):
        raise ValueError("repeated")
    return items


Title = Annotated[str, StringConstraints(pattern=r"^\S(.*\S)?$", max_length=100)]
Function = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$"), AfterValidator(_free)
]
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG}$")]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Package = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(==[0-9][A-Za-z0-9.+!]*)?$")
]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrontMatter(_Frozen):
    """The fields at the head of a problem file.

    Each description says what a field must be and each example is one that works: a
    complaint about the field is made of the two.
    """

    title: Title = Field(
        description="a title of at most 100 characters, in quotes if it looks like a number",
        examples=["Softmax from scratch"],
    )
    difficulty: Literal["Easy", "Medium", "Hard"] = Field(
        description="Easy, Medium or Hard", examples=["Medium"]
    )
    function: Function = Field(
        description="the name of the function to write: letters, digits and _, no name that "
        "Python itself uses",
        examples=["softmax"],
    )
    tags: Annotated[tuple[Tag, ...], Field(min_length=1), AfterValidator(_distinct)] = Field(
        description="a list of different tags, each of small letters, digits and hyphens",
        examples=["[softmax, cross-entropy]"],
    )
    prerequisites: Annotated[tuple[Slug, ...], AfterValidator(_distinct)] = Field(
        default=(),
        description="a list of different problems, each by its file name without .md",
        examples=["[softmax-from-scratch]"],
    )
    packages: Annotated[tuple[Package, ...], AfterValidator(_distinct)] = Field(
        default=(),
        description="a list of different Python packages: one of Pyodide's by its name, another "
        "one, of pure Python, with its version",
        examples=["[scipy, einops==0.8.1]"],
    )
    time_limit: Annotated[float, Field(strict=True, gt=0, le=120)] = Field(
        default=10,
        description="the seconds one run may take, a number above 0 and at most 120",
        examples=["10"],
    )


class Section(_Frozen):
    """A second-level heading of the statement and the HTML below it.

    `parts` of the HTML, in UTF-8: those that are formulas or Python code are shared with other
    sections.
    """

    title: str
    anchor: str
    parts: tuple[bytes, ...]

    @property
    def html(self) -> str:
        return b"".join(self.parts).decode()


class HiddenTest(_Frozen):
    """One test function; the sentence tells the learner what it asks. `line` counts from 1."""

    name: str
    sentence_html: str
    sentence_text: str
    line: int


class Mistake(_Frozen):
    """A wrong solution that the author foresaw, and what is wrong with it in one sentence."""

    explanation: str
    code: str


class Problem(FrontMatter):
    """All a page needs: the front matter, and the rest of what belongs to the problem.

    `path` and `images` are relative to the clone. Links and image sources in the HTML are
    relative to a page at `problems/<slug>/`, the images expected below `problems/` as in
    the clone.
    """

    slug: str
    name: str  # of the Python modules: the slug with underscores
    path: Path
    summary_html: str  # inline, for inside a paragraph
    summary_text: str
    sections: tuple[Section, ...]
    formulas: tuple[bytes, ...]  # the HTML of each, in UTF-8
    starter: str
    examples: tuple[str, ...]  # code of the statement's examples, each to be run by itself
    hints: tuple[str, ...]
    images: tuple[Path, ...]
    figures: tuple[str, ...]  # names of the scripts of figures that can be played with
    tests: tuple[HiddenTest, ...]
    test_source: str
    reference_source: str
    mistakes: tuple[Mistake, ...] = ()
    language: str = "en"  # of its text
    translations: dict[str, "Problem"] = {}  # by language

    def in_language(self, language: str) -> "Problem":
        """Its text in that language, if its author wrote one, else as it is."""
        return self.translations.get(language, self)


def slug_of(text: str) -> str:
    """The slug that a person has given, as it is or as the path of a problem file."""
    return Path(text).name.partition(".")[0] if text.endswith(".md") else text


def module_name(slug: str) -> str:
    """The name by which Python files belong to the problem."""
    return slug.replace("-", "_")
