"""The laws of atoms as rewriting rules: each looks at one atom of a product and says what the product equals.

The entries of a variable with a structure have laws of their own.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

from .atoms import order
from .powers import kept, power
from .monomial import Factor, Head, Present, Rational, Sum, at
from .normalform import Algebra, Rule, number, DELTA
from .heads import Bound, Term, plain
from .substitution import SIMPLE, remade
from .products import even_part_is_one, frozen_name, match, pattern, rest_of, without
from . import eigen, matrix_laws, matrix_words, selections, size_powers


def _variable(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Q*Q' = Q'*Q = eye; the entries of a simplex vector, and of every row of a simplex matrix, sum to 1."""
    words = head.extra or ()
    if e == 1 and "simplex" in words and args:
        k = args[-1]
        if k in bound and sum(a.count(k) for _, a in present) == 1:
            return [(1, rest_of(present, {(head.id, args): 1}), without(bound, {k}))]
    if e == 1 and len(args) == 2 and args[0] != args[1] and ("lower" in words or "upper" in words):
        return _triangular(alg, present, bound, head, args)
    return _orthonormal(alg, present, bound, head, args, e) if "orthogonal" in words else None


def _orthonormal(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Q*Q' = Q'*Q = eye."""
    for slot in (0, 1) if len(args) == 2 and e in (1, 2) else ():
        k = args[slot]
        met: Present = {key: x for key, x in present.items() if k in key[1]} if k in bound else {}
        if list(met.values()) in ([2], [1, 1]) and all(h == head.id and n[slot] == k != n[1 - slot] for h, n in met):
            first, last = min(n[1 - slot] for _, n in met), max(n[1 - slot] for _, n in met)
            return [(1, [*rest_of(present, met), (DELTA, (first, last), 1)], without(bound, {k}))]
    return None


def _triangular(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...]) -> list[Term] | None:
    """A cycle of triangular entries i >= j >= .. >= i lives on the diagonal only."""
    edges: dict[int, set[int]] = {}
    for (h, pair), e in present.items():
        if len(pair) == 2 and e > 0 and pair[0] != pair[1]:
            way = matrix_words.triangle(alg, alg.heads[h])
            if way:
                a, b = pair if way > 0 else (pair[1], pair[0])
                edges.setdefault(a, set()).add(b)
    a, b = args if matrix_words.triangle(alg, head) > 0 else (args[1], args[0])
    seen, todo = {b}, [b]
    while todo:
        for k in edges.get(todo.pop(), ()):
            if k == a:
                return [(1, [*rest_of(present, {}), (DELTA, (min(a, b), max(a, b)), 1)], bound)]
            if k not in seen:
                seen.add(k)
                todo.append(k)
    return None


def _power(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """T^e: a whole part above 0 is multiplied out; lead(T)*T^e = (T^(e+1) - rest(T)*T^e)/c for e < 0."""
    key = (head.id, args)
    if e >= 1:
        whole = floor(e)
        if whole > 1 and kept(alg, head.template):
            return None
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
        for found, used, sign in match(alg.heads, parts, at(args), exclusive, present):
            rest, inner, front = rest_of(present, used), without(bound, {found[p] for p in exclusive}), plain(Fraction(sign) / c)
            return [(front, [*rest, (head.id, args, 1)], inner), *alg.terms(others, at(args), rest, inner, -front)]
    return _partial(alg, present, bound, head, args, e)


def _substitute(alg: Algebra, s: Sum, k: int, args: tuple[int, ...], rest: list[Factor], bound: Bound) -> list[Term]:
    """s(args)^k times the rest, as terms."""
    terms: list[Term] = [(1, rest, bound)]
    for _ in range(k):
        terms = alg.further(terms, s, at(args))
        alg.step(len(terms))
    return terms


def _partial(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """Partial fractions: 1/(T*U) = (1/U - 1/T)/(T - U) when T - U or T + U is a number; E^-k/T by the end of T without E."""
    if e % 1 or len(head.template) < 2:
        return None
    strangers: set[tuple[int, tuple[int, ...]]] = alg.memo.setdefault(("strangers", head.id, args), set())
    for key, x in present.items():
        if key in strangers or x >= 0 or x % 1:
            continue
        g, other = key
        second = alg.heads[g]
        if second.kind == "exp":
            terms = _trailing(alg, present, bound, head, args, key)
            if terms is not None:
                return terms
            continue
        if second.kind != "power" or g <= head.id or sorted(other) != sorted(args):
            strangers.add(key)
            continue
        t = alg.memo.get(("partial", head.id, args, g, other))
        if t is None:
            a, b = _side_by_side(alg, head, args, second, other)
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
        strangers.add(key)
    return None


def _side_by_side(alg: Algebra, head: Head, args: tuple[int, ...], second: Head, other: tuple[int, ...]) -> tuple[Sum, Sum]:
    """What two atoms of the same indices are made of, in names that both share for these."""
    here = {a: -i - 1 for i, a in enumerate(sorted(set(args), reverse=True))}
    a, b = (alg.renamed(h.template, {-i - 1: here[v] for i, v in enumerate(own)}) for h, own in ((head, args), (second, other)))
    return a, b


def _trailing(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
              key: tuple[int, tuple[int, ...]]) -> list[Term] | None:
    """E^-k*T^e = E^-k*(T^(e+1) - (T - t0)*T^e)/t0 where t0, a number, is the part of T without E."""
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
    front = plain(Fraction(1) / t0)
    return [(front, [*rest, (head.id, args, 1)], bound), *alg.terms(others, at(args), rest, bound, -front)]


def _floor(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """A power whose whole part is taken apart."""
    whole = floor(e)
    if not whole:
        return None
    left: Present = {**present, (head.id, args): plain(e - whole)}
    return alg.terms(power(alg, head.template, whole), at(args), rest_of(left, {}), bound)


def _sign(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    return even_part_is_one(present, bound, head, args, e)


def _signs(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """sign(T)*sign(U) = 1 + sign(U) - sign(T), and the like, where T less a multiple of U is a number."""
    for (g, other), x in present.items() if e == 1 else ():
        second = alg.heads[g]
        alike = abs(len(second.template) - len(head.template)) < 2
        if x != 1 or second.kind != "sign" or g <= head.id or sorted(other) != sorted(args) or not alike:
            continue
        found = alg.memo.get(("signs", head.id, args, g, other))
        if found is None:
            a, b = _side_by_side(alg, head, args, second, other)
            m = next((m for m in a if m != ((), ())), None)
            ratio = Fraction(a[m]) / Fraction(b[m]) if m in b else Fraction(0)
            rest = alg.add(a, alg.scaled(b, -ratio)) if ratio else {}
            found = alg.memo["signs", head.id, args, g, other] = (
                (1 if ratio > 0 else -1), rest.get(((), ()), 0) if len(rest) == 1 else 0)
        same, d = found
        if d:           # of T and the multiple of U the larger one is positive wherever the other one is
            left = rest_of({k: v for k, v in present.items() if k not in ((head.id, args), (g, other))}, {})
            less = -1 if d > 0 else 1
            return [(same, left, bound), (less * same, [*left, (head.id, args, 1)], bound), (-less, [*left, (g, other, 1)], bound)]
    return None


def _prime(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """The whole part of a power of a prime is a number."""
    whole = floor(e)
    if not whole:
        return None
    return [(plain(Fraction(head.extra) ** whole), rest_of({**present, (head.id, args): plain(e - whole)}, {}), bound)]


def _integer_power(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
                   e: Rational) -> list[Term] | None:
    """((-1)^n)^2 = 1."""
    return even_part_is_one(present, bound, head, args, e) if head.template == {((), ()): -1} else None


def _sine(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
    """sin^2 = 1 - cos^2."""
    if 0 <= e < 2 or e % 1:
        return None
    pairs = e // 2
    cos = alg.head("cos", frozen_name(head), head.dims, head.template, None, head.permutations, weight=head.weight)
    square = alg.add(number(1), alg.scaled(alg.atom(cos, tuple(-i - 1 for i in range(len(args))), 2), -1))
    left: Present = {**present, (head.id, args): e % 2}
    return alg.terms(power(alg, square, pairs), at(args), rest_of(left, {}), bound)


def _at_equal_indices(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...],
                      e: Rational) -> list[Term] | None:
    """cos(X)[i,i] is the cosine of X[i,i]: an atom whose indices are equal is made again with one index for them."""
    own = tuple(dict.fromkeys(args))
    if len(own) == len(args):
        return None
    template = alg.renamed(head.template, {-i - 1: -own.index(a) - 1 for i, a in enumerate(args)})
    value = power(alg, template if head.kind == "power" else remade(alg, head, template), e)
    rest = rest_of({k: v for k, v in present.items() if k != (head.id, args)}, {})
    return alg.terms(value, at(own), rest, bound)


def _first(*rules: Rule) -> Rule:
    """The first of several laws that has something to say."""
    def rule(alg: Algebra, present: Present, bound: Bound, head: Head, args: tuple[int, ...], e: Rational) -> list[Term] | None:
        return next((found for r in rules if (found := r(alg, present, bound, head, args, e)) is not None), None)
    return rule


RULES: dict[str, Rule] = {
    **dict.fromkeys((*SIMPLE, "function"), _at_equal_indices),
    "power": _first(_at_equal_indices, _power), "floor": _floor, "sign": _first(_at_equal_indices, _sign, _signs), "prime": _prime,
    "integer power": _integer_power, "sin": _first(_at_equal_indices, _sine),
    "inverse": lambda *at: matrix_laws.inverse_law(*at), "variable": _variable, "det": lambda *at: matrix_laws.det_law(*at),
    "eigenvectors": _orthonormal, "eigenvector": lambda *at: eigen.eigenvector_law(*at),
    "select": lambda *at: selections.selection_law(*at),
    "matrix power": lambda *at: size_powers.size_power_law(*at), "power slope": lambda *at: size_powers.power_slope_law(*at),
    "expm": lambda *at: matrix_laws.expm_law(*at), "frechet": lambda *at: matrix_laws.frechet_law(*at),
}
