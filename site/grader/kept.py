"""What the grader and the tests stand on, put right after each call of learners' code."""

import builtins
import copy
import copyreg
import gc
import importlib
import os
import sys
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from operator import is_
from typing import Any

import numpy as np
import pytest

# Whose names are as they were once a call is over: whose functions run between two calls.
_MODULES = """
    builtins _collections_abc _signal abc contextlib copy dataclasses enum functools gc
    importlib._bootstrap inspect io json json.decoder json.encoder linecache math operator os
    pathlib posixpath re reprlib sys threading time traceback types typing warnings
    numpy numpy._core._methods numpy._core._ufunc_config numpy._core.arrayprint
    numpy._core.fromnumeric numpy._core.function_base numpy._core.getlimits
    numpy._core.multiarray numpy._core.numeric numpy._core.numerictypes numpy._core.shape_base
    numpy._core.umath numpy.lib._function_base_impl numpy.lib._index_tricks_impl
    numpy.lib._shape_base_impl numpy.lib._stride_tricks_impl numpy.lib._twodim_base_impl
    numpy.lib._type_check_impl numpy.lib._ufunclike_impl numpy.linalg numpy.linalg._linalg
    numpy.random numpy.random._generator numpy.testing numpy.testing._private.utils
    _pytest._code.code _pytest._code.source _pytest._io.saferepr _pytest.assertion
    _pytest.assertion.rewrite _pytest.assertion.util _pytest.capture _pytest.compat _pytest.config
    _pytest.deprecated _pytest.fixtures _pytest.main _pytest.mark.structures _pytest.nodes
    _pytest.outcomes _pytest.pathlib _pytest.python _pytest.reports _pytest.runner _pytest.scope
    _pytest.skipping _pytest.stash _pytest.timing pluggy._hooks pluggy._manager pluggy._result
""".split()  # noqa: SIM905 - one word after another reads best

# The same, if they are there: which they are depends on the versions of Python and pytest; and what
# tells tests what was drawn.
_IF_LOADED = """
    pathlib._local _pytest.nodeid pluggy._caller pluggy._callers pluggy._execution
    matplotlib._pylab_helpers matplotlib.artist matplotlib.axes._axes matplotlib.axes._base
    matplotlib.axis matplotlib.figure matplotlib.legend matplotlib.lines matplotlib.pyplot
    matplotlib.text
""".split()  # noqa: SIM905 - one word after another reads best

# Whose classes have the attributes that they had, too. (All others would take too long.)
_WITH_CLASSES = frozenset(
    """
    abc collections.abc contextlib enum functools importlib._bootstrap inspect json.encoder
    numpy._core.arrayprint os pathlib pathlib._local reprlib threading traceback warnings
    """.split()  # noqa: SIM905 - one word after another reads best
)
_WITH_CLASSES_BELOW = ("_pytest", "grader", "matplotlib", "pluggy")

# Attributes of classes that Python adds when somebody asks for them.
_CACHES = {"__annotations__", "__annotations_cache__", "__annotate_func__"}
_set_kind = object.__dict__["__class__"].__set__

# Of modules and the like: the names, what they were before a call, and what they were after it.
Left = list[tuple[dict[Any, Any], dict[Any, Any], dict[Any, Any]]]


