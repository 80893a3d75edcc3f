"""Matrices of numeric size written out, entry by entry: what holds only for one size (Cayley-Hamilton, a 2 x 2 adjugate)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from itertools import permutations

from ...language.expr import SCALAR, Apply, Expr, Name, Number, as_dim
from ...reading.laws import written_out
from .powers import exp, power
from .logarithms import general_power, log, log_abs
from .elementary import ELEMENTARY, pi
from .substitution import function_of
from .monomial import Head, Sum
from .normalform import Algebra, number
from .heads import Inconclusive
from .derivatives import slope

Matrix = list[list[Sum]]
ENTRIES, LARGEST = 150, 4


class Explicit:
    """Evaluates expressions of numeric sizes as matrices of scalar sums."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr]) -> None:
        self.alg, self.definitions = alg, definitions
        self.memo: dict[Expr, Matrix] = {}

    def of(self, e: Expr) -> Matrix:
        """The entries of an expression."""
        found = self.memo.get(e)
        if found is None:
            rows, cols = e.shape
            if rows.number is None or cols.number is None or rows.number * cols.number > ENTRIES:
                raise Inconclusive("a size that is not a small number")
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
                raise Inconclusive("a size without a number")
            return self._name(e)
        assert type(e) is Apply
        head, args = e.head, e.args
        if head in ELEMENTARY:
            return self.each(lambda s: ELEMENTARY[head](alg, s), self.of(args[0]))
        law = written_out(e)
        if law is not None:
            return self.of(law)
        if head in OF_SIZES:
            return OF_SIZES[head](self, e)
        if head not in OF_ENTRIES:
            raise Inconclusive(f"{head} is not written out")
        return OF_ENTRIES[head](self, e, *(self.of(a) for a in (args[:1] if head == "unvec" else args)))

    def _name(self, e: Name) -> Matrix:
        alg, words = self.alg, e.words
        if words & {"orthogonal", "simplex"}:
            raise Inconclusive("a structure that is not written out")
        m, n = numbers(e)
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

    def each(self, f: Callable[[Sum], Sum], a: Matrix) -> Matrix:
        """Apply a function to every entry."""
        return [[f(s) for s in row] for row in a]

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
        """The determinant, as the sum over all permutations."""
        n = len(a)
        if n > LARGEST:
            raise Inconclusive("a determinant too large to write out")
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
        """The adjugate over the determinant."""
        below = power(self.alg, self.det(a), -1)
        return self.each(lambda s: self.alg.product(below, s), self.adjugate(a))

    def derivative(self, f: Expr, x: Name, order: int = 1) -> Matrix:
        """df/dx in the denominator layout."""
        if x.words - {"positive"} or x in self.definitions:
            raise Inconclusive("the derivative with respect to a structured matrix or a defined name, written out")
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


# ------------------------------------------------------------------------------------------------- what each head means
def _sum(r: Explicit, e: Apply, *v: Matrix) -> Matrix:
    return [[r.alg.add(*cell) for cell in zip(*rows, strict=True)] for rows in zip(*v, strict=True)]


