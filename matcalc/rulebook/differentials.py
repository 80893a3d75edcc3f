"""d(...) = ...: how each head is differentiated. A letter that does not depend on the variable has d = 0."""

from __future__ import annotations

from functools import cache

from ..language.expr import Apply, Dim, Expr, Name
from ..reading.entrywise_laws import in_t, lift
from ..language.operations import ELEMENTWISE, OPERATIONS, SMOOTH, UNFINISHED, require_heads
from .matching import Differential, fill
from .rule import Rule, letter_at, may_stand, sides

SQUARE = "A in R^(n,n)"
ANY = "A in R^(m,n)"
SQ2 = "A in R^(n,n), B in R^(n,n)"
BOTH = "A in R^(m,n), B in R^(m,n)"

# Of several rows for one head the first that fits is taken.
DIFFERENTIALS: tuple[Rule, ...] = (
    Rule("d.sum-of-terms", "sum rule", "d(A + B) = d(A) + d(B)", BOTH, "MCB (35)"),
    Rule("d.scale", "product rule", "d(c*A) = A*d(c) + c*d(A)", "c in R, A in R^(m,n)", "nndl B.15"),
    Rule("d.product", "product rule", "d(A*B) = d(A)*B + A*d(B)", "A in R^(m,k), B in R^(k,n)", "MCB (37)"),
    Rule("d.columns-divided", "quotient rule, column by column", "d(A*diag(1./x)) = (d(A) - A*diag(1./x)*diag(d(x)))*diag(1./x)",
         "A in R^(m,n), x in R^n", "calculus"),
    Rule("d.rows-divided", "quotient rule, row by row", "d(diag(1./x)*A) = diag(1./x)*(d(A) - diag(d(x))*diag(1./x)*A)",
         "A in R^(m,n), x in R^m", "calculus"),
    Rule("d.inner", "product rule", "d(x'*y) = y'*d(x) + x'*d(y)", "x in R^n, y in R^n", "MCB (37)"),
    Rule("d.square", "differential of a square", "d(x'*x) = 2*x'*d(x)", "x in R^n", "MCB (131)"),
    Rule("d.quadratic", "differential of a quadratic form", "d(x'*A*x) = x'*(A + A')*d(x) + x'*d(A)*x", "x in R^n, A in R^(n,n)",
         "MCB (81)"),
    Rule("d.entrywise-product", "product rule, entry by entry", "d(A.*B) = d(A).*B + A.*d(B)", BOTH, "MCB (38)"),
    Rule("d.transpose", "differential of a transpose", "d(A') = d(A)'", ANY, "MCB (44)"),
    Rule("d.norm-squared", "differential of a squared norm", "d(norm2(A)^2) = 2*tr(A'*d(A))", ANY, "MCB (131)"),
    Rule("d.norm-power", "differential of a power of a norm",
         "d(norm2(A)^c) = c*norm2(A)^(c - 2)*tr(A'*d(A)) + log(norm2(A))*norm2(A)^c*d(c)", "A in R^(m,n), c in R", "MCB (129)", "A != 0"),
    Rule("d.root-power", "power rule", "d(sqrt(c)^a) = a/2*sqrt(c)^a/c*d(c) + log(sqrt(c))*sqrt(c)^a*d(a)", "c in R positive, a in R",
         "calculus: power, exponential"),
    Rule("d.power", "power rule", "d(c^a) = a*c^(a - 1)*d(c) + log(c)*c^a*d(a)", "c in R positive, a in R", "calculus: power, exponential"),
    Rule("d.entrywise-root-power", "power rule, entry by entry",
         "d(sqrt(A).^c) = c/2*sqrt(A).^c./A.*d(A) + log(sqrt(A)).*sqrt(A).^c*d(c)", "A in R^(m,n) positive, c in R", "nndl B.26"),
    Rule("d.entrywise-power", "power rule, entry by entry",
         "d(A.^c) = c*A.^(c - 1).*d(A) + log(A).*A.^c*d(c)", "A in R^(m,n) positive, c in R",
         "nndl B.26"),
    Rule("d.entrywise-powers", "power rule, entry by entry", "d(A.^B) = B.*A.^(B - ones(m,n)).*d(A) + log(A).*A.^B.*d(B)",
         "A in R^(m,n) positive, B in R^(m,n)", "nndl B.26"),
    *(Rule(f"d.log-{name}", f"derivative of the log of a {name}", f"d(log(A{joined}B)) = d(A)./A {sign} d(B)./B", BOTH, "calculus")
      for name, joined, sign in (("product", ".*", "+"), ("quotient", "./", "-"))),
    Rule("d.inverse", "differential of an inverse", "d(inv(A)) = -inv(A)*d(A)*inv(A)", SQUARE, "MCB (40)"),
    Rule("d.det", "Jacobi's formula", "d(det(A)) = det(A)*tr(inv(A)*d(A))", SQUARE, "MCB (42)"),
    Rule("d.det-adjugate", "Jacobi's formula", "d(det(A)) = tr(adj(A)*d(A))", SQUARE, "Magnus 8.3 (1)"),
    Rule("d.logdet", "Jacobi's formula for log det", "d(logdet(A)) = tr(inv(A)*d(A))", SQUARE, "MCB (43)"),
    Rule("d.adjugate", "differential of an adjugate",
         "d(adj(A)) = det(A)*(tr(inv(A)*d(A))*inv(A) - inv(A)*d(A)*inv(A))", SQUARE, "Magnus 8.3 (14)", "A invertible"),
    Rule("d.eigmax", "derivative of a simple eigenvalue", "d(eigmax(A)) = eigvec(A)'*d(A)*eigvec(A)",
         "A in R^(n,n) symmetric", "Magnus 8.9",
         "the largest eigenvalue of A simple"),
    Rule("d.spectrum", "derivative of simple eigenvalues", "d(spectrum(A)) = diag(eigvecs(A)'*d(A)*eigvecs(A))",
         "A in R^(n,n) symmetric", "Magnus 8.9", "the eigenvalues of A distinct"),
    Rule("d.singvals", "derivative of simple singular values", "d(singvals(A)) = diag(svdu(A)'*d(A)*svdv(A))", ANY, "Magnus 8.9",
         "the singular values of A distinct and not 0"),
    Rule("d.sum", "the sum is linear", "d(sum(A)) = sum(d(A))", ANY, "linearity"),
    Rule("d.rowsum", "row sums are linear", "d(rowsum(A)) = rowsum(d(A))", ANY, "linearity"),
    Rule("d.colsum", "column sums are linear", "d(colsum(A)) = colsum(d(A))", ANY, "linearity"),
    Rule("d.norm1", "differential of a 1-norm", "d(norm1(A)) = sum(sign(A).*d(A))", ANY, "nndl B.26"),
    Rule("d.norm2", "differential of a norm", "d(norm2(A)) = tr(A'*d(A))/norm2(A)", ANY, "MCB (129)"),
    Rule("d.diag", "diag is linear", "d(diag(x)) = diag(d(x))", "x in R^n", "linearity"),
    Rule("d.diagonal", "diag is linear", "d(diag(A)) = diag(d(A))", SQUARE, "linearity"),
    Rule("d.vec", "vec is linear", "d(vec(A)) = vec(d(A))", ANY, "Magnus 5.15"),
    Rule("d.unvec", "unvec is linear", "d(unvec(x, m, n)) = unvec(d(x), m, n)", "x in R^(m*n)", "linearity"),
    Rule("d.kron", "product rule, Kronecker", "d(kron(A, B)) = kron(d(A), B) + kron(A, d(B))", "A in R^(m,n), B in R^(p,q)", "Magnus 8.7"),
    Rule("d.softmax", "Jacobian of softmax", "d(softmax(x)) = (diag(softmax(x)) - softmax(x)*softmax(x)')*d(x)", "x in R^n", "nndl B.37"),
    Rule("d.softmax-rows", "Jacobian of softmax",
         "d(softmax(A)) = softmax(A).*(d(A) - rowsum(softmax(A).*d(A))*ones(n)')", ANY,
         "nndl B.37, row by row"),
    Rule("d.logsumexp", "gradient of log-sum-exp", "d(logsumexp(x)) = softmax(x)'*d(x)", "x in R^n", "the article, A.2"),
    Rule("d.logsumexp-rows", "gradient of log-sum-exp",
         "d(logsumexp(A)) = rowsum(softmax(A).*d(A))", ANY, "the article, A.2, row by row"),
    Rule("d.expm", "derivative of the matrix exponential",
         "d(expm(A)) = expm_frechet(A, d(A))", SQUARE, "Higham, Functions of Matrices, 10.2"),
    Rule("d.trace-expm", "trace of a matrix exponential", "d(tr(expm(A))) = tr(expm(A)*d(A))", SQUARE, "MCB 2.5, before (99)"),
    Rule("d.trace-power", "trace of a power", "d(tr(A^k)) = k*tr(A^(k - 1)*d(A))", "A in R^(n,n), x in R^k", "MCB 2.5, before (99)"),
    Rule("d.trace-sqrtm", "trace of a square root", "d(tr(sqrtm(A))) = tr(inv(sqrtm(A))*d(A))/2", "A in R^(n,n) spd",
         "Higham, Functions of Matrices, 6.1", "A invertible"),
    Rule("d.trace-inverse-sqrtm", "trace of an inverse square root", "d(tr(inv(sqrtm(A)))) = -tr(inv(A)*inv(sqrtm(A))*d(A))/2",
         "A in R^(n,n) spd", "Higham, Functions of Matrices, 6.1", "A invertible"),
    Rule("d.trace-times-sqrtm", "trace of a power 3/2", "d(tr(A*sqrtm(A))) = 3*tr(sqrtm(A)*d(A))/2", "A in R^(n,n) spd",
         "Higham, Functions of Matrices, 6.1"),
    Rule("d.trace", "the trace is linear", "d(tr(A)) = tr(d(A))", SQUARE, "MCB (36)"),
    Rule("d.trace-sum", "the trace is linear", "d(tr(A + B)) = d(tr(A)) + d(tr(B))", SQ2, "MCB (36)"),
    Rule("d.trace-inner", "differential of an inner product", "d(tr(A'*B)) = tr(B'*d(A)) + tr(A'*d(B))",
         "A in R^(m,n), B in R^(m,n)", "MCB (37)"),
    Rule("d.trace-square", "trace of a square", "d(tr(A'*A)) = 2*tr(A'*d(A))", ANY, "MCB (115)"),
    Rule("d.trace-quadratic", "trace of a quadratic form", "d(tr(A'*P*A)) = tr(A'*(P + P')*d(A)) + tr(A'*d(P)*A)",
         "A in R^(m,n), P in R^(m,m)", "MCB (108)"),
    Rule("d.trace-quadratic-right", "trace of a quadratic form", "d(tr(A*P*A')) = tr((P + P')*A'*d(A)) + tr(A*d(P)*A')",
         "A in R^(m,n), P in R^(n,n)", "MCB (111)"),
    Rule("d.expm-scalar", "derivative of the matrix exponential",
         "d(expm(c*A)) = A*expm(c*A)*d(c) + expm_frechet(c*A, c*d(A))", "c in R, A in R^(n,n)",
         "A commutes with its exponential"),
    Rule("d.function", "chain rule", "d(f(A)) = f'(A).*d(A)", "f: R -> R, A in R^(m,n)", "nndl B.26"),
    Rule("d.function-prime", "chain rule", "d(f'(A)) = f''(A).*d(A)", "f: R -> R, A in R^(m,n)", "nndl B.26"),
    Rule("d.function-second", "chain rule", "d(f''(A)) = f'''(A).*d(A)", "f: R -> R, A in R^(m,n)", "nndl B.26"),
    Rule("d.scalar-function", "chain rule", "d(g(x)) = grad(g)(x)'*d(x)", "g: R^m -> R, x in R^m", "nndl B.4"),
    Rule("d.gradient", "differential of a gradient", "d(grad(g)(x)) = hess(g)(x)*d(x)", "g: R^m -> R, x in R^m", "Magnus 10.6"),
    Rule("d.matrix-function", "chain rule", "d(g(A)) = tr(grad(g)(A)'*d(A))", "g: R^(m,n) -> R, A in R^(m,n)", "Magnus 9.7"),
    Rule("d.matrix-gradient", "differential of a gradient",
         "d(grad(g)(A)) = unvec(hess(g)(A)*vec(d(A)), m, n)", "g: R^(m,n) -> R, A in R^(m,n)", "Magnus 10.6"),
    Rule("d.curve", "chain rule", "d(F(t)) = F'(t)*d(t)", "F: R -> R^(m,n), t in R", "Magnus 9.7"),
    Rule("d.curve-prime", "chain rule", "d(F'(t)) = F''(t)*d(t)", "F: R -> R^(m,n), t in R", "Magnus 9.7"),
    Rule("d.curve-second", "chain rule", "d(F''(t)) = F'''(t)*d(t)", "F: R -> R^(m,n), t in R", "Magnus 9.7"),
    Rule("d.vector-function", "chain rule", "d(h(x)) = jac(h)(x)'*d(x)", "h: R^m -> R^n, x in R^m", "nndl B.4"),
    Rule("d.matrix-valued", "chain rule", "d(F(x)) = unvec(jac(F)(x)'*d(x), m, n)", "F: R^k -> R^(m,n), x in R^k", "Magnus 9.7"),
)

