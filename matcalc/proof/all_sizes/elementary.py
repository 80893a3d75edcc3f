"""The entry-wise functions by definition, through few generators: exp, log, sign, sin, cos, arctan, arcsin, erf, powers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from .atoms import atom, instance, order, pointwise
from .powers import absolute, exp, power, sign
from .monomial import Sum, UNITY, alone, magnitude
from .normalform import Algebra, number
from . import logarithms

HALF = Fraction(1, 2)
Function = Callable[[Algebra, Sum], Sum]


def pi(alg: Algebra) -> Sum:
    """The number pi."""
    return alg.atom(alg.head("pi", None, ()), ())


def _leads_negative(alg: Algebra, s: Sum) -> bool:
    return s[min(s, key=lambda m: order(alg, m))] < 0


def _odd(kind: str) -> Function:
    def at(alg: Algebra, s: Sum) -> Sum:
        if not s:
            return {}
        if _leads_negative(alg, s):
            return alg.scaled(atom(alg, kind, alg.scaled(s, -1)), -1)
        return atom(alg, kind, s)
    return lambda alg, s: pointwise(alg, at, s)


def angle(alg: Algebra, s: Sum) -> tuple[Sum, Sum]:
    """sin and cos; where asked for, by the addition formulas from the sines and cosines of the terms."""
    if not s:
        return {}, number(1)
    transposed = _turned(alg, s)
    if transposed is not None:
        return transposed
    if alg.eager:
        if len(s) > 1:
            m = max(s, key=lambda m: order(alg, m))
            a, b = angle(alg, {m: s[m]}), angle(alg, {n: c for n, c in s.items() if n != m})
            return _joined(alg, a, b)
        ((m, c),) = s.items()
        if 1 < magnitude(c) < 9 and c % 1 == 0:
            one = 1 if c > 0 else -1
            a, b = angle(alg, {m: one}), angle(alg, {m: c - one})
            return _joined(alg, a, b)
    if _leads_negative(alg, s):
        t = alg.scaled(s, -1)
        return alg.scaled(atom(alg, "sin", t), -1), atom(alg, "cos", t)
    return atom(alg, "sin", s), atom(alg, "cos", s)


def _turned(alg: Algebra, s: Sum) -> tuple[Sum, Sum] | None:
    """Quarter turns taken out; the angle of a known sine or tangent; None where there is neither."""
    ((whole, _),) = pi(alg).items()
    quarters = 2 * s.get(whole, 0)
    if quarters and quarters % 1 == 0:
        sin, cos = angle(alg, {m: c for m, c in s.items() if m != whole})
        for _ in range(int(quarters) % 4):
            sin, cos = cos, alg.scaled(sin, -1)
        return sin, cos
    found = alone(s)
    if found is None or abs(found[2]) != 1 or alg.heads[found[0]].kind not in ("arcsin", "arctan"):
        return None
    h, args, c = found
    head, t = alg.heads[h], instance(alg, alg.heads[h], args)
    square = power(alg, t, 2)
    if head.kind == "arcsin":
        return alg.scaled(t, c), power(alg, alg.add(number(1), alg.scaled(square, -1)), HALF)
    cos = power(alg, alg.add(number(1), square), -HALF)
    return alg.scaled(alg.product(t, cos), c), cos


def _joined(alg: Algebra, a: tuple[Sum, Sum], b: tuple[Sum, Sum]) -> tuple[Sum, Sum]:
    return (alg.add(alg.product(a[0], b[1]), alg.product(a[1], b[0])),
            alg.add(alg.product(a[1], b[1]), alg.scaled(alg.product(a[0], b[0]), -1)))


def sine(alg: Algebra, s: Sum) -> Sum:
    """The sine of a sum, by parity and the addition formulas; a delta in it is taken out first."""
    return pointwise(alg, lambda alg, t: angle(alg, t)[0], s)


def cosine(alg: Algebra, s: Sum) -> Sum:
    """The cosine of a sum, in the same way."""
    return pointwise(alg, lambda alg, t: angle(alg, t)[1], s)


def _inverse(kind: str, at_one: Fraction) -> Function:
    """arctan or arcsin, which is a multiple of pi at 1."""
    odd = _odd(kind)

    def at(alg: Algebra, s: Sum) -> Sum:
        if len(s) == 1 and UNITY in s and abs(s[UNITY]) == 1:
            return alg.scaled(pi(alg), at_one * s[UNITY])
        return odd(alg, s)
    return lambda alg, s: pointwise(alg, at, s)


arctan, arcsin = _inverse("arctan", Fraction(1, 4)), _inverse("arcsin", HALF)


def _hyperbolic(sign: int) -> Function:
    """(exp(s) + exp(-s))/2, or (exp(s) - exp(-s))/2."""
    return lambda alg, s: alg.scaled(alg.add(exp(alg, s), alg.scaled(exp(alg, alg.scaled(s, -1)), sign)), HALF)


def _tanh(alg: Algebra, s: Sum) -> Sum:
    """2*sigmoid(2s) - 1."""
    return alg.add(alg.scaled(sigmoid(alg, alg.scaled(s, 2)), 2), number(-1))


def sigmoid(alg: Algebra, s: Sum) -> Sum:
    """1 - 1/(1 + exp(s))."""
    below = alg.add(number(1), exp(alg, s))
    return alg.add(number(1), alg.scaled(power(alg, below, -1), -1))


ELEMENTARY: dict[str, Function] = {
    "exp": exp, "log": lambda alg, s: logarithms.log(alg, s), "sqrt": lambda alg, s: power(alg, s, HALF), "abs": absolute, "sign": sign,
    "sin": sine, "cos": cosine, "arcsin": arcsin, "arctan": arctan, "sinh": _hyperbolic(-1), "cosh": _hyperbolic(1),
    "tanh": _tanh, "sigmoid": sigmoid,
    "softplus": lambda alg, s: logarithms.log(alg, alg.add(number(1), exp(alg, s))),
    "relu": lambda alg, s: alg.scaled(alg.add(s, absolute(alg, s)), HALF), "erf": _odd("erf"),
}
