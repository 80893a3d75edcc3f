"""Modules that wait until they are wanted: most pages need no dialect, no second look at a kink and no sweep."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Later:
    """A module that is imported when something of it is first asked for; named as for importlib.import_module.

    >>> str(Later(".language.shape", "matcalc").ONE)
    '1'
    """

    def __init__(self, name: str, package: str | None) -> None:
        self._asked = name, package

    def __getattr__(self, name: str) -> Any:
        found = getattr(import_module(*self._asked), name)
        setattr(self, name, found)
        return found
