"""Sums that are polynomials in the entries of a variable: such a sum vanishes if the derivative of each homogeneous part does."""

from __future__ import annotations

from collections.abc import Iterator

from .derivatives import slope
from .monomial import Head, Monomial, Rational, Sum
from .normalform import Algebra, free_indices
from .words import heads_of


def slopes(alg: Algebra, s: Sum) -> Iterator[Sum]:
    """The slopes in one variable of the parts of each degree, and the part without it, which vanish together with the sum; nothing
    where no variable with indices stands outside of every function. A part p of degree k is 1/k times the variable with the slope."""
    found = next(((x, parts) for x in _variables(alg, s) if (parts := _by_degree(alg, s, x)) is not None), None)
    if found is None:
        return
    x, parts = found
    taken = set(free_indices(s))
    names = [-i for i in range(1, len(taken) + len(x.dims) + 1) if -i not in taken][:len(x.dims)]
    for degree, part in sorted(parts.items()):
        yield slope(alg, part, x, tuple(names)) if degree else part


def _variables(alg: Algebra, s: Sum) -> list[Head]:
    """The variables with indices whose entries are free of one another, the ones with the fewest indices first."""
    met = {h for m in s for h in heads_of(alg, m)}
    free = [head for h in met if (head := alg.heads[h]).kind == "variable" and head.dims
            and not head.permutations and not head.skew and not set(head.extra or ()) - {"positive"}]
    return sorted(free, key=lambda head: (len(head.dims), head.id))


def _by_degree(alg: Algebra, s: Sum, x: Head) -> dict[Rational, Sum] | None:
    """The parts of a sum by their degree in a variable."""
    out: dict[Rational, Sum] = {}
    for m, c in s.items():
        k = _degree(alg, m, x)
        if k is None:
            return None
        out.setdefault(k, {})[m] = c
    return out


def _degree(alg: Algebra, m: Monomial, x: Head) -> Rational | None:
    """How often a variable is a factor; nothing where it stands in another way."""
    total: Rational = 0
    for part in (m[0], *m[1]):
        for h, args, e in part:
            head, inner = alg.heads[h], None
            if head is x:
                inner = 1
            elif x.id not in heads_of(alg, (((h, args, e),), ())):
                continue
            elif head.kind == "closed" and head.template is not None:
                inner = _degree(alg, next(iter(head.template)), x)
            if inner is None or e < 0 or e % 1:
                return None
            total += inner * e
    return total
