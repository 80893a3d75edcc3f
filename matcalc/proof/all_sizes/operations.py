"""What each operation of the language does to entries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial

from ...language.expr import ONE, SCALAR, Apply, Expr, Number, as_dim
from .atoms import product_of
from .powers import exp, power
from .elementary import ELEMENTARY
from .fitting import Fitting, Value, common
from .monomial import Sum
from .normalform import DELTA, number
from .heads import Inconclusive
from .substitution import sizes
from .derivatives import frechet
from ...language.operations import FACTORED, POWERS
from . import abstract_functions, determinants, logarithms, matrices, sampled, size_powers, eigen, matrix_words, definite


class Operations(Fitting):
    """One method for each operation: from the values of the arguments to the value."""

    def scalar(self, e: Expr) -> Sum:
        """The value of a scalar expression."""
        return self.of(e).entries

    # ------------------------------------------------------------------------------------------------- algebra
    def entrywise(self, join: Callable[..., Sum], args: Sequence[Value]) -> Value:
        """The sum or the product of values, entry by entry."""
        values = self.fitted(list(args))
        return values[0]._replace(entries=join(*[v.entries for v in values]))

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

    def raised(self, base: Expr, v: Value, exponent: Sum) -> Sum:
        """An entry-wise power; the base is read factor by factor, so denominators stay factored."""
        if len(exponent) != 1 or ((), ()) not in exponent:
            return logarithms.general_power(self.alg, v.entries, exponent)
        p = exponent[(), ()]
        if type(base) is Apply and p % 1 == 0 and p < 0:
            if base.head in FACTORED and (base.head == ".*" or base.shape == SCALAR and all(a.shape == SCALAR for a in base.args)):
                return product_of(self.alg, *(power(self.alg, f.entries, p) for f in self.fitted([self.of(a) for a in base.args])))
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

    # ---------------------------------------------------------------------------------------------- reductions
    def _trace(self, e: Apply, a: Expr) -> Value:
        v = self.square(self.of(size_powers.cycle_joined(a)))
        k = len(v.rows)
        names = {-i - 1: i for i in range(k)} | {-k - i - 1: i for i in range(k)}
        return Value((), (), self.alg.renamed(v.entries, names, dict(zip(range(k), v.rows, strict=True))))

    def norm1(self, v: Value) -> Value:
        """The sum of the absolute values."""
        return self.summed(v._replace(entries=ELEMENTARY["abs"](self.alg, v.entries)), True, True)

    def norm2(self, v: Value) -> Value:
        """The root of a sum of squares, which is known not to be negative."""
        square = self.summed(v._replace(entries=self.alg.product(v.entries, v.entries)), True, True).entries
        out = power(self.alg, square, Fraction(1, 2))
        if not definite.sum_nonnegative(self.alg, square) and len(out) == 1:
            ((m, _),) = out.items()
            odd = [f for f in m[0] if f[2] == Fraction(1, 2) and not f[1] and self.alg.heads[f[0]].kind == "power"]
            if len(odd) == 1 and not m[1] and len(m[0]) <= 1:
                self.alg.heads[odd[0][0]].nonnegative = True
        return Value((), (), out)

    # ------------------------------------------------------------------------------------------------- layout
    def diag(self, v: Value) -> Value:
        """The diagonal matrix of a vector."""
        k = len(v.rows)
        return Value(v.rows, v.rows, self.alg.beside(v.entries, [(DELTA, (-k - i - 1, -i - 1), 1) for i in range(k)]))

    def diagonal(self, v: Value) -> Value:
        """The diagonal of a square matrix."""
        v = self.square(v)
        k = len(v.rows)
        return Value(v.rows, (), self.alg.renamed(v.entries, {-k - i - 1: -i - 1 for i in range(k)}))

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

    def kron(self, x: Value, y: Value) -> Value:
        """The Kronecker product."""
        p, q, r, s = len(x.rows), len(x.cols), len(y.rows), len(y.cols)
        left = {-p - i - 1: -p - r - i - 1 for i in range(q)}
        right = {-i - 1: -p - i - 1 for i in range(r)} | {-r - i - 1: -p - r - q - i - 1 for i in range(s)}
        return Value(x.rows + y.rows, x.cols + y.cols, self.alg.contract(x.entries, left, y.entries, right, {}))

    # -------------------------------------------------------------------------------------------- matrix functions
    def inverse(self, v: Value) -> Value:
        """The inverse of a square value."""
        v = self.square(v)
        return Value(v.rows, v.cols, matrices.inverse(self.alg, v.entries, v.rows))

    def _det(self, e: Apply, a: Expr) -> Value:
        """The determinant, or the logarithm of its size: of a product and of a power by those of its factors."""
        log = e.head == "logdet"
        several = determinants.square_factors(a)
        if len(several) > 1:
            parts = [self._det(e, b).entries for b in several]
            return Value((), (), self.alg.add(*parts) if log else product_of(self.alg, *parts))
        v = self.square(self.of(a))
        template, times = size_powers.taken_apart(self.alg, v.entries) or (v.entries, Fraction(1))
        if log:
            front = number(times) if isinstance(times, Fraction) else self.alg.size(times)
            return Value((), (), self.alg.product(front, determinants.log_det(self.alg, template, v.rows)))
        return Value((), (), matrix_words.raised(self.alg, determinants.det(self.alg, template, v.rows), times))

    def sqrtm(self, v: Value) -> Value:
        """The square root of a positive definite matrix."""
        v = self.square(v)
        if len(v.rows) != 1:
            raise Inconclusive("a square root over several indices")
        return Value(v.rows, v.cols, size_powers.size_power(self.alg, v.entries, Fraction(1, 2), v.rows[0]))

    def eigen(self, v: Value, kind: str) -> Value:
        """Eigenvalues, or their vectors; the largest, or all."""
        v = self.square(v)
        if len(v.rows) != 1:
            raise Inconclusive("an eigenvalue over several indices")
        return Value(() if kind == "eigenvalue" else v.rows, v.rows if kind == "eigenvectors" else (),
                     eigen.eigen(self.alg, v.entries, v.rows[0], kind))

    def singular(self, v: Value, part: str) -> Value:
        """U, s or V of A = U*diag(s)*V', by the eigenvalues of -A'*A, whose order is theirs."""
        gram = self.times(self.transposed(v), v)
        gram = gram._replace(entries=self.alg.scaled(gram.entries, -1))
        l = self.eigen(gram, "eigenvalues")
        if part == "svdv":
            return self.eigen(gram, "eigenvectors")
        roots = self.alg.scaled(l.entries, -1)
        if part == "singvals":
            return l._replace(entries=power(self.alg, roots, Fraction(1, 2)))
        u = self.times(v, self.eigen(gram, "eigenvectors"))
        return u._replace(entries=self.alg.product(u.entries, self.alg.renamed(power(self.alg, roots, Fraction(-1, 2)), {-1: -2})))

    def _adj(self, e: Apply, a: Expr) -> Value:
        _, dims, template = self.square(self.of(a))
        if not sampled.invertible(self.alg, template, dims):
            if len(dims) != 1 or not sampled.never_invertible(self.alg, template, dims):
                raise Inconclusive("the adjugate of a matrix that may have no inverse")
            return Value(dims, dims, matrices.adjugate(self.alg, template, dims[0]))
        v = self.inverse(self.of(a))
        return Value(v.rows, v.cols, self.alg.product(self._det(e, a).entries, v.entries))

    def expm(self, v: Value) -> Value:
        """The matrix exponential."""
        v = self.square(v)
        return Value(v.rows, v.cols, matrices.expm(self.alg, v.entries, v.rows))

    def frechet(self, v: Value, w: Value) -> Value:
        """The derivative of the matrix exponential in a direction."""
        v, w = self.square(v), self.square(w)
        if len(v.rows) != 1 or v.rows != w.rows:
            raise Inconclusive("expm_frechet over several indices")
        bound = {0: v.rows[0], 1: v.rows[0]}
        return Value(v.rows, v.cols, self.alg.contract(frechet(self.alg, v.entries, v.rows[0]), {-3: 0, -4: 1},
                                                       w.entries, {-1: 0, -2: 1}, bound))

    # ---------------------------------------------------------------------------------------------- softmax family
    def softmax(self, v: Value, rows: bool) -> Value:
        """The exponentials, each over the sum of its row or of its column."""
        up = exp(self.alg, v.entries)
        below = self.summed(Value(v.rows, v.cols, up), not rows, rows).entries
        return Value(v.rows, v.cols, self.alg.product(up, power(self.alg, below, -1)))

    def logsumexp(self, v: Value, rows: bool) -> Value:
        """The logarithms of these sums."""
        w = self.summed(v._replace(entries=exp(self.alg, v.entries)), not rows, rows)
        return w._replace(entries=logarithms.log(self.alg, w.entries))

    def _apply(self, e: Apply, function: Expr, x: Expr) -> Value:
        return abstract_functions.applied(self, function, x)


def _factored(base: Apply) -> bool:
    if base.head == "*":
        return all(a.shape == SCALAR for a in base.args)
    return base.head == "^" and type(base.args[1]) is Number and base.args[1].value % 1 == 0


# Of operations that need nothing but the values of their arguments.
OF_VALUES: dict[str, Callable[..., Value]] = {
    "+": lambda o, *args: o.entrywise(o.alg.add, args), ".*": lambda o, *args: o.entrywise(partial(product_of, o.alg), args),
    "'": Operations.transposed, "sum": lambda o, v: o.summed(v, True, True), "rowsum": lambda o, v: o.summed(v, False, True),
    "colsum": lambda o, v: o.transposed(o.summed(v, True, False)), "norm1": Operations.norm1, "norm2": Operations.norm2,
    "diag": Operations.diag, "diagonal": Operations.diagonal, "vec": Operations.vec, "kron": Operations.kron, "inv": Operations.inverse,
    "sqrtm": Operations.sqrtm, "expm": Operations.expm, "expm_frechet": Operations.frechet,
    "eigmax": lambda o, v: o.eigen(v, "eigenvalue"), "eigvec": lambda o, v: o.eigen(v, "eigenvector"),
    **{part: (lambda o, v, part=part: o.singular(v, part)) for part in ("singvals", "svdu", "svdv")},
    "spectrum": lambda o, v: o.eigen(v, "eigenvalues"), "eigvecs": lambda o, v: o.eigen(v, "eigenvectors"),
    "softmax": lambda o, v: o.softmax(v, False), "softmax_rows": lambda o, v: o.softmax(v, True),
    "logsumexp": lambda o, v: o.logsumexp(v, False), "logsumexp_rows": lambda o, v: o.logsumexp(v, True)}
