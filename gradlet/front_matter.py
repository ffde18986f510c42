"""The YAML head of a problem file, every complaint at the line of its field."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from .complaint import Complain, closest
from .problem import FrontMatter

# The C parser is ten times faster; not every platform's wheel has it.
_Loader: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_FIRST_LINE = 2  # of the YAML in the file, after the opening ---
_FIELDS = FrontMatter.model_fields
# Stands for fields that are wrong or missing, so that the others can still be checked.
_BLANK: dict[str, Any] = {"title": "", "difficulty": "Easy", "function": "", "tags": ()}


@dataclass(frozen=True)
class Located:
    """A front matter, and the line of each field and of each item of its lists.

    A field of which there were complaints is blank, or has its default.
    """

    fields: FrontMatter
    lines: dict[tuple[str | int, ...], int]


def read(text: str, complain: Complain) -> Located | None:
    """Validate the YAML between the two `---` lines; None, after a complaint, without fields."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
    except yaml.YAMLError as error:
        _complain_of_yaml(error, text, complain)
        return None
    if not isinstance(root, yaml.MappingNode):
        complain(1, "the front matter is no list of `name: value` lines", _missing_fix("title"))
        return None

    values: dict[str, Any] = {}
    lines: dict[tuple[str | int, ...], int] = {}
    for key_node, node in root.value:
        key, line = str(key_node.value), _line(key_node)
        if key in values:
            first = lines[key,]
            complain(line, f"{key!r} is given twice, first on line {first}", "remove one of them")
            continue
        lines[key,] = line
        if isinstance(node, yaml.SequenceNode):
            lines |= {(key, index): _line(item) for index, item in enumerate(node.value)}
        try:
            values[key] = loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):  # a !tag, a date in a thirteenth month
            complain(line, f"the value of {key!r} cannot be read", "put it in quotes")
            values[key] = node.value
    return Located(_validate(values, lines, complain), lines)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + _FIRST_LINE


def _validate(
    values: dict[str, Any], lines: dict[tuple[str | int, ...], int], complain: Complain
) -> FrontMatter:
    try:
        return FrontMatter.model_validate(values)
    except ValidationError as error:
        errors = error.errors()
    meant = {field: closest(field, _FIELDS) for field in values if field not in _FIELDS}
    for one in errors:
        field, line = str(one["loc"][0]), lines.get(one["loc"], 1)
        if one["type"] == "extra_forbidden":
            fix = f"write {meant[field]!r}" if meant[field] else f"remove it; {_known()}"
            complain(line, f"unknown field {field!r} in the front matter", fix)
        elif one["type"] != "missing":
            wanted = f"{field!r} should be {_FIELDS[field].description}"
            complain(line, f"{wanted}, but here is {_shown(one['input'])}", _example(field))
        elif field not in meant.values():
            complain(line, f"the front matter has no {field!r}", _missing_fix(field))
    wrong = {one["loc"][0] for one in errors}
    sound = {field: value for field, value in values.items() if field not in wrong}
    return FrontMatter.model_construct(**{**_BLANK, **sound})


def _complain_of_yaml(error: yaml.YAMLError, text: str, complain: Complain) -> None:
    unclosed = re.search("quoted|flow", getattr(error, "context", None) or "")
    # Of a quote or bracket never closed, the end of the file is where YAML notices.
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    # A character that no YAML may hold has a position, and no mark.
    index = mark.line if mark else text.count("\n", 0, getattr(error, "position", 0))
    index = min(index, text.count("\n"))
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    complain(
        index + _FIRST_LINE,
        f"the front matter is not valid YAML: {reason}",
        "write one `name: value` a line, and put quotes around a value that holds a colon or "
        "begins with a special character; look at the spaces at the beginnings of lines, too: "
        "fields have none, and tabs are not allowed",
    )


def _shown(value: object) -> str:
    shown = "nothing" if value is None or value == "" else repr(value)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"


def _example(field: str) -> str:
    return f"write for example `{field}: {(_FIELDS[field].examples or [''])[0]}`"


def _missing_fix(field: str) -> str:
    return f"{_example(field)} between the two --- lines at the top"


def _known() -> str:
    return f"the fields are {', '.join(_FIELDS)}"
