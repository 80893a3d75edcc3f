"""Expressions as entries: a matrix is a sum over lists of row and column indices (so vec and kron only move indices).

The free indices of a value are -1, -2, ..: first those of its rows, then those of its columns; an index of size 1 is left out.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, Number, as_dim
from . import matrices
from .atoms import exp, general_power, log, power
from .definite import sum_nonnegative
from .elementary import ELEMENTARY, pi
from .monomial import Sum
from .normalform import DELTA, Algebra, Finer, Stuck, number
from .sampled import invertible
from .rebuild import Dims, function_of, layout, rebuilt, sizes, slots, variable
from .slopes import frechet, slope, vector_function

class Value(NamedTuple):
    """The entries of a matrix: sizes of its row indices and column indices, and the sum over -1, -2, .."""

    rows: Dims
    cols: Dims
    entries: Sum


def common(a: Dims, b: Dims) -> Dims:
    """The coarsest list of sizes both lists can be split into."""
    if a == b:
        return a
    left, right = list(a), list(b)
    out: list[Dim] = []
    while left or right:
        if not left or not right:
            raise Stuck("an index of a product of sizes")
        x, y = left[0], right[0]
        if x is y:
            out.append(x)
            left.pop(0)
            right.pop(0)
            continue
        for whole, parts in ((left, right), (right, left)):
            done, k = ONE, 0
            while k < len(parts) and done is not whole[0]:
                done = done * parts[k]
                k += 1
            if done is whole[0]:
                out += parts[:k]
                del parts[:k]
                whole.pop(0)
                break
        else:
            raise Stuck("an index of a product of sizes split in two ways")
    return tuple(out)


def _groups(v: Value, rows: Dims, cols: Dims) -> list[tuple[int, ...]]:
    """For each index of a value the finer indices it becomes."""
    new = rows + cols
    groups: list[tuple[int, ...]] = []
    at = 0
    for side, finer in ((v.rows, rows), (v.cols, cols)):
        stop = at + len(finer)
        for d in side:
            start, done = at, ONE
            while at < stop and done is not d:
                done = done * new[at]
                at += 1
            if done is not d:
                raise Stuck("an index of a product of sizes")
            groups.append(slots(at - start, start))
    return groups


class Entries:
    """Reads expressions into one algebra. The name `loose` is read without its structure words."""

    def __init__(self, alg: Algebra, definitions: dict[Name, Expr], loose: Name | None = None,
                 still: tuple[str, ...] = ()) -> None:
        self.alg, self.definitions, self.loose = alg, definitions, loose
        self.memo: dict[Expr, Value] = {}
        self.still = still
        self.names: dict[str, tuple[Dims, Dims]] = {}

    def of(self, e: Expr) -> Value:
        """The entries of an expression."""
        found = self.memo.get(e)
        if found is None:
            found = self.memo[e] = self._read(e)
        return found

    def scalar(self, e: Expr) -> Sum:
        """The value of a scalar expression."""
        return self.of(e).entries

    def _read(self, e: Expr) -> Value:
        alg = self.alg
        if type(e) is Number:
            return Value((), (), number(e.value))
        if type(e) is Name:
            return self._name(e)
        assert type(e) is Apply
        head, args = e.head, e.args
        if head in ELEMENTARY:
            v = self.of(args[0])
            return Value(v.rows, v.cols, ELEMENTARY[head](alg, v.entries))
        return getattr(self, _READERS[head])(e, *args)  # type: ignore[no-any-return]

    # -------------------------------------------------------------------------------------------------- leaves
    def _name(self, e: Name) -> Value:
        alg = self.alg
        if e.kind == "size":
            return Value((), (), alg.size(Dim.of(e.name)))
        body = self.definitions.get(e)
        if body is not None:
            return self.of(body)
        shape = self.names[e.name] = layout(alg, e)
        return Value(*shape, variable(alg, e, self.loose is e))

    def _zero(self, e: Apply, *args: Expr) -> Value:
        return Value(sizes(e.shape[0]), sizes(e.shape[1]), {})

    def _ones(self, e: Apply, *args: Expr) -> Value:
        return Value(sizes(e.shape[0]), sizes(e.shape[1]), number(1))

    def _eye(self, e: Apply, *args: Expr) -> Value:
        n = sizes(e.shape[0])
        return Value(n, n, matrices.identity(len(n)) if n else number(1))

    def _comm(self, e: Apply, m: Expr, n: Expr) -> Value:
        a, b = sizes(as_dim(m)), sizes(as_dim(n))
        i, j = slots(len(a)), slots(len(b), len(a))
        k, l = slots(len(b), len(a) + len(b)), slots(len(a), len(a) + 2 * len(b))
        out: Sum = {}
        self.alg.collect(out, 1, [(DELTA, pair, 1) for pair in [*zip(i, l, strict=True), *zip(j, k, strict=True)]], {})
        return Value(a + b, b + a, out)

    def _pi(self, e: Apply) -> Value:
        return Value((), (), pi(self.alg))

    # ------------------------------------------------------------------------------------------------ fitting
    def split(self, v: Value, rows: Dims, cols: Dims) -> Value:
        """The same value over finer indices."""
        if v.rows == rows and v.cols == cols:
            return v
        rows, cols = self._linked(v, rows, cols)
        new = rows + cols
        groups = _groups(v, rows, cols)
        names = {-i - 1: g[0] for i, g in enumerate(groups) if len(g) == 1}
        parts = {-i - 1: g for i, g in enumerate(groups) if len(g) != 1}
        out: Sum = {}
        for m, c in v.entries.items():
            factors, bound, _ = self.alg.flat(m, None, 0)
            finer = []
            for h, args, x in factors:
                if not any(a in parts for a in args):
                    finer.append((h, tuple([names.get(a, a) for a in args]), x))
                elif h == DELTA:
                    a, b = args
                    if a not in parts or b not in parts or [new[-s - 1] for s in parts[a]] != [new[-s - 1] for s in parts[b]]:
                        raise Stuck("an identity split in two ways")
                    finer += [(DELTA, pair, 1) for pair in zip(parts[a], parts[b], strict=True)]
                else:
                    self._ask(h, args, {a: tuple(new[-s - 1] for s in g) for a, g in parts.items()})
            self.alg.collect(out, c, finer, bound)
        return Value(rows, cols, out)

    def _linked(self, v: Value, rows: Dims, cols: Dims) -> tuple[Dims, Dims]:
        """Where a delta joins an index that is split with one that is not, both are split."""
        for _ in range(4):
            new = rows + cols
            groups = _groups(v, rows, cols)
            wanted: dict[int, Dims] = {}
            for m in v.entries:
                for h, args, _e in m[0]:
                    if h == DELTA:
                        a, b = (groups[-k - 1] for k in args)
                        if len(a) != len(b):
                            long, short = (a, args[1]) if len(a) > len(b) else (b, args[0])
                            if len(groups[-short - 1]) == 1:
                                wanted[-short - 1] = tuple(new[-s - 1] for s in long)
            if not wanted:
                return rows, cols
            sides = [[d for k in range(len(groups)) if (k < len(v.rows)) == side
                      for d in wanted.get(k, tuple(new[-s - 1] for s in groups[k]))] for side in (True, False)]
            rows, cols = tuple(sides[0]), tuple(sides[1])
        return rows, cols

    def _ask(self, h: int, args: tuple[int, ...], parts: dict[int, Dims]) -> None:
        """A variable whose index is split is split from the start."""
        alg = self.alg
        head = alg.heads[h]
        if head.kind == "variable" and not head.permutations and not head.skew and not head.extra:
            name = next(key[1][0] for key, found in alg.known.items() if found is head).removeprefix("d ")
            shape = self.names.get(name)
            if shape is not None:
                rows, cols = shape
                dims = [parts.get(a, (d,)) for a, d in zip(args, head.dims, strict=True)]
                count = len(rows)
                raise Finer(name, tuple(d for g in dims[:count] for d in g), tuple(d for g in dims[count:] for d in g))
        raise Stuck("an index of a product of sizes")

    def fitted(self, values: list[Value]) -> list[Value]:
        """Values of one shape over one list of indices."""
        for _ in range(4):
            rows, cols = values[0].rows, values[0].cols
            for v in values[1:]:
                rows, cols = common(rows, v.rows), common(cols, v.cols)
            if all(v.rows == rows and v.cols == cols for v in values):
                return values
            values = [self.split(v, rows, cols) for v in values]
        raise Stuck("indices split in two ways")

    # ------------------------------------------------------------------------------------------------- algebra
    def _sum(self, e: Apply, *args: Expr) -> Value:
        values = self.fitted([self.of(a) for a in args])
        return Value(values[0].rows, values[0].cols, self.alg.add(*[v.entries for v in values]))

    def times(self, a: Value, b: Value) -> Value:
        """The matrix product."""
        for _ in range(4):
            if a.cols == b.rows:
                break
            middle = common(a.cols, b.rows)
            a, b = self.split(a, a.rows, middle), self.split(b, middle, b.cols)
        middle = a.cols
        r, m, c = len(a.rows), len(middle), len(b.cols)
        bound = dict(zip(range(m), middle, strict=True))
        left = {-r - i - 1: i for i in range(m)}
        right = {-i - 1: i for i in range(m)} | {-m - i - 1: -r - i - 1 for i in range(c)}
        return Value(a.rows, b.cols, self.alg.contract(a.entries, left, b.entries, right, bound))

    def _product(self, e: Apply, *args: Expr) -> Value:
        front = number(1)
        chain: Value | None = None
        lone = [a for a in args if a.shape == SCALAR]
        rest = [self.of(a) for a in args if a.shape != SCALAR]
        if rest and not rest[0].rows and len(rest) > 1:
            chain = rest[0]
            for v in rest[1:]:
                chain = self.times(chain, v)
        elif rest:
            chain = rest[-1]
            for v in reversed(rest[:-1]):
                chain = self.times(v, chain)
        for a in lone:
            front = self.alg.product(front, self.scalar(a))
        if chain is None:
            return Value((), (), front)
        return Value(chain.rows, chain.cols, self.alg.product(front, chain.entries))

    def _entrywise(self, e: Apply, *args: Expr) -> Value:
        values = self.fitted([self.of(a) for a in args])
        out = values[0].entries
        for v in values[1:]:
            out = self.alg.product(out, v.entries)
        return Value(values[0].rows, values[0].cols, out)

    def raised(self, base: Expr, v: Value, exponent: Sum) -> Sum:
        """An entry-wise power; the base is read factor by factor, so denominators stay factored."""
        if type(base) is Apply and len(exponent) == 1 and ((), ()) in exponent:
            p = exponent[(), ()]
            if p == -1 or (p % 1 == 0 and p < 0):
                if base.head in ("*", ".*") and (base.head == ".*" or base.shape == SCALAR and all(
                        a.shape == SCALAR for a in base.args)):
                    out = number(1)
                    for f in self.fitted([self.of(a) for a in base.args]):
                        out = self.alg.product(out, power(self.alg, f.entries, p))
                    return out
                if base.head in ("^", ".^") and type(base.args[1]) is Number and base.args[0].shape == base.shape \
                        and base.args[1].value % 1 == 0 and (base.head == ".^" or base.shape == SCALAR):
                    return power(self.alg, self.of(base.args[0]).entries, base.args[1].value * p)
        return general_power(self.alg, v.entries, exponent)

    def _power(self, e: Apply, base: Expr, exponent: Expr) -> Value:
        if base.shape == SCALAR:
            q = self.scalar(exponent)
            if len(q) == 1 and ((), ()) in q:
                p = q[(), ()]
                if p < 0 and type(base) is Apply:
                    return Value((), (), self.raised(base, Value((), (), {}) if _factored(base) else self.of(base), q))
            return Value((), (), self.raised(base, self.of(base), q))
        assert type(exponent) is Number
        k = int(exponent.value)
        v = self.of(base)
        if k < 0:
            v = self.inverse(v)
            k = -k
        out = v
        for _ in range(k - 1):
            out = self.times(out, v)
        return out

    def _entry_power(self, e: Apply, base: Expr, exponent: Expr) -> Value:
        if exponent.shape == SCALAR:
            v = self.of(base)
            return Value(v.rows, v.cols, self.raised(base, v, self.scalar(exponent)))
        a, b = self.fitted([self.of(base), self.of(exponent)])
        return Value(a.rows, a.cols, general_power(self.alg, a.entries, b.entries))

    def transposed(self, v: Value) -> Value:
        """The transpose."""
        r, c = len(v.rows), len(v.cols)
        names = {-i - 1: -c - i - 1 for i in range(r)} | {-r - i - 1: -i - 1 for i in range(c)}
        return Value(v.cols, v.rows, self.alg.renamed(v.entries, names))

    def _transpose(self, e: Apply, a: Expr) -> Value:
        return self.transposed(self.of(a))

    # ---------------------------------------------------------------------------------------------- reductions
    def summed(self, v: Value, rows: bool, cols: bool) -> Value:
        """Summed over rows, columns or both."""
        r, c = len(v.rows), len(v.cols)
        bound = {}  # type: ignore[var-annotated]
        names = {}  # type: ignore[var-annotated]
        if rows:
            names |= {-i - 1: i for i in range(r)}
            bound |= dict(zip(range(r), v.rows, strict=True))
        if cols:
            names |= {-r - i - 1: r + i for i in range(c)}
            bound |= dict(zip(range(r, r + c), v.cols, strict=True))
        elif rows:
            names |= {-r - i - 1: -i - 1 for i in range(c)}
        return Value(() if rows else v.rows, () if cols else v.cols, self.alg.renamed(v.entries, names, bound))

    def _total(self, e: Apply, a: Expr) -> Value:
        return self.summed(self.of(a), True, True)

    def _rowsum(self, e: Apply, a: Expr) -> Value:
        return self.summed(self.of(a), False, True)

    def _colsum(self, e: Apply, a: Expr) -> Value:
        v = self.summed(self.of(a), True, False)
        return Value(v.cols, (), v.entries)

    def square(self, v: Value) -> Value:
        """A square matrix over equal lists of indices."""
        for _ in range(4):
            if v.rows == v.cols:
                return v
            both = common(v.rows, v.cols)
            v = self.split(v, both, both)
        raise Stuck("indices split in two ways")

    def _trace(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        k = len(v.rows)
        names = {-i - 1: i for i in range(k)} | {-k - i - 1: i for i in range(k)}
        return Value((), (), self.alg.renamed(v.entries, names, dict(zip(range(k), v.rows, strict=True))))

    def _norm1(self, e: Apply, a: Expr) -> Value:
        v = self.of(a)
        return self.summed(Value(v.rows, v.cols, ELEMENTARY["abs"](self.alg, v.entries)), True, True)

    def _norm2(self, e: Apply, a: Expr) -> Value:
        v = self.of(a)
        square = self.summed(Value(v.rows, v.cols, self.alg.product(v.entries, v.entries)), True, True).entries
        return Value((), (), self._root(square))

    def _root(self, square: Sum) -> Sum:
        """The root of a sum of squares, which is known not to be negative."""
        out = power(self.alg, square, Fraction(1, 2))
        if not sum_nonnegative(self.alg, square) and len(out) == 1:
            ((m, _),) = out.items()
            odd = [f for f in m[0] if f[2] == Fraction(1, 2) and not f[1] and self.alg.heads[f[0]].kind == "power"]
            if len(odd) == 1 and not m[1] and len(m[0]) <= 1:
                self.alg.heads[odd[0][0]].nonnegative = True
        return out

    # ------------------------------------------------------------------------------------------------- layout
    def _diag(self, e: Apply, a: Expr) -> Value:
        v = self.of(a)
        k = len(v.rows)
        out: Sum = {}
        deltas = [(DELTA, (-k - i - 1, -i - 1), 1) for i in range(k)]
        for m, c in v.entries.items():
            factors, bound, _ = self.alg.flat(m, None, 0)
            self.alg.collect(out, c, factors + deltas, bound)  # type: ignore[operator]
        return Value(v.rows, v.rows, out)

    def _diagonal(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        k = len(v.rows)
        return Value(v.rows, (), self.alg.renamed(v.entries, {-k - i - 1: -i - 1 for i in range(k)}))

    def vec(self, v: Value) -> Value:
        """Columns stacked: the column index is the slow one."""
        w = self.transposed(v)
        return Value(w.rows + w.cols, (), w.entries)

    def _vec(self, e: Apply, a: Expr) -> Value:
        return self.vec(self.of(a))

    def _unvec(self, e: Apply, a: Expr, m: Expr, n: Expr) -> Value:
        rows, cols = sizes(as_dim(m)), sizes(as_dim(n))
        v = self.of(a)
        finer = common(v.rows, cols + rows)
        v = self.split(v, finer, ())
        k, done = 0, ONE
        while done is not as_dim(n):
            done = done * finer[k]
            k += 1
        return self.transposed(Value(finer[:k], finer[k:], v.entries))

    def _kron(self, e: Apply, a: Expr, b: Expr) -> Value:
        x, y = self.of(a), self.of(b)
        p, q, r, s = len(x.rows), len(x.cols), len(y.rows), len(y.cols)
        left = {-p - i - 1: -p - r - i - 1 for i in range(q)}
        right = {-i - 1: -p - i - 1 for i in range(r)} | {-r - i - 1: -p - r - q - i - 1 for i in range(s)}
        return Value(x.rows + y.rows, x.cols + y.cols, self.alg.contract(x.entries, left, y.entries, right, {}))

    # -------------------------------------------------------------------------------------------- matrix functions
    def inverse(self, v: Value) -> Value:
        """The inverse of a square value."""
        v = self.square(v)
        return Value(v.rows, v.cols, matrices.inverse(self.alg, v.entries, v.rows))

    def _inverse(self, e: Apply, a: Expr) -> Value:
        return self.inverse(self.of(a))

    def _det(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        return Value((), (), matrices.det(self.alg, v.entries, v.rows))

    def _logdet(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        return Value((), (), matrices.log_det(self.alg, v.entries, v.rows))

    def _template(self, a: Expr) -> tuple[Sum, Dims]:
        v = self.square(self.of(a))
        return v.entries, v.rows

    def _adj(self, e: Apply, a: Expr) -> Value:
        if not invertible(self.alg, *self._template(a)):
            raise Stuck("the adjugate of a matrix that may have no inverse")
        v = self.inverse(self.of(a))
        return Value(v.rows, v.cols, self.alg.product(self._det(e, a).entries, v.entries))

    def _expm(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        return Value(v.rows, v.cols, matrices.expm(self.alg, v.entries, v.rows))

    def _frechet(self, e: Apply, a: Expr, direction: Expr) -> Value:
        v, w = self.square(self.of(a)), self.square(self.of(direction))
        if len(v.rows) != 1 or v.rows != w.rows:
            raise Stuck("expm_frechet over several indices")
        bound = {0: v.rows[0], 1: v.rows[0]}
        return Value(v.rows, v.cols, self.alg.contract(frechet(self.alg, v.entries, v.rows[0]), {-3: 0, -4: 1},
                                                       w.entries, {-1: 0, -2: 1}, bound))

    # ---------------------------------------------------------------------------------------------- softmax family
    def _softmax_of(self, v: Value, rows: bool) -> Value:
        up = exp(self.alg, v.entries)
        below = self.summed(Value(v.rows, v.cols, up), not rows, rows).entries
        return Value(v.rows, v.cols, self.alg.product(up, power(self.alg, below, -1)))

    def _softmax(self, e: Apply, a: Expr) -> Value:
        return self._softmax_of(self.of(a), False)

    def _softmax_rows(self, e: Apply, a: Expr) -> Value:
        return self._softmax_of(self.of(a), True)

    def _lse(self, e: Apply, a: Expr) -> Value:
        v = self.of(a)
        rows = e.head == "logsumexp_rows"
        w = self.summed(Value(v.rows, v.cols, exp(self.alg, v.entries)), not rows, rows)
        return Value(w.rows, w.cols, log(self.alg, w.entries))

    # ------------------------------------------------------------------------------------------- abstract functions
    def _apply(self, e: Apply, function: Expr, x: Expr) -> Value:
        primes, kind = 0, ""
        while type(function) is Apply:
            kind = function.head
            primes += kind == "prime"
            function = function.args[0]
        assert type(function) is Name and function.signature is not None
        source, target = function.signature
        v = self.of(x)
        if source is None:
            return Value(v.rows, v.cols, function_of(self.alg, function.name, primes, v.entries))
        v = self.split(v, sizes(source), ())
        order = {"": 0, "grad": 1, "jac": 1, "hess": 2}[kind]
        head = vector_function(self.alg, function.name, order, source, target, v.entries)
        m, n = sizes(source), sizes(target or ONE)
        entries = self.alg.atom(head, slots(len(head.dims)))
        if kind == "":
            return Value(n, (), entries)
        if kind == "hess":
            return Value(m, m, entries)
        return Value(m, n, entries)

    # ---------------------------------------------------------------------------------------------- derivatives
    def _derivative(self, e: Apply, f: Expr, x: Expr) -> Value:
        if type(x) is not Name:
            raise Stuck("a derivative with respect to an expression")
        return self.derivative(f, x)

    def _differential(self, e: Apply, f: Expr) -> Value:
        """d(f): the slope in every variable times the variable's own differential."""
        alg = self.alg
        if type(f) is Name and f not in self.definitions:
            words = frozenset("symmetric" if w == "spd" else w for w in f.words - {"positive", "simplex", "orthogonal"})
            twin = Name("d " + f.name, f.shape, words)
            alg.layouts[twin.name] = self.names[f.name] = layout(alg, f)
            return Value(*layout(alg, f), variable(alg, twin, False) if f.name not in self.still else {})
        v = self.of(f)
        n = len(v.rows) + len(v.cols)
        out: Sum = {}
        for x in sorted(_variables(f, self.definitions), key=lambda x: x.name):
            if x.words - {"positive"}:
                raise Stuck("the differential of a structured name")
            ((m, _),) = variable(alg, x, True).items()
            head = alg.heads[m[0][0][0]]
            q = len(head.dims)
            bound = dict(enumerate(head.dims))
            one = alg.contract(slope(alg, v.entries, head, slots(q, n)), {-n - i - 1: i for i in range(q)},
                               self._differential(e, x).entries, {-i - 1: i for i in range(q)}, bound)
            out = alg.add(out, one)
        return Value(v.rows, v.cols, out)

    def derivative(self, f: Expr, x: Name, order: int = 1) -> Value:
        """df/dx in the denominator layout, from entries; x is differentiated as if it had no structure, which is put back."""
        if self.loose is not None and self.loose is not x:
            raise Stuck("derivatives with respect to two structured names")
        alg = self.alg
        words = x.words - {"positive"}
        body = self.definitions.get(x)
        inside = self
        if words and self.loose is None or body is not None:
            inside = Entries(alg, {n: e for n, e in self.definitions.items() if n is not x}, x, self.still)
        v = inside.of(f)
        rows, cols = layout(alg, x)
        ((m, _),) = variable(alg, x, True).items()
        head = alg.heads[m[0][0][0]]
        n, q = len(v.rows) + len(v.cols), len(rows) + len(cols)
        out = slope(alg, v.entries, head, slots(q, n))
        if order == 2:
            if f.shape != SCALAR:
                raise Stuck("a second derivative of what is not scalar")
            out = slope(alg, out, head, slots(q, q))
            names = _turn(len(rows), len(cols), 0)
            names |= {k - q: a - q for k, a in names.items()}
            found = Value(cols + rows, cols + rows, alg.renamed(out, names))
        elif f.shape == SCALAR:
            found = Value(rows, cols, out)
        else:
            # X's slots follow f's; rows are vec(X): columns first; columns vec(f)
            names = {-n - i - 1: -len(cols) - i - 1 for i in range(len(rows))}
            names |= {-n - len(rows) - i - 1: -i - 1 for i in range(len(cols))}
            names |= {-i - 1: -q - len(v.cols) - i - 1 for i in range(len(v.rows))}
            names |= {-len(v.rows) - i - 1: -q - i - 1 for i in range(len(v.cols))}
            found = Value(cols + rows, v.cols + v.rows, alg.renamed(out, names))
        self.names.update(inside.names)
        if body is not None:
            return Value(found.rows, found.cols, rebuilt(alg, found.entries, {head.id: self.of(body).entries}))
        if inside is not self:
            found = Value(found.rows, found.cols, rebuilt(alg, found.entries, {head.id: variable(alg, x, False)}))
        return found