ENTRYWISE: dict[str, Rule] = {
    row.name: Rule(f"d.{row.name}", f"derivative of {row.name}", f"d({row.name}(t)) = ({row.prime})*d(t)", "t in R", row.see,
                   ", ".join(map(str, SMOOTH[row.name])))
    for row in ELEMENTWISE
}
STEP = Rule("d.step", "derivative of an indicator", "d(relu(sign(t))) = 0*d(t)", "t in R", "nndl B.26", ", ".join(map(str, SMOOTH["sign"])))

_OF = "".join(row.equation.partition(" = ")[0] for row in DIFFERENTIALS)
require_heads("the table of differentials", [row.spelling for row in OPERATIONS if row.head not in UNFINISHED],
     [row.spelling for row in OPERATIONS if f"d({row.spelling}(" in _OF])
BY_NAME = {row.name: row for row in DIFFERENTIALS}
_PRIMES = {row.name: row.prime for row in ELEMENTWISE}


@cache
def rows_for(head: str) -> tuple[tuple[Expr, Rule], ...]:
    """The rows that differentiate this head, each with what it differentiates.

    >>> [row.name for _, row in rows_for("logdet")]
    ['d.logdet']
    """
    rows = (row for row in DIFFERENTIALS if may_stand(head, row.equation.partition(" = ")[0]))
    inner = ((row.lhs.args[0], row) for row in rows if isinstance(row.lhs, Apply))
    return tuple((e, row) for e, row in inner if isinstance(e, Apply) and e.head == head)


@cache
def prime(head: str, by_entry: bool = False) -> Expr:
    """The derivative of an entry-wise function, in the letter t: a scalar, or a matrix taken entry by entry.

    >>> prime('exp', False), prime('log', False)
    (<exp(t)>, <1/t>)
    """
    if by_entry:
        return lift(prime(head), Name("t"), Name("t", (Dim.of("m"), Dim.of("n"))))
    return in_t(head, _PRIMES[head])


def at_value(rule: Rule, value: Expr, d: Differential | None = None) -> Expr:
    """What the right side of a law for a scalar t is at this value, entry by entry."""
    return fill(sides(rule, value)[1], letter_at(rule, value), d)
