"""Jets over integers modulo M = Q*P, with P = 2*Q + 1 and both prime: exact, and blind to rounding.

exp(u) is H^(u mod Q) modulo P, where H has order Q: a true homomorphism, so exp(a + b) = exp(a)*exp(b) holds there
whatever a and b are. (It cannot be one from the integers modulo P to themselves, hence two primes.) Modulo Q the value
of exp is a random atom, the same for equal arguments, with its small powers tied; an exp of an exp is decided by that.
log means log|.|; it undoes exp where the value of exp is known and is an atom elsewhere. Since P = 3 mod 4, the squares stand for the
positive numbers: the sign of u is its Legendre symbol, which is odd and multiplicative, and the root of a square is the
one that is a square, so sqrt(x^2) = sign(x)*x. 2, 3, 5 and 7 are squares, as they should be.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, lru_cache
from math import prod
from operator import mul
from random import Random

from .jets import Flat, Function, Unsupported, OutsideDomain, Scalar, Singular
from .ring import Ring

Q = 17592185973599
P = 2 * Q + 1
M = Q * P
BITS = (M - 1).bit_length()
H = pow(1234567, 2, P)
# u mod Q and v mod P as one integer: u*FROM_Q + v*FROM_P
FROM_Q = P * pow(P, -1, Q)
FROM_P = Q * pow(Q, -1, P)


@cache
def digit_powers() -> list[list[int]]:
    """H to every digit of an exponent in base 256, a list for each place: what is raised is always H, and often."""
    rows, base = list[list[int]](), H
    while len(rows) * 8 < Q.bit_length():
        rows.append([1])
        for _ in range(255):
            rows[-1].append(rows[-1][-1] * base % P)
        base = rows[-1][-1] * base % P
    return rows


def power_of_h(exponent: int) -> int:
    """H^exponent modulo P."""
    return prod(row[digit] for row, digit in zip(digit_powers(), exponent.to_bytes(6, "little"), strict=True)) % P


class Field(Ring):
    """Integers modulo M = P*Q; two values differ only if they differ modulo both primes."""

    exact = True
    zero, one = 0, 1

    def __init__(self, random: Random) -> None:
        self.random = random
        self.atoms: set[str] = set()       # the functions met that are not rational
        self.exps: dict[int, int] = {}     # argument mod M -> value of exp mod Q
        self.logs: dict[int, int] = {}     # value -> logarithm
        self.hints: dict[int, tuple[int, int, int]] = {}    # x -> (a, k, y): log(x) = a + k*log(y)
        self.odds: dict[tuple[str, int], int] = {}
        self.turns: dict[int, tuple[int, int]] = {}

    @staticmethod
    def equal(a: int, b: int) -> bool:
        """Whether two values agree modulo one of the primes."""
        return (a - b) % P == 0 or (a - b) % Q == 0

    def number(self, value: Fraction | int) -> int:
        return value % M if isinstance(value, int) else quotient(value)

    def plus(self, a: Flat, b: Flat) -> Flat:
        return [(x + y) % M for x, y in zip(a, b, strict=True)]

    def times(self, a: Flat, b: Flat) -> Flat:
        return [x * y % M for x, y in zip(a, b, strict=True)]

    def scale(self, c: Scalar, a: Flat) -> Flat:
        return [c * x % M for x in a]

    def total(self, a: Flat) -> int:
        return sum(a) % M

    def dot(self, a: Flat, b: Flat, m: int, k: int, n: int) -> Flat:
        if k == 1:
            return [x * y % M for x in a for y in b]
        rows = [a[i:i + k] for i in range(0, m * k, k)] if m > 1 else [a]
        cols = [b[j::n] for j in range(n)] if n > 1 else [b]
        return [sum(map(mul, r, c)) % M for r in rows for c in cols]

    def inverse(self, a: Flat, n: int) -> tuple[Flat, int]:
        rows = [a[i * n:(i + 1) * n] + [1 if j == i else 0 for j in range(n)] for i in range(n)]
        det = 1
        for c in range(n):
            for r in range(c, n):
                if rows[r][c] % M:
                    break
            else:
                raise Singular("a singular matrix")
            if r != c:
                rows[c], rows[r] = rows[r], rows[c]
                det = -det
            det = det * rows[c][c] % M
            factor = reciprocal(rows[c][c])
            top = rows[c] = [x * factor % M for x in rows[c]]
            for r in range(n):
                factor = rows[r][c]
                if r != c and factor:
                    rows[r] = [(x - factor * y) % M for x, y in zip(rows[r], top, strict=True)]
        return [x for r in rows for x in r[n:]], det

    def function(self, f: Function, a: Flat) -> Flat:
        if not isinstance(f, str):
            if f.denominator == 1:
                k = f.numerator
                if k == 2:
                    return [x * x % M for x in a]
                return [pow(x, k, M) for x in a] if k >= 0 else [pow(x, -k, M) for x in reciprocals(a)]
            self.atoms.add("power")
            if f.denominator == 2:
                roots = [root(x) for x in a]
                return roots if f.numerator == 1 else self.function(Fraction(f.numerator), roots)
            return [self.exp(self.number(f) * self.log(x)) for x in a]
        self.atoms.add(f)
        handler = ATOMS.get(f)
        if handler is not None:
            return [handler(self, x) for x in a]
        return [self.odd(f, x) for x in a]

    # --------------------------------------------------------------- atoms
    def exp(self, u: int) -> int:
        """H^u modulo P, an atom modulo Q."""
        u %= M
        if not u:
            return 1
        found = self.exps.get(u)
        if found is None and M - u in self.exps:
            found = self.exps[u] = pow(self.exps[M - u], -1, Q)
        if found is None:
            r = self.random.randrange(2, Q)
            found = r * r % Q
            half = u * ((M + 1) // 2) % M
            for k, value in ((1, r), (2, found), (4, found * found % Q)):
                self.exps[half * k % M] = value
        value = (found * FROM_Q + power_of_h(u % Q) * FROM_P) % M
        self.logs[value] = u
        return value

    def log(self, x: int) -> int:
        """log|x|: the argument of exp if |x| is known to be one, else an atom, opposite for 1/x."""
        x %= M
        if x == 1:
            return 0
        found = self.logs.get(x)
        if found is None:
            if self.sign(x) != 1:
                found = self.logs[x] = self.log(M - x)
                return found
            hint = self.hints.pop(x, None)          # followed once: hints may lead back
            found = self.random.randrange(M) if hint is None else (hint[0] + hint[1] * self.log(hint[2])) % M
            found = self.logs.setdefault(x, found)
            self.logs[reciprocal(x)] = -found % M
        return found

    def hint(self, x: int, a: int, k: int, y: int) -> None:
        """For log, should it be asked for."""
        if x not in self.logs:
            self.hints.setdefault(x % M, (a, k, y % M))

    def tie(self, u: int) -> None:
        """The same for what sigmoid and softplus are made of."""
        value = self.exp(u)
        y = (1 + value) % M
        other = y * reciprocal(value) % M
        if y in self.hints or other in self.hints:
            return
        below = reciprocal(y)
        self.hint(other, -u, 1, y)
        self.hint(below, 0, -1, y)
        self.hint(value * below % M, u, -1, y)

    def sign(self, x: int) -> int:
        """Legendre's symbol modulo P."""
        if not x % P:
            raise Singular("the sign or logarithm of zero")
        return 1 if pow(x, Q, P) == 1 else M - 1

    def odd(self, f: str, x: int) -> int:
        """A random odd function."""
        if f not in ("arctan", "arcsin", "erf"):
            raise Unsupported(f)
        x %= M
        if not x:
            return 0
        if f == "arctan" and x in (1, M - 1):
            quarter = self.pi_value(0) * self.number(Fraction(1, 4))
            return quarter % M if x == 1 else -quarter % M
        found = self.odds.get((f, x))
        if found is None:
            found = self.odds[f, x] = self.random.randrange(M)
            self.odds[f, M - x] = M - found
        return found

    def turn(self, u: int) -> tuple[int, int]:
        """cos and sin: a random point of the circle, its opposite and its double."""
        u %= M
        found = self.turns.get(u)
        if found is None:
            t = self.random.randrange(M)
            below = reciprocal(1 + t * t)
            c, s = (1 - t * t) * below % M, 2 * t * below % M
            found = self.turns[u] = (c, s)
            self.turns[-u % M] = (c, -s % M)
            self.turns.setdefault(2 * u % M, ((c * c - s * s) % M, 2 * c * s % M))
            self.turns.setdefault(-2 * u % M, ((c * c - s * s) % M, -2 * c * s % M))
        return found

    def cos(self, u: int) -> int:
        """The first coordinate of u's point on the circle, as `turn` has drawn it."""
        return self.turn(u)[0] if u % M else 1

    def sin(self, u: int) -> int:
        """The second coordinate of u's point on the circle, as `turn` has drawn it."""
        return self.turn(u)[1] if u % M else 0

    def pi_value(self, _: int) -> int:
        """A random square."""
        found = self.odds.get(("pi", 0))
        if found is None:
            found = self.odds["pi", 0] = pow(self.random.randrange(2, M), 2, M)
        return found

    # ------------------------------------------------------------- drawing
    def draw(self, style: int) -> int:
        """Any number; with an odd style a positive one."""
        return self.positive() if style % 2 else self.random.randrange(1, M)

    def draws(self, style: int, count: int) -> Flat:
        """The same numbers as one by one, without the detour through random.randrange."""
        if style % 2:
            return [self.positive() for _ in range(count)]
        out: Flat = []
        bits = self.random.getrandbits
        while len(out) < count:
            x = bits(BITS) + 1
            if x < M:
                out.append(x)
        return out

    def positive(self) -> int:
        """A value of exp, so that exp(log(x)) = x; a square modulo both primes."""
        u = self.random.randrange(M)
        value = (pow(self.random.randrange(1, Q), 2, Q) * FROM_Q + power_of_h(u % Q) * FROM_P) % M
        self.logs[value] = u
        self.exps[u] = value % Q
        return value


