"""Matrices of numeric size written out, entry by entry: what holds only for one size (Cayley-Hamilton, a 2 x 2 adjugate)."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from ...language.expr import SCALAR, Apply, Expr, Name, Number, as_dim
from ...reading.laws import written_out
from .powers import exp, power
from .logarithms import general_power, log, log_abs
from .elementary import ELEMENTARY, pi
from .rebuild import function_of
from .monomial import Head, Sum
from .normalform import Algebra, number
from .heads import Stuck
from .derivatives import slope
from ...language.operations import POWERS

Matrix = list[list[Sum]]
ENTRIES, LARGEST = 150, 4


class Explicit:
    """Reads expressions whose sizes are numbers as matrices of scalar sums."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr]) -> None:
        self.alg, self.definitions = alg, definitions
        self.memo: dict[Expr, Matrix] = {}

    def of(self, e: Expr) -> Matrix:
        """The entries of an expression."""
        found = self.memo.get(e)
        if found is None:
            rows, cols = e.shape
            if rows.number is None or cols.number is None or rows.number * cols.number > ENTRIES:
                raise Stuck("a size that is not a small number")
            found = self.memo[e] = self._read(e)
        return found

    def _read(self, e: Expr) -> Matrix:
        alg = self.alg
        if type(e) is Number:
            return [[number(e.value)]]
        if type(e) is Name:
            if e in self.definitions:
                return self.of(self.definitions[e])
            if e.kind == "size":
                raise Stuck("a size without a number")
            return self._name(e)
        assert type(e) is Apply
        head, args = e.head, e.args
        if head in ELEMENTARY:
            return self.each(lambda s: ELEMENTARY[head](alg, s), self.of(args[0]))
        law = written_out(e)
        if law is not None:
            return self.of(law)
        m, n = e.shape[0].number or 0, e.shape[1].number or 0
        if head in ("zeros", "ones", "eye"):
            return [[number(int(head == "ones" or (head == "eye" and i == j))) for j in range(n)] for i in range(m)]
        if head == "comm":
            p, q = as_dim(args[0]).number or 0, as_dim(args[1]).number or 0
            return [[number(int(i // q == j % p and i % q == j // p)) for j in range(n)] for i in range(m)]
        if head == "select":
            first = as_dim(args[0]).number or 0
            return [[number(int(i == first - 1 + j)) for j in range(n)] for i in range(m)]
        if head == "pi":
            return [[pi(alg)]]
        if head == "derivative":
            if type(args[1]) is not Name:
                raise Stuck("a derivative with respect to an expression")
            return self.derivative(args[0], args[1])
        if head == "apply":
            function, primes = args[0], 0
            while type(function) is Apply and function.head == "prime":
                function, primes = function.args[0], primes + 1
            if type(function) is not Name or function.signature != (None, None):
                raise Stuck("an abstract function of a vector, entry by entry")
            name = function.name
            return self.each(lambda s: function_of(alg, name, primes, s), self.of(args[1]))
        values = [self.of(a) for a in args if head != "unvec" or a is args[0]]
        return self._matrix(e, head, args, values)

    def _name(self, e: Name) -> Matrix:
        alg, words = self.alg, e.words
        if words & {"orthogonal", "simplex"}:
            raise Stuck("a structure that is not written out")
        m, n = e.shape[0].number or 0, e.shape[1].number or 0
        out: Matrix = []
        for i in range(m):
            row: list[Sum] = []
            for j in range(n):
                if ("diagonal" in words and i != j) or ("lower" in words and j > i) or ("upper" in words and j < i) or (
                        "skew" in words and i == j):
                    row.append({})
                    continue
                flip = bool(words & {"symmetric", "spd", "skew"}) and j < i
                head = self.variable(e, *((j, i) if flip else (i, j)))
                row.append(alg.scaled(alg.atom(head, ()), -1 if flip and "skew" in words else 1))
            out.append(row)
        return out

    def variable(self, e: Name, i: int, j: int) -> Head:
        """One entry of a variable."""
        head = self.alg.head("variable", (e.name, "entry", i, j), ())
        head.nonnegative = "positive" in e.words or ("spd" in e.words and i == j)
        return head

    def each(self, f: object, a: Matrix) -> Matrix:
        """A function of every entry."""
        return [[f(s) for s in row] for row in a]  # type: ignore[operator]

    def total(self, sums: list[Sum]) -> Sum:
        """The sum of a list."""
        return self.alg.add(*sums) if sums else {}

    def times(self, a: Matrix, b: Matrix) -> Matrix:
        """The matrix product."""
        alg = self.alg
        if len(a) == len(a[0]) == 1:
            return self.each(lambda s: alg.product(a[0][0], s), b)
        if len(b) == len(b[0]) == 1:
            return self.each(lambda s: alg.product(s, b[0][0]), a)
        return [[self.total([alg.product(x, y) for x, y in zip(row, col, strict=True)]) for col in zip(*b, strict=True)]
                for row in a]

    def det(self, a: Matrix) -> Sum:
        """By permutations."""
        n = len(a)
        if n > LARGEST:
            raise Stuck("a determinant too large to write out")
        out: Sum = {}
        for p in permutations(range(n)):
            sign = (-1) ** sum(p[i] > p[j] for i in range(n) for j in range(i + 1, n))
            term = number(sign)
            for i in range(n):
                term = self.alg.product(term, a[i][p[i]])
            out = self.alg.add(out, term)
        return out

    def adjugate(self, a: Matrix) -> Matrix:
        """The transposed cofactors."""
        n = len(a)
        if n == 1:
            return [[number(1)]]
        return [[self.alg.scaled(self.det([[a[r][c] for c in range(n) if c != i] for r in range(n) if r != j]), (-1) ** (i + j))
                 for j in range(n)] for i in range(n)]

    def inverse(self, a: Matrix) -> Matrix:
        """Adjugate over determinant."""
        below = power(self.alg, self.det(a), -1)
        return self.each(lambda s: self.alg.product(below, s), self.adjugate(a))

    def _matrix(self, e: Apply, head: str, args: tuple[Expr, ...], v: list[Matrix]) -> Matrix:
        alg, a = self.alg, v[0]
        flat = [s for row in a for s in row]
        if head == "+":
            return [[alg.add(*cell) for cell in zip(*rows, strict=True)] for rows in zip(*v, strict=True)]
        if head == "*":
            for b in v[1:]:
                a = self.times(a, b)
            return a
        if head == ".*":
            for b in v[1:]:
                a = [[alg.product(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]
            return a
        if head == "'":
            return [list(col) for col in zip(*a, strict=True)]
        if head in POWERS:
            b = v[1]
            if head == "^" and e.shape != SCALAR:
                if type(args[1]) is not Number:
                    raise Stuck("a power that depends on sizes")
                k = int(args[1].value)
                base = self.inverse(a) if k < 0 else a
                out = base
                for _ in range(abs(k) - 1):
                    out = self.times(out, base)
                return out
            lone = len(b) == len(b[0]) == 1
            return [[general_power(alg, s, b[0][0] if lone else b[i][j]) for j, s in enumerate(row)] for i, row in enumerate(a)]
        if head == "kron":
            b = v[1]
            return [[alg.product(x, y) for x in p for y in q] for p in a for q in b]
        if head == "vec":
            return [[s] for col in zip(*a, strict=True) for s in col]
        if head == "unvec":
            m = e.shape[0].number or 0
            return [[flat[j * m + i] for j in range(e.shape[1].number or 0)] for i in range(m)]
        if head == "diag":
            return [[a[i][0] if i == j else {} for j in range(len(a))] for i in range(len(a))]
        if head == "diagonal":
            return [[a[i][i]] for i in range(len(a))]
        if head == "inv":
            return self.inverse(a)
        if head == "adj":
            return self.adjugate(a)
        if head == "rowsum":
            return [[self.total(row)] for row in a]
        if head == "colsum":
            return [[self.total(list(col))] for col in zip(*a, strict=True)]
        if head in ("softmax", "softmax_rows"):
            up = self.each(lambda s: exp(alg, s), a)
            rows = [self.total([s for r in up for s in r])] * len(up) if head == "softmax" else [self.total(r) for r in up]
            return [[alg.product(s, power(alg, t, -1)) for s in row] for row, t in zip(up, rows, strict=True)]
        if head == "logsumexp_rows":
            return [[log(alg, self.total([exp(alg, s) for s in row]))] for row in a]
        return [[self._scalar(head, a, flat)]]

    def _scalar(self, head: str, a: Matrix, flat: list[Sum]) -> Sum:
        alg = self.alg
        if head == "sum":
            return self.total(flat)
        if head == "tr":
            return self.total([a[i][i] for i in range(len(a))])
        if head == "det":
            return self.det(a)
        if head == "logdet":
            return log_abs(alg, self.det(a))
        if head == "norm1":
            return self.total([ELEMENTARY["abs"](alg, s) for s in flat])
        if head == "norm2":
            return power(alg, self.total([power(alg, s, 2) for s in flat]), Fraction(1, 2))
        if head == "logsumexp":
            return log(alg, self.total([exp(alg, s) for s in flat]))
        raise Stuck(f"{head} is not written out")

    def derivative(self, f: Expr, x: Name, order: int = 1) -> Matrix:
        """df/dx in the denominator layout."""
        if x.words - {"positive"} or x in self.definitions:
            raise Stuck("the derivative with respect to a structured matrix or a defined name, written out")
        m, n = x.shape[0].number or 0, x.shape[1].number or 0
        self.of(x)
        a = self.of(f)
        cells = [(i, j) for j in range(n) for i in range(m)]
        heads = {c: self.variable(x, *c) for c in cells}
        if order == 2:
            first = [slope(self.alg, a[0][0], heads[c], ()) for c in cells]
            return [[slope(self.alg, s, heads[c], ()) for c in cells] for s in first]
        if f.shape == SCALAR:
            return [[slope(self.alg, a[0][0], heads[i, j], ()) for j in range(n)] for i in range(m)]
        values = [s for col in zip(*a, strict=True) for s in col]
        return [[slope(self.alg, s, heads[c], ()) for s in values] for c in cells]
