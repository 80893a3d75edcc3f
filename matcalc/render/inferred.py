"""How a problem was read: undeclared names, and where their shapes come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..language.expr import Expr, InputError, Name
from ..reading.declarations.declare import Declarations
from ..reading.inference.statements import Inferred
from ..reading.parse import parse
from ..reading.grammar.reader import Reader
from ..reading.grammar.tokens import Line
from ..reading.expressions.typed import typed
from .pieces import Domain, Piece
from .words import say
from ..proof.verdict import Verdict


def readings(v: Verdict) -> list[str]:
    """`L is taken as an abstract scalar function of Y`."""
    return [f"{name} is taken as an abstract scalar function of {' and '.join(of)}" for name, *of in v.abstract]


def inferred(found: Sequence[Inferred], scope: Declarations | None = None) -> Iterable[Piece]:
    """What is not declared: first what is as its letter says, then what an expression settled, with the expression; as a formula, where
    the names are known and it stands as it was typed."""
    plain = [i for i in found if not i.source and not i.plain]
    yield from listed_domains([Domain(Name(i.name, i.shape, i.words)) for i in plain])
    for k, i in enumerate(i for i in found if i.source or i.plain):
        if k or plain:
            yield "; "
        yield Domain(Name(i.name, i.shape, i.words))
        if i.plain:
            yield say(", read as a variable: an identity matrix would not fit")
        if i.source:
            before, _, after = say(", from {}", "\0").partition("\0")
            yield from (before, (None if scope is None else formula_of(i.source, scope)) or i.source, after)


def formula_of(text: str, scope: Declarations) -> Expr | None:
    """The expression a text stands for, as it was typed, if it is written so."""
    line = Line(text)
    try:
        parse(text, scope)
        reader = Reader(line, scope.functions)
        e = typed(line, reader.whole(), scope)
    except InputError:
        return None
    return e if "".join(str(e).split()) == "".join(text.split()) else None


def listed_domains(items: Sequence[Piece]) -> Iterable[Piece]:
    """One beside the other."""
    for i, item in enumerate(items):
        if i:
            yield ", "
        yield item
