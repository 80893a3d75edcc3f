"""Powers, exponentials and signs of sums, and the laws by which they are taken apart."""

from __future__ import annotations

from fractions import Fraction

from .atoms import atom, content, instance, order, pointwise, product_of, templated
from .monomial import Component, Factor, Head, Monomial, Rational, Sum, UNITY, alone, magnitude
from .normalform import Algebra, number
from .heads import Inconclusive, plain
from . import definite, squares

HALF = Fraction(1, 2)


# ----------------------------------------------------------------------------------------------------- powers
def number_power(alg: Algebra, c: Rational, p: Rational) -> Sum:
    """A rational to a rational power."""
    if p % 1 == 0:
        return number(Fraction(c) ** int(p))
    if c < 0:
        raise Inconclusive("a fractional power of a negative number")
    out: Sum = {}
    factors: list[Factor] = []
    for q, e in prime_factors(c).items():
        factors.append((alg.head("prime", q, (), extra=q).id, (), plain(e * p)))
    alg.collect(out, 1, factors, {})
    return out


def prime_factors(c: Rational) -> dict[int, int]:
    """A positive rational as powers of primes; a large remainder counts as a prime.

    >>> from fractions import Fraction
    >>> prime_factors(Fraction(12, 7))
    {2: 2, 3: 1, 7: -1}
    """
    out: dict[int, int] = {}
    for n, sign in ((c.numerator, 1), (c.denominator, -1)):
        q = 2
        while q * q <= n and q < 10_000:
            while n % q == 0:
                out[q] = out.get(q, 0) + sign
                n //= q
            q += 1
        if n > 1:
            out[n] = out.get(n, 0) + sign
    return out


def kept(alg: Algebra, s: Sum) -> bool:
    """Whether a power of a sum stays one: where multiplying out took too long."""
    return alg.powers_kept and (len(s) > 1 or any(m[1] for m in s))


def power(alg: Algebra, s: Sum, p: Rational) -> Sum:
    """A sum, entry by entry, to a rational power."""
    p = plain(p)
    if p == 1:
        return s
    if p == 0:
        return number(1)
    if type(p) is int and p > 0 and not kept(alg, s):
        out = s
        for bit in bin(p)[3:]:
            out = product_of(alg, out, out)
            if bit == "1":
                out = product_of(alg, out, s)
        return out
    return pointwise(alg, lambda a, t: _power(a, t, p), s)


def _power(alg: Algebra, s: Sum, p: Rational) -> Sum:
    if not s:
        if p > 0:
            return {}
        raise Inconclusive("division by zero")
    whole = p % 1 == 0
    if not whole and definite.sum_nonnegative(alg, alg.scaled(s, -1)):
        raise Inconclusive("a root of what is never positive")
    value, common, rest = content(alg, s, not whole)
    if not rest:
        return monomial_power(alg, common, value, p)
    out = product_of(alg, number_power(alg, value, p) if value > 0 or whole else {}, monomial_power(alg, common, 1, p))
    root = squares.square_root(alg, rest) if 2 * p % 2 == 1 else None
    if root is not None:
        return alg.product(out, power(alg, absolute(alg, root), 2 * p))
    return alg.product(out, primitive_power(alg, rest, p))


def primitive_power(alg: Algebra, s: Sum, p: Rational) -> Sum:
    """A primitive sum of several terms to a power; a sum that leads with a minus has fractional powers of its own."""
    if s[min(s, key=lambda m: order(alg, m))] < 0:
        if p % 1 == 0:
            return alg.scaled(primitive_power(alg, alg.scaled(s, -1), p), -1 if p % 2 else 1)
        return atom(alg, "floor", s, p)
    return atom(alg, "power", s, p)


