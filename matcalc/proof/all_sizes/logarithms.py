"""Logarithms of sums, and the powers that are made by way of them."""

from __future__ import annotations


from .atoms import atom, content, instance, pointwise
from .monomial import Component, Factor, Rational, Sum, UNITY, magnitude
from .normalform import Algebra, number
from .heads import Inconclusive
from .powers import exp, power, prime_factors, sign, size_power, unimodular
from . import definite, squares


def log(alg: Algebra, s: Sum) -> Sum:
    """log of a sum; of a product only what is known positive is taken apart."""
    return pointwise(alg, _log, s)


def _log(alg: Algebra, s: Sum) -> Sum:
    if definite.sum_nonnegative(alg, alg.scaled(s, -1)):
        raise Inconclusive("log of what is never positive")
    value, common, rest = content(alg, s, True)
    out: Sum = {}
    if rest:
        for h, args, e in common[0]:
            out = alg.add(out, alg.scaled(log_factor(alg, h, args, True), e))
        root = squares.square_root(alg, rest)
        if root is not None:
            return alg.add(out, log_number(alg, value), alg.scaled(log_abs(alg, root), 2))
        inner = _inside(alg, rest)
        if inner is not None:
            return alg.add(out, log_number(alg, value), log_abs(alg, inner))
        return alg.add(out, log_number(alg, value), atom(alg, "log", rest))
    unknown: list[Factor] = []
    signs: list[Factor] = []
    for f in common[0]:
        head = alg.heads[f[0]]
        if head.kind == "sign":
            signs.append(f)
        elif definite.nonnegative(alg, head) or f[2] % 2 == 0 or f[2] % 1:
            out = alg.add(out, alg.scaled(log_factor(alg, f[0], f[1], f[2] % 2 == 0), f[2]))
        else:
            unknown.append(f)
    chains: list[Component] = []
    for k in common[1]:
        if definite.component_nonnegative(alg, k):
            out = alg.add(out, atom(alg, "log", {((), (k,)): 1}))
        else:
            chains.append(k)
    count = len(unknown) + len(chains)
    if value > 0 and count == 0 and not signs:
        return alg.add(out, log_number(alg, value))
    if value > 0 and count == 1 and not signs:
        for h, args, e in unknown:
            out = alg.add(out, alg.scaled(log_factor(alg, h, args, False), e))
        for k in chains:
            out = alg.add(out, atom(alg, "log", {((), (k,)): 1}))
        return alg.add(out, log_number(alg, value))
    if value > 0 and count == 1 and len(signs) == 1:
        base: Sum = {((((unknown[0][0], unknown[0][1], 1)),) if unknown else (), tuple(chains)): 1}
        if sign(alg, base) == {((signs[0],), ()): 1}:
            return alg.add(out, log_number(alg, value),
                           alg.scaled(log_abs(alg, base), unknown[0][2] if unknown else 1))
    opaque: Sum = {(tuple(sorted(unknown + signs)), tuple(chains)): 1 if value > 0 else -1}
    return alg.add(out, log_number(alg, magnitude(value)), atom(alg, "log", opaque))


def _inside(alg: Algebra, s: Sum) -> Sum | None:
    """The t that s is the absolute value of, multiplied out: every term has the sign of t."""
    for f in next(iter(s))[0]:
        if alg.heads[f[0]].kind == "sign" and f[2] == 1 and all(f in m[0] for m in s):
            inner: Sum = {(tuple([g for g in m[0] if g != f]), m[1]): c for m, c in s.items()}
            if sign(alg, inner) == {((f,), ()): 1}:
                return inner
    return None


def log_number(alg: Algebra, c: Rational) -> Sum:
    """log of a positive rational."""
    if c <= 0:
        raise Inconclusive("log of a number that is not positive")
    out: Sum = {}
    for q, e in prime_factors(c).items():
        out = alg.add(out, alg.scaled(atom(alg, "log", number(q)), e))
    return out


def log_factor(alg: Algebra, h: int, args: tuple[int, ...], absolutely: bool) -> Sum:
    """log of one atom, or of its absolute value."""
    head = alg.heads[h]
    if head.kind == "exp":
        return instance(alg, head, args)
    if absolutely and unimodular(alg, head):
        return {}
    if head.kind == "prime":
        return atom(alg, "log", number(head.extra))
    if head.kind == "integer power":
        return alg.product({head.extra: 1}, log_abs(alg, instance(alg, head, args)))
    if head.kind in ("power", "floor"):
        base: Sum = instance(alg, head, args)
    else:
        base = {(((h, args, 1),), ()): 1}
    return atom(alg, "log abs" if absolutely and not definite.nonnegative(alg, head) else "log", base)


def log_abs(alg: Algebra, s: Sum) -> Sum:
    """log of the absolute value: of a product the sum."""
    return pointwise(alg, _log_abs, s)


def _log_abs(alg: Algebra, s: Sum) -> Sum:
    if not s:
        raise Inconclusive("log of 0")
    value, common, rest = content(alg, s, False)
    out = atom(alg, "log" if definite.sum_nonnegative(alg, rest) else "log abs", rest) if rest else {}
    for h, args, e in common[0]:
        if alg.heads[h].kind != "sign":
            out = alg.add(out, alg.scaled(log_factor(alg, h, args, True), e))
    for k in common[1]:
        out = alg.add(out, atom(alg, "log" if definite.component_nonnegative(alg, k) else "log abs", {((), (k,)): 1}))
    return alg.add(out, log_number(alg, magnitude(value)))


def general_power(alg: Algebra, s: Sum, q: Sum) -> Sum:
    """s^q for any exponent: numbers and sizes as such, the rest through exp and log."""
    out = number(1)
    rest: Sum = {}
    for m, c in q.items():
        if m == UNITY:
            out = alg.product(out, power(alg, s, c))
        elif c % 1 == 0 and not m[1] and all(alg.heads[h].kind == "size" and e % 1 == 0 and e > 0 for h, _, e in m[0]):
            out = alg.product(out, power(alg, size_power(alg, s, m), c))
        else:
            rest[m] = c
    if rest:
        out = alg.product(out, exp(alg, alg.product(rest, log(alg, s))))
    return out
