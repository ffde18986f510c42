"""The YAML head of a problem file, every complaint at the line of its field."""

import re
import textwrap
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


@dataclass(frozen=True)
class Located:
    """A front matter, and the line of each field and of each item of its lists."""

    fields: FrontMatter
    lines: dict[tuple[str | int, ...], int]


def read(text: str, complain: Complain) -> Located | None:
    """Validate the YAML between the two `---` lines; None after complaints."""
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
    sound = True
    for key_node, node in root.value:
        key, line = str(key_node.value), _line(key_node)
        if key in values:
            first = lines[key,]
            complain(line, f"{key!r} is given twice, first on line {first}", "remove one of them")
            sound = False
            continue
        lines[key,] = line
        if isinstance(node, yaml.SequenceNode):
            lines |= {(key, index): _line(item) for index, item in enumerate(node.value)}
        try:
            values[key] = loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError):  # a !tag, a date in a thirteenth month
            complain(line, f"the value of {key!r} cannot be read", "put it in quotes")
            values[key], sound = node.value, False
    fields = _validate(values, lines, complain)
    return Located(fields, lines) if fields and sound else None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + _FIRST_LINE


def _validate(
    values: dict[str, Any], lines: dict[tuple[str | int, ...], int], complain: Complain
) -> FrontMatter | None:
    try:
        return FrontMatter.model_validate(values)
    except ValidationError as errors:
        for error in errors.errors():
            field, line = str(error["loc"][0]), lines.get(error["loc"], 1)
            if error["type"] == "missing":
                complain(line, f"the front matter has no {field!r}", _missing_fix(field))
            elif error["type"] == "extra_forbidden":
                meant = closest(field, _FIELDS)
                fix = f"write {meant!r}" if meant else f"remove it; {_known()}"
                complain(line, f"unknown field {field!r} in the front matter", fix)
            else:
                wanted = f"{field!r} should be {_FIELDS[field].description}"
                complain(line, f"{wanted}, but here is {_shown(error['input'])}", _example(field))
        return None


def _complain_of_yaml(error: yaml.YAMLError, text: str, complain: Complain) -> None:
    unclosed = re.search("quoted|flow", getattr(error, "context", None) or "")
    # Of a quote or bracket never closed, the end of the file is where YAML notices.
    mark = getattr(error, "context_mark" if unclosed else "problem_mark", None)
    # A character that no YAML may hold has a position, and no mark.
    index = mark.line if mark else text.count("\n", 0, getattr(error, "position", 0))
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"
    complain(
        index + _FIRST_LINE,
        f"the front matter is not valid YAML: {reason}",
        "write one `name: value` a line, and put quotes around a value that holds a colon or "
        "begins with a special character",
    )


def _shown(value: object) -> str:
    return "nothing" if value is None or value == "" else textwrap.shorten(repr(value), 60)


def _example(field: str) -> str:
    return f"write for example `{field}: {(_FIELDS[field].examples or [''])[0]}`"


def _missing_fix(field: str) -> str:
    return f"{_example(field)} between the two --- lines at the top"


def _known() -> str:
    return f"the fields are {', '.join(_FIELDS)}"