def monomial_power(alg: Algebra, m: Monomial, c: Rational, p: Rational) -> Sum:
    """(c*m)^p; of a fractional power only what is not negative is taken apart."""
    whole = p % 1 == 0
    factors: list[Factor] = []
    parts: list[Sum] = []
    unknown: list[Factor] = []
    chains: list[Component] = []
    for h, args, e in m[0]:
        head = alg.heads[h]
        q = plain(e * p)
        if whole or definite.nonnegative(alg, head) or e % 1:
            factors.append((h, args, q))
        elif e % 2 == 0 and q % 1 == 0:
            factors.append((h, args, q))
            if q % 2:
                parts.append(sign(alg, {(((h, args, 1),), ()): 1}))
        else:
            unknown.append((h, args, e))
    for k in m[1]:
        if whole or definite.component_nonnegative(alg, k):
            head, args = templated(alg, "power", {((), (k,)): 1})
            factors.append((head.id, args, p))
        else:
            chains.append(k)
    if not whole:
        unknown, moduli = _moduli(alg, unknown)
        factors += [(h, args, plain(e * p)) for h, args, e in moduli]
    if not whole and (unknown or chains):
        if len(unknown) + len(chains) == 1 and c > 0 and (not unknown or unknown[0][2] % 2):
            for h, args, e in unknown:
                factors.append((h, args, plain(e * p)))
            for k in chains:
                head, args = templated(alg, "power", {((), (k,)): 1})
                factors.append((head.id, args, p))
        else:
            head, args = templated(alg, "floor", {(tuple(unknown), tuple(chains)): 1 if c > 0 else -1})
            factors.append((head.id, args, p))
            c = magnitude(c)
    out: Sum = {}
    alg.collect(out, 1, factors, {})
    return product_of(alg, number_power(alg, c, p), out, *parts)


def _moduli(alg: Algebra, factors: list[Factor]) -> tuple[list[Factor], list[Factor]]:
    """Factors without those that are a power of |t|, t to an even power or next to its sign; and those as powers of |t|."""
    left, out = list(factors), []
    for f in factors:
        h, args, e = f
        base: Sum = {(((h, args, 1),), ()): 1}
        if e % 1 or alg.heads[h].kind == "sign":
            continue
        of_sign = next(iter(sign(alg, base)))[0]
        if e % 2 and (len(of_sign) != 1 or of_sign[0] not in left or of_sign[0] == f):        # det(Q) is its own sign
            continue
        head, where = templated(alg, "floor", absolute(alg, base))
        left.remove(f)
        if e % 2:
            left.remove(of_sign[0])
        out.append((head.id, where, e))
    return left, out


def size_power(alg: Algebra, s: Sum, n: Monomial) -> Sum:
    """s^n where n is a product of sizes, an integer: (ab)^n = a^n*b^n always."""
    return pointwise(alg, lambda a, t: _size_power(a, t, n), s)


def _size_power(alg: Algebra, s: Sum, n: Monomial) -> Sum:
    if not s:
        return {}
    value, common, rest = content(alg, s, False)
    parts = [atom(alg, "integer power", rest, 1, n)] if rest else []
    parts += [atom(alg, "integer power", {(((h, args, 1),), ()): 1}, e, n) for h, args, e in common[0]]
    parts += [atom(alg, "integer power", {((), (k,)): 1}, 1, n) for k in common[1]]
    if value < 0:
        parts.append(atom(alg, "integer power", number(-1), 1, n))
    for q, e in prime_factors(magnitude(value)).items():
        parts.append(atom(alg, "integer power", number(q), e, n))
    return product_of(alg, *parts)


# ------------------------------------------------------------------------------------------------ exp, log, sign
def exp(alg: Algebra, s: Sum) -> Sum:
    """exp of a sum: the product of E(monomial)^coefficient; exp(c*log(t)) = t^c."""
    return pointwise(alg, _exp, s)


def _exp(alg: Algebra, s: Sum) -> Sum:
    parts: list[Sum] = []
    factors: list[Factor] = []
    for m, c in s.items():
        logs = [f for f in m[0] if alg.heads[f[0]].kind in ("log", "log abs") and f[2] == 1]
        if len(logs) == 1:
            head = alg.heads[logs[0][0]]
            base = instance(alg, head, logs[0][1])
            rest = tuple(f for f in m[0] if f is not logs[0])
            n: Monomial = (rest, m[1])
            if n == UNITY:
                parts.append(power(alg, base if head.kind == "log" else absolute(alg, base), c))
                continue
            if not m[1] and all(alg.heads[h].kind == "size" and e > 0 and e % 1 == 0 for h, _, e in rest) and (
                    c % 1 == 0 or definite.sum_nonnegative(alg, base)):
                parts.append(power(alg, size_power(alg, base if head.kind == "log" else absolute(alg, base), n), c))
                continue
        head, args = templated(alg, "exp", {m: 1})
        factors.append((head.id, args, c))
    out: Sum = {}
    alg.collect(out, 1, factors, {})
    return product_of(alg, *parts, out)


