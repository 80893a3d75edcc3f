"""A name written out where its definition reduces to nothing or to a number: the mean of a centred vector is 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from ..language.operations import FACTORED
from ..language.expr import SCALAR, Apply, Expr, Name, Number, T, add, apply, is_unit, is_zero, mul, zeros
from ..rulebook.matching import parts
from .record import Rewrite, use
from .substitute import substitute

FEW = 4     # terms of a sum worth writing out
Rewrites = tuple[Rewrite, ...]
Bodies = Mapping[Name, Expr]
Attempt = Callable[[Rewrites, Callable[[Expr], bool]], Rewrites]     # the rewrites, if what they lead to is smaller and as asked


def summed(e: Apply, name: Name, body: Expr, unnamed: Callable[[Expr], Expr]) -> Rewrites:
    """A sum, or sums over rows or columns, of a name, where that is a number."""
    value = unnamed(apply(e.head, body))
    return () if value.names else (use("definition", {name.name: body}, e, value),)


def vanishing(e: Apply, bodies: Bodies, unnamed: Callable[[Expr], Expr]) -> Rewrites:
    """A product with ones that is 0 once a name is written out: 1'*Z for Z = X - 1*m' with the mean m of X's columns."""
    for a, b in pairwise(e.args):
        one = next((f for f in (a, b) if f.shape != SCALAR and is_unit(f)), None)
        z = b if one is a else a
        n = z.args[0] if isinstance(z, Apply) and z.head == "'" else z
        if one is not None and isinstance(n, Name) and n in bodies and _holds_a_sum(bodies[n]):
            opened = bodies[n] if n is z else T(bodies[n])
            if is_zero(unnamed(mul(*(opened if f is z else f for f in (a, b))))):
                return (use("definition", {n.name: bodies[n]}, e, zeros(*e.shape)),)
    return ()


def _holds_a_sum(e: Expr) -> bool:
    """Whether a sum is a factor of this, in whatever way: only then can something vanish in it."""
    return isinstance(e, Apply) and (e.head == "+" or (e.head in FACTORED or e.head == "'") and any(map(_holds_a_sum, e.args)))


def unfolded(e: Apply, bodies: Bodies, settled: Callable[[Name], Expr], attempt: Attempt) -> Rewrites:
    """A sum that is a number once its names are written out, sum(x) - m*n for the mean m; of vectors or matrices, that is 0."""
    if len(e.args) > FEW or not bodies:
        return ()
    named: dict[Expr, Expr] = {}
    if e.shape == SCALAR:
        named.update((n, settled(n)) for n in e.names if n in bodies and n.shape == SCALAR)
    else:
        named.update((n, bodies[n]) for n in map(_alone, e.args) if isinstance(n, Name) and n in bodies)
    if not named:
        return ()
    made = use("definition", {str(n): body for n, body in named.items()}, e, substitute(e, named))
    if e.shape != SCALAR:
        return (made,) if is_zero(made.after) else ()
    return (made,) if isinstance(made.after, Number) else attempt((made,), lambda out: isinstance(out, Number))


def _alone(t: Expr) -> Expr:
    """The matrix, or the vector, of which a term is a multiple, perhaps transposed."""
    chain = parts(t)[1]
    f = chain[0] if len(chain) == 1 else t
    return f.args[0] if isinstance(f, Apply) and f.head == "'" else f


def idempotent(e: Apply, bodies: Bodies, unnamed: Callable[[Expr], Expr], square: Callable[[Name], bool], attempt: Attempt) -> Rewrites:
    """A power of a named product that is shorter when it is written out, or the name itself: H^2 is H for a projection."""
    n = e.args[0]
    if not (isinstance(n, Name) and n in bodies and square(n) and e.args[1] is Number(2)):
        return ()
    body = bodies[n]
    if unnamed(mul(body, body)) is unnamed(body):
        return (use("definition", {n.name: body}, e, n),)
    if isinstance(body, Apply) and body.head == "+":
        out = add(*(mul(s, t) for s in body.args for t in body.args))
    else:
        out = mul(body, body)
    return attempt((use("definition", {str(n): body}, e, out),), lambda out: True)
