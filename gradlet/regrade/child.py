"""The process that runs one learner's code: knows no hidden test, and answers calls.

First it is told the code, the name of the function and its signature. It confines itself, runs
the code, and says whether the function is there. Then it is called, until it is ended.

Where hidden tests look at more than what a function returns, at a drawing for example, it is given
the tests, too, and tells the events of the grader.
"""

import importlib
import importlib.util
import os
import random
import sys
import types
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from gradlet.regrade.codec import Codec
from gradlet.regrade.pipe import Message, TooLarge, receive, send
from gradlet.regrade.sandbox import confine
from gradlet.regrade.similar import canonical_hash

SEED = 0  # of random numbers: the same code gets the same verdict


def main() -> None:
    requests, replies, nowhere = _channels()
    setup = receive(requests)
    assert setup
    code = setup["code"]
    if "problem" in setup:
        bridge = importlib.import_module("grader.bridge")
        prepared = bridge.Prepared(setup["problem"], lambda event: send(replies, {"event": event}))
    else:
        child = _Child(requests, replies, *_grader())
    if "matplotlib" in code:  # which starts a thread when it is imported for the first time
        with suppress(ImportError):
            importlib.import_module("matplotlib.pyplot")
    sys.path[:] = [path for path in sys.path if path not in setup["hide"]]
    not_denied = confine(Path.cwd(), setup["seconds"])
    os.dup2(nowhere, 2)
    send(replies, {"not denied": not_denied})
    send(replies, {"canonical": canonical_hash(code)})
    if "problem" in setup:
        prepared.run(code, SEED)
        send(replies, {"done": True})
    else:
        random.seed(SEED)
        np.random.seed(SEED)
        child.serve(setup)


def _channels() -> tuple[BinaryIO, BinaryIO, int]:
    """stdin and stdout, moved away from where learners read and print, and a way to nowhere."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, replies, nowhere


def _grader() -> tuple[Any, Any]:
    """`grader.solution` and `grader.report`, without pytest, which the package itself imports."""
    spec = importlib.util.find_spec("grader")
    assert spec
    package = types.ModuleType("grader")
    package.__path__ = list(spec.submodule_search_locations or [])
    sys.modules["grader"] = package
    return importlib.import_module("grader.solution"), importlib.import_module("grader.report")


class _Child:
    def __init__(self, requests: BinaryIO, replies: BinaryIO, solution: Any, report: Any) -> None:
        self._requests = requests
        self._replies = replies
        self._solution = solution
        self._report = report
        self._codec = Codec(self._call_back)
        self._module = types.ModuleType("nothing")

    def serve(self, setup: Message) -> None:
        send(self._replies, self._load(setup))
        while request := receive(self._requests):
            reply = self._answer(request)
            try:
                send(self._replies, reply)
            except TooLarge as error:
                send(self._replies, {"raised": self._told(error)})

    def _load(self, setup: Message) -> Message:
        try:
            self._module = self._solution.load(setup["code"])
            scope: dict[str, Any] = {"np": np}
            exec(setup["like"], scope)
            self._solution.find(self._module, setup["function"], scope[setup["function"]])
        except self._solution.Unusable as error:
            return {"unusable": str(error), "line": error.line}
        except Exception as error:
            return {"raised": self._told(error)}
        return {"loaded": True}

    def _answer(self, request: Message) -> Message:
        args = self._codec.decode(request["args"])
        kwargs = self._codec.decode(request["kwargs"])
        np.random.set_state(self._codec.decode(request["random"]))
        reply: Message = {}
        try:
            function = self._function(request["call"])
            with np.errstate(**request["errors"]), warnings.catch_warnings():
                for category in request["strict"]:
                    warnings.simplefilter("error", getattr(__import__("builtins"), category))
                given = self._solution.plain_ones((*args, *kwargs.values()))
                returned = self._solution.contained(function, *args, **kwargs)
            same = [place for place, arg in enumerate(args) if arg is returned and arg is not None]
            reply["same"] = same[0] if same else None
            as_result = self._solution.as_result
            reply["returned"] = None if same else self._codec.encode(as_result(returned))
            self._solution.check_given(given)
        except self._solution.Mismatch as error:
            reply = {"mismatch": error.message}
        except Exception as error:
            reply = {"raised": self._told(error)}
        after = self._codec.encode(args), self._codec.encode(kwargs)
        if list(after) != [request["args"], request["kwargs"]]:
            reply["args"], reply["kwargs"] = after
        reply["random"] = self._codec.encode(np.random.get_state())
        return reply

    def _function(self, which: str | int) -> Any:
        if isinstance(which, int):
            return self._codec.functions[which]
        return getattr(self._module, which)

    def _call_back(self, number: int, args: Any, kwargs: Any) -> Any:
        """A function that the test passed on is called."""
        encoded = self._codec.encode(list(args)), self._codec.encode(kwargs)
        send(self._replies, {"callback": number, "args": encoded[0], "kwargs": encoded[1]})
        reply = receive(self._requests)
        if reply is None:
            os._exit(0)
        if "raised" in reply:
            raise RuntimeError(reply["raised"])
        return self._codec.decode(reply["returned"])

    def _told(self, error: Exception) -> Message:
        """What an exception means to a learner, as the page would say it."""
        line, _text = self._report.trace(error)
        kinds = [kind for kind in type(error).__mro__ if kind.__module__ == "builtins"]
        return {
            "kind": kinds[0].__name__,
            "headline": self._report.headline(error),
            "line": line,
            "escaped": isinstance(error, self._solution.Escaped),
        }


if __name__ == "__main__":
    main()
