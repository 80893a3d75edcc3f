"""Which expressions are never negative, and which matrices are positive definite: sound, not complete."""

from __future__ import annotations

from itertools import combinations
from math import comb

from .monomial import UNITY, Component, Factor, Head, Monomial, Rational, Sum, component, ends, pieces
from .normalform import DELTA, Algebra, frozen

MARK = -90
HIGH = 8      # the highest power of a size that is multiplied out
ROW_AND_COLUMN = {-1: -1}, {-2: -1}
Parts = tuple[int, list[Factor], list[Component], list[Factor]]


def nonnegative(alg: Algebra, head: Head) -> bool:
    """Whether an atom's value is never negative (where it is defined)."""
    known = head.nonnegative
    if known is None:
        head.nonnegative = False
        head.nonnegative = known = _nonnegative(alg, head)
    return known


def _nonnegative(alg: Algebra, head: Head) -> bool:
    kind, template = head.kind, head.template
    if kind in ("exp", "size", "prime", "pi"):
        return True
    if kind == "closed":
        return component_nonnegative(alg, component(head))
    if kind in ("power", "integer power"):
        return sum_nonnegative(alg, template)
    if kind == "log":
        return set(template) == {UNITY} and all(c > 1 for c in template.values())
    if kind == "det":
        return len(head.extra) == 1 and definite(alg, template)
    return False


def factor_nonnegative(alg: Algebra, f: Factor) -> bool:
    """Whether a factor is never negative."""
    h, _, e = f
    return e % 2 == 0 or e % 1 != 0 or h == DELTA or nonnegative(alg, alg.heads[h])


def sum_nonnegative(alg: Algebra, s: Sum) -> bool:
    """Whether every term is; sizes are at least 1, so that n - 1 is, and m*n - n."""
    return _terms_nonnegative(alg, s) or any(c < 0 for c in s.values()) and _terms_nonnegative(alg, _above_one(alg, s))


def _above_one(alg: Algebra, s: Sum) -> Sum:
    """The sum in what the sizes are more than 1."""
    out: Sum = {}
    for (single, open_), c in s.items():
        terms: dict[tuple[Factor, ...], Rational] = {tuple(f for f in single if not _is_power_of_size(alg, f)): c}
        for h, _, e in (f for f in single if _is_power_of_size(alg, f)):
            terms = {tuple(sorted((*m, (h, (), k)))) if k else m: comb(int(e), k) * d for m, d in terms.items() for k in range(int(e) + 1)}
        for m, d in terms.items():
            out[m, open_] = out.get((m, open_), 0) + d
    return {m: c for m, c in out.items() if c}


def _is_power_of_size(alg: Algebra, f: Factor) -> bool:
    return alg.heads[f[0]].kind == "size" and 0 < f[2] <= HIGH and f[2] % 1 == 0


def _terms_nonnegative(alg: Algebra, s: Sum) -> bool:
    return all(c > 0 and all(factor_nonnegative(alg, f) for f in m[0])
               and all(component_nonnegative(alg, k) for k in m[1]) for m, c in s.items())


def component_nonnegative(alg: Algebra, c: Component) -> bool:
    """Whether a connected product is a sum of nonnegative products or squares, or a definite form."""
    if all(factor_nonnegative(alg, f) for f in c):
        return True
    key = ("nonnegative", c)
    known: bool | None = alg.memo.get(key)
    if known is None:
        known = alg.memo[key] = _squares(alg, c) or _around(alg, c, {}, {})      # v'*S*v
    return known


def _squares(alg: Algebra, c: Component) -> bool:
    """Cut at one or two bound indices, the pieces are squares or nonnegative."""
    factors, bound, _ = alg.flat(((), (c,)), None, 0)
    present = {(h, args): e for h, args, e in factors}
    for count in (1, 2):
        if len(bound) < count or len(bound) > 8:
            continue
        for cut in combinations(bound, count):
            names = {v: MARK - i for i, v in enumerate(cut)}
            found = alg.parts({(h, tuple([names.get(a, a) for a in args])): e for (h, args), e in present.items()})
            if found is None:
                continue
            sign, single, pieces, _ = found
            if sign > 0 and all(factor_nonnegative(alg, f) for f in single) and all(
                    pieces.count(p) % 2 == 0 or all(factor_nonnegative(alg, f) for f in p) for p in pieces):
                return True
    return False


