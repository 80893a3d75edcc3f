"""Perfect squares: the c - d whose square a sum is, recognised under a root."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from math import isqrt
from typing import Any

from .atoms import product_of
from .monomial import Monomial, Rational, Sum
from .normalform import Algebra
from .heads import plain

LONGEST = 6     # terms of a root
Powers = dict[Any, Rational]


def square_root(alg: Algebra, s: Sum) -> Sum | None:
    """A sum whose square is s, up to its sign, by its leading terms one after the other; None where there is none, or a long one."""
    if not 3 <= len(s) <= LONGEST * (LONGEST + 1) // 2:
        return None
    powers = {m: _powers(m) for m in s}
    leads = _order(powers.values())
    top = max(s, key=lambda m: leads(powers[m]))
    first = _root(s[top])
    half: Powers = {k: e / Fraction(2) for k, e in powers[top].items()}
    if first is None or any(e % 1 for e in half.values()):
        return None
    out: Sum = {_monomial(half): first}
    for _ in range(LONGEST):
        rest = alg.add(s, alg.scaled(product_of(alg, out, out), -1))
        if not rest:
            return out
        powers = {m: _powers(m) for m in rest}
        leads = _order([*powers.values(), half])
        top = max(rest, key=lambda m: leads(powers[m]))
        m = _monomial({k: powers[top].get(k, 0) - half.get(k, 0) for k in powers[top] | half})
        if m in out:
            return None
        out = alg.add(out, {m: plain(Fraction(rest[top]) / (2 * Fraction(first)))})
    return None


def _powers(m: Monomial) -> Powers:
    return {**{(h, args): e for h, args, e in m[0]}, **Counter(m[1])}


def _order(all_powers: Iterable[Powers]) -> Callable[[Powers], tuple[Rational, ...]]:
    """Monomials by the power of the first atom, then of the second."""
    atoms = sorted({k for p in all_powers for k in p}, key=repr)
    return lambda p: tuple([p.get(k, 0) for k in atoms])


def _monomial(p: Powers) -> Monomial:
    """A product of atoms to these powers; a connected product has none that is negative."""
    factors = [(*k, plain(e)) for k, e in p.items() if e and type(k[0]) is int]
    pieces = [k for k, e in p.items() if type(k[0]) is not int for _ in range(int(e))]
    return tuple(sorted(factors)), tuple(sorted(pieces))


def _root(c: Rational) -> Rational | None:
    """The root of a rational that is a square."""
    c = Fraction(c)
    a, b = isqrt(abs(c.numerator)), isqrt(c.denominator)
    return plain(Fraction(a, b)) if c > 0 and a * a == c.numerator and b * b == c.denominator else None
