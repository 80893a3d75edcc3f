"""Inverse, determinant and matrix exponential of a template: rows are the indices -1 .. -k, columns -k-1 .. -2k."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from ..language.shape import ONE, Dim
from .atoms import exp, log_abs, order, power, size_power, weight
from .definite import sum_nonnegative
from .monomial import UNITY, Factor, Head, Monomial, Present, Rational, Sum
from .normalform import DELTA, Algebra, Stuck, frozen, number

Word = list[tuple[Head, bool, list[Factor]]]


def turned(alg: Algebra, s: Sum, k: int = 1) -> Sum:
    """The transpose."""
    names = {-i - 1: -i - 1 - k for i in range(k)} | {-i - 1 - k: -i - 1 for i in range(k)}
    return alg.renamed(s, names)


def identity(k: int = 1) -> Sum:
    """The identity over k pairs of indices."""
    return {(tuple(sorted((DELTA, (-i - 1 - k, -i - 1), 1) for i in range(k))), ()): 1}


def scalars(alg: Algebra, m: Monomial) -> tuple[tuple[Factor, ...], Monomial]:
    """The factors without indices, and the rest."""
    return tuple(f for f in m[0] if not f[1]), (tuple(f for f in m[0] if f[1]), m[1])


def scale(alg: Algebra, s: Sum) -> tuple[Sum, Sum]:
    """A common scalar of all terms, and the rest: leads with plus one sign."""
    common: dict[int, Rational] | None = None
    for m in s:
        here = {h: e for h, args, e in m[0] if not args and alg.heads[h].kind not in ("sign", "power", "floor", "prime")}
        if len(s) == 1:
            here = {h: e for h, args, e in m[0] if not args}
        if common is None:
            common = dict(here)
        else:
            for h in [*common, *here]:
                e = min(common.get(h, 0), here.get(h, 0))
                if e:
                    common[h] = e
                else:
                    common.pop(h, None)
    factors: list[Factor] = [(h, (), e) for h, e in (common or {}).items()]
    if factors:
        inverse = [(h, (), -e) for h, _, e in factors]
        out: Sum = {}
        for m, c in s.items():
            f, bound, _ = alg.flat(m, None, 0)
            alg.collect(out, c, f + inverse, bound)  # type: ignore[operator]
        s = out
    value, s = _number(alg, s)
    front: Sum = {}
    alg.collect(front, value, factors, {})
    return front, s


def _number(alg: Algebra, s: Sum) -> tuple[Rational, Sum]:
    """The greatest rational that divides every coefficient, with the sign of the least term, and the quotient."""
    top, bottom = 0, 1
    for c in s.values():
        top, bottom = gcd(top, abs(c.numerator)), lcm(bottom, c.denominator)
    value = Fraction(top, bottom)
    if s[min(s, key=lambda m: order(alg, m))] < 0:
        value = -value
    return value, alg.scaled(s, 1 / value)


def word(alg: Algebra, m: Monomial) -> Word | None:
    """A monomial from index -1 to index -2 read as a product of square matrices; None when it is not one."""
    factors, bound, _ = alg.flat(m, None, 0)
    out: Word = []
    at, left = -1, list(factors)
    while True:
        here = [f for f in left if at in f[1]]
        scaling = [f for f in here if len(f[1]) == 1]
        links = [f for f in here if len(f[1]) == 2 and f[1][0] != f[1][1]]
        if len(scaling) + len(links) != len(here):
            return None
        if scaling:
            out.append((alg.heads[DELTA], False, [(h, (-1,), e) for h, _, e in scaling]))
            left = [f for f in left if f not in scaling]
        if at == -2:
            return out if not links and not left else None
        if len(links) != 1:
            return None
        h, args, e = links[0]
        head = alg.heads[h]
        if e != 1 or h == DELTA or head.dims[0] is not head.dims[1]:
            return None
        flipped = args[1] == at
        at = args[0] if flipped else args[1]
        out.append((head, flipped, []))
        left.remove(links[0])
        if len(out) > 64:
            return None


def _spread(alg: Algebra, s: Sum) -> tuple[Sum, Sum] | None:
    """delta * diagonal part: the diagonal entries as a sum at index -1."""
    if all((DELTA, (-2, -1), 1) in m[0] for m in s):
        return s, alg.renamed({(tuple(f for f in m[0] if f[0] != DELTA), m[1]): c for m, c in s.items()}, {})
    return None


def oriented(alg: Algebra, kind: str, s: Sum, k: int, dims: tuple[Dim, ...]) -> tuple[Head, bool, int]:
    """The atom of a matrix template, whether transposed, and a sign (inverse and exponential of a skew matrix differ)."""
    here, there = frozen(s), frozen(turned(alg, s, k))
    swap = tuple(range(k, 2 * k)) + tuple(range(k))
    if here == there:
        head = alg.head(kind, here, dims + dims, s, k, (swap,), weight=_heavy(alg, s))
        return head, False, 1
    flip = there < here
    if kind == "inverse" and k == 1 and there == frozen(alg.scaled(s, -1)):
        return alg.head(kind, here, dims + dims, s, k, skew=True, weight=_heavy(alg, s)), False, 1
    t = turned(alg, s, k) if flip else s
    return alg.head(kind, min(here, there), dims + dims, t, k, weight=_heavy(alg, s)), flip, 1


def _heavy(alg: Algebra, s: Sum) -> int:
    return 1 + max(int(weight(alg, m)) for m in s)


def entry(alg: Algebra, head: Head, flip: bool, k: int = 1) -> Sum:
    """One entry of a matrix atom."""
    args = tuple(-i - 1 for i in range(2 * k))
    return alg.atom(head, args[k:] + args[:k] if flip else args)


def inverse(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The inverse of a matrix template."""
    if not s:
        raise Stuck("the inverse of zero")
    k = len(dims)
    if k == 0:
        return power(alg, s, -1)
    key = ("inverse of", frozen(s), dims)
    found: Sum | None = alg.memo.get(key)
    if found is None:
        front, core = scale(alg, s)
        found = alg.memo[key] = alg.product(power(alg, front, -1), _inverse(alg, core, dims))
    return found


