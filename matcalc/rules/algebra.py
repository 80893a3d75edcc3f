"""Tidying identities: each makes the expression smaller (rules/measure.py), so tidying ends whatever the order.

TIDY rows hold for matrices; a product on the left may stand inside a longer product, and every row is also used
transposed. SCALAR rows are written for a scalar t and hold entry by entry.
"""

from __future__ import annotations

from .rule import Rule

N1, SQ, MN = "x in R^n", "A in R^(n,n)", "A in R^(m,n)"
TWO = "x in R^n, y in R^n"
SQ2 = "A in R^(n,n), B in R^(n,n)"

TIDY: tuple[Rule, ...] = (
    Rule("tidy.diag-times-vector", "diag(x)*y = x.*y", TWO, "Magnus 3.6"),
    Rule("tidy.diag-times-diag", "diag(x)*diag(y) = diag(x.*y)", TWO, "Magnus 3.6"),
    Rule("tidy.ones-times-vector", "ones(n)'*x = sum(x)", N1, "the article, A.1"),
    Rule("tidy.matrix-times-ones", "A*ones(n) = rowsum(A)", MN, "LANGUAGE"),
    Rule("tidy.ones-matrix-vector", "ones(m,n)*x = sum(x)*ones(m)", N1 + ", A in R^(m,n)", "linear"),
    Rule("tidy.outer-ones", "ones(m)*ones(n)' = ones(m,n)", MN, "linear"),
    Rule("tidy.rowsum-diag", "rowsum(diag(x)) = x", N1, "Magnus 3.6"),
    Rule("tidy.rowsum-softmax", "rowsum(softmax(A)) = ones(m)", MN, "rows of a softmax sum to 1"),
    Rule("tidy.rowsum-transpose", "rowsum(A') = colsum(A)", MN, "LANGUAGE"),
    Rule("tidy.colsum-transpose", "colsum(A') = rowsum(A)", MN, "LANGUAGE"),
    Rule("tidy.sum-transpose", "sum(A') = sum(A)", MN, "LANGUAGE"),
    Rule("tidy.sum-softmax", "sum(softmax(x)) = 1", N1, "a softmax sums to 1"),
    Rule("tidy.sum-softmax-rows", "sum(softmax(A)) = m", MN, "rows of a softmax sum to 1"),
    Rule("tidy.sum-ones", "sum(ones(m,n)) = m*n", MN, "linear"),
    Rule("tidy.sum-diag", "sum(diag(x)) = sum(x)", N1, "linear"),
    Rule("tidy.sum-vec", "sum(vec(A)) = sum(A)", MN, "linear"),
    Rule("tidy.sum-rowsum", "sum(rowsum(A)) = sum(A)", MN, "linear"),
    Rule("tidy.sum-colsum", "sum(colsum(A)) = sum(A)", MN, "linear"),
    Rule("tidy.sum-outer", "sum(x*y') = sum(x)*sum(y)", "x in R^m, y in R^n", "linear"),
    Rule("tidy.sum-product", "sum(x.*y) = x'*y", TWO, "inner product"),
    Rule("tidy.sum-square", "sum(x.^2) = x'*x", N1, "inner product"),
    Rule("tidy.trace-diag", "tr(diag(x)) = sum(x)", N1, "Magnus 1.11"),
    Rule("tidy.trace-diag-of-diag", "tr(diag(diag(A))) = tr(A)", SQ, "Magnus 1.11"),
    Rule("tidy.trace-diag-product", "tr(A*diag(x)) = diag(A)'*x", SQ + ", x in R^n", "Magnus 1.11"),
    Rule("tidy.trace-kron", "tr(kron(A, B)) = tr(A)*tr(B)", "A in R^(m,m), B in R^(n,n)", "MCB (514)"),
    Rule("tidy.diagonal-outer", "diag(x*y') = x.*y", TWO, "Magnus 3.6"),
    Rule("tidy.diagonal-product", "diag(A*B') = rowsum(A.*B)", "A in R^(m,n), B in R^(m,n)", "Magnus 3.6"),
    Rule("tidy.diagonal-transpose", "diag(A') = diag(A)", SQ, "Magnus 1.11"),
    Rule("tidy.diagonal-eye", "diag(eye(n)) = ones(n)", SQ, "Magnus 1.11"),
    Rule("tidy.diagonal-entrywise-eye", "A.*eye(n) = diag(diag(A))", SQ, "Magnus 3.6"),
    Rule("tidy.diag-ones", "diag(ones(n)) = eye(n)", N1, "Magnus 1.11"),
    Rule("tidy.entrywise-rows", "A.*(x*ones(n)') = diag(x)*A", "A in R^(m,n), x in R^m", "Magnus 3.6"),
    Rule("tidy.entrywise-columns", "A.*(ones(m)*x') = A*diag(x)", "A in R^(m,n), x in R^n", "Magnus 3.6"),
    Rule("tidy.inner-quotient", "(x./y)'*y = sum(x)", TWO, "inner product"),
    Rule("tidy.inner-reciprocal", "(1./y)'*y = n", "y in R^n", "inner product"),
    Rule("tidy.kron-column", "kron(x, eye(n))*A = kron(x, A)", "x in R^m, A in R^(n,p)", "MCB (511)"),
    Rule("tidy.kron-column-right", "kron(eye(n), x)*A = kron(A, x)", "x in R^m, A in R^(n,p)", "MCB (511)"),
    Rule("tidy.inverse-diag", "inv(diag(x)) = diag(1./x)", N1, "MCB (378)"),
    Rule("tidy.inverse-scaled", "inv(c*A) = inv(A)/c", "c in R positive, A in R^(n,n)", "MCB (145)"),
    Rule("tidy.inverse-product-left", "inv(A*B)*A = inv(B)", SQ2, "MCB (1)"),
    Rule("tidy.inverse-product-right", "B*inv(A*B) = inv(A)", SQ2, "MCB (1)"),
    Rule("tidy.inverse-kron", "inv(kron(A, B)) = kron(inv(A), inv(B))", "A in R^(m,m), B in R^(n,n)", "MCB (511)"),
    Rule("tidy.det-transpose", "det(A') = det(A)", SQ, "MCB (20)"),
    Rule("tidy.det-inverse", "det(inv(A)) = 1/det(A)", SQ, "MCB (22)"),
    Rule("tidy.det-scaled", "det(c*A) = c^n*det(A)", "c in R positive, A in R^(n,n)", "MCB (19)"),
    Rule("tidy.det-expm", "det(expm(A)) = exp(tr(A))", SQ, "Jacobi"),
    Rule("tidy.det-kron", "det(kron(A, B)) = det(A)^n*det(B)^m", "A in R^(m,m), B in R^(n,n)", "MCB (515)"),
    Rule("tidy.det-diag", "det(diag(x)) = exp(sum(log(x)))", "x in R^n positive", "MCB (18)"),
    Rule("tidy.logdet-transpose", "logdet(A') = logdet(A)", SQ, "MCB (20)"),
    Rule("tidy.logdet-inverse", "logdet(inv(A)) = -logdet(A)", SQ, "MCB (22)"),
    Rule("tidy.logdet-expm", "logdet(expm(A)) = tr(A)", SQ, "Jacobi"),
    Rule("tidy.logdet-kron", "logdet(kron(A, B)) = n*logdet(A) + m*logdet(B)", "A in R^(m,m), B in R^(n,n)", "MCB (515)"),
    Rule("tidy.logdet-diag", "logdet(diag(x)) = sum(log(abs(x)))", N1, "MCB (18)"),
    Rule("tidy.norm-transpose", "norm2(A') = norm2(A)", MN, "MCB (132)"),
    Rule("tidy.norm-vec", "norm2(vec(A)) = norm2(A)", MN, "MCB (132)"),
    Rule("tidy.norm-kron", "norm2(kron(A, B)) = norm2(A)*norm2(B)", "A in R^(m,n), B in R^(p,q)", "Magnus 2.4"),
    Rule("tidy.norm-squared-over", "x'*x/norm2(x) = norm2(x)", N1, "the 2-norm"),
    Rule("tidy.vec-inner", "vec(A)'*vec(B) = tr(A'*B)", "A in R^(m,n), B in R^(m,n)", "Magnus 2.4 (4)"),
    Rule("tidy.kron-vec", "kron(A, B)*vec(C) = vec(B*C*A')", "A in R^(p,n), B in R^(q,m), C in R^(m,n)", "MCB (520)"),
    Rule("tidy.kron-product", "kron(A, B)*kron(C, D) = kron(A*C, B*D)",
         "A in R^(m,n), C in R^(n,p), B in R^(q,r), D in R^(r,s)", "MCB (511)"),
    Rule("tidy.kron-transpose", "kron(A, B)' = kron(A', B')", "A in R^(m,n), B in R^(p,q)", "MCB (510)"),
    Rule("tidy.diag-vec-ones", "diag(vec(A))*vec(B) = vec(A.*B)", "A in R^(m,n), B in R^(m,n)", "Magnus 3.6"),
    Rule("tidy.comm-inverse", "comm(n,m)*comm(m,n) = eye(m*n)", MN, "Magnus 3.7 (2)"),
    Rule("tidy.comm-vec", "comm(m,n)*vec(A) = vec(A')", MN, "Magnus 3.7 (1)"),
    Rule("tidy.unvec-vec", "unvec(vec(A), m, n) = A", MN, "Magnus 2.4"),
    Rule("tidy.vec-unvec", "vec(unvec(x, m, n)) = x", "x in R^(m*n), A in R^(m,n)", "Magnus 2.4"),
    Rule("tidy.unvec-kron", "unvec(kron(x, y), m, n) = y*x'", "x in R^n, y in R^m", "Magnus 2.4 (2)"),
    Rule("tidy.vec-ones", "vec(ones(m,n)) = ones(m*n)", MN, "Magnus 2.4"),
    Rule("tidy.softmax-log-sum", "logsumexp(x - logsumexp(x)*ones(n)) = 0", N1, "the article, A.2"),
)

