"""The entries of every node as SymPy expressions in the entries of the variables. Imported only when asked.

A derivative is SymPy's, entry by entry; structure is put in afterwards (structures.py).
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy
from sympy import Matrix, Symbol

from ...language.deadline import NEVER, Deadline
from ...language.expr import SCALAR, Apply, Dim, Expr, Name, Number
from ...language.traversal import folded, operands, reachable
from ...reading.entrywise_laws import written_out
from .symbols import Inconclusive, differentiable, rational, stacked
from .operations import TABLE, asks


class Entries:
    """The symbols of a problem at given sizes, and the matrix of entries of every node."""

    def __init__(self, sizes: dict[str, int], bodies: dict[Name, Expr], free: Iterable[Name] = (), deadline: Deadline = NEVER) -> None:
        self.sizes, self.bodies, self.deadline = sizes, bodies, deadline
        self.free = set(free)                       # defined names taken as variables
        self.symbols: dict[Name, Matrix] = {}
        self.memo: dict[Expr, Matrix] = {}

    def shape(self, e: Expr) -> tuple[int, int]:
        """Rows and columns here."""
        m, n = (self.dim(d) for d in e.shape)
        return m, n

    def dim(self, d: Dim) -> int:
        """A size here."""
        return d.value(self.sizes)

    def variable(self, name: Name) -> Matrix:
        """The matrix of a name's symbols."""
        found = self.symbols.get(name)
        if found is None:
            m, n = self.shape(name)
            positive = True if "positive" in name.words or "simplex" in name.words else None
            make = lambda i, j: Symbol(f"{name.name}_{i + 1}_{j + 1}", real=True, positive=positive)
            found = self.symbols[name] = Matrix(m, n, make)
        return found

    def value(self, root: Expr) -> Matrix:
        """The matrix of an expression."""
        return folded(root, self.memo, self._needs, self._compute)

    def _needs(self, e: Expr) -> tuple[Expr, ...]:
        if type(e) is Apply:
            if e.head == "derivative":
                return ()
            law = None if e.head in TABLE else written_out(e)
            if law is not None:
                return (law,)
            return operands(e)
        if type(e) is Name and e in self.bodies and e not in self.free:
            return (self.bodies[e],)
        return ()

    def asked(self, root: Expr) -> list[tuple[str, sympy.Expr]]:
        """What the parts of a computed expression need to have a value, which SymPy forgets where they fall away: exp(log(x)) is x."""
        def computed(e: Expr) -> list[Expr]:
            needs = e.args[:1] if type(e) is Apply and e.head == "derivative" else self._needs(e)
            return [a for a in needs if a in self.memo]
        parts = ((e, computed(e)) for e in reachable([root], computed) if type(e) is Apply)
        return list(dict.fromkeys(asked for e, inner in parts if inner for asked in asks(self, e, *(self.memo[a] for a in inner))))

    def _compute(self, e: Expr) -> Matrix:
        self.deadline.check()
        if type(e) is Number:
            return Matrix([[rational(e.value)]])
        if type(e) is Name:
            if e.kind == "size":
                return Matrix([[sympy.Integer(self.sizes[e.name])]])
            return self.memo[self.bodies[e]] if e in self.bodies and e not in self.free else self.variable(e)
        assert type(e) is Apply
        handler = TABLE.get(e.head)
        law = written_out(e) if handler is None else None
        if law is not None:
            return self.memo[law]
        if handler is None:
            raise Inconclusive(f"{e.head} has no closed form entry by entry")
        out = handler(self, e, *[self.memo[a] for a in self._needs(e)])
        return Matrix(*self.shape(e), list(out)) if not isinstance(out, sympy.MatrixBase) else out

    def derivative(self, f: Expr, x: Expr, order: int = 1) -> Matrix:
        """d(f)/d(x), denominator layout, entry by entry; or the Hessian of a scalar in vec(x)."""
        if type(x) is not Name:
            raise Inconclusive(f"the derivative with respect to {x}")
        inner = self
        if x in self.bodies and x not in self.free:
            inner = Entries(self.sizes, self.bodies, self.free | {x}, self.deadline)
            inner.symbols = self.symbols
        value, at = inner.value(f), inner.variable(x)
        symbols = stacked(at)
        differentiable(value if order == 1 else [value[0]] * len(at), len(at))
        if order == 2:
            out = Matrix([[self.slope(g, s) for s in symbols] for g in [self.slope(value[0], s) for s in symbols]])
        elif f.shape == SCALAR:
            out = at.applyfunc(lambda s: self.slope(value[0], s))
        else:
            out = Matrix([[self.slope(v, s) for v in stacked(value)] for s in symbols])
        return out if inner is self else out.xreplace(dict(zip(at, self.value(self.bodies[x]), strict=True)))

    def slope(self, value: sympy.Expr, by: Symbol) -> sympy.Expr:
        """One entry differentiated."""
        self.deadline.check()
        return value.diff(by)

    def differential(self, u: Matrix) -> Matrix:
        """d(u): every symbol of a variable moves along its own."""
        def moved(v: sympy.Expr) -> sympy.Expr:
            symbols = sorted((s for s in v.free_symbols if not s.name.startswith("d ")), key=lambda s: s.name)
            return sympy.Add(*(v.diff(s) * Symbol("d " + s.name, real=True) for s in symbols))
        return u.applyfunc(moved)
