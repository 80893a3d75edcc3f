"""A difference multiplied by a matrix whose inverse has its free indices: it vanishes if the product does.

Sums that are polynomials in the entries of a variable vanish if the derivatives of their homogeneous parts do.
"""

from __future__ import annotations

from collections.abc import Iterator

from .monomial import Factor, Head, Sum, Monomial, Rational, component, factors
from .normalform import DELTA, Algebra, free_indices
from .derivatives import slope
from .matrix_words import heads_of


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
    for h, args, e in factors(m):
        head, inner = alg.heads[h], None
        if head is x:
            inner = 1
        elif x.id not in heads_of(alg, (((h, args, e),), ())):
            continue
        elif head.kind == "closed":
            inner = _degree(alg, ((), (component(head),)), x)
        if inner is None or e < 0 or e % 1:
            return None
        total += inner * e
    return total


AWAY = -30      # free indices for a while: of one side, further down of the other
Side = tuple[Head, tuple[int, ...], int]


def inverses(alg: Algebra, s: Sum) -> list[Side]:
    """Inverses whose rows (slot 0) or columns (slot 1) are free indices: head, those indices, slot."""
    seen: dict[tuple[int, tuple[int, ...], int], Side] = {}
    for m in s:
        for h, args, e in factors(m):
            head, k = alg.heads[h], len(args) // 2
            for slot, free in enumerate((args[:k], args[k:]) if head.kind == "inverse" and e == 1 else ()):
                other = args[k:] if slot == 0 else args[:k]
                if max(free) < 0 and len(set(free)) == k and set(free).isdisjoint(other):
                    side = 0 if head.permutations or head.skew else slot
                    seen.setdefault((h, free, side), (head, free, slot))
    return sorted(seen.values(), key=lambda t: (-t[0].weight, t[0].id, t[2]))


def multiplied(alg: Algebra, s: Sum, side: Side) -> Sum:
    """M times the sum where inv(M) stands at its rows, the sum times M where it stands at its columns; the free indices keep their
    names."""
    head, free, slot = side
    template, k = head.template, len(free)
    new = tuple(AWAY - i for i in range(k))
    rows, columns = (new, range(k)) if slot == 0 else (range(k), new)
    names = {-i - 1: a for i, a in enumerate((*rows, *columns))}
    bound = dict(zip(range(k), head.dims[:k], strict=True))
    inner = dict(zip(free, range(k), strict=True))
    back = dict(zip(new, free, strict=True))
    if k == 1:      # that M*inv(M) is the identity is a law of products
        return alg.renamed(alg.contract(template, names, s, inner, bound), back)
    out: Sum = {}
    for m, c in s.items():
        factors, within, _ = alg.flat(m, None, 0)
        here = next((f for f in factors if f[0] == head.id and f[2] == 1 and _faces(head, f[1], free, slot) is not None), None)
        others = [f for f in factors if f is not here]
        if here is not None and not any(a in f[1] for f in others for a in free):
            far = _faces(head, here[1], free, slot)
            assert far is not None
            deltas: list[Factor] = [(DELTA, (min(a, b), max(a, b)), 1) for a, b in zip(free, far, strict=True)]
            alg.collect(out, c, [*others, *deltas], within)
        else:
            out = alg.add(out, alg.renamed(alg.contract(template, names, {m: c}, inner, bound), back))
    return out


def _faces(head: Head, args: tuple[int, ...], free: tuple[int, ...], slot: int) -> tuple[int, ...] | None:
    """The other side's indices of an inverse that has these at its rows, or its columns; a symmetric one may be turned."""
    k = len(free)
    sides = (args[:k], args[k:])
    if sides[slot] == free:
        return sides[1 - slot]
    return sides[slot] if head.permutations and sides[1 - slot] == free else None
