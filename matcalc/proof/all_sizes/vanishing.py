"""When the normal forms of two sides differ: ways to show that their difference is zero all the same.

Each multiplies the difference by something that is not zero (a denominator, a matrix that has an inverse) or looks inside
a sum, so what is shown to vanish vanishes.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from .atoms import instance
from .monomial import PLACE, Factor, Monomial, Rational, Sum, component, factors
from .normalform import Algebra
from .heads import Bound, Exhausted, Inconclusive
from ...language.shape import Dim

DEPTH, TRIES, TERMS, SEARCH, FEW = 5, 40, 200, 700, 8
MARK = -61      # a bound index made free
Atom = tuple[int, tuple[int, ...]]


def vanishes(alg: Algebra, s: Sum) -> bool:
    """Whether a difference is zero, by every way there is."""
    if not s:
        return True
    work, limit = 2 * alg.steps + SEARCH, alg.limit
    alg.limit = min(limit, alg.steps + work)
    s = cleared(alg, s)
    if not s:
        return True
    s = spread(alg, s, _selected)
    if not s:
        return True
    late: Exhausted | None = None
    from . import equal_determinants
    for way in (_in_blocks, equal_determinants.equal, _multiplied, _opened, _by_coefficients):
        try:
            if way(alg, s):
                return True
        except Exhausted as e:
            late = e
        alg.limit = min(limit, alg.steps + work)
    alg.limit = limit
    if len(s) <= FEW and any(alg.heads[h].kind == "exp" for m in s for h, _, _ in m[0]) and _by_exponents(alg, s):
        return True
    if late is not None:
        raise late
    return False


def _by_coefficients(alg: Algebra, s: Sum, depth: int = 0) -> bool:
    """Whether every coefficient vanishes, where the sum is a polynomial in the entries of a variable."""
    from .multiplied import slopes
    parts = [cleared(alg, part) for part in slopes(alg, s)]
    return bool(parts) and all(not p or _multiplied(alg, p) or depth < DEPTH and _by_coefficients(alg, p, depth + 1) for p in parts)


def _by_exponents(alg: Algebra, s: Sum) -> bool:
    """Whether what stands beside equal exponentials vanishes: a*exp(x) - a*exp(y) where x - y does."""
    limit, groups = alg.limit, list[tuple[Sum, Sum]]()

    def gone(d: Sum) -> bool:
        alg.limit = limit
        return vanishes(alg, d)
    for m, c in s.items():
        raised = [f for f in m[0] if alg.heads[f[0]].kind == "exp"]
        exponent = alg.add({}, *(alg.scaled(instance(alg, alg.heads[h], args), e) for h, args, e in raised))
        beside = {(tuple([f for f in m[0] if f not in raised]), m[1]): c}
        k = next((k for k, (other, _) in enumerate(groups) if gone(alg.add(exponent, alg.scaled(other, -1)))), None)
        if k is None:
            groups.append((exponent, beside))
        else:
            groups[k] = exponent, alg.add(groups[k][1], beside)
    return len(groups) < len(s) and all(gone(beside) for _, beside in groups)


def spread(alg: Algebra, s: Sum, run: Callable[[Algebra, tuple[Factor, ...]], tuple[int, int] | None]) -> Sum:
    """Sums over a bound index that has a run, so many places, each written out place by place."""
    out: Sum = {}
    todo = list(s.items())[::-1]
    while todo:
        m, c = todo.pop()
        found = next(((where, *at) for where, part in _components(alg, m) if (at := run(alg, part)) is not None), None)
        if found is None:
            out[m] = out.get(m, 0) + c
            continue
        where, index, count = found
        opened = alg.scaled(_open(alg, m, where, index), c)
        todo += [term for k in reversed(range(count)) for term in alg.renamed(opened, {MARK: alg.place(Dim.of(k + 1))}).items()]
    return {m: c for m, c in out.items() if c}


def _selected(alg: Algebra, part: tuple[Factor, ...]) -> tuple[int, int] | None:
    """A bound index over a few selected places, and how many."""
    for h, args, _ in part:
        head = alg.heads[h]
        count = head.dims[1].number if head.kind == "select" else None
        if count is not None and count <= FEW and args[1] >= 0:
            return args[1], count
    return None


def _in_blocks(alg: Algebra, s: Sum) -> bool:
    """Whether every block vanishes, at a free index that blocks stand at."""
    from . import selections
    for i in sorted({a for m in s for _, args, _ in factors(m) for a in args if PLACE < a < 0}, reverse=True):
        found = selections.in_parts(alg, s, i)
        if found is not None:
            return all(not part or _in_blocks(alg, part) or _multiplied(alg, part) for part in (cleared(alg, p) for _, p in found))
    return False


def cleared(alg: Algebra, s: Sum) -> Sum:
    """Brought over one denominator: multiplied by every power of a sum that stands below, until nothing does."""
    for _ in range(6):
        least: dict[Atom, int] = {}
        for m in s:
            for h, args, e in m[0]:
                if e < 0 and alg.heads[h].kind in ("power", "floor"):
                    least[h, args] = max(least.get((h, args), 0), ceil(-e))
        if not least:
            return s
        below: list[Factor] = [(h, args, n) for (h, args), n in least.items()]
        out: Sum = {}
        for m, c in s.items():
            f, bound, _ = alg.flat(m, None, 0)
            alg.collect(out, c, f + below, bound)
            if len(out) > 8 * TERMS:
                raise Inconclusive("a common denominator with too many terms")
        s = out
    return s


def _multiplied(alg: Algebra, s: Sum) -> bool:
    """Multiplied by M where a free index carries inv(M), as often as it takes."""
    from .multiplied import inverses, multiplied
    tried = 0
    seen: set[frozenset[tuple[Monomial, object]]] = set()
    todo = [(s, 0)]
    while todo and tried < TRIES:
        here, depth = todo.pop()
        for side in inverses(alg, here):
            tried += 1
            out = cleared(alg, multiplied(alg, here, side))
            if not out or _in_blocks(alg, out):
                return True
            key = frozenset(out.items())
            if depth + 1 < DEPTH and len(out) <= TERMS and key not in seen:
                seen.add(key)
                todo.append((out, depth + 1))
            if tried >= TRIES:
                break
        todo.sort(key=lambda t: -_cost(alg, t[0]))
    return False


def _cost(alg: Algebra, s: Sum) -> int:
    return sum(1 + 2 * sum(alg.heads[h].kind == "inverse" for h, _, _ in factors(m)) for m in s)


def _opened(alg: Algebra, s: Sum) -> bool:
    """Sums over one bound index that meets a denominator or an inverse: what is summed may vanish by itself.

    Every term that holds such a component is opened at that index; the others must vanish on their own.
    """
    marked: dict[Dim, list[tuple[Monomial, Rational, int, int]]] = {}
    plain: Sum = {}
    for m, c in s.items():
        found = None
        for where, part in _components(alg, m):
            index = _pivot(alg, part)
            if index is not None:
                found = (where, part, index)
                break
        if found is None:
            plain[m] = c
            continue
        where, part, index = found
        marked.setdefault(_dim(alg, part, index), []).append((m, c, where, index))
    if not marked or plain and cleared(alg, plain):
        return False
    for group in marked.values():
        total: Sum = {}
        for m, c, where, index in group:
            total = alg.add(total, alg.scaled(_open(alg, m, where, index), c))
        total = cleared(alg, total)
        if total and not _multiplied(alg, total):
            return False
    return True


def _components(alg: Algebra, m: Monomial) -> list[tuple[int, tuple[Factor, ...]]]:
    """The components of a monomial: open ones by place, closed atoms of exponent 1 by place after them."""
    out: list[tuple[int, tuple[Factor, ...]]] = [(k, c) for k, c in enumerate(m[1])]
    for k, (h, _args, e) in enumerate(m[0]):
        head = alg.heads[h]
        if head.kind == "closed" and e == 1:
            out.append((len(m[1]) + k, component(head)))
    return out


def _pivot(alg: Algebra, part: tuple[Factor, ...]) -> int | None:
    """A bound index at which a denominator or an inverse stands."""
    best: tuple[object, ...] | None = None
    found = None
    for h, args, e in part:
        head = alg.heads[h]
        if (e < 0 and head.kind != "exp") or head.kind == "inverse":
            for a in args:
                if a >= 0:
                    key = (head.kind == "inverse", len(args), -head.weight, h, a)
                    if best is None or key < best:
                        best, found = key, a
    return found


def _dim(alg: Algebra, part: tuple[Factor, ...], index: int) -> Dim:
    """The size of what an index goes over."""
    for h, args, _ in part:
        for slot, a in enumerate(args):
            if a == index:
                return alg.heads[h].dims[slot]
    raise AssertionError


def _open(alg: Algebra, m: Monomial, where: int, index: int) -> Sum:
    """A monomial with one bound index of one component made free."""
    if where < len(m[1]):
        rest: Monomial = (m[0], m[1][:where] + m[1][where + 1:])
        part = m[1][where]
    else:
        k = where - len(m[1])
        rest = (m[0][:k] + m[0][k + 1:], m[1])
        part = component(alg.heads[m[0][k][0]])
    f, bound, top = alg.flat(rest, None, 0)
    g, more, _ = alg.flat(((), (part,)), None, top)
    index += top
    opened: Bound = {a: d for a, d in more.items() if a != index}
    out: Sum = {}
    alg.collect(out, 1, f + [(h, tuple([MARK if a == index else a for a in args]), e) for h, args, e in g], {**bound, **opened})
    return out
