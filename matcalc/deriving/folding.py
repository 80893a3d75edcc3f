"""A definition found inside a product, or round the end of a trace, and its name put there."""

from __future__ import annotations

from fractions import Fraction

from ..language.expr import SCALAR, Apply, Number, T, build, coefficient, mul, neg
from ..rules.measure import measure
from ..rules.matching import parts
from .definitions import Folds, exchanged_in, inner_products, opposite, without
from .record import Rewrite, use


def folded(e: Apply, folds: Folds) -> tuple[Rewrite, ...]:
    """A product, or a trace, with a name in it."""
    return (in_product(e, folds) if e.head == "*" else ()) or in_trace(e, folds) if folds else ()


def in_product(e: Apply, folds: Folds) -> tuple[Rewrite, ...]:
    """A definition whose body is a product, found inside a longer one."""
    scalars, chain = parts(e)
    for body, short in folds.products((*scalars, *chain)):
        if body.shape == SCALAR:
            number, rest_of = coefficient(body)
            own, inner = parts(rest_of)
            own = [*own, mul(*inner)] if inner else own
            ways = [(own, short), *((minus, neg(short)) for minus in opposite(own))] if len(own) > 1 else []
            for factors, value in ways:
                left = without(scalars, factors)
                if left is not None:
                    return (use("definition", {short.name: body}, e, mul(*left, value, Number(Fraction(1) / number), *chain)),)
            continue
        s, c = parts(body)
        turned = [T(f) for f in reversed(c)]
        pieces = [(c, short), (turned, T(short))]
        pieces += [(minus, neg(value)) for piece, value in pieces for minus in opposite(piece)]
        for others, inner, outer in inner_products(scalars, chain):
            rest = without(others, s)
            for piece, value in pieces if rest is not None else ():
                new = exchanged_in(inner, piece, value)
                if new is not None and rest is not None:
                    return (use("definition", {short.name: body}, e, mul(mul(*new), *rest, *outer)),)
    return ()


def in_trace(e: Apply, folds: Folds) -> tuple[Rewrite, ...]:
    """A definition found round the end of a trace: tr(X'*A*Y)/t with Z = X*Y'/t is tr(A*Z')."""
    factors = e.args if e.head == "*" else (e,)
    for k, trace in enumerate(factors):
        if not (isinstance(trace, Apply) and trace.head == "tr"):
            continue
        others = [f for j, f in enumerate(factors) if j != k]
        scalars, chain = [f for f in others if f.shape == SCALAR], parts(trace.args[0])[1]
        for i in range(1, len(chain)):
            turn = mul(*scalars, *chain[i:], *chain[:i])
            found = in_product(turn, folds) if isinstance(turn, Apply) and turn.head == "*" else ()
            if found:
                new = mul(build("tr", (found[0].after,)), *(f for f in others if f.shape != SCALAR))
                if measure(new) < measure(e):
                    return (use("definition", found[0].binding, e, new),)
    return ()
