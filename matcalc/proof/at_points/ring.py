"""The operations on jets; what a number is (an integer modulo M, or a float) is said by a subclass: field.py, reals.py."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

from ...language.operations import require_heads
from .numbers import Numbers
from .jets import NUMBERED, Flat, Function, Jet, Unsupported, Singular, TooLarge, join, numbered, places, split

FEW_ROWS = 6
MOST_PRODUCTS = 10_000_000      # of numbers, in one product of matrices
MOST_ENTRIES = 400_000          # in one Kronecker product
RECIPROCAL = Fraction(-1)


class Ring(Numbers):
    """Arithmetic of jets over some kind of number; a subclass says what a number is."""

    def eigen(self, u: Jet) -> tuple[Jet, Jet]:
        """The largest eigenvalue, its unit vector, and how they move: dl = v'*du*v, dv = inv(l*eye - u + v*v')*(du*v - dl*v)."""
        if len(u.parts) == 1:
            value, vector = self.eigenpairs(u.parts[0], u.m, True)
            return Jet(1, 1, {0: value}), Jet(u.m, 1, {0: vector})
        low, high, bit = split(u)
        l, v = self.eigen(low)
        h, transposed = self.matmul(high, v), self.transpose(v)
        dl = self.matmul(transposed, h)
        inner = self.add(self.had(l, self.eye(u.m)), self.multiple(-1, low), self.matmul(v, transposed))
        dv = self.matmul(self.inv(inner), self.add(h, self.multiple(-1, self.had(dl, v))))
        return join(l, dl, bit), join(v, dv, bit)

    def spectrum(self, u: Jet) -> tuple[Jet, Jet]:
        """All eigenvalues l, their unit vectors V, and how they move: dl = diag(M) and dV = V*(M./G) off the diagonal, with M = V'*du*V and
        G[i,j] = l[j] - l[i]."""
        if len(u.parts) == 1:
            values, vectors = self.eigenpairs(u.parts[0], u.m, False)
            return Jet(u.m, 1, {0: values}), Jet(u.m, u.m, {0: vectors})
        n = u.m
        low, high, bit = split(u)
        l, v = self.spectrum(low)
        moved = self.matmul(self.matmul(self.transpose(v), high), v)
        spread = self.matmul(l, self.constant(1, n, 1))
        gaps = self.add(self.transpose(spread), self.multiple(-1, spread), self.eye(n))
        off = self.add(self.map(RECIPROCAL, gaps), self.multiple(-1, self.eye(n)))
        return join(l, self.moved(moved, "diagonal", n, 1), bit), join(v, self.matmul(v, self.had(off, moved)), bit)

    def base(self, u: Jet, exponent: Jet) -> Jet:
        """What is raised to a power that is not a known number."""
        return u

    # ---------------------------------------------------------------- linear
    def constant(self, m: int, n: int, value: Fraction | int) -> Jet:
        """A matrix all of whose entries are this rational."""
        return Jet(m, n, {0: [self.number(value)] * (m * n)})

    def component(self, u: Jet, bit: int, k: int = 0) -> Jet:
        """The derivative along one direction, the k-th of those with its bit."""
        which, own = numbered(bit, (1 << NUMBERED) - 1), numbered(bit, k)
        parts = {s ^ own: v for s, v in u.parts.items() if s & which == own}
        parts.setdefault(0, [self.zero] * (u.m * u.n))
        return Jet(u.m, u.n, parts)

    def eye(self, n: int) -> Jet:
        """The identity."""
        flat = [self.zero] * (n * n)
        for i in range(0, n * n, n + 1):
            flat[i] = self.one
        return Jet(n, n, {0: flat})

    def add(self, *terms: Jet) -> Jet:
        """The sum."""
        parts = dict(terms[0].parts)
        for t in terms[1:]:
            for s, v in t.parts.items():
                have = parts.get(s)
                parts[s] = v if have is None else self.plus(have, v)
        return Jet(terms[0].m, terms[0].n, parts)

    def multiple(self, value: Fraction | int, u: Jet) -> Jet:
        """A rational times u."""
        c = self.number(value)
        return Jet(u.m, u.n, {s: self.scale(c, v) for s, v in u.parts.items()})

    def moved(self, u: Jet, kind: str, m: int, n: int, rows: int = 0, cols: int = 0) -> Jet:
        """A matrix whose entries are entries of u at other places."""
        where = places(kind, rows or u.m, cols or u.n)
        zero = [self.zero]
        out = {}
        for s, v in u.parts.items():
            padded = v + zero
            out[s] = [padded[i] for i in where]
        return Jet(m, n, out)

    def transpose(self, u: Jet) -> Jet:
        """u'."""
        if u.m == 1 or u.n == 1:
            return Jet(u.n, u.m, u.parts)
        return self.moved(u, "'", u.n, u.m)

    def vec(self, u: Jet) -> Jet:
        """The columns stacked, vec(u)."""
        t = self.transpose(u)
        return Jet(u.m * u.n, 1, t.parts)

    def unvec(self, u: Jet, m: int, n: int) -> Jet:
        """The m x n matrix whose vec is u."""
        return self.moved(u, "unvec", m, n, m, n)

    def sum(self, u: Jet) -> Jet:
        """The sum of all entries."""
        return Jet(1, 1, {s: [self.total(v)] for s, v in u.parts.items()})

    def trace(self, u: Jet) -> Jet:
        """The trace of a square matrix."""
        return self.sum(self.moved(u, "diagonal", u.m, 1))

    def rowsum(self, u: Jet) -> Jet:
        """The sums of the rows, u*ones(n)."""
        return Jet(u.m, 1, {s: [self.total(v[i:i + u.n]) for i in range(0, u.m * u.n, u.n)] for s, v in u.parts.items()})

    def spread(self, u: Jet, n: int) -> Jet:
        """A column repeated n times, side by side."""
        return Jet(u.m, n, {s: [x for x in v for _ in range(n)] for s, v in u.parts.items()})

    # -------------------------------------------------------------- bilinear
    def bilinear(self, a: Jet, b: Jet, op: Callable[[Flat, Flat], Flat], m: int, n: int) -> Jet:
        """A product whose derivatives follow the product rule."""
        left, right = a.parts, b.parts
        if len(right) == 1:
            y = right[0]
            return Jet(m, n, {s: op(x, y) for s, x in left.items()})
        if len(left) == 1:
            x = left[0]
            return Jet(m, n, {t: op(x, y) for t, y in right.items()})
        self.deadline.check()
        parts: dict[int, Flat] = {}
        for s, x in left.items():
            for t, y in right.items():
                if not s & t:
                    v = op(x, y)
                    have = parts.get(s | t)
                    parts[s | t] = v if have is None else self.plus(have, v)
        return Jet(m, n, parts)

    def had(self, a: Jet, b: Jet) -> Jet:
        """Entry by entry; a scalar on the left scales."""
        if len(a.parts) == len(b.parts) == 1:
            x, y = a.parts[0], b.parts[0]
            return Jet(b.m, b.n, {0: self.scale(x[0], y)}) if len(x) == 1 else Jet(a.m, a.n, {0: self.times(x, y)})
        if a.m == 1 and a.n == 1:
            return self.bilinear(a, b, lambda x, y: self.scale(x[0], y), b.m, b.n)
        return self.bilinear(a, b, self.times, a.m, a.n)

    def matmul(self, a: Jet, b: Jet) -> Jet:
        """The matrix product."""
        m, k, n = a.m, a.n, b.n
        if m * k * n > MOST_PRODUCTS:
            raise TooLarge(m, k, k, n)
        self.deadline.check()
        if len(a.parts) == len(b.parts) == 1:
            return Jet(m, n, {0: self.dot(a.parts[0], b.parts[0], m, k, n)})
        return self.bilinear(a, b, lambda x, y: self.dot(x, y, m, k, n), m, n)

    def kron(self, a: Jet, b: Jet) -> Jet:
        """The Kronecker product."""
        if a.m * a.n * b.m * b.n > MOST_ENTRIES:
            raise TooLarge(a.m, a.n, b.m, b.n)

        def op(x: Flat, y: Flat) -> Flat:
            out: Flat = []
            for i in range(a.m):
                row = x[i * a.n:(i + 1) * a.n]
                for k in range(b.m):
                    other = y[k * b.n:(k + 1) * b.n]
                    for c in row:
                        out += self.scale(c, other)
            return out
        return self.bilinear(a, b, op, a.m * b.m, a.n * b.n)

    # ------------------------------------------------------------- functions
    def map(self, f: Function, u: Jet) -> Jet:
        """A primitive function of every entry: f(low + epsilon*high) = f(low) + epsilon*f'(low)*high."""
        if len(u.parts) == 1:
            return Jet(u.m, u.n, {0: self.function(f, u.parts[0])})
        low, high, bit = split(u)
        value = self.map(f, low)
        slope = self.slope(f, low, value)
        if f == "sign" and not self.bent and not all(low.parts[0]):
            self.bent = any(not x and h for flat in high.parts.values() for x, h in zip(low.parts[0], flat, strict=True))
        return value if slope is None else join(value, self.had(slope, high), bit)

    def slope(self, f: Function, u: Jet, value: Jet) -> Jet | None:
        """f'(u) entry by entry, for the primitive functions; None where it is zero."""
        if not isinstance(f, str):
            if f.denominator == 2 and f.numerator == 1:
                return self.multiple(f, self.map(RECIPROCAL, value))
            return self.multiple(-1, self.had(value, value)) if f == -1 else self.multiple(f, self.map(f - 1, u)) if f else None
        if f not in SLOPES:
            raise Unsupported(f"no derivative of {f} here")
        return SLOPES[f](self, u, value)

    def beside_one(self, u: Jet, sign: int) -> Jet:
        """1 + u^2, or 1 - u^2."""
        return self.add(self.constant(u.m, u.n, 1), self.multiple(sign, self.map(Fraction(2), u)))

    def pi(self) -> Jet:
        """The number pi."""
        return Jet(1, 1, {0: self.function("pi", [self.zero])})

    def inv(self, u: Jet) -> Jet:
        """The inverse matrix."""
        if len(u.parts) == 1:
            return Jet(u.m, u.m, {0: self.inverse(u.parts[0], u.m)[0]})
        low, high, bit = split(u)
        y = self.inv(low)
        return join(y, self.multiple(-1, self.matmul(self.matmul(y, high), y)), bit)

    def det_and_inv(self, u: Jet) -> tuple[Jet, Jet]:
        """By elimination; d det = det*tr(inv*d)."""
        if len(u.parts) == 1:
            flat, det = self.inverse(u.parts[0], u.m)
            return Jet(1, 1, {0: [det]}), Jet(u.m, u.m, {0: flat})
        low, high, bit = split(u)
        det, y = self.det_and_inv(low)
        step = self.matmul(y, high)
        return join(det, self.had(det, self.trace(step)), bit), join(y, self.multiple(-1, self.matmul(step, y)), bit)

    def det_and_adj(self, u: Jet) -> tuple[Jet, Jet]:
        """By elimination where a large matrix has an inverse, else by traces, which takes n times as long."""
        if u.m > FEW_ROWS:
            with suppress(Singular):
                det, inv = self.det_and_inv(u)
                return det, self.had(det, inv)
        return self.by_traces(u)

    def by_traces(self, u: Jet) -> tuple[Jet, Jet]:
        """Faddeev and LeVerrier: products and traces only, so derivatives come along and singular matrices are welcome."""
        n = u.m
        eye = self.eye(n)
        b, c = eye, self.constant(1, 1, 1)
        for k in range(1, n + 1):
            p = self.matmul(u, b)
            c = self.multiple(Fraction(-1, k), self.trace(p))
            if k < n:
                b = self.add(p, self.had(c, eye))
        sign = -1 if n % 2 else 1
        return self.multiple(sign, c), self.multiple(-sign, b)

    def matrix_power(self, u: Jet, k: int) -> Jet:
        """An integer power."""
        if k < 0:
            u, k = self.inv(u), -k
        out: Jet | None = None
        while k:
            if k & 1:
                out = u if out is None else self.matmul(out, u)
            k >>= 1
            if k:
                u = self.matmul(u, u)
        return out or self.eye(u.m)


MAPPED = ("exp", "log", "sign", "sin", "cos", "arctan", "arcsin", "erf")        # of which every other function is made
SLOPES: dict[str, Callable[[Ring, Jet, Jet], Jet | None]] = {
    "exp": lambda r, u, value: value, "log": lambda r, u, value: r.map(RECIPROCAL, u), "sin": lambda r, u, value: r.map("cos", u),
    "cos": lambda r, u, value: r.multiple(-1, r.map("sin", u)), "sign": lambda r, u, value: None,
    "arctan": lambda r, u, value: r.map(RECIPROCAL, r.beside_one(u, 1)),
    "arcsin": lambda r, u, value: r.map(Fraction(-1, 2), r.beside_one(u, -1)),
    "erf": lambda r, u, value: r.had(r.multiple(2, r.map(Fraction(-1, 2), r.pi())),
                                     r.map("exp", r.multiple(-1, r.map(Fraction(2), u))))}
require_heads("the table of slopes at points", MAPPED, SLOPES)
