"""A definition found inside a product, or round the end of a trace, replaced by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Apply, Expr, Number, T, apply, build, coefficient, hadamard, mul, neg, on_diagonal, power
from ..language.operations import LINES, SUMS
from ..rulebook.measure import measure
from ..rulebook.matching import parts
from .definitions import Folds, exchanged_in, inner_products, multiples, opposite, without
from .factor import exponent
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
            for core, value in multiples(body, short):      # norm2(x)*sqrt(n) is n*s for s = norm2(x)/sqrt(n)
                for i, (base, k) in enumerate(exponent(s, "^") for s in scalars):
                    new = mul(*scalars[:i], power(value, Number(k)), *scalars[i + 1:], *chain) if base is core else e
                    if measure(new) < measure(e):
                        return (use("definition", {short.name: body}, e, new),)
            continue
        s, c = parts(body)
        pieces = [(c, short), *((piece, T(short)) for piece in ([T(f) for f in reversed(c)], [folds.transposed(f) for f in reversed(c)]))]
        pieces += [(minus, neg(value)) for piece, value in pieces for minus in opposite(piece)]
        for others, inner, outer in inner_products(scalars, chain):
            rest = without(others, s)
            for piece, value in pieces if rest is not None else ():
                new = exchanged_in(inner, piece, value)
                if new is not None and rest is not None:
                    return (use("definition", {short.name: body}, e, mul(mul(*new), *rest, *outer)),)
    return ()


def fold_next_to_sums(e: Apply, folds: Folds) -> tuple[Rewrite, ...]:
    """A definition with a diagonal matrix in it, found where its diagonal stands beside sums over rows or columns, or beside the
    diagonal of a product: rowsum(A.*U)./s is rowsum(A.*Z), and diag(A*U)./s is diag(A*Z), for Z = U*diag(1./s)."""
    for k, f in enumerate(e.args if folds and e.shape[1] is ONE else ()):
        others = apply("diag", hadamard(*e.args[:k], *e.args[k + 1:]))
        for scaled, end, back in _scaled(f, others):
            found = in_product(scaled, folds) if isinstance(scaled, Apply) and scaled.head == "*" else ()
            if found:
                scalars, chain = parts(found[0].after)
                rest = [x for d in chain[end:end + 1 or None] if (x := on_diagonal(d)) is not None]
                new = mul(*scalars, hadamard(back(mul(*(c for c in chain if not rest or c is not chain[end]))), *rest))
                if measure(new) < measure(e):
                    return (use("definition", found[0].binding, e, new),)
    return ()


def _scaled(f: Expr, d: Expr) -> Iterator[tuple[Expr, int, Callable[[Expr], Expr]]]:
    """What is summed in f, by rows, by columns or on its diagonal, times a diagonal matrix: on which end that stands, and the way back."""
    inner = f.args[0] if isinstance(f, Apply) and f.args else None
    if not isinstance(f, Apply) or not isinstance(inner, Apply):
        return
    if f.head == "diagonal" and inner.head == "*":
        yield mul(inner, d), -1, lambda p: apply("diagonal", p)
        yield mul(d, inner), 0, lambda p: apply("diagonal", p)
    elif f.head in SUMS and f.head in LINES and inner.head == ".*":
        for k, a in enumerate(inner.args):
            rest = (*inner.args[:k], *inner.args[k + 1:])
            scaled, end = (mul(d, a), 0) if LINES[f.head] else (mul(a, d), -1)
            yield scaled, end, lambda p, head=f.head, rest=rest: apply(head, hadamard(*rest, p))    # type: ignore[misc]


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
