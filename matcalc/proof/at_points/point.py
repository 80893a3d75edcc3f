"""Where things are evaluated: sizes, and a value for every name that has the structure its declaration promises."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from ...language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, Shape
from .field import Field
from .jets import Flat, Jet, Scalar, TooLarge
from .ring import Ring
from ..verdict import Witness, key
from . import abstract_functions, reals, structure
from .. import joint_structure

LARGEST = 20_000
fraction = lru_cache(256)(Fraction)


class TooExpensive(Exception):
    """More work than a quick judge does: digits times entries."""


class TooManyDigits(TooExpensive):
    """More digits than are ever carried."""


KEPT = -1       # the number of the direction that a tangent is made of
ONE_SIGN = 6   # the style in which all entries of a name have one sign, by the bits of the point's number


class Point:
    """A point: sizes, a value for every name (drawn on first use), and the definitions."""

    def __init__(self, ring: Field | reals.Reals, sizes: dict[str, int], bodies: dict[Name, Expr], style: int = 0,
                 number: int = 0) -> None:
        self.ring, self.sizes, self.bodies, self.style, self.number = ring, sizes, bodies, style, number
        self.values: dict[Name, Any] = {}
        self.shapes: dict[Shape, tuple[int, int]] = {}
        self.scalars = 0
        self.directions: dict[tuple[Name, int], Flat] = {}
        self.steps: dict[Any, Any] = {}               # how nodes are evaluated, here and at other points of a question
        self.constants: frozenset[str] = frozenset()      # names whose differential is 0
        self.origin: Any = None                       # the state of what it was drawn from

    def value(self, name: Name) -> Any:
        """The value of a name: entries row by row, or what an abstract function is made of."""
        found = self.values.get(name)
        if found is None:
            found = self._function(name) if name.kind == "function" else self._draw(name)
            self.values[name] = found
        return found

    def direction(self, name: Name, number: int = 0) -> Flat:
        """A direction without structure, drawn once."""
        found = self.directions.get((name, number))
        if found is None:
            m, n = self.shape(name)
            found = self.directions[name, number] = self.ring.draws(0, m * n)
        return found

    def tangent(self, name: Name) -> Flat:
        """A direction in which a name keeps its structure."""
        words = name.words - {"positive"}
        if not words:
            return self.direction(name)
        return structure.tangent(self.ring, name.words, self.value(name), self.direction(name, KEPT), *self.shape(name))

    def shape(self, e: Expr) -> tuple[int, int]:
        """The number of rows and columns at this point."""
        found = self.shapes.get(e.shape)
        if found is None:
            m, n = self.dim(e.shape[0]), self.dim(e.shape[1])
            if m * n > LARGEST:
                raise TooLarge(m, n)
            found = self.shapes[e.shape] = m, n
        return found

    def dim(self, d: Dim) -> int:
        """The value of a size at this point."""
        return d.value(self.sizes) if d.number is None else d.number

    def affected(self, names: Iterable[Name]) -> frozenset[Name]:
        """These names, and the defined names that depend on them."""
        out = set(names)
        for name, body in self.bodies.items():
            if not body.names.isdisjoint(out):
                out.add(name)
        return frozenset(out)

    def variables(self, e: Expr) -> list[Name]:
        """The variables e depends on, through definitions, in a fixed order."""
        seen: set[Name] = set()
        out: list[Name] = []
        stack = [e.names]
        while stack:
            for name in sorted(stack.pop() - seen, key=lambda n: n.name):
                seen.add(name)
                body = self.bodies.get(name)
                if body is None:
                    out.append(name)
                else:
                    stack.append(body.names)
        return out

    # ---------------------------------------------------------------- drawing
    def _draw(self, name: Name) -> Flat:
        ring = self.ring
        words, style = name.words, self.style
        m, n = self.shape(name)
        plain = name.shape == SCALAR or n == 1 != m
        ring.begin()
        if len(words) > 1 and not plain and m == n:
            words = joint_structure.joint(words)
            made = joint_structure.drawn(ring, words, n)
            if made is not None:
                return made
        if "simplex" in words:
            return self._simplex(m, n, name.shape[1] is ONE)
        if "positive" in words or ("spd" in words and plain):
            flat = [ring.positive() for _ in range(m * n)]
        else:
            flat = ring.draws(style, m * n)
            if style == ONE_SIGN:
                sign = -1 if self.number >> self.scalars & 1 else 1
                flat = [sign * abs(x) for x in flat]
                self.scalars += 1
            elif name.shape == SCALAR and not ring.exact and not style % 2:
                # the first four points meet all signs of two scalars
                flat = [abs(flat[0]) * (-1 if self.number >> self.scalars & 1 else 1)]
                self.scalars += 1
        if not words or plain or m != n:
            return flat
        zero = ring.zero
        if words >= {"diagonal", "spd"}:
            return [ring.positive() if i % (n + 1) == 0 else zero for i in range(n * n)]
        u = Jet(n, n, {0: flat})
        if "spd" in words:
            square = ring.matmul(u, ring.transpose(u))
            if not ring.exact:
                square = ring.add(square, ring.eye(n))
            spd: Flat = square.parts[0]
            return spd
        if "symmetric" in words:
            return [flat[max(i, j) * n + min(i, j)] for i in range(n) for j in range(n)]
        if "skew" in words or "orthogonal" in words:
            k = ring.add(u, ring.multiple(-1, ring.transpose(u)))
            flat = self._orthogonal(k) if "orthogonal" in words else k.parts[0]
        return [x if structure.within(words, *divmod(i, n)) else zero for i, x in enumerate(flat)]

    def _orthogonal(self, k: Jet) -> Flat:
        """Cayley's transform of a skew matrix, with the first row turned over half the time."""
        ring = self.ring
        n = k.m
        q: Flat = joint_structure.cayley(ring, k).parts[0]
        if ring.random.random() < 0.5:
            q = ring.scale(ring.number(-1), q[:n]) + q[n:]
        return q

    def _simplex(self, m: int, n: int, column: bool) -> Flat:
        ring: Ring = self.ring
        rows = [[ring.positive() for _ in range(m)]] if column else [[ring.positive() for _ in range(n)] for _ in range(m)]
        out: Flat = []
        for r in rows:
            while ring.exact and ring.sign(ring.total(r)) != 1:
                r = [ring.positive() for _ in r]
            out += ring.scale(ring.function(Fraction(-1), [ring.total(r)])[0], r)
        return out

    def _function(self, name: Name) -> dict[str, Any]:
        """f: a profile phi. g, h and F: C*phi(B*x + t), of F its vec."""
        ring = self.ring
        assert name.signature is not None
        source, target = name.signature
        phi = abstract_functions.drawn(ring)
        if source is None and target is None:
            return {"phi": phi}
        m, n = (self.dim(space[0] * space[1]) if space else 1 for space in (source, target))
        k = m + 1

        def matrix(rows: int, cols: int) -> Jet:
            return Jet(rows, cols, {0: ring.draws(2, rows * cols)})
        return {"phi": phi, "B": matrix(k, m), "t": matrix(k, 1), "C": matrix(n, k)}

    def described(self) -> Witness:
        """The values drawn so far, as lists a person or JSON can read."""
        out: Witness = {"sizes": dict(self.sizes)}
        for name, v in sorted(self.values.items(), key=lambda item: item[0].name):
            if name.kind == "function":
                out[key(name.name)] = _told(name, v)
                continue
            out[key(name.name)] = self._rows(name, v)
        return out

    def moving(self) -> Witness:
        """The directions drawn so far, by d(x)."""
        return {f"d({name.name})": self._rows(name, self.tangent(name) if k else v) for (name, k), v in
                sorted(self.directions.items(), key=lambda item: item[0][0].name) if k in (0, KEPT)}

    def _rows(self, name: Name, v: Flat) -> Any:
        m, n = self.shape(name)
        v = [_short(x) for x in v]
        return v[0] if name.shape == SCALAR else v if name.shape[1] is ONE else [v[i:i + n] for i in range(0, m * n, n)]