def unimodular(alg: Algebra, head: Head) -> bool:
    """Whether an atom is the determinant of an orthogonal matrix."""
    found = alone(head.template) if head.kind == "det" else None
    return found is not None and alg.heads[found[0]].kind == "variable" and "orthogonal" in (alg.heads[found[0]].extra or ())


def sign(alg: Algebra, s: Sum) -> Sum:
    """The sign: multiplicative, 1 for what is never negative (away from zero)."""
    return pointwise(alg, _sign, s)


def _sign(alg: Algebra, s: Sum) -> Sum:
    if not s:
        return {}
    value, common, rest = content(alg, s, False)
    taken = _one_and_sign(alg, rest)
    if taken is not None:
        return product_of(alg, sign(alg, {common: value}), sign(alg, taken[0]), alg.scaled(taken[1], HALF))
    if (cases := _by_sign(alg, rest)) is not None:
        return product_of(alg, sign(alg, {common: value}), cases)
    parts: list[Sum] = []
    if rest and definite.sum_nonnegative(alg, alg.scaled(rest, -1)):
        value = -value
    elif rest and not definite.sum_nonnegative(alg, rest) and squares.square_root(alg, rest) is None:
        parts.append(atom(alg, "sign", rest))
    for f in common[0]:
        head = alg.heads[f[0]]
        if head.kind == "sign" or unimodular(alg, head):
            parts.append({((f,), ()): 1})
        elif not definite.factor_nonnegative(alg, f):
            base: Sum = instance(alg, head, f[1]) if head.kind in ("power", "floor") else {(((f[0], f[1], 1),), ()): 1}
            parts.append(atom(alg, "sign", base))
    parts += [atom(alg, "sign", {((), (k,)): 1}) for k in common[1] if not definite.component_nonnegative(alg, k)]
    return product_of(alg, number(1 if value > 0 else -1), *parts)


def _one_and_sign(alg: Algebra, s: Sum) -> tuple[Sum, Sum] | None:
    """The factors of a*(1 + sign(t)) or a*(1 - sign(t)), of which the second is 0 or 2; relu(t) is a half of t*(1 + sign(t))."""
    for f in next((m[0] for m in s if any(alg.heads[h].kind == "sign" and e == 1 for h, _, e in m[0])), ()) if len(s) % 2 == 0 else ():
        if alg.heads[f[0]].kind != "sign" or f[2] != 1:
            continue
        with_f = {(tuple(g for g in m[0] if g != f), m[1]): c for m, c in s.items() if f in m[0]}
        a = {m: c for m, c in s.items() if f not in m[0]}
        for c in (1, -1):
            if with_f == alg.scaled(a, c):
                return a, {UNITY: 1, ((f,), ()): c}
    return None


def _by_sign(alg: Algebra, s: Sum) -> Sum | None:
    """The sign of a sum that is made of one sign, by its two values: of |t| - 1 that of t - 1 where t is positive, else that of -t - 1."""
    met = {f for m in s for f in m[0] if alg.heads[f[0]].kind == "sign"}
    within = any(alg.heads[h].kind == "sign" for m in s for c in m[1] for h, _, _ in c)
    if len(met) != 1 or (f := next(iter(met)))[2] != 1 or within:
        return None
    def where(value: int) -> Sum:
        out: Sum = {}
        for m, c in s.items():
            out = alg.add(out, {(tuple(g for g in m[0] if g != f), m[1]): c * value if f in m[0] else c})
        return sign(alg, out)
    one: Sum = {((f,), ()): 1}
    halves = [alg.product(alg.add(number(1), alg.scaled(one, v)), where(v)) for v in (1, -1)]
    return alg.scaled(alg.add(*halves), HALF)


def absolute(alg: Algebra, s: Sum) -> Sum:
    """The absolute value, as sign(s)*s."""
    return alg.product(sign(alg, s), s)
