"""A difference multiplied by a matrix whose inverse has its free indices: it vanishes if the product does."""

from __future__ import annotations

from .monomial import Factor, Head, Sum
from .normalform import DELTA, Algebra

AWAY = -30      # free indices for a while: of one side, further down of the other
Side = tuple[Head, tuple[int, ...], int]


def inverses(alg: Algebra, s: Sum) -> list[Side]:
    """Inverses whose rows (slot 0) or columns (slot 1) are free indices: head, those indices, slot."""
    seen: dict[tuple[int, tuple[int, ...], int], Side] = {}
    for m in s:
        for part in (m[0], *m[1]):
            for h, args, e in part:
                head = alg.heads[h]
                if head.kind == "inverse" and e == 1:
                    k = len(args) // 2
                    for slot, free in enumerate((args[:k], args[k:])):
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
    assert template is not None
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