ATOMS: dict[str, Callable[[Field, int], int]] = {
    "exp": Field.exp, "log": Field.log, "sign": Field.sign, "sin": Field.sin, "cos": Field.cos, "pi": Field.pi_value}


@lru_cache(256)
def quotient(value: Fraction) -> int:
    """A rational modulo M."""
    return value.numerator * pow(value.denominator, -1, M) % M


def reciprocal(x: int) -> int:
    """1/x modulo M.

    >>> reciprocal(3)*3 % M
    1
    """
    try:
        return pow(x, -1, M)
    except ValueError:
        raise Singular("division by zero") from None


def reciprocals(a: Flat) -> Flat:
    """The same of several, which takes three products for each and one reciprocal for all."""
    out, whole = [], 1
    for x in a:
        out.append(whole)
        whole = whole * x % M
    back = reciprocal(whole)
    for i in range(len(a) - 1, -1, -1):
        out[i], back = out[i] * back % M, back * a[i] % M
    return out


def root(x: int) -> int:
    """The square root that is itself a square modulo P; modulo Q a root if there is one."""
    p = pow(x, (P + 1) // 4, P)
    if (p * p - x) % P:
        raise OutsideDomain("the root of a negative number")
    return (pow(x, (Q + 1) // 4, Q) * FROM_Q + p * FROM_P) % M
