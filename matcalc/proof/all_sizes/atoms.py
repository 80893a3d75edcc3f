"""Atoms made from sums: powers, exp, log, sign and the other functions, reduced to few generators with their laws."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import floor, gcd, lcm
from typing import Any

from ...language.shape import Dim
from .monomial import Component, Factor, Head, Monomial, Rational, Sum, at, factors
from .normalform import DELTA, Algebra, free_indices, frozen, number
from .heads import Inconclusive, plain
from . import definite

TERMS = 3000


def dims_of(alg: Algebra, s: Sum) -> dict[int, Dim]:
    """The sizes of the free indices of a sum."""
    out: dict[int, Dim] = {}
    for m in s:
        for h, args, _ in factors(m):
            if h != DELTA:
                for slot, a in enumerate(args):
                    if a < 0:
                        out[a] = alg.heads[h].dims[slot]
    return out


def weight(alg: Algebra, m: Monomial) -> Rational:
    """The degree of a monomial in the one global order."""
    return sum((e if e > 0 else -e) * alg.heads[h].weight for h, _, e in factors(m))


def order(alg: Algebra, m: Monomial) -> Any:
    """The key of the one global order of monomials."""
    return (weight(alg, m), sorted(((h, args), e) for h, args, e in m[0])[::-1], m[1])


def templated(alg: Algebra, kind: str, s: Sum, extra: Any = None) -> tuple[Head, tuple[int, ...]]:
    """The atom of this kind whose template is s, and its indices: the free indices of s in the template's order."""
    frees = free_indices(s)
    k = len(frees)
    t = alg.renamed(s, {f: -i - 1 for i, f in enumerate(frees)})
    key = (kind, extra, frozen(t))
    known: tuple[Head, tuple[int, ...]] | None = alg.memo.get(key)
    if known is None:
        best, turn, same = frozen(t), tuple(range(k)), []
        template = t
        if 2 <= k <= 4:
            found: list[tuple[Any, tuple[int, ...], Sum]] = []
            for q in permutations(range(k)):
                other = alg.renamed(t, {-i - 1: -q[i] - 1 for i in range(k)})
                found.append((frozen(other), q, other))
            best, turn, template = min(found, key=lambda f: f[:2])
            for f, q, _ in found:
                if f == best and q != turn:
                    move = [0] * k
                    for i in range(k):
                        move[turn[i]] = q[i]
                    same.append(tuple(move))
        sizes = dims_of(alg, template)
        heavy = max((int(weight(alg, m)) for m in template), default=0)
        head = alg.head(kind, (extra, best), tuple(sizes[-i - 1] for i in range(k)), template, extra, tuple(same),
                        weight=heavy + 1)
        known = alg.memo[key] = (head, turn)
    head, turn = known
    args = [0] * k
    for i, f in enumerate(frees):
        args[turn[i]] = f
    return head, tuple(args)


def atom(alg: Algebra, kind: str, s: Sum, exponent: Rational = 1, extra: Any = None) -> Sum:
    """The atom of this kind and template, to an exponent."""
    head, args = templated(alg, kind, s, extra)
    return alg.atom(head, args, exponent)


def instance(alg: Algebra, head: Head, args: tuple[int, ...]) -> Sum:
    """The template of an atom at free indices."""
    return alg.renamed(head.template, at(args))


def split_delta(alg: Algebra, s: Sum) -> tuple[Sum, Sum, tuple[int, int]] | None:
    """A sum off and on the diagonal of its first delta."""
    for m in s:
        for h, args, _ in m[0]:
            if h == DELTA:
                low, high = args
                off = {n: c for n, c in s.items() if (DELTA, args, 1) not in n[0]}
                return off, alg.renamed(s, {low: high}), (low, high)
    return None


def pointwise(alg: Algebra, function: Callable[[Algebra, Sum], Sum], s: Sum) -> Sum:
    """function(s), where s may hold deltas: f(a + delta*b) = f(a) + delta*(f(a + b) - f(a))."""
    found = split_delta(alg, s)
    if found is None:
        return function(alg, s)
    off, on, pair = found
    outside = pointwise(alg, function, off)
    inside = alg.renamed(alg.add(pointwise(alg, function, on), alg.scaled(outside, -1)), {})
    delta: Sum = {((((DELTA, pair, 1)),), ()): 1}
    return alg.add(outside, alg.contract(delta, {}, inside, {}, {}))


