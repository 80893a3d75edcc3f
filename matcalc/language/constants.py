"""The matrices that are made of sizes alone: identities, ones, zeros, selections; and sizes as numbers."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter

from .nodes import Apply, Expr, Name, Number
from .numbers import Rational
from .shape import ONE, SCALAR, Dim, ShapeError, at_most
from .inspection import part_of, scalar_key, UNIT, ZERO


def num(value: Rational) -> Number:
    """An exact number."""
    return Number(value)


def size(dim: Dim) -> Expr:
    """A size where a scalar is meant."""
    found: Expr | None = dim.scalar
    if found is None:
        found = dim.scalar = _size(dim)
    return found


def _size(dim: Dim) -> Expr:
    if dim.number is not None:
        return Number(dim.number)
    terms = [_monomial(names, count) for names, count in dim.terms]
    if len(terms) == 1:
        return terms[0]
    parts = sorted(map(part_of, terms), key=itemgetter(3))
    out = Apply("+", tuple([e for _, _, e, _ in parts]), SCALAR)
    out.parts = tuple(parts)
    return out


def _monomial(names: tuple[str, ...], count: int) -> Expr:
    """A product of sizes as arithmetic would build it."""
    factors: list[Expr] = []
    for name, times in Counter(names).items():
        n = Name(name, SCALAR, kind="size")
        factors.append(n if times == 1 else Apply("^", (n, Number(times)), SCALAR))
    factors.sort(key=scalar_key)
    if count != 1 or not factors:
        factors.insert(0, Number(count))
    return factors[0] if len(factors) == 1 else Apply("*", tuple(factors), SCALAR)


def eye(n: Dim) -> Expr:
    """The identity matrix; the number 1 where n is 1.

    >>> from .shape import Dim
    >>> eye(Dim.of('n')), eye(Dim.of(1))
    (<eye(n)>, <1>)
    """
    return UNIT if n is ONE else Apply("eye", (size(n),), (n, n))


def ones(m: Dim, n: Dim = ONE) -> Expr:
    """All entries 1."""
    return UNIT if m is ONE and n is ONE else Apply("ones", (size(m), size(n)), (m, n))


def zeros(m: Dim, n: Dim = ONE) -> Expr:
    """All entries 0; the number 0 for a scalar."""
    return ZERO if m is ONE and n is ONE else Apply("zeros", (size(m), size(n)), (m, n))


def comm(m: Dim, n: Dim) -> Expr:
    """The commutation matrix of size mn: comm(m,n)*vec(A) = vec(A') for A in R^(m,n).

    >>> from .shape import Dim
    >>> comm(Dim.of('m'), Dim.of('n')).shape
    (Dim(m*n), Dim(m*n))
    """
    if m is ONE or n is ONE:
        return eye(m * n)
    return Apply("comm", (size(m), size(n)), (m * n, m * n))


def select(first: Dim, count: Dim, n: Dim) -> Expr:
    """So many columns of the identity from the first on: select(first, count, n)'*x are entries of x. One column is a unit vector."""
    if at_most(first + count, n + ONE) is False:
        shown = f"unit({first}, {n})" if count is ONE else f"select({first}, {count}, {n})"
        raise ShapeError(f"{shown}: there are only {n} entries" if n is not ONE else f"{shown}: there is only one entry")
    return eye(n) if n is ONE or (first is ONE and count is n) else Apply("select", (size(first), size(count), size(n)), (n, count))
