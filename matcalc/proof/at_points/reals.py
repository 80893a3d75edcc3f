"""Jets over floating-point numbers: the judge of everything, and the source of counterexamples people can read."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from operator import mul
from random import Random

from .jets import Flat, Function, Jet, Unsupported, OutsideDomain, Scalar, Singular, breaks_at_zero
from ...language.operations import require_heads
from .ring import MAPPED, Ring

FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp, "log": math.log, "sin": math.sin, "cos": math.cos, "arctan": math.atan, "arcsin": math.asin,
    "erf": math.erf, "sign": lambda t: math.copysign(1.0, t) if t else 0.0, "pi": lambda t: math.pi,
}
require_heads("the judge at real points", MAPPED, FUNCTIONS)


LARGE = 1e100
HALF, NEAR = Fraction(1, 2), 10 ** 3
SWEEPS, ROOT = 60, Fraction(1, 2)       # of Jacobi's rotations; the square root
WIDE = 9.0    # exp(9) against exp(-9): half the digits are left


class Reals(Ring):
    """Floats, or other rounded numbers. Signs met are recorded, so that a judge can ask for points on both sides of every kink."""

    solved_once = True
    zero: Scalar = 0.0
    one: Scalar = 1.0
    small: Scalar = 1e-12      # of what an equation leaves over
    tiny = 1e-12       # of the product of the lengths of the rows
    terms = 15         # of the exponential series

    def __init__(self, random: Random) -> None:
        self.random = random
        self.signs: list[set[float]] = []
        self.rounding = 0.0

    def number(self, value: Fraction | int) -> Scalar:
        return float(value)

    def plus(self, a: Flat, b: Flat) -> Flat:
        """What is left over of two numbers that cancel is rounding: it is 0, of which a root, a sign or a quotient means something."""
        out = [x + y for x, y in zip(a, b, strict=True)]
        if min(map(abs, out)) < self.small * max(map(abs, a)):
            out = [self.zero if abs(s) < self.small * abs(x) else s for s, x in zip(out, a, strict=True)]
            self.cancelled = True
        return out

    def times(self, a: Flat, b: Flat) -> Flat:
        return [x * y for x, y in zip(a, b, strict=True)]

    def scale(self, c: Scalar, a: Flat) -> Flat:
        return [c * x for x in a]

    def total(self, a: Flat) -> Scalar:
        out = sum(a)
        if not abs(out) < self.small * max(map(abs, a)):        # what is not a number stays none
            return out
        self.cancelled = True
        return self.zero

    def dot(self, a: Flat, b: Flat, m: int, k: int, n: int) -> Flat:
        if k == 1:
            return [x * y for x in a for y in b]
        rows = [a[i:i + k] for i in range(0, m * k, k)] if m > 1 else [a]
        cols = [b[j::n] for j in range(n)] if n > 1 else [b]
        out = [sum(map(mul, r, c)) for r in rows for c in cols]
        if min(map(abs, out)) < self.small * max(map(abs, a)) * max(map(abs, b)):
            size = [max(map(abs, map(mul, r, c))) for r in rows for c in cols]
            out = [self.zero if abs(s) < self.small * x else s for s, x in zip(out, size, strict=True)]
            self.cancelled = True
        return out

    def function(self, f: Function, a: Flat) -> Flat:
        self.rounded(f, a)
        if self.cancelled and (f == "arcsin" or breaks_at_zero(f) and not all(a)):
            self.doubtful = True
        try:
            if not isinstance(f, str):
                if f < 0 and not all(x == 0 or 1 / LARGE < abs(x) < LARGE for x in a):
                    raise Singular("overflow")      # of the square, which the derivative of a quotient divides by
                if f.denominator == 1:
                    k = f.numerator
                    return [x ** k for x in a]
                if min(a) < 0:
                    raise OutsideDomain(f"{min(a):.4g} to the power {f}")
                power = float(f)
                return [x ** power for x in a]
            if f == "arcsin":
                near = [abs(abs(x) - 1) <= self.small for x in a]
                a = [math.copysign(1.0, x) if one else x for x, one in zip(a, near, strict=True)]
                self.doubtful = self.doubtful or any(near)
            out = list(map(FUNCTIONS[f], a))
            self.cancelled = self.cancelled or f == "exp" and min(out) < self.small     # is lost beside 1
            if f == "sign":
                self.signs.append(set(out))
            return out
        except ZeroDivisionError:
            raise Singular("division by zero") from None
        except OverflowError:
            raise Singular("overflow") from None
        except ValueError:
            raise OutsideDomain(f"{f} of {min(a) if f == 'log' else max(a, key=abs):.4g}") from None
        except KeyError:
            raise Unsupported(f"{f}") from None

    def rounded(self, f: Function, a: Flat) -> None:
        """No logarithm, sign, root or quotient of what is zero but for rounding."""
        if self.rounding and breaks_at_zero(f) and min(map(abs, a)) < self.rounding:
            raise Singular("a determinant that is zero but for rounding")

    def base(self, u: Jet, exponent: Jet) -> Jet:
        """Nothing is said of a number below 0 where the exponent is whole here, perhaps everywhere: x^tr(2)."""
        if min(u.parts[0]) <= 0 and all(min(abs(k) % 1, 1 - abs(k) % 1) <= self.small for k in exponent.parts[0]):
            raise Singular("a power of no positive number")
        return u

    def inverse(self, a: Flat, n: int) -> tuple[Flat, Scalar]:
        rows = [a[i * n:(i + 1) * n] + [self.one if j == i else self.zero for j in range(n)] for i in range(n)]
        size, det = max(map(abs, a)), self.one
        for c in range(n):
            best = max(range(c, n), key=lambda r: abs(rows[r][c]))
            pivot = rows[best][c]
            if not abs(pivot) * 10_000 > size:
                raise Singular("a matrix without a well-conditioned inverse")
            det *= pivot if best == c else -pivot
            rows[c], rows[best] = rows[best], rows[c]
            top = rows[c] = [x / pivot for x in rows[c]]
            for r in range(n):
                factor = rows[r][c]
                if r != c and factor:
                    rows[r] = self.less(rows[r], factor, top)
        return [x for r in rows for x in r[n:]], det

    def less(self, a: Flat, factor: Scalar, b: Flat) -> Flat:
        """a - factor*b."""
        return [x - factor * y for x, y in zip(a, b, strict=True)]

    def by_traces(self, u: Jet) -> tuple[Jet, Jet]:
        """A determinant may be all rounding; how large that is at most is kept for logarithms and quotients."""
        n, flat = u.m, u.parts[0]
        if n > 1:
            bound = self.tiny * math.prod([math.sqrt(sum(x * x for x in flat))] * n)       # so large are sums on the way
            self.rounding = max(self.rounding, bound)
        return super().by_traces(u)

    def expm(self, u: Jet) -> Jet:
        """Scaling, Taylor's series, squaring; derivatives come along."""
        size = max(sum(map(abs, v)) for v in u.parts.values())
        if max(sum(map(abs, u.parts[0][i:i + u.m])) for i in range(0, u.m * u.m, u.m)) > WIDE:
            raise Singular("an exponential too badly conditioned")
        halvings = max(0, math.frexp(size)[1] + 2) if size else 0
        x = self.multiple(Fraction(1, 2 ** halvings), u)
        term = out = self.eye(u.m)
        for k in range(1, self.terms):
            term = self.multiple(Fraction(1, k), self.matmul(term, x))
            out = self.add(out, term)
        for _ in range(halvings):
            out = self.matmul(out, out)
        return out

    def places(self) -> int:
        """How many digits a number has."""
        return 16

    def sqrtm(self, u: Jet) -> Jet:
        """The iteration of Denman and Beavers; derivatives come along."""
        y, z, left = u, self.eye(u.m), -1
        for _ in range(SWEEPS):
            before, y, z = y, self.multiple(HALF, self.add(y, self.inv(z))), self.multiple(HALF, self.add(z, self.inv(y)))
            gap = max(abs(a - b) for a, b in zip(before.parts[0], y.parts[0], strict=True))
            if left < 0 and not gap * NEAR > max(map(abs, y.parts[0])):
                left = self.places().bit_length() + 1        # the digits double from here on
            if left == 0:
                return y
            left -= left > 0
        raise OutsideDomain("the square root of a matrix that is not positive definite")

    def eigenpairs(self, a: Flat, n: int, largest: bool) -> tuple[Flat, Flat]:
        """The eigenvalues of a symmetric matrix and its unit vectors, or the largest alone, by Jacobi's rotations."""
        a, v = list(a), [self.one if i == j else self.zero for i in range(n) for j in range(n)]
        most = max(map(abs, a))
        for _ in range(SWEEPS):
            left = [(p, q) for p in range(n) for q in range(p + 1, n) if most + abs(a[p * n + q]) != most]
            if not left:
                break
            for p, q in left:
                if most + abs(a[p * n + q]) != most:
                    self.rotate(a, v, p, q, n)
        order = sorted(range(n), key=lambda i: a[i * n + i])
        size = max(abs(a[i * n + i]) for i in range(n))
        pairs = list(pairwise(order))[-1 if largest else 0:]
        if not all(abs(a[j * n + j] - a[i * n + i]) * 1_000 > size for i, j in pairs):
            raise Singular("an eigenvalue that is not simple")
        kept = order[-1:] if largest else order
        return [a[k * n + k] for k in kept], [v[i * n + k] for i in range(n) for k in kept]

    def rotate(self, a: Flat, v: Flat, p: int, q: int, n: int) -> None:
        """Make one entry off the diagonal zero."""
        theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
        root = self.function(ROOT, [theta * theta + self.one])[0]
        t = self.one / (theta + root if theta >= 0 else theta - root)
        c = self.one / self.function(ROOT, [t * t + self.one])[0]
        s = t * c
        for flat, step, other in ((a, 1, n), (a, n, 1), (v, n, 1)):         # rows, columns, and the vectors
            for k in range(n):
                i, j = p * other + k * step, q * other + k * step
                flat[i], flat[j] = c * flat[i] - s * flat[j], s * flat[i] + c * flat[j]
        a[p * n + q] = a[q * n + p] = self.zero

    # ------------------------------------------------------------- drawing
    def draw(self, style: int) -> Scalar:
        """A short decimal; the style says how large and of which sign: 0 plain, 1 positive, 2 small, 3 both, 4 of all sizes."""
        r = self.random
        if style == 1:
            return r.randrange(30, 200) / 100
        if style == 2:
            return r.choice((-1, 1)) * r.randrange(3, 40) / 100
        if style == 3:
            return r.randrange(3, 30) / 100
        if style == 4:
            return r.choice((-1, 1)) * r.choice((10, 50, 200)) * r.randrange(20, 160) / 10000
        return r.choice((-1, 1)) * r.randrange(20, 160) / 100

    def positive(self) -> Scalar:
        """A positive number."""
        return self.random.randrange(30, 180) / 100
