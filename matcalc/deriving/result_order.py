"""The order of terms in a result, which are those of f in another form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..language.expr import Apply, Expr, Name
from ..language.long_sums import MANY
from ..language.traversal import NOTHING, subexpressions
from ..reading.problems.problem import Problem
from .order import BAGS, Orders, plus_first
from .substitute import substitute


def like_typed(p: Problem, orders: Orders, lines: Iterable[Expr], where: Iterable[tuple[Name, Expr]] = ()) -> Orders:
    """The sums in some lines whose terms each come from another term of f: in the order of these.

    A term comes from the one that it shares most with, names of the result being what they stand for: what is shown in which order is
    no more than that. Each is compared with each, so not in long sums."""
    terms = _typed_terms(p, orders)
    out: Orders = {}
    if not 2 <= len(terms) <= MANY:
        return out
    inside = [_nodes(t, p.variable, dict(p.definitions)) for t in terms]
    bodies: dict[Expr, Expr] = dict(where)
    bodies = {n: body for n, body in bodies.items() if body.names.isdisjoint(bodies)}
    for e in subexpressions(lines):
        if type(e) is Apply and e.head == "+" and e not in orders and len(e.args) <= len(terms):
            places = _places([_nodes(substitute(t, bodies), p.variable) for t in e.args], inside)
            out[e] = plus_first([t for _, t in sorted(zip(places, e.args, strict=True), key=lambda pair: pair[0])] if places else e.args)
    return out


def opened_like(orders: Orders, e: Expr, named: Iterable[tuple[Name, Expr]]) -> Orders:
    """The orders of a line in letters for the next one, where what they stand for is written out."""
    bodies, out = dict[Expr, Expr](named), Orders()
    for s in subexpressions([e]) if bodies else ():
        if type(s) is Apply and s.head in BAGS and not s.names.isdisjoint(bodies):
            new, terms = substitute(s, bodies), tuple([substitute(t, bodies) for t in orders.get(s, s.args)])
            if type(new) is Apply and new.head == s.head and sorted(new.args, key=str) == sorted(terms, key=str):
                out[new] = terms
    return out


def _typed_terms(p: Problem, orders: Orders) -> Sequence[Expr]:
    """The terms of f, or of the sum it is a multiple of."""
    e = next((body for name, body in p.definitions if name is p.f), p.function)
    if type(e) is Apply and e.head == "*":
        e = next((a for a in e.args if type(a) is Apply and a.head == "+"), e)
    return orders.get(e, e.args) if type(e) is Apply and e.head == "+" else ()


def _nodes(e: Expr, wrt: Expr, bodies: Mapping[Name, Expr] = NOTHING) -> frozenset[Expr]:
    """The expressions in e, and in what its names stand for, but numbers, constants and the variable."""
    return frozenset(a for a in subexpressions([e], bodies) if a.names and a is not wrt)


def _places(found: list[frozenset[Expr]], inside: list[frozenset[Expr]]) -> list[int]:
    """For each the one it shares most with, all different; none where that cannot be."""
    shared = [[sum(1 + a.height for a in f & i) - 9 * len({n for a in f for n in a.names} - {n for a in i for n in a.names})
               for i in inside] for f in found]
    out: dict[int, int] = {}
    pairs = sorted(((k, i) for k in range(len(found)) for i in range(len(inside))), key=lambda ki: -shared[ki[0]][ki[1]])
    for k, i in pairs:
        if k not in out and i not in out.values() and shared[k][i] >= 0:
            out[k] = i
    return [out[k] for k in range(len(found))] if len(out) == len(found) else []