def _sides(alg: Algebra, found: Parts, near: dict[int, int], far: dict[int, int]) -> tuple[list[object], list[object]] | None:
    """The pieces at the near and at the far indices, renamed so that equal ones are the same function of the same places.

    None where a piece touches both or neither. Which piece stands at which index is compared, not only which pieces there are.
    """
    out: tuple[list[object], list[object]] = ([], [])
    for p in pieces((tuple(found[1]), tuple(found[2]))):
        free = ends(p)
        at_far = not free.isdisjoint(far)
        if at_far is not free.isdisjoint(near):
            return None
        factors, bound, _ = alg.flat(p, far if at_far else near, 0)
        moved: Sum = {}
        alg.collect(moved, 1, factors, bound)
        out[at_far].append(frozen(moved))
    return sorted(out[0], key=repr), sorted(out[1], key=repr)


def definite_head(alg: Algebra, head: Head) -> bool:
    """Whether an atom with two indices is a positive definite matrix."""
    if len(head.dims) != 2:
        return False
    if head.kind == "variable":
        return bool(head.extra) and "spd" in head.extra
    if head.kind == "inverse":
        return head.template is not None and definite(alg, head.template)
    if head.kind == "expm":
        return bool(head.permutations)
    return False


def definite(alg: Algebra, s: Sum) -> bool:
    """Whether a matrix template (rows -1, columns -2) is a sum of definite and semidefinite terms, one definite."""
    one = False
    for m, c in s.items():
        if c <= 0:
            return False
        kind = _term(alg, m)
        if kind == 0:
            return False
        one = one or kind == 2
    return one


def _term(alg: Algebra, m: Monomial) -> int:
    """2 definite, 1 semidefinite, 0 unknown."""
    joint: list[Factor] = []
    scales, diagonal, outer = True, True, []
    for f in m[0]:
        ends = set(f[1])
        if len(ends) == 2:
            joint.append(f)
        elif ends:
            diagonal = diagonal and ends == {-1} and factor_nonnegative(alg, f)
            outer.append(f)
        else:
            scales = scales and factor_nonnegative(alg, f)
    if not scales:
        return 0
    if len(joint) == 1 and not m[1]:
        h, args, e = joint[0]
        if e != 1 or len(args) != 2:
            return 0
        if h == DELTA:
            return 2 if diagonal else 0
        return 2 if not outer and definite_head(alg, alg.heads[h]) else 0
    if joint:
        return 0
    if len(m[1]) == 1 and not outer and _gram(alg, m[1][0]):
        return 1
    # u*u': what depends on the row is what depends on the column
    found = _sides(alg, (1, outer, list(m[1]), []), *ROW_AND_COLUMN)
    return 1 if found is not None and found[0] == found[1] and found[0] else 0


def _gram(alg: Algebra, c: Component) -> bool:
    """Whether a component is B*B' or B*S*B' with S definite: the same pieces at the same places, seen from both ends."""
    factors, bound, _ = alg.flat(((), (c,)), None, 0)
    return _around(alg, c, *ROW_AND_COLUMN) or any(_ends(alg, factors, {v: MARK}, *ROW_AND_COLUMN) for v in bound)


def _around(alg: Algebra, c: Component, near: dict[int, int], far: dict[int, int]) -> bool:
    """Whether a component is the same on both sides of a definite matrix in it."""
    factors, _, _ = alg.flat(((), (c,)), None, 0)
    for k, (h, args, e) in enumerate(factors):
        if e == 1 and len(args) == 2 and min(args) >= 0 and args[0] != args[1] and definite_head(alg, alg.heads[h]):
            for i, j in (args, args[::-1]):
                if _ends(alg, factors[:k] + factors[k + 1:], {i: MARK, j: MARK - 1}, near | {MARK: MARK}, far | {MARK - 1: MARK}):
                    return True
    return False


def _ends(alg: Algebra, factors: list[Factor], cut: dict[int, int], near: dict[int, int], far: dict[int, int]) -> bool:
    """Whether a component, cut at these bound indices, is the same from both ends."""
    found = alg.parts({(h, tuple([cut.get(a, a) for a in args])): e for h, args, e in factors})
    if found is None or found[0] < 0 or found[3]:
        return False
    sides = _sides(alg, found, near, far)
    return sides is not None and sides[0] == sides[1]