# ----------------------------------------------------------------------------------------------------- content
def common_number(alg: Algebra, s: Sum, signed: bool = True) -> tuple[Rational, Sum]:
    """The greatest rational that divides every coefficient, with the sign of the least term if asked for, and the quotient."""
    value = Fraction(gcd(*(c.numerator for c in s.values())), lcm(*(c.denominator for c in s.values())))
    if signed and s[min(s, key=lambda m: order(alg, m))] < 0:
        value = -value
    return value, alg.scaled(s, 1 / value)


def content(alg: Algebra, s: Sum, signs: bool) -> tuple[Rational, Monomial, Sum]:
    """s as number * common factors * primitive sum, which is empty where s is one monomial. With signs, nothing of unknown sign is taken
    out of several."""
    value: Rational = 1
    common: dict[tuple[int, tuple[int, ...]], Rational] = {}
    pieces: list[Component] = []
    for _ in range(12):
        alg.step()
        if len(s) <= 1:
            break
        least: dict[tuple[int, tuple[int, ...]], Rational] = {}
        monomials = list(s)
        for n, m in enumerate(monomials):
            here = {(h, args): e for h, args, e in m[0]}
            least = {k: min(least.get(k, 0), here.get(k, 0)) for k in least | here} if n else here
        taken: list[Factor] = []
        for (h, args), e in least.items():
            kind = alg.heads[h].kind
            if kind in ("sign", "delta"):
                continue
            if kind == "power" and e > 0:
                continue
            if kind in ("power", "prime", "floor"):
                e = e if kind == "power" and _uniform(monomials, (h, args), e) else floor(e)
            if signs and e and not definite.nonnegative(alg, alg.heads[h]):
                e = 2 * floor(Fraction(e) / 2)
            if e:
                taken.append((h, args, plain(e)))
        shared: list[Component] = []
        if not signs:
            for c in monomials[0][1]:
                if all(m[1].count(c) > shared.count(c) for m in monomials):
                    shared.append(c)
        if not taken and not shared:
            break
        inverse = [(h, args, plain(-e)) for h, args, e in taken]
        out: Sum = {}
        for m, c in s.items():
            rest = list(m[1])
            for k in shared:
                rest.remove(k)
            f, bound, _ = alg.flat((m[0], tuple(rest)), None, 0)
            alg.collect(out, c, f + inverse, bound)
        s = out
        for h, args, e in taken:
            common[h, args] = plain(common.get((h, args), 0) + e)
        pieces += shared
    if len(s) > 1:
        value, s = common_number(alg, s, not signs)
    whole: Monomial = (tuple(sorted((h, args, e) for (h, args), e in common.items() if e)), tuple(sorted(pieces)))
    if len(s) != 1:
        return plain(value), whole, s
    ((m, c),) = s.items()
    return plain(value * c), joined(whole, m), {}


def joined(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials as it stands, no law applied."""
    if not a[0] and not a[1]:
        return b
    factors: dict[tuple[int, tuple[int, ...]], Rational] = {}
    for h, args, e in (*a[0], *b[0]):
        factors[h, args] = plain(factors.get((h, args), 0) + e)
    return tuple(sorted((h, args, e) for (h, args), e in factors.items() if e)), tuple(sorted(a[1] + b[1]))


def _uniform(monomials: list[Monomial], key: tuple[int, tuple[int, ...]], e: Rational) -> bool:
    """Whether the exponents of an atom differ by integers."""
    for m in monomials:
        here = next((f[2] for f in m[0] if (f[0], f[1]) == key), 0)
        if (here - e) % 1:
            return False
    return True


def product_of(alg: Algebra, *sums: Sum) -> Sum:
    """The product of several sums."""
    out = number(1)
    for s in sums:
        out = alg.product(out, s)
        if len(out) > TERMS:
            raise Inconclusive(f"more than {TERMS} terms")
    return out