STRUCTURE: tuple[Rule, ...] = (
    Rule("structure.symmetric", "A' = A", "A in R^(n,n) symmetric", "declared"),
    Rule("structure.skew", "A' = -A", "A in R^(n,n) skew", "declared"),
    Rule("structure.skew-quadratic", "x'*A*x = 0", "A in R^(n,n) skew, x in R^n", "declared skew"),
    Rule("structure.orthogonal-inverse", "inv(A) = A'", "A in R^(n,n) orthogonal", "declared"),
    Rule("structure.orthogonal-left", "A'*A = eye(n)", "A in R^(n,n) orthogonal", "declared"),
    Rule("structure.orthogonal-right", "A*A' = eye(n)", "A in R^(n,n) orthogonal", "declared"),
    Rule("structure.simplex", "sum(y) = 1", "y in R^n simplex", "declared"),
    Rule("structure.simplex-rows", "rowsum(Y) = ones(m)", "Y in R^(m,n) simplex", "declared"),
    Rule("structure.simplex-total", "sum(Y) = m", "Y in R^(m,n) simplex", "declared"),
)

SCALAR: tuple[Rule, ...] = (
    Rule("tidy.log-exp", "log(exp(t)) = t", "t in R", "calculus"),
    Rule("tidy.exp-log", "exp(log(t)) = t", "t in R positive", "calculus"),
    Rule("tidy.sigmoid", "exp(t)/(1 + exp(t)) = sigmoid(t)", "t in R", "nndl B.23"),
    Rule("tidy.sigmoid-reciprocal", "1/(1 + exp(-t)) = sigmoid(t)", "t in R", "nndl B.23"),
    Rule("tidy.sigmoid-minus", "exp(-t)/(1 + exp(-t)) = sigmoid(-t)", "t in R", "nndl B.23"),
    Rule("tidy.log-sigmoid-inverse", "1/(1 + exp(t)) = sigmoid(-t)", "t in R", "nndl B.23"),
    Rule("tidy.tanh", "sinh(t)/cosh(t) = tanh(t)", "t in R", "calculus"),
    Rule("tidy.abs-sign", "abs(t)*sign(t) = t", "t in R", "calculus"),
    Rule("tidy.sign-abs", "t*sign(t) = abs(t)", "t in R", "calculus"),
    Rule("tidy.abs-squared", "abs(t)^2 = t^2", "t in R", "calculus"),
    Rule("tidy.relu-step", "relu(t)*(1 + sign(t)) = 2*relu(t)", "t in R", "calculus"),
    Rule("tidy.relu-sign", "relu(t)*sign(t) = relu(t)", "t in R", "calculus"),
)

NAMED: tuple[Rule, ...] = (
    Rule("named.softmax", "exp(x)/sum(exp(x)) = softmax(x)", N1, "nndl B.30"),
    Rule("named.softmax-diag", "diag(exp(x))/sum(exp(x)) = diag(softmax(x))", N1, "nndl B.30"),
    Rule("named.softmax-rows", "diag(1./rowsum(exp(A)))*exp(A) = softmax(A)", MN, "nndl B.30, row by row"),
    Rule("named.softmax-columns", "exp(A)*diag(1./colsum(exp(A))) = softmax(A')'", MN, "nndl B.30, column by column"),
)
