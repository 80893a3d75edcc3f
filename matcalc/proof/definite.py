"""What is never negative, and which matrices are positive definite: sound, not complete."""

from __future__ import annotations

from itertools import combinations

from .monomial import UNITY, Component, Factor, Head, Monomial, Sum
from .normalform import DELTA, Algebra, frozen

MARK = -90


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
    if template is None:
        return False
    if kind == "closed":
        ((m, _),) = template.items()
        return component_nonnegative(alg, m[1][0])
    if kind in ("power", "integer power"):
        return sum_nonnegative(alg, template)
    if kind == "log":
        return set(template) == {UNITY} and all(c > 1 for c in template.values())
    if kind == "det":
        return definite(alg, template)
    return False


def factor_nonnegative(alg: Algebra, f: Factor) -> bool:
    """Whether a factor is never negative."""
    h, _, e = f
    return e % 2 == 0 or e % 1 != 0 or h == DELTA or nonnegative(alg, alg.heads[h])


def sum_nonnegative(alg: Algebra, s: Sum) -> bool:
    """Whether every term is."""
    return all(c > 0 and all(factor_nonnegative(alg, f) for f in m[0])
               and all(component_nonnegative(alg, k) for k in m[1]) for m, c in s.items())


def component_nonnegative(alg: Algebra, c: Component) -> bool:
    """Whether a connected product is a sum of nonnegative products or squares, or a definite form."""
    if all(factor_nonnegative(alg, f) for f in c):
        return True
    key = ("nonnegative", c)
    known: bool | None = alg.memo.get(key)
    if known is None:
        known = alg.memo[key] = _squares(alg, c) or _form(alg, c)
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
            found = alg.parts({(h, tuple([names.get(a, a) for a in args])): e for (h, args), e in present.items()},
                              {v: d for v, d in bound.items() if v not in names})
            if found is None:
                continue
            sign, single, pieces, _ = found
            if sign > 0 and all(factor_nonnegative(alg, f) for f in single) and all(
                    pieces.count(p) % 2 == 0 or all(factor_nonnegative(alg, f) for f in p) for p in pieces):
                return True
    return False


def _form(alg: Algebra, c: Component) -> bool:
    """v'*S*v with S definite."""
    factors, bound, _ = alg.flat(((), (c,)), None, 0)
    for k, (h, args, e) in enumerate(factors):
        if e != 1 or len(args) != 2 or args[0] < 0 or args[1] < 0 or args[0] == args[1] or not definite_head(alg, alg.heads[h]):
            continue
        i, j = args
        rest = {(g, tuple([{i: MARK, j: MARK - 1}.get(a, a) for a in b])): x for g, b, x in factors[:k] + factors[k + 1:]}
        found = alg.parts(rest, {v: d for v, d in bound.items() if v not in (i, j)})
        if found is None or found[0] < 0 or found[3]:
            continue
        sides: tuple[list[Component], list[Component]] = ([], [])
        for p in [*[(f,) for f in found[1]], *found[2]]:
            touched = {a for _, b, _ in p for a in b if a in (MARK, MARK - 1)}
            if len(touched) != 1:
                break
            mark = touched.pop()
            moved = alg.renamed({((p if len(p) == 1 and not any(a >= 0 for a in p[0][1]) else ()),
                                  (p,) if len(p) > 1 or any(a >= 0 for a in p[0][1]) else ()): 1}, {mark: MARK})
            sides[MARK - mark].extend(frozen(moved))  # type: ignore[arg-type]
        else:
            if sorted(sides[0]) == sorted(sides[1]):
                return True
    return False


def definite_head(alg: Algebra, head: Head) -> bool:
    """Whether an atom with two indices is a positive definite matrix."""
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
    matrices: list[Factor] = []
    shared: list[Factor] = []
    for f in m[0]:
        if f[1] == () or all(a == -1 for a in f[1]):
            if not factor_nonnegative(alg, f):
                return 0
            shared.append(f)
        else:
            matrices.append(f)
    if not m[1] and len(matrices) == 1:
        h, args, e = matrices[0]
        if set(args) != {-1, -2} or e != 1:
            return 0
        if h == DELTA:
            return 2
        return 2 if not any(f[1] for f in shared) and definite_head(alg, alg.heads[h]) else 0
    if any(f[1] for f in shared):
        return 0
    if not m[1] and len(matrices) == 2:
        (g, a, x), (h, b, y) = sorted(matrices, key=lambda f: f[1])
        return 1 if g == h and x == y == 1 and {a, b} == {(-1,), (-2,)} else 0
    if matrices or len(m[1]) not in (1, 2):
        return 0
    if len(m[1]) == 2:
        left = alg.renamed({((), (m[1][0],)): 1}, {-2: -1})
        right = alg.renamed({((), (m[1][1],)): 1}, {-2: -1})
        return 1 if left == right and m[1][0] != m[1][1] else 0
    return 1 if _gram(alg, m[1][0]) else 0


def _gram(alg: Algebra, c: Component) -> bool:
    """Whether a component is B*B' or B*S*B' with S definite: the same seen from both ends."""
    factors, bound, _ = alg.flat(((), (c,)), None, 0)
    for k, (h, args, e) in enumerate(factors):
        if e == 1 and len(args) == 2 and args[0] >= 0 and args[1] >= 0 and definite_head(alg, alg.heads[h]):
            if _ends(alg, factors[:k] + factors[k + 1:], bound, {args[0]: MARK, args[1]: MARK - 1}):  # type: ignore[arg-type]
                return True
    return any(_ends(alg, factors, bound, {v: MARK}) for v in bound)  # type: ignore[arg-type]


def _ends(alg: Algebra, factors: list[Factor], bound: dict[int, object], cut: dict[int, int]) -> bool:
    found = alg.parts({(h, tuple([cut.get(a, a) for a in args])): e for h, args, e in factors},
                      {v: d for v, d in bound.items() if v not in cut})  # type: ignore[misc]
    if found is None or found[0] < 0 or found[3]:
        return False
    sides: dict[int, list[object]] = {-1: [], -2: []}
    for p in [*[(f,) for f in found[1]], *found[2]]:
        ends = {a for _, b, _ in p for a in b if a in (-1, -2)}
        if len(ends) != 1:
            return False
        end = ends.pop()
        loose = not any(a >= 0 for _, b, _ in p for a in b)
        names = {end: -1, MARK: MARK, MARK - 1: MARK}
        moved = alg.renamed({(p, ()) if loose else ((), (p,)): 1}, names)
        marks = {a for _, b, _ in p for a in b if a in (MARK, MARK - 1)}
        if len(marks) != 1:
            return False
        sides[end].append((frozen(moved), marks.pop() if len(cut) == 2 else MARK))
    left, right = sides[-1], sides[-2]
    if len(cut) == 1:
        return sorted(left, key=repr) == sorted(right, key=repr) and bool(left)
    return bool(left) and [s for s, _ in left] == [s for s, _ in right] and {m for _, m in left} != {m for _, m in right}  # type: ignore[has-type, misc]
