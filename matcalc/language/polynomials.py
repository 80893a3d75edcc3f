"""Scalar expressions as polynomials in their parts, and division of one by another: whether a condition follows from others."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from .arithmetic import add, mul, power
from .constants import num
from .nodes import Apply, Expr, Number
from .shape import SCALAR

Exponents = tuple[tuple[int, int], ...]     # the parts by number, in order, and their exponents
Polynomial = dict[Exponents, Fraction]
MOST_TERMS, MOST_DEGREE = 200, 24


class Parts:
    """The parts that polynomials are read in, by number."""

    def __init__(self) -> None:
        self.numbers: dict[Expr, int] = {}

    def read(self, e: Expr) -> Polynomial | None:
        """The polynomial of an expression; None where it has too many terms."""
        if type(e) is Number:
            return {(): Fraction(e.value)} if e.value else {}
        if type(e) is Apply and e.head in ("+", "*") and all(a.shape == SCALAR for a in e.args):
            return self._folded(e)
        if type(e) is Apply and e.head == "^" and e.shape == SCALAR and type(e.args[1]) is Number:
            k = e.args[1].value
            if isinstance(k, int) and 0 < k <= MOST_DEGREE:
                base = self.read(e.args[0])
                out: Polynomial | None = {(): Fraction(1)}
                for _ in range(k):
                    out = None if out is None or base is None else _product(out, base)
                return out
        return {((self.numbers.setdefault(e, len(self.numbers)), 1),): Fraction(1)}

    def _folded(self, e: Apply) -> Polynomial | None:
        out: Polynomial | None = {} if e.head == "+" else {(): Fraction(1)}
        for a in e.args:
            p = self.read(a)
            if p is None or out is None:
                return None
            out = _sum(out, p) if e.head == "+" else _product(out, p)
        return out

    def written(self, p: Polynomial) -> Expr:
        """A polynomial as an expression."""
        names = list(self.numbers)
        return add(*(mul(num(c), *(power(names[i], num(k)) for i, k in m)) for m, c in p.items()))


def left_over(p: Polynomial, factors: Iterable[Polynomial]) -> Polynomial:
    """What is left when each factor is taken out of p as often as it goes."""
    for f in factors:
        while not is_number(p) and not is_number(f):
            quotient = divided(p, f)
            if quotient is None:
                break
            p = quotient
    return p


def follows(p: Polynomial, others: Iterable[Polynomial]) -> bool:
    """Whether p is 0 nowhere where none of the others is: what is left of it is a number, 0 nowhere, or a factor of one of them."""
    others = list(others)
    rest = left_over(p, others)
    return is_number(rest) or has_no_real_zero(rest) or any(divided(q, rest) is not None for q in others)


def degree(p: Polynomial) -> int:
    """The greatest sum of exponents."""
    return max((sum(k for _, k in m) for m in p), default=0)


def is_number(p: Polynomial) -> bool:
    """Whether a polynomial is a constant."""
    return all(not m for m in p)


def divided(p: Polynomial, by: Polynomial) -> Polynomial | None:
    """The exact quotient; None where there is a remainder."""
    size = 1 + max(i for q in (p, by) for m in q for i, _ in m)
    dense = {_exponents(m, size): c for m, c in p.items()}
    divisor = {_exponents(m, size): c for m, c in by.items()}
    lead = max(divisor)
    out: dict[tuple[int, ...], Fraction] = {}
    while dense:
        top = max(dense)
        left = tuple(a - b for a, b in zip(top, lead, strict=True))
        if min(left) < 0 or len(out) >= MOST_TERMS:
            return None
        c = out[left] = dense[top] / divisor[lead]
        for m, d in divisor.items():
            at = tuple(a + b for a, b in zip(m, left, strict=True))
            rest = dense.get(at, Fraction(0)) - c * d
            if rest:
                dense[at] = rest
            else:
                dense.pop(at, None)
    return {tuple((i, k) for i, k in enumerate(m) if k): c for m, c in out.items()}


def has_no_real_zero(p: Polynomial) -> bool:
    """Whether a polynomial in one part is 0 for no real number, by Sturm's theorem: as many changes of sign at both ends."""
    chain = _sturm(p)
    if not chain:
        return False
    ends = [[q[-1] * (side if len(q) % 2 == 0 else 1) for q in chain] for side in (-1, 1)]
    return len({sum(a * b < 0 for a, b in pairwise(end)) for end in ends}) == 1


def without_repeats(p: Polynomial) -> Polynomial:
    """A polynomial in one part with each of its zeros once: p over what it has in common with its derivative, in whole numbers."""
    chain = _sturm(p)
    if not chain or len(chain[-1]) == 1:
        return p
    part = next(i for m in p for i, _ in m)
    once = divided(p, {((part, k),) if k else (): c for k, c in enumerate(chain[-1]) if c})
    if once is None:
        return p
    common = Fraction(gcd(*(c.numerator for c in once.values())), lcm(*(c.denominator for c in once.values())))
    return {m: c / common for m, c in once.items()}


def _sturm(p: Polynomial) -> list[list[Fraction]]:
    """Of a polynomial in one part itself, its derivative, and the remainders down to the greatest common divisor of the two."""
    if len({i for m in p for i, _ in m}) != 1:
        return []
    coefficients = [Fraction(0)] * (1 + max(k for m in p for _, k in m))
    for m, c in p.items():
        coefficients[m[0][1] if m else 0] = c
    chain = [coefficients, [k * c for k, c in enumerate(coefficients)][1:]]
    while len(chain[-1]) > 1:
        rest = _remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-c for c in rest])
    return chain


def _remainder(p: list[Fraction], by: list[Fraction]) -> list[Fraction]:
    """Of two lists of coefficients, lowest first."""
    p = p[:]
    while len(p) >= len(by):
        c = p[-1] / by[-1]
        for k, b in enumerate(by):
            p[len(p) - len(by) + k] -= c * b
        p.pop()
    while p and not p[-1]:
        p.pop()
    return p


def _exponents(m: Exponents, size: int) -> tuple[int, ...]:
    found = dict(m)
    return tuple(found.get(i, 0) for i in range(size))


def _sum(p: Polynomial, q: Polynomial) -> Polynomial | None:
    out = dict(p)
    for m, c in q.items():
        whole = out.get(m, 0) + c
        if whole:
            out[m] = whole
        else:
            del out[m]
    return out if len(out) <= MOST_TERMS else None


def _product(p: Polynomial, q: Polynomial) -> Polynomial | None:
    if len(p) * len(q) > MOST_TERMS:
        return None
    out: Polynomial = {}
    for m, c in p.items():
        for n, d in q.items():
            exponents = dict(m)
            for i, k in n:
                exponents[i] = exponents.get(i, 0) + k
            at = tuple(sorted(exponents.items()))
            if sum(exponents.values()) > MOST_DEGREE:
                return None
            out[at] = out.get(at, Fraction(0)) + c * d
    return {m: c for m, c in out.items() if c}
