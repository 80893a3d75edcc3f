"""The laws of entry-wise functions, written out for a judge or a library that has no meaning of its own."""

from __future__ import annotations

from functools import cache

from ..language.columns import RowError
from ..language.conditions import simplified
from ..language.entrywise import hadamard_power, hadamard
from ..language.expr import Apply, Expr, Name, build, mul, ones
from ..language.existence import existence_conditions
from ..language.implied_conditions import given
from ..language.operations import LAWS
from ..language.shape import InputError
from .parse import parse

_T = Name("t")


@cache
def _law(head: str) -> Expr:
    """The law of a head in t; RowError where it asks more of t than the row says."""
    law = in_t(head, LAWS[head])
    at = Apply(head, (_T,), _T.shape)
    for asked, said, column in ((existence_conditions((law,), {}), existence_conditions((at,), {}), "domain"),
                                (existence_conditions((), {}, (law,), _T), existence_conditions((), {}, (at,), _T), "edges")):
        sure = given(said, {})
        for c in asked:
            if simplified(c, sure):
                raise RowError(f"the row {head} of the operation table: {LAWS[head]} asks for {c}, and the column {column} does not")
    return law


def in_t(head: str, text: str) -> Expr:
    """What a row says in t; RowError names the row where that cannot be read."""
    try:
        return parse(text, ["t in R"])
    except InputError as error:
        raise RowError(f"the row {head} of the operation table: {error}") from None


def written_out(e: Apply) -> Expr | None:
    """The law of the head at the argument, entry by entry; None where there is no law.

    >>> from matcalc.reading.parse import parse
    >>> print(written_out(parse("silu(x)", ["x in R^n"])))
    sigmoid(x).*x
    """
    return lift(_law(e.head), _T, e.args[0]) if e.head in LAWS else None


def lift(p: Expr, t: Name, to: Expr) -> Expr:
    """A scalar law in t, entry by entry for `to`."""
    if p is t:
        return to
    if t not in p.names:
        return mul(p, ones(*to.shape))
    assert isinstance(p, Apply)
    if p.head == "*":
        return hadamard(*(lift(a, t, to) if t in a.names else a for a in p.args))
    if p.head == "^":
        if t not in p.args[1].names:
            return hadamard_power(lift(p.args[0], t, to), p.args[1])
        return hadamard_power(lift(p.args[0], t, to), lift(p.args[1], t, to))
    return build(p.head, [lift(a, t, to) for a in p.args])
