"""A pytest session in three parts: set up, tests collected, tests run.

`pytest.main` does it all at once. Here the time between them is the grader's: the interpreter that
browsers begin with was recorded after the first, and is copied after the second, so that each run
begins from the copy. This is the one place that knows what `pytest.main` calls, in which order
(`wrap_session` in _pytest/main.py of pytest 9).
"""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig

# Built-in plugins that a grader has no use for; without them a run takes a tenth of the time.
NOT_NEEDED = """
    cacheprovider debugging doctest faulthandler junitxml legacypath logging pastebin recwarn
    setuponly setupplan stepwise terminal threadexception tmpdir unittest unraisableexception
    warnings
""".split()  # noqa: SIM905 - one word after another reads best


class Session:
    """A session without tests yet.

    Raises:
        Exception: pytest cannot be set up, or a plugin fails; what is wrong in the tests
            themselves is told to the plugins.
    """

    def __init__(self, plugins: Sequence[object]) -> None:
        self._folder = Path(tempfile.mkdtemp())
        settings = self._folder / "pytest.ini"  # so that no other pytest settings are looked for
        settings.write_text("[pytest]\n", encoding="utf-8")
        arguments = [
            f"--rootdir={self._folder}",
            f"--config-file={settings}",
            "--import-mode=importlib",
            "--capture=no",
            "--disable-plugin-autoload",
            "--noconftest",
            *(f"-pno:{plugin}" for plugin in NOT_NEEDED),
        ]
        try:
            self._config = _prepareconfig(arguments, plugins)
            try:
                self._session = pytest.Session.from_config(self._config)
                self._config._do_configure()
                self._config.hook.pytest_sessionstart(session=self._session)
            except BaseException:
                self._config._ensure_unconfigure()
                raise
        finally:
            self._remove_folder()

    def collect(self, name: str, source: str) -> None:
        """Collect the tests of the file `name`, which is gone afterwards."""
        self._folder.mkdir(mode=0o700)
        try:
            file = self._folder / name
            file.write_text(source, encoding="utf-8")
            self._config.args = [str(file)]
            self._config.hook.pytest_collection(session=self._session)
        finally:
            self._remove_folder()

    def run(self) -> None:
        """Run the tests, once."""
        # How pytest words a failure takes it longer than all the tests, and nobody reads it.
        self._config.option.tbstyle = "no"
        self._config.hook.pytest_runtestloop(session=self._session)

    def close(self) -> None:
        """Take back what pytest has changed in this interpreter."""
        self._config.hook.pytest_sessionfinish(session=self._session, exitstatus=0)
        self._config._ensure_unconfigure()

    def _remove_folder(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
