"""Modules that are imported only when they are needed: most pages need no dialect, no further look at a kink and no sweep."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def lazy_modules(package: str | None, *names: str) -> list[Any]:
    """Modules, each imported when something of it is first asked for; named as for importlib.import_module.

    >>> [shape] = lazy_modules("matcalc", ".language.shape")
    >>> str(shape.ONE)
    '1'
    """
    return [Waiting(name, package) for name in names]


class Waiting:
    """A module that is not imported yet; what has been asked for is kept."""

    def __init__(self, name: str, package: str | None) -> None:
        self._asked = name, package

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(*self._asked), name)
        setattr(self, name, found)
        return found