class Kept:
    """Modules, classes and lists of ours that learners' code could change."""

    def __init__(self) -> None:
        # Some are lazy: the learner's code shall not be the first to use them.
        for name in _MODULES:
            importlib.import_module(name)
        grader = [name for name in sys.modules if name.partition(".")[0] == "grader"]
        loaded = [name for name in _IF_LOADED if name in sys.modules]
        modules = [sys.modules[name] for name in (*_MODULES, *loaded, *grader)]
        self._namespaces: list[dict[Any, Any]] = [vars(module) for module in modules]
        self._classes = [one for module in modules for one in _classes_of(module)]
        self._classes += (np.errstate, np.finfo)
        self._kinds = [(one, type(one)) for one in (*modules, *self._classes)]
        self._bases = [(one, one.__bases__) for one in self._classes]
        self._cells = [cell for one in self._namespaces for cell in _cells_of(one)]
        self._namespaces += (copy._deepcopy_dispatch, copyreg.dispatch_table)  # type: ignore[attr-defined]

    def take(self) -> Callable[[], Left]:
        """Look how all is now; the function that is returned puts it right again.

        It gives back what was there in its place: when that is let go, `__del__` may run.
        """
        modules, modules_before = sys.modules, sys.modules.copy()
        namespaces = [(one, one.copy()) for one in self._namespaces]
        # What the grader and pytest make use of outside of such calls, too.
        objects = (os.environ, pytest.mark, sys.stdout, sys.stderr)
        namespaces += [(vars(one), vars(one).copy()) for one in objects if hasattr(one, "__dict__")]
        classes = [(one, vars(one).copy()) for one in self._classes]
        kinds, bases = self._kinds + [(one, type(one)) for one in objects], self._bases
        paths = (sys.meta_path, sys.path, sys.path_hooks, warnings.filters, gc.callbacks)
        lists: list[tuple[Any, Any]] = [(one, list(one)) for one in paths]
        cells = [(cell, cell.cell_contents) for cell in self._cells]

        built_in = vars(builtins)
        every, each, same = all, map, is_  # built-in names may be others by the time they are asked

        def put_right() -> Left:
            left: Left = []
            for one_list, items in lists:  # of callbacks, too, which garbage calls at any time
                one_list[:] = items
            # Built-in names before all others: what follows makes use of them.
            for names, before in namespaces:
                as_many = names.__len__() == before.__len__()
                same_names = as_many and every(each(same, names, before))
                if same_names and every(each(same, names.values(), before.values())):
                    continue
                left.append((names, before, names.copy()))
                if not same_names:  # to look for a name among theirs is to ask theirs: they may lie
                    names.clear()
                names.update(before)
            for names, before, now in left:
                if names is not built_in:
                    _keep_imported(names, before, now)
            _put_right_kinds(kinds, bases)
            for one, attributes in classes:
                _restore(one, attributes)
            for cell, contents in cells:
                cell.cell_contents = contents
            now = modules.copy()
            left.append((modules, modules_before, now))
            modules.clear()
            modules.update(modules_before)
            modules.update(_added(modules_before, now))
            return left

        return put_right


def give_back(left: Left) -> None:
    """What learners' code added in one call, such as `np.float = float`, is there in the next."""
    for names, before, now in left:
        if "__name__" in before:  # a module's: standard output may be another by then
            names.update(_added(before, now))


def _added(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> Iterator[tuple[str, Any]]:
    """New names that are texts themselves: those of a learner's class would be asked."""
    for name, value in now.items():
        if type(name) is str and name not in before:
            yield name, value


def _put_right_kinds(
    kinds: list[tuple[Any, type]], bases: list[tuple[type, tuple[type, ...]]]
) -> None:
    for one, kind in kinds:
        if type(one) is not kind:
            _set_kind(one, kind)
    for each, above in bases:
        if each.__bases__ is not above:
            each.__bases__ = above


def _classes_of(module: types.ModuleType) -> Iterator[type]:
    name = module.__name__
    if name in _WITH_CLASSES or name.partition(".")[0] in _WITH_CLASSES_BELOW:
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == name:
                yield value


def _keep_imported(
    names: dict[Any, Any], before: Mapping[Any, Any], now: Mapping[Any, Any]
) -> None:
    """Modules that were imported meanwhile stay known to the modules that they are part of."""
    for name, value in _added(before, now):
        if isinstance(value, types.ModuleType) and not hasattr(builtins, name):
            names[name] = value


def _restore(one: type, before: Mapping[str, Any]) -> None:
    now = vars(one)
    same = len(now) == len(before) and all(map(is_, now, before))
    if same and all(map(is_, now.values(), before.values())):
        return  # almost always
    for name in set(now) - set(before) - _CACHES:
        type.__delattr__(one, name)
    for name, value in before.items():
        if now.get(name) is not value:
            type.__setattr__(one, name, value)


def _cells_of(namespace: Mapping[Any, Any]) -> Iterator[types.CellType]:
    """What the functions of a module hold on to: it can be changed there, too."""
    for one in namespace.values():
        if isinstance(one, types.FunctionType):
            yield from (cell for cell in one.__closure__ or () if cell != types.CellType())