def _inverse(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    k = len(dims)
    if k == 1:
        spread = _spread(alg, s)
        if spread is not None:
            return alg.product(identity(), power(alg, spread[1], -1))
        if len(s) == 1:
            ((m, c),) = s.items()
            parts = word(alg, m)
            if parts is not None:
                out = identity()
                for head, flipped, scaling in reversed(parts):
                    if scaling:
                        d: Sum = {}
                        alg.collect(d, 1, [(DELTA, (-2, -1), 1), *[(h, a, -e) for h, a, e in scaling]], {})
                    else:
                        d = letter_inverse(alg, head, dims[0])
                        if flipped:
                            d = turned(alg, d)
                    out = alg.contract(out, {-2: 0}, d, {-1: 0}, {0: dims[0]})
                return alg.scaled(out, Fraction(1) / c)
        if alg.eager:
            pushed = rotated(alg, s, dims[0])
            if pushed is not None:
                a, core, size, left, right = pushed
                inner = inverse(alg, core, (size,) if size is not ONE else ())
                bound = {0: size} if size is not ONE else {}
                half = alg.contract(left, {-2: 0} if bound else {}, inner, {-1: 0, -2: -2}, bound)
                whole = alg.contract(half, {-2: 0} if bound else {}, right, {-1: 0}, bound)
                return alg.product(power(alg, a, -1), alg.add(identity(), alg.scaled(whole, -1)))
            low = low_rank(alg, s, dims[0])
            if low is not None:
                # Woodbury: inv(M + p*q) = inv(M) - inv(M)*p*inv(eye + q*inv(M)*p)*q*inv(M)
                first, size, left, right = low
                bound = {0: size} if size is not ONE else {}
                left = alg.contract(first, {-2: 9}, left, {-1: 9}, {9: dims[0]})
                core = alg.contract(right, {-2: 9}, left, {-1: 9}, {9: dims[0]})
                core = alg.add(core, identity() if bound else number(1))
                inner = inverse(alg, core, (size,) if bound else ())
                half = alg.contract(left, {-2: 0} if bound else {}, inner, {-1: 0, -2: -2}, bound)
                right = alg.contract(right, {-2: 9}, first, {-1: 9}, {9: dims[0]})
                whole = alg.contract(half, {-2: 0} if bound else {}, right, {-1: 0}, bound)
                return alg.add(first, alg.scaled(whole, -1))
    elif len(s) == 1:
        blocks = kron_blocks(alg, s, dims)
        if blocks is not None:
            out = number(1)
            for a, b, part in blocks:
                out = alg.product(out, alg.renamed(inverse(alg, part, (dims[a],)), {-1: -b - 1, -2: -k - a - 1}))
            return out
    head, flip, _ = oriented(alg, "inverse", s, k, dims)
    return entry(alg, head, flip, k)


def letter_inverse(alg: Algebra, head: Head, dim: Dim) -> Sum:
    """The inverse of one square matrix atom."""
    if head.kind == "inverse":
        assert head.template is not None
        return head.template
    if head.kind == "variable" and "orthogonal" in (head.extra or ()):
        return {(((head.id, (-2, -1), 1),), ()): 1}
    if head.kind == "expm":
        assert head.template is not None
        return expm(alg, alg.scaled(head.template, -1), (dim,))
    found, flip, _ = oriented(alg, "inverse", alg.atom(head, (-1, -2)), 1, (dim,))
    return entry(alg, found, flip)


def kron_blocks(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> list[tuple[int, int, Sum]] | None:
    """A monomial over k rows and k columns as a product of matrices, each of one row and one column of equal size."""
    k = len(dims)
    ((m, c),) = s.items()
    out: list[tuple[int, int, Sum]] = []
    rows: set[int] = set()
    pieces: list[Monomial] = [((f,), ()) for f in m[0]] + [((), (p,)) for p in m[1]]
    for piece in pieces:
        ends = sorted({a for part in (piece[0], *piece[1]) for _, args, _ in part for a in args if a < 0})
        if len(ends) != 2:
            return None
        b, a = -ends[0] - 1 - k, -ends[1] - 1
        if not 0 <= a < k or not 0 <= b < k or dims[a] is not dims[b] or a in rows:
            return None
        rows.add(a)
        out.append((a, b, alg.renamed({piece: 1}, {ends[1]: -1, ends[0]: -2})))
    if len(rows) != k:
        return None
    a, b, first = out[0]
    out[0] = (a, b, alg.scaled(first, c))
    return out


def _raised(alg: Algebra, s: Sum, dim: Dim) -> Sum:
    """s to the power of a size."""
    out = number(1)
    for m, c in alg.size(dim).items():
        out = alg.product(out, power(alg, s if m == UNITY else size_power(alg, s, m), c))
    return out


def det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The determinant of a matrix template."""
    k = len(dims)
    if k == 0:
        return s
    if not s:
        return {}
    total = ONE
    for d in dims:
        total = total * d
    front, core = scale(alg, s)
    return alg.product(_raised(alg, front, total), _det(alg, core, dims))


def _det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    k = len(dims)
    if k == 1:
        spread = _spread(alg, s)
        if spread is not None:
            diagonal = spread[1]
            if diagonal == number(1):
                return number(1)
            if not any(a for part in diagonal for f in part[0] for a in f[1]) and not any(m[1] for m in diagonal):
                return _raised(alg, diagonal, dims[0])
            if sum_nonnegative(alg, diagonal):
                return exp(alg, alg.renamed(log_abs(alg, diagonal), {-1: 0}, {0: dims[0]}))
        if len(s) == 1:
            ((m, c),) = s.items()
            parts = word(alg, m)
            if parts is not None and not (len(parts) == 1 and parts[0][0].kind not in ("inverse", "expm")):
                out = _raised(alg, number(c), dims[0])
                for head, _, scaling in parts:
                    if scaling:
                        d: Sum = {}
                        alg.collect(d, 1, [(DELTA, (-2, -1), 1), *scaling], {})
                        out = alg.product(out, _opaque_det(alg, d, dims))
                    elif head.kind == "inverse":
                        assert head.template is not None
                        out = alg.product(out, power(alg, det(alg, head.template, dims), -1))
                    elif head.kind == "expm":
                        assert head.template is not None
                        out = alg.product(out, exp(alg, alg.renamed(head.template, {-1: 0, -2: 0}, {0: dims[0]})))
                    else:
                        out = alg.product(out, _opaque_det(alg, alg.atom(head, (-1, -2)), dims))
                return out
        if alg.eager:
            pushed = rotated(alg, s, dims[0])
            if pushed is not None:
                front, core, size, _, _ = pushed
                small = det(alg, core, (size,) if size is not ONE else ())
                return alg.product(alg.product(_raised(alg, front, dims[0]), power(alg, _raised(alg, front, size), -1)), small)
        lemma = _lemma(alg, s, dims[0])
        if lemma is not None:
            return lemma
        low = low_rank(alg, s, dims[0]) if alg.eager else None
        if low is not None:
            first, size, left, right = low
            left = alg.contract(first, {-2: 9}, left, {-1: 9}, {9: dims[0]})
            core = alg.add(alg.contract(right, {-2: 9}, left, {-1: 9}, {9: dims[0]}), identity())
            return alg.product(det(alg, inverse(alg, first, dims), dims), det(alg, core, (size,)))
    elif len(s) == 1:
        blocks = kron_blocks(alg, s, dims)
        if blocks is not None and all(a == b for a, b, _ in blocks):
            out = number(1)
            for a, _, part in blocks:
                rest = ONE
                for i, d_ in enumerate(dims):
                    if i != a:
                        rest = rest * d_
                out = alg.product(out, _raised(alg, det(alg, part, (dims[a],)), rest))
            return out
    return _opaque_det(alg, s, dims)


def rotated(alg: Algebra, s: Sum, dim: Dim) -> tuple[Sum, Sum, Dim, Sum, Sum] | None:
    """a*eye + p*q with p*q one word: a, a*eye + q*p, its size, p, q, where that turn of the word is the least of all."""
    words = [m for m in s if scalars(alg, m)[1] != identity_word()]
    if len(words) != 1 or len(s) < 2:
        return None
    m = words[0]
    a: Sum = {(scalars(alg, n)[0], ()): c for n, c in s.items() if n != m}
    best = (min(frozen(s), frozen(turned(alg, s))), repr(dim))
    found = None
    flat, bound, _ = alg.flat(m, None, 0)
    for v in [None, *bound]:
        parts = _cut(alg, flat, bound, v)
        if parts is None:
            continue
        left, right = parts
        size = ONE if v is None else bound[v]
        left = alg.scaled(left, s[m])
        core = alg.contract(right, {-2: 0}, left, {-1: 0}, {0: dim})
        core = alg.add(core, alg.product(a, identity()) if size is not ONE else a)
        if v is not None and not core:
            continue
        key = (min(frozen(core), frozen(turned(alg, core))), repr(size))
        if size is ONE or (best[1] != "Dim(1)" and key < best):
            best, found = key, (a, core, size, left, right)
            if size is ONE:
                break
    return found


def low_rank(alg: Algebra, s: Sum, dim: Dim) -> tuple[Sum, Dim, Sum, Sum] | None:
    """M + p*q with p*q one word through an index of another size, or of none, and M invertible for almost all values:
    inv(M), the size, p, q."""
    for m in sorted(s, key=lambda m: order(alg, m), reverse=True):
        rest = {n: c for n, c in s.items() if n != m}
        if not rest or all(scalars(alg, n)[1] == identity_word() for n in rest) or not generic(alg, rest):
            continue
        flat, bound, _ = alg.flat(m, None, 0)
        for v in [None, *bound]:
            if v is not None and bound[v] is dim:
                continue
            parts = _cut(alg, flat, bound, v)
            if parts is not None:
                left, right = parts
                return inverse(alg, rest, (dim,)), ONE if v is None else bound[v], alg.scaled(left, s[m]), right
    return None


def identity_word() -> Monomial:
    """The monomial of the identity."""
    (m,) = identity()
    return m


def _cut(alg: Algebra, flat: list[Factor], bound: dict[int, Dim], v: int | None) -> tuple[Sum, Sum] | None:
    """A word cut at a bound index (or where nothing joins its ends): p over -1, -2 and q over -1, -2."""
    mark = -90
    named: Present = {(h, tuple([mark if x == v else x for x in args])): e for h, args, e in flat}
    if len(named) != len(flat):
        return None
    pieces = alg.parts(named, {x: d for x, d in bound.items() if x != v})
    if pieces is None or pieces[3]:
        return None
    sign, single, open_, _ = pieces
    sides: tuple[list[Monomial], list[Monomial]] = ([], [])
    for piece in [*[((f,), ()) for f in single], *[((), (c,)) for c in open_]]:
        ends = {x for part in (piece[0], *piece[1]) for _, args, _ in part for x in args if x < 0}
        if -1 in ends and -2 in ends:
            return None
        sides[1 if -2 in ends else 0].append(piece)
    out = []
    for k, (side, names) in enumerate(zip(sides, ({mark: -2}, {mark: -1}), strict=True)):
        if not side and v is not None:
            return None
        value = number(sign if k == 0 else 1)
        for piece in side:
            value = alg.product(value, alg.renamed({piece: 1}, names))
        out.append(value)
    return out[0], out[1]


def _opaque_det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    k = len(dims)
    here, there = frozen(s), frozen(turned(alg, s, k))
    template = s if here <= there else turned(alg, s, k)
    head = alg.head("det", min(here, there), (), template, dims, weight=_heavy(alg, s))
    return alg.atom(head, ())


def log_det(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """log|det| of a template; of a diagonal matrix the sum of the logs."""
    if len(dims) == 1:
        spread = _spread(alg, s)
        if spread is not None and spread[1]:
            return alg.renamed(log_abs(alg, spread[1]), {-1: 0}, {0: dims[0]})
    return log_abs(alg, det(alg, s, dims))


def _lemma(alg: Algebra, s: Sum, dim: Dim) -> Sum | None:
    """det(M + u*v') = det(M)*(1 + v'*inv(M)*u) for the first rank-one term, where M is invertible for almost all values."""
    for m in sorted(s, key=lambda m: order(alg, m)):
        split = _outer(m)
        if split is None:
            continue
        rest = {n: c for n, c in s.items() if n != m}
        if not rest or not generic(alg, rest):
            continue
        factors, bound, top = alg.flat(m, None, 0)
        term: Sum = {}
        inside = inverse(alg, rest, (dim,))
        left: Sum = {m: s[m]}
        term = alg.contract(left, {-1: 1, -2: 0}, inside, {-1: 0, -2: 1}, {0: dim, 1: dim})
        return alg.product(det(alg, rest, (dim,)), alg.add(number(1), term))
    return None


def _outer(m: Monomial) -> bool | None:
    """Whether no factor or component joins row and column."""
    for part in [*[(f,) for f in m[0]], *m[1]]:
        ends = {a for _, args, _ in part for a in args if a < 0}
        if len(ends) > 1:
            return None
    return True


def generic(alg: Algebra, s: Sum) -> bool:
    """Whether a matrix template is certainly invertible for almost all values: it holds the identity or one square variable
    that no other term holds, and every other term can be made small."""
    for m, _ in s.items():
        _, rest = scalars(alg, m)
        if rest[1] or len(rest[0]) != 1 or any(alg.heads[f[0]].kind not in ("variable", "size", "exp", "pi", "prime") or f[2] < 0
                                              for f in m[0] if not f[1]):
            continue
        h, args, e = rest[0][0]
        head = alg.heads[h]
        others = [n for n in s if n != m]
        if h == DELTA and len(m[0]) == 1:
            if all(_vanishing(alg, n) for n in others):
                return True
        elif head.kind == "variable" and e == 1 and set(args) == {-1, -2} and not set(head.extra or ()) & {"skew"}:
            if all(h not in heads_of(alg, n) for n in others) and not any(
                    h in heads_of(alg, ((f,), ())) for f in m[0] if not f[1]):
                return True
    return False


def _vanishing(alg: Algebra, m: Monomial) -> bool:
    """Whether a term tends to 0 with its variables: some plain variable in it, nothing inverted."""
    found = False
    for part in (m[0], *m[1]):
        for h, _, e in part:
            kind = alg.heads[h].kind
            if e < 0 or kind in ("inverse", "power", "floor", "log", "log abs"):
                return False
            words = alg.heads[h].extra if kind == "variable" else ()
            if kind == "variable" and not set(words or ()) & {"orthogonal", "simplex"}:
                found = True
            if kind == "closed":
                template = alg.heads[h].template
                assert template is not None
                found = found or all(_vanishing(alg, n) for n in template)
    return found


def heads_of(alg: Algebra, m: Monomial) -> frozenset[int]:
    """Every head in a monomial, those inside templates included."""
    out: set[int] = set()
    todo = [h for part in (m[0], *m[1]) for h, _, _ in part]
    while todo:
        h = todo.pop()
        if h in out:
            continue
        out.add(h)
        t = alg.heads[h].template
        if t is not None:
            todo += [g for n in t for part in (n[0], *n[1]) for g, _, _ in part]
    return frozenset(out)


def expm(alg: Algebra, s: Sum, dims: tuple[Dim, ...]) -> Sum:
    """The exponential of a matrix template."""
    k = len(dims)
    if k == 0:
        return exp(alg, s)
    if not s:
        return identity(k)
    if k == 1:
        spread = _spread(alg, s)
        if spread is not None:
            return alg.product(identity(), exp(alg, spread[1]))
    head, flip, _ = oriented(alg, "expm", s, k, dims)
    return entry(alg, head, flip, k)


def lead(alg: Algebra, head: Head) -> tuple[Monomial, Sum, Sum]:
    """The greatest word of an inverse's template, its scalar coefficient, and the other terms."""
    if head.lead is None:
        assert head.template is not None
        words: dict[Monomial, Sum] = {}
        for m, c in head.template.items():
            front, rest = scalars(alg, m)
            words.setdefault(rest, {})[(front, ())] = c
        top = max(words, key=lambda w: (not any(f[0] == DELTA for f in w[0]), order(alg, w)))
        others: Sum = {m: c for m, c in head.template.items() if scalars(alg, m)[1] != top}
        head.lead = (top, words[top], others)
    found: tuple[Monomial, Sum, Sum] = head.lead
    return found