def _entrywise_product(r: Explicit, e: Apply, a: Matrix, *others: Matrix) -> Matrix:
    for b in others:
        a = [[r.alg.product(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]
    return a


def _power(r: Explicit, e: Apply, a: Matrix, b: Matrix) -> Matrix:
    if e.head == "^" and e.shape != SCALAR:
        k = e.args[1]
        if type(k) is not Number:
            raise Inconclusive("a power that depends on sizes")
        return reduce(r.times, [r.inverse(a) if k.value < 0 else a] * abs(int(k.value)))
    lone = len(b) == len(b[0]) == 1
    return [[general_power(r.alg, s, b[0][0] if lone else b[i][j]) for j, s in enumerate(row)] for i, row in enumerate(a)]


def _softmax(r: Explicit, a: Matrix, totals: Callable[[Matrix], list[Sum]]) -> Matrix:
    up = _exp(r, a)
    return [[r.alg.product(s, power(r.alg, t, -1)) for s in row] for row, t in zip(up, totals(up), strict=True)]


def _exp(r: Explicit, a: Matrix) -> Matrix:
    return r.each(lambda s: exp(r.alg, s), a)


def _unvec(r: Explicit, e: Apply, a: Matrix) -> Matrix:
    m, n = numbers(e)
    return [[a[j * m + i][0] for j in range(n)] for i in range(m)]


def _comm(r: Explicit, e: Apply) -> Matrix:
    p, q = (as_dim(a).number or 0 for a in e.args)
    return _written(e, lambda i, j: i // q == j % p and i % q == j // p)


def _select(r: Explicit, e: Apply) -> Matrix:
    first = as_dim(e.args[0]).number or 0
    return _written(e, lambda i, j: i == first - 1 + j)


def _written(e: Apply, one: Callable[[int, int], bool]) -> Matrix:
    """A matrix of ones and zeros."""
    m, n = numbers(e)
    return [[number(int(one(i, j))) for j in range(n)] for i in range(m)]


def numbers(e: Expr) -> tuple[int, int]:
    """The sizes of what has numbers for sizes."""
    return e.shape[0].number or 0, e.shape[1].number or 0


def _derivative(r: Explicit, e: Apply) -> Matrix:
    if type(e.args[1]) is not Name:
        raise Inconclusive("a derivative with respect to an expression")
    return r.derivative(e.args[0], e.args[1])


def _apply(r: Explicit, e: Apply) -> Matrix:
    function, primes = e.args[0], 0
    while type(function) is Apply and function.head == "prime":
        function, primes = function.args[0], primes + 1
    if type(function) is not Name or function.signature != (None, None):
        raise Inconclusive("an abstract function of a vector, entry by entry")
    name = function.name
    return r.each(lambda s: function_of(r.alg, name, primes, s), r.of(e.args[1]))


def _scalar(f: Callable[[Explicit, list[Sum]], Sum]) -> Meaning:
    """A number made of all entries."""
    return lambda r, e, a: [[f(r, [s for row in a for s in row])]]


Meaning = Callable[..., Matrix]
# By head, of what is made of sizes or reads its arguments itself; the others are given the entries of their arguments.
OF_SIZES: dict[str, Meaning] = {
    "zeros": lambda r, e: _written(e, lambda i, j: False), "ones": lambda r, e: _written(e, lambda i, j: True),
    "eye": lambda r, e: _written(e, lambda i, j: i == j), "comm": _comm, "select": _select, "pi": lambda r, e: [[pi(r.alg)]],
    "derivative": _derivative, "apply": _apply}
OF_ENTRIES: dict[str, Meaning] = {
    "+": _sum, "*": lambda r, e, *v: reduce(r.times, v), ".*": _entrywise_product, "^": _power, ".^": _power,
    "'": lambda r, e, a: [list(col) for col in zip(*a, strict=True)],
    "kron": lambda r, e, a, b: [[r.alg.product(x, y) for x in p for y in q] for p in a for q in b],
    "vec": lambda r, e, a: [[s] for col in zip(*a, strict=True) for s in col],  "unvec": _unvec,
    "diag": lambda r, e, a: [[a[i][0] if i == j else {} for j in range(len(a))] for i in range(len(a))],
    "diagonal": lambda r, e, a: [[a[i][i]] for i in range(len(a))],
    "inv": lambda r, e, a: r.inverse(a), "adj": lambda r, e, a: r.adjugate(a), "det": lambda r, e, a: [[r.det(a)]],
    "logdet": lambda r, e, a: [[log_abs(r.alg, r.det(a))]], "tr": lambda r, e, a: [[r.total([a[i][i] for i in range(len(a))])]],
    "rowsum": lambda r, e, a: [[r.total(row)] for row in a],
    "colsum": lambda r, e, a: [[r.total(list(col))] for col in zip(*a, strict=True)],
    "sum": _scalar(lambda r, flat: r.total(flat)),
    "norm2": _scalar(lambda r, flat: power(r.alg, r.total([power(r.alg, s, 2) for s in flat]), Fraction(1, 2))),
    "norm1": _scalar(lambda r, flat: r.total([ELEMENTARY["abs"](r.alg, s) for s in flat])),
    "softmax": lambda r, e, a: _softmax(r, a, lambda up: [r.total([s for row in up for s in row])] * len(up)),
    "softmax_rows": lambda r, e, a: _softmax(r, a, lambda up: list(map(r.total, up))),
    "logsumexp": _scalar(lambda r, flat: log(r.alg, r.total([exp(r.alg, s) for s in flat]))),
    "logsumexp_rows": lambda r, e, a: [[log(r.alg, r.total(row))] for row in _exp(r, a)]}