def _short(x: Scalar) -> float:
    return x if isinstance(x, int) else float(f"{x:.15g}") or 0.0


def _told(name: Name, v: dict[str, Any]) -> str:
    """An abstract function, in words: f(t) = 1 + 2*t^3."""
    if "B" not in v:
        return f"{name.name}(t) = {abstract_functions.told(v['phi'])}"
    brief = abstract_functions.brief
    b, t, c = ([[brief(x) for x in j.parts[0][i:i + j.n]] for i in range(0, j.m * j.n, j.n)] for j in (v["B"], v["t"], v["C"]))
    source, target = name.signature or (None, None)
    at, x = ("X", "vec(X)") if source is not None and source[1] is not ONE else ("x", "x")
    phi = abstract_functions.told(v["phi"])
    called = f"vec({name.name}({at}))" if target is not None and target[1] is not ONE else f"{name.name}({at})"
    return f"{called} = C*phi(B*{x} + t), phi(t) = {phi}, B = {b}, t = {t}, C = {c}".replace("'", "")


def rational(e: Expr, point: Point) -> Fraction | None:
    """A number that is known without any variable: 2, 1/3, n, 1/n, n - 1."""
    if type(e) is Number:
        return fraction(e.value)
    if type(e) is Name:
        return fraction(point.sizes[e.name]) if e.kind == "size" else None
    if type(e) is Apply and e.head in ("+", "*", "^") and e.shape == SCALAR and not e.names:
        parts = [rational(a, point) for a in e.args]
        total = parts[0]
        for p in parts[1:]:
            if p is None or total is None:
                return None
            if e.head == "^" and (p.denominator != 1 or (p < 0 and not total)):
                return None
            total = total + p if e.head == "+" else total * p if e.head == "*" else total ** int(p)
        return total
    return None
