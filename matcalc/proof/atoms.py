"""Atoms made from sums: powers, exp, log, sign and the other functions, reduced to few generators with their laws."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import floor, gcd, lcm
from typing import Any

from ..language.shape import Dim
from .definite import component_nonnegative, factor_nonnegative, nonnegative, sum_nonnegative
from .monomial import UNITY, Component, Factor, Head, Monomial, Rational, Sum
from .normalform import DELTA, Algebra, Stuck, free_indices, frozen, number, plain

TERMS = 3000


def dims_of(alg: Algebra, s: Sum) -> dict[int, Dim]:
    """The sizes of the free indices of a sum."""
    out: dict[int, Dim] = {}
    for m in s:
        for part in (m[0], *m[1]):
            for h, args, _ in part:
                if h != DELTA:
                    for slot, a in enumerate(args):
                        if a < 0:
                            out[a] = alg.heads[h].dims[slot]
    return out


def weight(alg: Algebra, m: Monomial) -> Rational:
    """The degree of a monomial in the one global order."""
    return sum((e if e > 0 else -e) * alg.heads[h].weight for part in (m[0], *m[1]) for h, _, e in part)


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
    assert head.template is not None
    return alg.renamed(head.template, {-i - 1: a for i, a in enumerate(args)})


def split_delta(alg: Algebra, s: Sum) -> tuple[Sum, Sum, tuple[int, int]] | None:
    """A sum off and on the diagonal of its first delta."""
    for m in s:
        for h, args, _ in m[0]:
            if h == DELTA:
                low, high = args
                off = {n: c for n, c in s.items() if (DELTA, args, 1) not in n[0]}
                return off, alg.renamed(s, {low: high}), (low, high)
    return None


def pointwise(alg: Algebra, function: Any, s: Sum) -> Sum:
    """function(s), where s may hold deltas: f(a + delta*b) = f(a) + delta*(f(a + b) - f(a))."""
    found = split_delta(alg, s)
    if found is None:
        out: Sum = function(alg, s)
        return out
    off, on, pair = found
    outside = pointwise(alg, function, off)
    inside = alg.renamed(alg.add(pointwise(alg, function, on), alg.scaled(outside, -1)), {})
    delta = {((((DELTA, pair, 1)),), ()): 1}
    return alg.add(outside, alg.contract(delta, {}, inside, {}, {}))  # type: ignore[arg-type]


# ----------------------------------------------------------------------------------------------------- content
def content(alg: Algebra, s: Sum, signs: bool) -> tuple[Rational, Monomial, Sum]:
    """s as number * common factors * primitive sum. With signs, nothing of unknown sign is taken out."""
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
            if n == 0:
                least = dict(here.items())
            else:
                for k in list(least):
                    e = min(least[k], here.get(k, 0))
                    least[k] = e
                for k, e in here.items():
                    if k not in least and e < 0:
                        least[k] = e
        taken: list[Factor] = []
        for (h, args), e in least.items():
            kind = alg.heads[h].kind
            if kind in ("sign", "delta"):
                continue
            if kind == "power" and e > 0:
                continue
            if kind in ("power", "prime", "floor"):
                e = e if kind == "power" and _uniform(monomials, (h, args), e) else floor(e)
            if signs and e and not nonnegative(alg, alg.heads[h]):
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
        top, bottom = 0, 1
        for c in s.values():
            top = gcd(top, abs(c.numerator))
            bottom = lcm(bottom, c.denominator)
        value = Fraction(top, bottom)
        if not signs and s[min(s, key=lambda m: order(alg, m))] < 0:
            value = -value
        s = alg.scaled(s, 1 / value) if value != 1 else s
    factors = tuple(sorted((h, args, e) for (h, args), e in common.items() if e))
    return plain(value), (factors, tuple(sorted(pieces))), s


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
            raise Stuck(f"more than {TERMS} terms")
    return out


# ----------------------------------------------------------------------------------------------------- powers
def number_power(alg: Algebra, c: Rational, p: Rational) -> Sum:
    """A rational to a rational power."""
    if p % 1 == 0:
        return number(Fraction(c) ** int(p))
    if c < 0:
        raise Stuck("a fractional power of a negative number")
    out: Sum = {}
    factors: list[Factor] = []
    for q, e in prime_factors(c).items():
        factors.append((alg.head("prime", q, (), extra=q).id, (), plain(e * p)))
    alg.collect(out, 1, factors, {})
    return out


def prime_factors(c: Rational) -> dict[int, int]:
    """A positive rational as powers of primes (a large rest counts as prime)."""
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


def power(alg: Algebra, s: Sum, p: Rational) -> Sum:
    """A sum, entry by entry, to a rational power."""
    p = plain(p)
    if p == 1:
        return s
    if p == 0:
        return number(1)
    if type(p) is int and p > 0:
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
        raise Stuck("division by zero")
    whole = p % 1 == 0
    if not whole and sum_nonnegative(alg, alg.scaled(s, -1)):
        raise Stuck("a root of what is never positive")
    value, common, rest = content(alg, s, not whole)
    if len(rest) == 1:
        ((m, c),) = rest.items()
        return monomial_power(alg, joined(common, m), plain(value * c), p)
    out = product_of(alg, number_power(alg, value, p) if value > 0 or whole else {}, monomial_power(alg, common, 1, p))
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
        if whole or nonnegative(alg, head) or e % 1:
            factors.append((h, args, q))
        elif e % 2 == 0 and q % 1 == 0:
            factors.append((h, args, q))
            if q % 2:
                parts.append(sign(alg, {(((h, args, 1),), ()): 1}))
        else:
            unknown.append((h, args, e))
    for k in m[1]:
        if whole or component_nonnegative(alg, k):
            head, args = templated(alg, "power", {((), (k,)): 1})
            factors.append((head.id, args, p))
        else:
            chains.append(k)
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
            c = abs(c)
    out: Sum = {}
    alg.collect(out, 1, factors, {})
    return product_of(alg, number_power(alg, c, p), out, *parts)  # type: ignore[arg-type]


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


def size_power(alg: Algebra, s: Sum, n: Monomial) -> Sum:
    """s^n where n is a product of sizes, an integer: (ab)^n = a^n*b^n always."""
    return pointwise(alg, lambda a, t: _size_power(a, t, n), s)


def _size_power(alg: Algebra, s: Sum, n: Monomial) -> Sum:
    if not s:
        return {}
    value, common, rest = content(alg, s, False)
    parts: list[Sum] = []
    if len(rest) == 1:
        ((m, c),) = rest.items()
        value = plain(value * c)
        pieces = [common, m]
    else:
        pieces = [common]
        parts.append(atom(alg, "integer power", rest, 1, n))
    for m in pieces:
        for h, args, e in m[0]:
            parts.append(atom(alg, "integer power", {(((h, args, 1),), ()): 1}, e, n))
        for k in m[1]:
            parts.append(atom(alg, "integer power", {((), (k,)): 1}, 1, n))
    if value < 0:
        parts.append(atom(alg, "integer power", number(-1), 1, n))
    for q, e in prime_factors(abs(value)).items():  # type: ignore[arg-type]
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
                    c % 1 == 0 or sum_nonnegative(alg, base)):
                parts.append(power(alg, size_power(alg, base if head.kind == "log" else absolute(alg, base), n), c))
                continue
        head, args = templated(alg, "exp", {m: 1})
        factors.append((head.id, args, c))
    out: Sum = {}
    alg.collect(out, 1, factors, {})
    return product_of(alg, *parts, out)


def log(alg: Algebra, s: Sum) -> Sum:
    """log of a sum; of a product only what is known positive is taken apart."""
    return pointwise(alg, _log, s)


def _log(alg: Algebra, s: Sum) -> Sum:
    if sum_nonnegative(alg, alg.scaled(s, -1)):
        raise Stuck("log of what is never positive")
    value, common, rest = content(alg, s, True)
    out: Sum = {}
    if len(rest) > 1:
        for h, args, e in common[0]:
            out = alg.add(out, alg.scaled(log_factor(alg, h, args, True), e))
        return alg.add(out, log_number(alg, value), atom(alg, "log", rest))
    ((m, c),) = rest.items()
    value = plain(value * c)
    m = joined(common, m)
    unknown: list[Factor] = []
    signs: list[Factor] = []
    for f in m[0]:
        head = alg.heads[f[0]]
        if head.kind == "sign":
            signs.append(f)
        elif nonnegative(alg, head) or f[2] % 2 == 0 or f[2] % 1:
            out = alg.add(out, alg.scaled(log_factor(alg, f[0], f[1], f[2] % 2 == 0), f[2]))
        else:
            unknown.append(f)
    chains: list[Component] = []
    for k in m[1]:
        if component_nonnegative(alg, k):
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
    return alg.add(out, log_number(alg, abs(value)), atom(alg, "log", opaque))  # type: ignore[arg-type]


def log_number(alg: Algebra, c: Rational) -> Sum:
    """log of a positive rational."""
    if c <= 0:
        raise Stuck("log of a number that is not positive")
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
        base = instance(alg, head, args)
    else:
        base = {(((h, args, 1),), ()): 1}
    return atom(alg, "log abs" if absolutely and not nonnegative(alg, head) else "log", base)  # type: ignore[arg-type]


def unimodular(alg: Algebra, head: Head) -> bool:
    """Whether an atom is the determinant of an orthogonal matrix."""
    if head.kind != "det" or head.template is None or len(head.template) != 1:
        return False
    ((m, _),) = head.template.items()
    if m[1] or len(m[0]) != 1:
        return False
    inner = alg.heads[m[0][0][0]]
    return inner.kind == "variable" and "orthogonal" in (inner.extra or ())


def log_abs(alg: Algebra, s: Sum) -> Sum:
    """log of the absolute value: of a product the sum."""
    return pointwise(alg, _log_abs, s)


def _log_abs(alg: Algebra, s: Sum) -> Sum:
    if sum_nonnegative(alg, alg.scaled(s, -1)):
        raise Stuck("log of what is never positive")
    value, common, rest = content(alg, s, False)
    out: Sum = {}
    pieces = [common]
    if len(rest) == 1:
        ((m, c),) = rest.items()
        value = plain(value * c)
        pieces.append(m)
    else:
        out = atom(alg, "log" if sum_nonnegative(alg, rest) else "log abs", rest)
    for m in pieces:
        for h, args, e in m[0]:
            if alg.heads[h].kind != "sign":
                out = alg.add(out, alg.scaled(log_factor(alg, h, args, True), e))
        for k in m[1]:
            out = alg.add(out, atom(alg, "log" if component_nonnegative(alg, k) else "log abs", {((), (k,)): 1}))
    return alg.add(out, log_number(alg, abs(value)))  # type: ignore[arg-type]


def sign(alg: Algebra, s: Sum) -> Sum:
    """The sign: multiplicative, 1 for what is never negative (away from zero)."""
    return pointwise(alg, _sign, s)


def _sign(alg: Algebra, s: Sum) -> Sum:
    if not s:
        return {}
    value, common, rest = content(alg, s, False)
    parts: list[Sum] = []
    pieces = [common]
    if len(rest) == 1:
        ((m, c),) = rest.items()
        value = plain(value * c)
        pieces.append(m)
    elif not sum_nonnegative(alg, rest):
        parts.append(atom(alg, "sign", rest))
    for m in pieces:
        for f in m[0]:
            head = alg.heads[f[0]]
            if head.kind == "sign" or unimodular(alg, head):
                parts.append({((f,), ()): 1})
            elif not factor_nonnegative(alg, f):
                base = instance(alg, head, f[1]) if head.kind in ("power", "floor") else {(((f[0], f[1], 1),), ()): 1}
                parts.append(atom(alg, "sign", base))  # type: ignore[arg-type]
        for k in m[1]:
            if not component_nonnegative(alg, k):
                parts.append(atom(alg, "sign", {((), (k,)): 1}))
    return product_of(alg, number(1 if value > 0 else -1), *parts)


def absolute(alg: Algebra, s: Sum) -> Sum:
    """|s| = sign(s)*s."""
    return alg.product(sign(alg, s), s)