def _turn(rows: int, cols: int, start: int) -> dict[int, int]:
    """Row and column indices exchanged."""
    names = {-start - i - 1: -start - cols - i - 1 for i in range(rows)}
    return names | {-start - rows - i - 1: -start - i - 1 for i in range(cols)}


def _variables(e: Expr, definitions: dict[Name, Expr]) -> set[Name]:
    """The variables an expression depends on, through definitions."""
    out: set[Name] = set()
    for n in e.names:
        body = definitions.get(n)
        out |= {n} if body is None else _variables(body, definitions)
    return out


def _factored(base: Apply) -> bool:
    if base.head == "*":
        return all(a.shape == SCALAR for a in base.args)
    return base.head == "^" and type(base.args[1]) is Number and base.args[1].value % 1 == 0


_READERS = {
    "+": "_sum", "*": "_product", ".*": "_entrywise", "^": "_power", ".^": "_entry_power", "'": "_transpose",
    "sum": "_total", "rowsum": "_rowsum", "colsum": "_colsum", "tr": "_trace", "norm1": "_norm1", "norm2": "_norm2",
    "diag": "_diag", "diagonal": "_diagonal", "vec": "_vec", "unvec": "_unvec", "kron": "_kron", "inv": "_inverse",
    "det": "_det", "logdet": "_logdet", "adj": "_adj", "expm": "_expm", "expm_frechet": "_frechet", "softmax": "_softmax",
    "softmax_rows": "_softmax_rows", "logsumexp": "_lse", "logsumexp_rows": "_lse", "apply": "_apply",
    "derivative": "_derivative", "d": "_differential", "eye": "_eye", "ones": "_ones", "zeros": "_zero", "comm": "_comm", "pi": "_pi",
}
