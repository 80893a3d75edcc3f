"""How expressions are read link by link: a name for what stands under a function, so that each link is one function of letters with its
slopes entry by entry; and a matrix times a column, factor by factor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...language.expr import ONE, SCALAR, Apply, Expr, Name, Number, add, hadamard, mul
from ...language.operations import ELEMENTWISE_NAMES, POWERS
from ...language.traversal import arguments, folded

LOW = 3     # a power that is multiplied out


def staged(definitions: Iterable[tuple[Name, Expr]], f: Expr) -> tuple[list[tuple[Name, Expr]], Expr]:
    """Definitions, and a function of theirs, with a name for each argument of a function and for each sum under a high power."""
    made: dict[Expr, Name] = {}
    memo: dict[Expr, Expr] = {}
    out: list[tuple[Name, Expr]] = []

    def put(e: Expr) -> Expr:
        if type(e) is not Apply or not e.names:
            return e
        inner, *others = (memo[a] for a in e.args)
        if _named(e) and type(inner) is Apply:
            if inner not in made:
                made[inner] = Name(f"within {len(made)}", inner.shape)       # no name that anybody can type
                out.append((made[inner], inner))
            inner = made[inner]
        return Apply(e.head, (inner, *others), e.shape)
    for n, body in definitions:
        body = folded(body, memo, arguments, put)
        out.append((n, body))
    return out, folded(f, memo, arguments, put)


def _named(e: Apply) -> bool:
    if e.head not in POWERS:
        return e.head in ELEMENTWISE_NAMES
    base, k = e.args
    return type(k) is Number and not -LOW <= k.value <= LOW and type(base) is Apply and base.head == "+"


def times_column(e: Expr, v: Expr, bodies: Mapping[Expr, Expr]) -> Expr:
    """A matrix times a column: a sum term by term, a product from its last factor on, a diagonal entry by entry."""
    e = bodies.get(e, e)
    if type(e) is Apply and e.head == "+":
        return add(*(times_column(t, v, bodies) for t in e.args))
    if type(e) is Apply and e.head == "*":
        for f in reversed([a for a in e.args if a.shape != SCALAR]):
            v = times_column(f, v, bodies)
        return mul(*(a for a in e.args if a.shape == SCALAR), v)
    if type(e) is Apply and e.head == "diag" and e.args[0].shape[1] is ONE:
        return hadamard(e.args[0], v)
    return mul(e, v)
