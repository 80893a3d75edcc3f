"""Declared structure and assumed equations for components.py: what each entry's symbol stands for."""

from __future__ import annotations

from random import Random

import mpmath
import sympy
from sympy import Matrix, Symbol

from ...language.expr import ONE, SCALAR, Expr, Name
from .entries import Entries
from ..joint_structure import joint
from .symbols import MOST_TERMS, Degenerate, Inconclusive, inverse, length, stacked, terms
from .zero import LONGEST, Algebra, Numbers
from ..verdict import Witness, key


class Structure:
    """Substitutions for the symbols of structured names, made after differentiating."""

    def __init__(self, ev: Entries, names: list[Name], moving: bool = False) -> None:
        self.ev, self.names = ev, sorted(names, key=lambda n: n.name)
        self.swap: dict[Symbol, sympy.Expr] = {}
        for name in self.names:
            self._declare(name)
        if moving:          # d of an entry goes by what the entry stands for
            moved = ev.differential(Matrix(list(self.swap.values())))
            self.swap |= {Symbol("d " + s.name, real=True): v for s, v in zip(list(self.swap), moved, strict=True)}
        self.equations: dict[Symbol, sympy.Expr] = {}

    def _declare(self, name: Name) -> None:
        at, words = self.ev.variable(name), name.words
        m, n = at.shape
        if "simplex" in words:
            for r in [list(at)] if name.shape[1] is ONE else [[at[i, j] for j in range(n)] for i in range(m)]:
                self.swap[r[-1]] = 1 - sympy.Add(*r[:-1])
        if not words or m != n or m == 1:
            return
        if len(words) > 1:
            words = joint(words)
            if "simplex" in words and len(words) > 1:
                raise Inconclusive("the rows of a structured matrix that sum to one")
        new = self._built(at, words, name.name)
        self.swap.update({s: v for s, v in zip(at, new, strict=True) if s != v})

    @staticmethod
    def _built(at: Matrix, words: frozenset[str], label: str) -> Matrix:
        n = at.rows
        if "nothing" in words or ("turn" in words and n % 2):
            raise Degenerate("no point has the declared structure")
        if "zero" in words:
            return sympy.zeros(n, n)
        if "identity" in words:
            return sympy.eye(n)
        if "signs" in words:
            return sympy.diag(*(-1 if i == 0 else 1 for i in range(n)))
        if "reflection" in words:
            v = at[0, :]
            below = sympy.Add(*(x ** 2 for x in v))
            return Matrix(n, n, lambda i, j: (1 if i == j else 0) - 2 * v[i] * v[j] / below)
        if "turn" in words:
            return Matrix(n, n, lambda i, j: (1 if i < j else -1) if i // 2 == j // 2 and i != j else 0)
        roots = Matrix(n, n, lambda i, j: Symbol(f"{label}_{i + 1}_{j + 1} root", positive=True))
        if "diagonal" in words:
            return Matrix(n, n, lambda i, j: (roots[i, i] if "spd" in words else at[i, i]) if i == j else 0)
        if "spd" in words:
            low = Matrix(n, n, lambda i, j: roots[i, i] if i == j else at[i, j] if i > j else 0)
            return low * low.T
        if "symmetric" in words:
            return Matrix(n, n, lambda i, j: at[min(i, j), max(i, j)])
        skew = Matrix(n, n, lambda i, j: 0 if i == j else at[i, j] if i < j else -at[j, i])
        if "skew" in words:
            return skew
        if "orthogonal" in words:
            eye = sympy.eye(n)
            turn = Matrix(n, n, lambda i, j: 0 if i != j else -1 if i == 0 else 1)
            return (turn * inverse(eye - skew) * (eye + skew)).applyfunc(sympy.cancel)
        if "lower" in words:
            return Matrix(n, n, lambda i, j: at[i, j] if i >= j else 0)
        if "upper" in words:
            return Matrix(n, n, lambda i, j: at[i, j] if i <= j else 0)
        return at

    def put(self, e: sympy.Expr) -> sympy.Expr:
        """An entry with structure and assumptions in place."""
        e = sympy.sympify(e)
        if self.swap:
            e = e.xreplace(self.swap)
        for s, v in self.equations.items():
            e = e.xreplace({s: v})
        return e

    # ------------------------------------------------------------- derivatives
    def derivative(self, f: Expr, x: Name, order: int) -> Matrix:
        """In the independent entries of a structured matrix."""
        at, value = self.ev.variable(x), self.ev.value(f)
        if order == 2:
            raise Inconclusive("a second derivative in independent entries")
        own = {s: self.swap[s] for s in at if s in self.swap}
        words = x.words
        if "spd" in words or "symmetric" in words and "diagonal" not in words:
            own = {at[i, j]: at[min(i, j), max(i, j)] for i in range(at.rows) for j in range(at.cols)}
        if "diagonal" in words:
            own = {at[i, j]: sympy.Integer(0) for i in range(at.rows) for j in range(at.cols) if i != j}
        inside = [v.xreplace(own) for v in stacked(value)]
        rows = []
        for s in stacked(at):
            target = own.get(s, s)
            sign = -1 if target.could_extract_minus_sign() else 1
            symbol = sign * target
            rows.append([sign * v.diff(symbol) if symbol.is_Symbol else sympy.Integer(0) for v in inside])
        out = Matrix(rows)
        if f.shape == SCALAR:
            return Matrix(at.rows, at.cols, lambda i, j: out[j * at.rows + i])
        return out

    # ------------------------------------------------------------- assumptions
    def assume(self, pairs: list[tuple[Expr, Expr]]) -> None:
        """Solve every assumed equation for one symbol in which it is linear. What is solved is put into the next one: that they become
        too long is Inconclusive, since SymPy knows of no deadline."""
        algebra = Algebra()
        for left, right in pairs:
            for a, b in zip(self.ev.value(left), self.ev.value(right), strict=True):
                self.ev.deadline.check()
                difference = self.put(a - b)
                if length(difference) > LONGEST or terms(difference) > MOST_TERMS:
                    raise Inconclusive("the assumptions are too long to be solved entry by entry", sizes=True)
                if not algebra.vanishes(difference):
                    self._solve(sympy.expand(difference), f"{left} = {right}")

    def _solve(self, difference: sympy.Expr, text: str) -> None:
        for s in sorted(difference.free_symbols, key=lambda s: s.name, reverse=True):
            slope = difference.diff(s)
            if slope != 0 and not slope.has(s) and not s.name.endswith("root"):
                value = sympy.together(s - difference / slope)
                self.equations = {k: v.xreplace({s: value}) for k, v in self.equations.items()}
                self.equations[s] = value
                return
        raise Inconclusive(f"the assumption {text} is not linear in any entry")

    # ------------------------------------------------------------------ points
    def point(self, random: Random, trial: int) -> dict[sympy.Basic, mpmath.mpf]:
        """A random rational for every symbol; small or positive ones when others failed."""
        symbols = {s for name in self.names for s in self.ev.variable(name)}
        for v in [*self.swap.values(), *self.equations.values()]:
            symbols |= sympy.sympify(v).free_symbols
        style = trial % 4 if trial > 2 else 0
        out = {}
        scales: dict[str, int] = {}
        for s in sorted(symbols, key=lambda s: s.name):
            scale = scales.setdefault(s.name.rsplit("_", 2)[0], random.choice((1, 1, 4)) if trial > 2 else 1)
            size = random.randrange(20, 160) * scale if style < 2 else random.randrange(3, 30)
            sign = 1 if style % 2 or s.is_positive else random.choice((-1, 1))
            out[s] = mpmath.mpf(sign * size) / 100
        for name in self.names:
            if "simplex" in name.words:
                for s in self.ev.variable(name):
                    out[s] = abs(out[s]) / (8 * len(self.ev.variable(name)))      # the last entry is what is left of 1
        return _Lazy(out, random)

    def described(self, numbers: Numbers) -> Witness:
        """The values of all variables, as lists."""
        out: Witness = {}
        for name in self.names:
            at = self.ev.variable(name)
            v = [float(numbers.value(self.put(s))) for s in at]
            out[key(name.name)] = v[0] if name.shape == SCALAR else v if at.cols == 1 else [
                v[i:i + at.cols] for i in range(0, len(v), at.cols)]
        return out


class _Lazy(dict[sympy.Basic, mpmath.mpf]):
    """Differentials get their value when first met."""

    def __init__(self, values: dict[sympy.Basic, mpmath.mpf], random: Random) -> None:
        super().__init__(values)
        self.random = random

    def get(self, key: sympy.Basic, default: mpmath.mpf | None = None) -> mpmath.mpf | None:
        found = super().get(key, default)
        if found is None and key.is_Symbol and key.name.startswith("d "):
            found = self[key] = mpmath.mpf(self.random.randrange(20, 160)) / 100
        return found
