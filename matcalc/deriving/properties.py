"""What is seen of an expression without computing: its transpose, and whether it is symmetric."""

from __future__ import annotations

from ..language.expr import SCALAR, Apply, Expr, Name, T, add, apply, build, mul, neg
from ..language.operations import SYMMETRY_WORDS, TURNS
from ..rules.matching import parts


def turned(e: Expr, bodies: dict[Name, Expr]) -> Expr:
    """The transpose of e, written with what is known to be symmetric."""
    if e.shape == SCALAR:
        return e
    if isinstance(e, Name):
        body = bodies.get(e)
        if "skew" in e.words:
            return neg(e)
        return e if e.words & SYMMETRY_WORDS or (body is not None and symmetric(body, bodies)) else T(e)
    assert isinstance(e, Apply)
    head, args = e.head, e.args
    if head == "'":
        return e if turned(args[0], bodies) is args[0] else args[0]
    if head == "+":
        return add(*(turned(a, bodies) for a in args))
    if head == "*":
        scalars, chain = parts(e)
        return mul(*scalars, *(turned(f, bodies) for f in reversed(chain)))
    if head in TURNS:
        inner = turned(args[0], bodies)
        return apply(head, inner) if inner is args[0] else T(e)
    if head == "^":
        inner = turned(args[0], bodies)
        return e if inner is args[0] else T(e) if inner is T(args[0]) else build("^", (inner, args[1]))
    if head == ".*":
        return e if all(turned(a, bodies) is a for a in args) else T(e)
    if head == ".^":
        return e if args[1].shape == SCALAR and turned(args[0], bodies) is args[0] else T(e)
    if head == "apply" and isinstance(args[0], Apply) and args[0].head == "hess":
        return e
    if head == "kron":
        return apply("kron", turned(args[0], bodies), turned(args[1], bodies))
    return T(e)


def symmetric(e: Expr, bodies: dict[Name, Expr]) -> bool:
    """Whether e is seen to be its own transpose."""
    return e.shape[0] is e.shape[1] and turned(e, bodies) is e
