"""What each operation of the language does to entries."""

from __future__ import annotations

from fractions import Fraction

from ...language.expr import ONE, SCALAR, Apply, Expr, Number, as_dim
from .atoms import product_of
from .powers import exp, power
from .powers import power as raise_entries
from .elementary import ELEMENTARY
from .fitting import Fitting, Value, common
from .monomial import Factor, Sum
from .normalform import DELTA, number
from .heads import Inconclusive
from .substitution import Dims, sizes
from .derivatives import frechet
from ...language.operations import FACTORED, POWERS
from . import abstract_functions, determinants, logarithms, matrices, sampled, size_powers, eigen, words, definite


class Operations(Fitting):
    """One method for each operation: from the values of the arguments to the value."""

    def scalar(self, e: Expr) -> Sum:
        """The value of a scalar expression."""
        return self.of(e).entries

    # ------------------------------------------------------------------------------------------------- algebra
    def _sum(self, e: Apply, *args: Expr) -> Value:
        values = self.fitted([self.of(a) for a in args])
        return Value(values[0].rows, values[0].cols, self.alg.add(*[v.entries for v in values]))

    def _product(self, e: Apply, *args: Expr) -> Value:
        front = number(1)
        chain: Value | None = None
        lone = [a for a in args if a.shape == SCALAR]
        factors = [a for a in args if a.shape != SCALAR]
        if len(factors) > 1 and any(type(a) is Apply and a.head == "^" for a in factors):
            factors = size_powers.joined(factors)
        rest = [self.of(a) for a in factors]
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
        if len(exponent) != 1 or ((), ()) not in exponent:
            return logarithms.general_power(self.alg, v.entries, exponent)
        p = exponent[(), ()]
        if type(base) is Apply:
            if p == -1 or (p % 1 == 0 and p < 0):
                if base.head in FACTORED and (base.head == ".*" or base.shape == SCALAR and all(
                        a.shape == SCALAR for a in base.args)):
                    out = number(1)
                    for f in self.fitted([self.of(a) for a in base.args]):
                        out = self.alg.product(out, power(self.alg, f.entries, p))
                    return out
                if base.head in POWERS and type(base.args[1]) is Number and base.args[0].shape == base.shape \
                        and base.args[1].value % 1 == 0 and (base.head == ".^" or base.shape == SCALAR):
                    return power(self.alg, self.of(base.args[0]).entries, base.args[1].value * p)
        return power(self.alg, v.entries, p)

    def _power(self, e: Apply, base: Expr, exponent: Expr) -> Value:
        if base.shape == SCALAR:
            q = self.scalar(exponent)
            if len(q) == 1 and ((), ()) in q:
                p = q[(), ()]
                if p < 0 and type(base) is Apply:
                    return Value((), (), self.raised(base, Value((), (), {}) if _factored(base) else self.of(base), q))
            return Value((), (), self.raised(base, self.of(base), q))
        inner, times = size_powers.repeated(e)
        if times > size_powers.WRITTEN:
            base, exponent = inner, Number(times)
        v = self.of(base)
        if type(exponent) is not Number or exponent.value > size_powers.WRITTEN:
            v = self.square(v)
            if len(v.rows) != 1:
                raise Inconclusive("a power of a Kronecker product")
            return Value(v.rows, v.cols, size_powers.size_power(self.alg, v.entries, as_dim(exponent), v.rows[0]))
        k = int(exponent.value)
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
        return Value(a.rows, a.cols, logarithms.general_power(self.alg, a.entries, b.entries))

    def _transpose(self, e: Apply, a: Expr) -> Value:
        return self.transposed(self.of(a))

    # ---------------------------------------------------------------------------------------------- reductions
    def _total(self, e: Apply, a: Expr) -> Value:
        return self.summed(self.of(a), True, True)

    def _rowsum(self, e: Apply, a: Expr) -> Value:
        return self.summed(self.of(a), False, True)

    def _colsum(self, e: Apply, a: Expr) -> Value:
        v = self.summed(self.of(a), True, False)
        return Value(v.cols, (), v.entries)

    def _trace(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(size_powers.cycle_joined(a)))
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
        if not definite.sum_nonnegative(self.alg, square) and len(out) == 1:
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
        deltas: list[Factor] = [(DELTA, (-k - i - 1, -i - 1), 1) for i in range(k)]
        for m, c in v.entries.items():
            factors, bound, _ = self.alg.flat(m, None, 0)
            self.alg.collect(out, c, factors + deltas, bound)
        return Value(v.rows, v.rows, out)

    def _diagonal(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        k = len(v.rows)
        return Value(v.rows, (), self.alg.renamed(v.entries, {-k - i - 1: -i - 1 for i in range(k)}))

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
        several = determinants.square_factors(a)
        if len(several) > 1:
            return Value((), (), product_of(self.alg, *(self._det(e, b).entries for b in several)))
        v = self.square(self.of(a))
        power = size_powers.taken_apart(self.alg, v.entries)
        if power is not None:
            inner = determinants.det(self.alg, power[0], v.rows)
            if isinstance(power[1], Fraction):
                return Value((), (), raise_entries(self.alg, inner, power[1]))
            return Value((), (), words.raised(self.alg, inner, power[1]))
        return Value((), (), determinants.det(self.alg, v.entries, v.rows))

    def _logdet(self, e: Apply, a: Expr) -> Value:
        several = determinants.square_factors(a)
        if len(several) > 1:
            return Value((), (), self.alg.add(*(self._logdet(e, b).entries for b in several)))
        v = self.square(self.of(a))
        power = size_powers.taken_apart(self.alg, v.entries)
        if power is not None:
            times = number(power[1]) if isinstance(power[1], Fraction) else self.alg.size(power[1])
            return Value((), (), self.alg.product(times, determinants.log_det(self.alg, power[0], v.rows)))
        return Value((), (), determinants.log_det(self.alg, v.entries, v.rows))

    def _sqrtm(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        if len(v.rows) != 1:
            raise Inconclusive("a square root over several indices")
        return Value(v.rows, v.cols, size_powers.size_power(self.alg, v.entries, Fraction(1, 2), v.rows[0]))

    def _eigmax(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        if len(v.rows) != 1:
            raise Inconclusive("an eigenvalue over several indices")
        return Value(v.rows if e.head == "eigvec" else (), (), eigen.eigen(self.alg, v.entries, v.rows[0], e.head == "eigvec"))

    def _template(self, a: Expr) -> tuple[Sum, Dims]:
        v = self.square(self.of(a))
        return v.entries, v.rows

    def _adj(self, e: Apply, a: Expr) -> Value:
        template, dims = self._template(a)
        if not sampled.invertible(self.alg, template, dims):
            if len(dims) != 1 or not sampled.never_invertible(self.alg, template, dims):
                raise Inconclusive("the adjugate of a matrix that may have no inverse")
            return Value(dims, dims, matrices.adjugate(self.alg, template, dims[0]))
        v = self.inverse(self.of(a))
        return Value(v.rows, v.cols, self.alg.product(self._det(e, a).entries, v.entries))

    def _expm(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(a))
        return Value(v.rows, v.cols, matrices.expm(self.alg, v.entries, v.rows))

    def _frechet(self, e: Apply, a: Expr, direction: Expr) -> Value:
        v, w = self.square(self.of(a)), self.square(self.of(direction))
        if len(v.rows) != 1 or v.rows != w.rows:
            raise Inconclusive("expm_frechet over several indices")
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

    def _apply(self, e: Apply, function: Expr, x: Expr) -> Value:
        return abstract_functions.applied(self, function, x)

    def _lse(self, e: Apply, a: Expr) -> Value:
        v = self.of(a)
        rows = e.head == "logsumexp_rows"
        w = self.summed(Value(v.rows, v.cols, exp(self.alg, v.entries)), not rows, rows)
        return Value(w.rows, w.cols, logarithms.log(self.alg, w.entries))


def _factored(base: Apply) -> bool:
    if base.head == "*":
        return all(a.shape == SCALAR for a in base.args)
    return base.head == "^" and type(base.args[1]) is Number and base.args[1].value % 1 == 0
