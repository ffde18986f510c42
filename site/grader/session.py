"""A pytest session in two halves: the tests are collected now, and run later.

`pytest.main` does both at once. Here the time between them is the grader's: in the browser the
interpreter is copied there, and each run begins from the copy. This is the one place that knows
what `pytest.main` calls, in which order (`wrap_session` in _pytest/main.py of pytest 9).
"""

from collections.abc import Sequence

import pytest
from _pytest.config import _prepareconfig


class Session:
    """The tests that `arguments` name, collected.

    Raises:
        Exception: pytest cannot be set up, or a plugin fails; what is wrong in the tests
            themselves is told to the plugins.
    """

    def __init__(self, arguments: Sequence[str], plugins: Sequence[object]) -> None:
        self._config = _prepareconfig(list(arguments), plugins)
        try:
            self._session = pytest.Session.from_config(self._config)
            self._config._do_configure()
            self._config.hook.pytest_sessionstart(session=self._session)
            self._config.hook.pytest_collection(session=self._session)
        except BaseException:
            self._config._ensure_unconfigure()
            raise

    def run(self) -> None:
        """Run the tests, once."""
        self._config.hook.pytest_runtestloop(session=self._session)

    def close(self) -> None:
        """Take back what pytest has changed in this interpreter."""
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()
