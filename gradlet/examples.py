"""The examples of a problem's text, each as code that a learner can run on their own."""

import doctest
from collections.abc import Iterable, Iterator

from markdown_it.token import Token


def examples(tokens: Iterable[Token]) -> Iterator[str]:
    """For each `>>>` with a result: its code, after what its block does before it."""
    parser = doctest.DocTestParser()
    for token in tokens:
        if token.type != "fence":
            continue
        try:
            lines = parser.get_examples(token.content)
        except ValueError:  # for `build.py check` to say
            continue
        before = ""
        for line in lines:
            if line.want:
                yield (before + line.source).rstrip("\n")
            else:
                before += line.source
