"""How a library spells things, and how Python spells the user's names."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence

from ..language import operations
from ..language.columns import RowError
from ..language.expr import Dim
from ..language.operations import ELEMENTWISE, FACTORISATIONS, OPERATIONS
from ..records import Record


class Backend(Record):
    """How a library spells things."""

    modules: Mapping[str, str]         # the name in the code -> the import
    functions: Mapping[str, str]       # a head -> its spelling; {} stands for the arguments, _name is a helper
    helpers: Mapping[str, str]         # the helpers' definitions
    like: bool = False                 # constants are made with the type and the device of an argument
    copied: str = "{}"                 # what is returned must not be an argument, or a view of one
    scalars: str = ""                  # what makes a scalar argument one of the library's
    rows: bool = False                 # v @ A is quicker than A.T @ v
    passes: bool = False               # each operation is a pass over its matrix, nothing is fused


def complete(library: str, backend: Backend, methods: Iterable[str]) -> None:
    """Every operation is spelled, and every helper that a spelling names is there; RowError names what is missing."""
    operations.require_complete(f"code for {library}", {*backend.functions, *methods}, ("d", "derivative"))
    for head, spelled in backend.functions.items():
        if spelled.startswith("_") and spelled.isidentifier() and spelled not in backend.helpers:
            raise RowError(f"code for {library}: {head} is spelled {spelled}, and there is no such helper")


def spellings(module: str, library: str = "") -> dict[str, str]:
    """The column of a library: by head what is in it, or else numpy's spelling under its own module.

    >>> spellings("jnp", "jax")["relu"], spellings("jnp", "jax")["tanh"]
    ('jax.nn.relu', 'jnp.tanh')
    """
    rows = {row.name: row for row in ELEMENTWISE} | {row.head: row for row in OPERATIONS}
    codes = {head: row.code for head, row in rows.items()}
    codes |= {head: codes[head] or part.code for head, part in FACTORISATIONS.items()}
    return {head: getattr(rows[head], library or module, "") or code.replace("np.", module + ".") for head, code in codes.items() if code}


class Spelling:
    """The user's names as Python's, each another one: a keyword gets underscores."""

    def __init__(self, names: Iterable[str]) -> None:
        names = list(dict.fromkeys(names))
        self.taken = {n for n in names if not keyword.iskeyword(n)}
        self.known = {n: n if n in self.taken else self.fresh(n + "_") for n in names}

    def __call__(self, name: str) -> str:
        if name not in self.known:
            self.known[name] = self.fresh(name)
        return self.known[name]

    def fresh(self, wish: str) -> str:
        """A name that nobody has, which is now taken."""
        while wish in self.taken or keyword.iskeyword(wish):
            wish += "_"
        self.taken.add(wish)
        return wish


def size_names(spelled: Spelling, shapes: Iterable[Sequence[Dim]]) -> dict[str, str]:
    """The sizes in shapes as Python's names; a variable of the same name wins, so the size gets another."""
    found = dict.fromkeys(n for shape in shapes for d in shape for n in sorted(d.names))
    variables = set(spelled.known)
    return {n: spelled.fresh("size_" + n if n in variables else n) for n in sorted(found, key=lambda n: n in variables)}
