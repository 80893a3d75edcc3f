"""The laws of atoms as rewriting rules: each looks at one atom of a product and says what the product equals."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from .atoms import order
from .powers import power, unimodular
from .matrices import expm, lead
from .monomial import Factor, Head, Monomial, Present, Rational, Sum, match
from .normalform import DELTA, Algebra, Bound, Rule, Term, frozen, number, plain

FAR = 1000


def rest_of(present: Present, used: Present) -> list[Factor]:
    """The factors not used up."""
    out: list[Factor] = []
    for key, e in present.items():
        e = plain(e - used.get(key, 0))
        if e:
            out.append((*key, e))
    return out


def _without(bound: Bound, gone: set[int]) -> Bound:
    return {a: d for a, d in bound.items() if a not in gone}


def _whole(present: Present, used: Present, index: int) -> bool:
    """Whether every factor at the index is used up."""
    return all(used.get(key) == e for key, e in present.items() if index in key[1])


def pattern(m: Monomial) -> tuple[list[Factor], frozenset[int]]:
    """A monomial of a template as a pattern; its bound indices are exclusive."""
    out: list[Factor] = []
    base = FAR
    names: set[int] = set()
    for c in m[1]:
        top = 0
        for h, args, e in c:
            out.append((h, tuple([a + base if a >= 0 else a for a in args]), e))
            top = max([top, *[a + 1 for a in args]])
            names.update(a + base for a in args if a >= 0)
        base += top
    out.extend(m[0])
    return out, frozenset(names)


def _power(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """T^e: a whole part above 0 is multiplied out; lead(T)*T^e = (T^(e+1) - rest(T)*T^e)/c for e < 0."""
    assert head.template is not None
    key = (head.id, args)
    if e >= 1:
        whole = floor(e)
        left: Present = {**present, key: plain(e - whole)}
        rest = rest_of(left, {})
        return _substitute(alg, head.template, whole, args, rest, bound)
    if e > 0:
        return None
    if head.lead is None:
        top = max(head.template, key=lambda m: order(alg, m))
        others = {m: c for m, c in head.template.items() if m != top}
        head.lead = (*pattern(top), head.template[top], others)
    parts, exclusive, c, others = head.lead
    needed = {f[0] for f in parts}
    have = {h for h, _ in present}
    if parts and needed <= have:
        binding = {-i - 1: a for i, a in enumerate(args)}
        for found, used, sign in match(alg.heads, parts, binding, exclusive, present):
            rest = rest_of(present, used)
            gone = {found[p] for p in exclusive}
            names = {-i - 1: a for i, a in enumerate(args)}
            terms: list[Term] = [(plain(Fraction(sign) / c), [*rest, (head.id, args, 1)], _without(bound, gone))]
            for k, f, b in alg.terms(others, names, rest, _without(bound, gone)):
                terms.append((plain(-k * Fraction(sign) / c), f, b))
            return terms
    return _partial(alg, present, bound, head, args, e)


def _substitute(alg: Algebra, s: Sum, k: int, args: tuple[int, ...], rest: list[Factor], bound: Bound) -> list[Term]:
    """s(args)^k times the rest, as terms."""
    names = {-i - 1: a for i, a in enumerate(args)}
    terms: list[Term] = [(1, rest, bound)]
    for _ in range(k):
        more: list[Term] = []
        for c, f, b in terms:
            for d, g, a in alg.terms(s, names, f, b):
                more.append((plain(c * d), g, a))
        terms = more
        alg.step(len(terms))
    return terms


def _partial(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Partial fractions: 1/(T*U) = (1/U - 1/T)/(T - U) when T - U or T + U is a number; E^-k/T by the end of T without E."""
    assert head.template is not None
    if e % 1 or len(head.template) < 2:
        return None
    for (g, other), x in present.items():
        if x >= 0 or x % 1:
            continue
        second = alg.heads[g]
        if second.kind == "exp":
            terms = _trailing(alg, present, bound, head, args, (g, other))
            if terms is not None:
                return terms
        if second.kind != "power" or g <= head.id or sorted(other) != sorted(args) or second.template is None:
            continue
        t = alg.memo.get(("partial", head.id, args, g, other))
        if t is None:
            here = {a: -i - 1 for i, a in enumerate(sorted(set(args), reverse=True))}
            a = alg.renamed(head.template, {-i - 1: here[v] for i, v in enumerate(args)})
            b = alg.renamed(second.template, {-i - 1: here[v] for i, v in enumerate(other)})
            t = (0, 0)
            for s in (-1, 1):
                d = alg.add(a, alg.scaled(b, s))
                if len(d) == 1 and ((), ()) in d:
                    t = (s, d[(), ()])
            alg.memo["partial", head.id, args, g, other] = t
        s, d = t
        if d:
            # T + s*U = d, so 1/(T*U) = (1/U + s/T)/d
            rest = rest_of(present, {})
            return [(plain(Fraction(1) / d), [*rest, (head.id, args, 1)], bound),
                    (plain(Fraction(s) / d), [*rest, (g, other, 1)], bound)]
    return None


