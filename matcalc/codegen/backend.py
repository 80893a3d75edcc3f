"""How a library spells things, and how Python spells the user's names."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from typing import NamedTuple


class Backend(NamedTuple):
    """How a library spells things."""

    modules: Mapping[str, str]         # the name in the code -> the import
    functions: Mapping[str, str]       # a head -> its spelling; {} stands for the arguments, _name is a helper
    helpers: Mapping[str, str]         # the helpers' definitions
    like: bool = False                 # constants are made with the type and the device of an argument
    copied: str = "{}"                 # what is returned must not be an argument, or a view of one
    scalars: str = ""                  # what makes a scalar argument one of the library's


def variable(name: str) -> str:
    """A parameter's name: a Python keyword gets an underscore."""
    return name + "_" if keyword.iskeyword(name) else name
