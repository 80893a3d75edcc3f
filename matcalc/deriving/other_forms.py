"""Other forms of a result: by independent entries, and as a form on symmetric directions."""

from __future__ import annotations

from ..language.expr import Apply, Expr, T, add, apply, div, mul, num, sub
from ..language.recognition import kron_factors
from ..rulebook.matching import parts
from ..rulebook.measure import measure
from .by_value import opened
from .derivation import Derivation
from .engine import structured, tidier_for
from .tidy import Tidier


def symmetric_part(d: Derivation) -> Expr:
    """The symmetric part of a gradient; the gradient itself where that is symmetric."""
    return tidier_for(d.problem)(div(add(d.result, T(d.result)), num(2)))


def by_independent_entries(d: Derivation) -> Expr:
    """A gradient for unconstrained entries as that by the independent entries of a symmetric or diagonal variable."""
    return structured(d.result, d.problem.variable, tidier_for(d.problem))


def counted_twice(g: Expr) -> Expr:
    """2*G - diag(diag(G)): every entry of a symmetric matrix off the diagonal occurs twice.

    >>> from matcalc.reading.parse import parse
    >>> counted_twice(parse('G', ['G in R^(n,n)']))
    <2*G - diag(diag(G))>
    """
    return sub(mul(num(2), g), apply("diag", apply("diagonal", g)))


def on_symmetric_directions(d: Derivation) -> Expr:
    """A Hessian as a form on symmetric directions V, written without commutation matrices where that can be: comm(n,n)*vec(V) = vec(V),
    and kron(A,B) has the values of kron(B,A), as tr(V*B*V*A') = tr(V*A*V*B')."""
    h, tidy = d.result, tidier_for(d.problem)
    terms = [_uncommuted(t, tidy) for t in _terms(h)]
    alike: dict[Expr, Expr] = {}
    for k, t in enumerate(terms):
        transposed = _sides_exchanged(t)
        terms[k] = alike.setdefault(t, t) if transposed is None else alike.get(tidy(transposed)) or alike.setdefault(t, t)
    new = tidy(add(*terms))
    return new if measure(new) < measure(h) else h


def _terms(e: Expr) -> list[Expr]:
    """The terms of a sum, products with sums multiplied out."""
    if isinstance(e, Apply) and e.head == "+":
        return [u for t in e.args for u in _terms(t)]
    out = opened(e)
    return [e] if out is e else _terms(out)


def _uncommuted(t: Expr, tidy: Tidier) -> Expr:
    """A term whose commutation matrix was moved to its left end over Kronecker products, or stands at the right one, without it."""
    scalars, chain = parts(t)
    spot = next((k for k, f in enumerate(chain) if isinstance(f, Apply) and f.head == "comm"), None)
    if spot is None or len(chain) < 2:
        return t
    over = [both for f in chain[:spot] if (both := kron_factors(f)) and both[0].shape == both[1].shape]
    if spot == len(chain) - 1:
        return tidy(mul(*scalars, *chain[:-1]))
    if len(over) < spot:
        return t
    return tidy(mul(*scalars, *(apply("kron", b, a) for a, b in over), *chain[spot + 1:]))


def _sides_exchanged(t: Expr) -> Expr | None:
    """kron(B,A) for a multiple of kron(A,B)."""
    scalars, chain = parts(t)
    both = kron_factors(chain[0]) if len(chain) == 1 else ()
    return mul(*scalars, apply("kron", *both[::-1])) if both and both[0].shape == both[1].shape else None
