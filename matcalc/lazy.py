"""Modules that are imported only when they are needed: most pages need no dialect, no further look at a kink and no sweep."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def lazy_modules(package: str, *names: str) -> None:
    """Makes `from . import name` import a module of the package when something of it is first asked for."""
    for name in names:
        setattr(sys.modules[package], name, Waiting(f"{package}.{name}"))


class Waiting:
    """A module that is not imported yet; what has been asked for is kept.

    >>> str(Waiting("matcalc.language.shape").ONE)
    '1'
    """

    def __init__(self, name: str) -> None:
        self.__dict__["_name"] = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):           # asked by who goes through a module, not by who uses it
            raise AttributeError(name)
        found = getattr(import_module(self._name), name)
        self.__dict__[name] = found
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(import_module(self._name), name, value)
        self.__dict__[name] = value