def _trailing(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
              key: tuple[int, tuple[int, ...]]) -> list[Term] | None:
    """E^-k*T^e = E^-k*(T^(e+1) - (T - t0)*T^e)/t0 where t0, a number, is the part of T without E."""
    assert head.template is not None
    t0 = head.template.get(((), ()))
    if t0 is None:
        return None
    where = {v: -i - 1 for i, v in enumerate(args)}
    if any(a not in where for a in key[1]):
        return None
    inside = (key[0], tuple([where[a] for a in key[1]]))
    others = {m: c for m, c in head.template.items() if m != ((), ())}
    if not all(any((h, a) == inside and x >= min(1, -present[key]) for h, a, x in m[0]) for m in others):
        return None
    rest = rest_of(present, {})
    names = {-i - 1: a for i, a in enumerate(args)}
    terms: list[Term] = [(plain(Fraction(1) / t0), [*rest, (head.id, args, 1)], bound)]
    for c, f, b in alg.terms(others, names, rest, bound):
        terms.append((plain(-Fraction(c) / t0), f, b))
    return terms


def _floor(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """A power whose whole part is taken apart."""
    whole = floor(e)
    if not whole:
        return None
    assert head.template is not None
    left: Present = {**present, (head.id, args): plain(e - whole)}
    names = {-i - 1: a for i, a in enumerate(args)}
    return alg.terms(power(alg, head.template, whole), names, rest_of(left, {}), bound)


def _sign(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """sign^2 = 1."""
    if 0 <= e < 2:
        return None
    return [(1, rest_of({**present, (head.id, args): e % 2}, {}), bound)]


def _prime(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The whole part of a power of a prime is a number."""
    whole = floor(e)
    if not whole:
        return None
    return [(plain(Fraction(head.extra) ** whole), rest_of({**present, (head.id, args): plain(e - whole)}, {}), bound)]


def _integer_power(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
                   e: Rational) -> list[Term] | None:
    """((-1)^n)^2 = 1."""
    if head.template != {((), ()): -1} or 0 <= e < 2:
        return None
    return [(1, rest_of({**present, (head.id, args): e % 2}, {}), bound)]


def _sine(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """sin^2 = 1 - cos^2."""
    if 0 <= e < 2 or e % 1:
        return None
    assert head.template is not None
    pairs = e // 2
    cos = alg.head("cos", frozen_name(head), head.dims, head.template, None, head.permutations, weight=head.weight)
    square = alg.add(number(1), alg.scaled(alg.atom(cos, tuple(-i - 1 for i in range(len(args))), 2), -1))
    left: Present = {**present, (head.id, args): e % 2}
    names = {-i - 1: a for i, a in enumerate(args)}
    return alg.terms(power(alg, square, pairs), names, rest_of(left, {}), bound)


def frozen_name(head: Head) -> object:
    """The name under which `templated` knows the atom."""
    assert head.template is not None
    return (head.extra, frozen(head.template))


def _inverse(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """lead(M)*inv(M) = (1 - rest(M)*inv(M))/c, and from the other side."""
    if e != 1 or head.template is None or len(args) != 2:
        return None
    top, coefficient, others = lead(alg, head)
    parts, exclusive = pattern(top)
    if not {f[0] for f in parts} <= {h for h, _ in present}:
        return None
    key = (head.id, args)
    orders = ((0, 1), (1, 0)) if head.permutations or head.skew else ((0, 1),)
    others_of: Present = {k: x for k, x in present.items() if k != key}
    for turn in orders:
        i, j = args[turn[0]], args[turn[1]]
        flip = -1 if head.skew and turn == (1, 0) else 1
        if i == j:
            continue
        for joint, far, slot in ((i, j, -2), (j, i, -1)):
            if joint not in bound:
                continue
            # slot -2: M[x, joint] * inv[joint, far]; slot -1: inv[far, joint] * M[joint, x]
            for found, used, sign in match(alg.heads, parts, {slot: joint}, exclusive, others_of):
                if not _whole(others_of, used, joint) or any(found[p] == joint for p in exclusive):
                    continue
                x = found.get(-1 if slot == -2 else -2)
                if x is None or x == joint:
                    continue
                if x in bound and any(found[p] == x for p in exclusive):
                    continue
                rest = rest_of(others_of, used)
                gone = {found[p] for p in exclusive}
                inner = _without(bound, gone)
                front = power(alg, coefficient, -1)
                delta: list[Factor] = [(DELTA, (min(x, far), max(x, far)), 1)]
                terms: list[Term] = []
                for c, f, b in alg.terms(front, {}, [*rest, *delta], _without(inner, {joint})):
                    terms.append((plain(c * sign * flip), f, b))
                if others:
                    names = {-1: x, -2: joint} if slot == -2 else {-1: joint, -2: x}
                    atom: Factor = (head.id, args, 1)
                    for c, f, b in alg.terms(others, names, [*rest, atom], inner):
                        for d, g, a in alg.terms(front, {}, f, b):
                            terms.append((plain(-c * d * sign), g, a))
                return terms
    return None


def _variable(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Q*Q' = Q'*Q = eye; the entries of a simplex vector, and of every row of a simplex matrix, sum to 1."""
    words = head.extra
    if not words or e != 1:
        return None
    key = (head.id, args)
    if "simplex" in words:
        k = args[-1] if args else None
        if k is not None and k in bound and sum(a.count(k) for _, a in present) == 1:
            return [(1, rest_of(present, {key: 1}), _without(bound, {k}))]
    if len(args) == 2 and args[0] != args[1] and ("lower" in words or "upper" in words):
        return _triangular(alg, present, bound, head, args)
    if "orthogonal" in words and len(args) == 2 and args[0] != args[1]:
        for slot in (0, 1):
            k = args[slot]
            if k not in bound:
                continue
            touching = [other for other in present if k in other[1]]
            if len(touching) == 2:
                other = touching[0] if touching[1] == key else touching[1]
                if other[0] == head.id and present[other] == 1 and other[1][slot] == k and other[1][1 - slot] != k:
                    pair = sorted((args[1 - slot], other[1][1 - slot]))
                    rest = rest_of(present, {key: 1, other: 1})
                    return [(1, [*rest, (DELTA, (pair[0], pair[1]), 1)], _without(bound, {k}))]
    return None


def _slope_of(alg: Algebra, head: Head) -> int:
    """1 for a lower triangular atom, -1 for an upper one, 0 else; the inverse of a triangular matrix is triangular."""
    if head.kind == "variable" and len(head.dims) == 2:
        return 1 if "lower" in (head.extra or ()) else -1 if "upper" in (head.extra or ()) else 0
    if head.kind == "inverse" and head.template is not None and len(head.template) == 1:
        ((m, _),) = head.template.items()
        if len(m[0]) == 1 and not m[1] and m[0][0][2] == 1 and len(m[0][0][1]) == 2:
            h, args, _ = m[0][0]
            return _slope_of(alg, alg.heads[h]) * (1 if args == (-1, -2) else -1)
    return 0


def _triangular(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...]) -> list[Term] | None:
    """A cycle of triangular entries i >= j >= .. >= i lives on the diagonal only."""
    edges: dict[int, set[int]] = {}
    for (h, pair), e in present.items():
        if len(pair) == 2 and e > 0 and pair[0] != pair[1]:
            way = _slope_of(alg, alg.heads[h])
            if way:
                a, b = pair if way > 0 else (pair[1], pair[0])
                edges.setdefault(a, set()).add(b)
    a, b = args if _slope_of(alg, head) > 0 else (args[1], args[0])
    seen, todo = {b}, [b]
    while todo:
        for k in edges.get(todo.pop(), ()):
            if k == a:
                return [(1, [*rest_of(present, {}), (DELTA, (min(a, b), max(a, b)), 1)], bound)]
            if k not in seen:
                seen.add(k)
                todo.append(k)
    return None


def _square_entry(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
                  e: Rational) -> list[Term] | None:
    """sum_k Q[i,k]^2 = 1."""
    if e == 2 and "orthogonal" in (head.extra or ()) and len(args) == 2 and args[0] != args[1]:
        for slot in (0, 1):
            k = args[slot]
            if k in bound and sum(a.count(k) for _, a in present) == 1:
                return [(1, rest_of(present, {(head.id, args): 2}), _without(bound, {k}))]
    return _variable(alg, present, bound, head, args, e)


def _det(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """det(Q)^2 = 1."""
    if 0 <= e < 2 or e % 1 or not unimodular(alg, head):
        return None
    return [(1, rest_of({**present, (head.id, args): e % 2}, {}), bound)]


def _expm(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """M*expm(M) = expm(M)*M, moved to the right; expm(M)*expm(-M) = eye."""
    if e != 1 or head.template is None or len(args) != 2 or args[0] == args[1]:
        return None
    key = (head.id, args)
    negative = frozen(alg.scaled(head.template, -1))
    for (g, other), x in present.items():
        second = alg.heads[g]
        if second.kind == "expm" and x == 1 and (g, other) != key and second.template is not None and len(other) == 2:
            shared = [a for a in args if a in other and a in bound]
            straight = frozen(second.template) == negative
            from_turned = frozen(alg.renamed(second.template, {-1: -2, -2: -1})) == negative
            for k in shared:
                if sum(a.count(k) for _, a in present) != 2:
                    continue
                opposite = (args.index(k) != other.index(k))
                if (straight and (opposite or bool(head.permutations))) or (from_turned and not opposite):
                    a, b = args[1 - args.index(k)], other[1 - other.index(k)]
                    rest = rest_of(present, {key: 1, (g, other): 1})
                    if a == b:
                        return [(1, [*rest], _without(bound, {k}))]
                    return [(1, [*rest, (DELTA, (min(a, b), max(a, b)), 1)], _without(bound, {k}))]
    top, coefficient, others = lead(alg, head)
    parts, exclusive = pattern(top)
    if not {f[0] for f in parts} <= {h for h, _ in present} or not parts:
        return None
    others_of: Present = {k: x for k, x in present.items() if k != key}
    orders = ((0, 1), (1, 0)) if head.permutations else ((0, 1),)
    for turn in orders:
        i, j = args[turn[0]], args[turn[1]]
        if i not in bound:
            continue
        # lead[x, i] * expm[i, j] -> expm[x, y] * lead[y, j]; in a symmetric atom only where the move lowers the label
        for found, used, sign in match(alg.heads, parts, {-2: i}, exclusive, others_of):
            x_ = found.get(-1)
            if x_ is None or x_ == i or not _whole(others_of, used, i):
                continue
            if head.permutations and not _lower(alg, present, key, i, j, x_):
                continue
            if x_ == j or any(found[p] in (x_, i) for p in exclusive):
                continue
            rest = rest_of(others_of, used)
            gone = {found[p] for p in exclusive}
            inner = _without(bound, gone)
            y = i
            f: list[Factor] = [*rest, (head.id, (x_, y), 1)]
            terms = [(k * sign, g, b) for k, g, b in alg.terms(head.template, {-1: y, -2: j}, f, inner)]
            terms += [(-k * sign, g, b) for k, g, b in alg.terms(others, {-1: x_, -2: i}, [*rest, (head.id, args, 1)], inner)]
            return _divided(alg, terms, coefficient)
    return None


def _divided(alg: Algebra, terms: list[Term], coefficient: Sum) -> list[Term]:
    """Terms divided by the scalar in front of the leading word."""
    front = power(alg, coefficient, -1)
    return [(plain(c * d), g, a) for c, f, b in terms for d, g, a in alg.terms(front, {}, f, b)]


def _lower(alg: Algebra, present: Present, key: object, i: int, j: int, x: int) -> bool:
    """Whether moving across a symmetric exponential goes towards the smaller free index."""
    return j < 0 and (x >= 0 or j < x)


def _frechet(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The derivative of expm traced, sum_i F[i,i,p,q] = expm[q,p]; in the direction eye, sum_p F[i,j,p,p] = expm[i,j]; and M."""
    if e != 1 or head.template is None or len(args) != 4:
        return None
    i, j, p, q = args
    key = (head.id, args)
    for a, b, row, col in ((i, j, q, p), (p, q, i, j)):
        if a == b and a in bound and sum(k.count(a) for _, k in present) == 2:
            names = {-1: row, -2: col}
            value = expm(alg, head.template, (head.dims[0],))
            return alg.terms(value, names, rest_of(present, {key: 1}), _without(bound, {a}))
    if p not in bound or q not in bound or p == q:
        return None
    top, coefficient, others = lead(alg, head)
    parts, exclusive = pattern(top)
    others_of: Present = {k: x for k, x in present.items() if k != key}
    for found, used, sign in match(alg.heads, parts, {-1: p, -2: q}, exclusive, others_of):
        # F[i,j,p,q]*M[p,q] = (M*expm(M))[i,j]
        if not _whole(others_of, used, p) or not _whole(others_of, used, q) or any(found[k] in (p, q) for k in exclusive):
            continue
        rest = rest_of(others_of, used)
        inner = _without(bound, {found[k] for k in exclusive})
        value = expm(alg, head.template, (head.dims[0],))
        whole = alg.contract(head.template, {-2: 0}, value, {-1: 0}, {0: head.dims[0]})
        terms = [(k * sign, f, b) for k, f, b in alg.terms(whole, {-1: i, -2: j}, rest, _without(inner, {p, q}))]
        terms += [(-k * sign, f, b) for k, f, b in alg.terms(others, {-1: p, -2: q}, [*rest, (head.id, args, 1)], inner)]
        return _divided(alg, terms, coefficient)
    return None


RULES: dict[str, Rule] = {
    "power": _power, "floor": _floor, "sign": _sign, "prime": _prime, "integer power": _integer_power, "sin": _sine,
    "inverse": _inverse, "variable": _square_entry, "det": _det, "expm": _expm, "frechet": _frechet,
}
