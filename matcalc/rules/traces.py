"""Moves that isolate a differential. d(Z) stands for the part that still holds the differential.

TRACE rows serve a scalar f: df = tr(C*d(Z)). LINEAR rows serve all else: vec(dF) = J*vec(d(Z)).
"""

from __future__ import annotations

from .rule import Rule

TRACE: tuple[Rule, ...] = (
    Rule("trace.cycle", "the trace is cyclic", "tr(C*A*d(Z)*B) = tr(B*C*A*d(Z))",
         "C in R^(q,p), A in R^(p,m), Z in R^(m,n), B in R^(n,q)", "MCB (16)"),
    Rule("trace.scalar", "a scalar leaves the trace", "tr(C*A*d(z)) = tr(C*A)*d(z)", "C in R^(n,m), A in R^(m,n), z in R", "linearity"),
    Rule("trace.transpose", "trace of a transpose", "tr(C*d(Z)') = tr(C'*d(Z))", "C in R^(m,n), Z in R^(m,n)", "MCB (13)"),
    Rule("trace.entrywise", "Hadamard product in a trace", "tr(C*(H.*d(Z))) = tr((C.*H')*d(Z))", "C in R^(n,m), H in R^(m,n), Z in R^(m,n)",
         "Magnus 3.7"),
    Rule("trace.diag", "trace with a diagonal matrix", "tr(C*diag(d(z))) = diag(C)'*d(z)", "C in R^(n,n), z in R^n", "Magnus 1.11"),
    Rule("trace.diagonal", "trace with a diagonal matrix", "c'*diag(d(Z)) = tr(diag(c)*d(Z))", "c in R^n, Z in R^(n,n)", "Magnus 1.11"),
    Rule("trace.vec", "inner product of vecs", "c'*vec(d(Z)) = tr(unvec(c, m, n)'*d(Z))", "c in R^(m*n), Z in R^(m,n)", "Magnus 2.4"),
    Rule("trace.unvec", "inner product of vecs", "tr(C*unvec(d(z), m, n)) = vec(C')'*d(z)", "C in R^(n,m), z in R^(m*n)", "Magnus 2.4"),
    Rule("trace.sum", "a sum is a trace with ones", "c*sum(d(Z)) = tr(c*ones(n,m)*d(Z))", "c in R, Z in R^(m,n)", "nndl B.10"),
    Rule("trace.trace", "a factor enters the trace", "c*tr(d(Z)) = tr(c*eye(n)*d(Z))", "c in R, Z in R^(n,n)", "linearity"),
    Rule("trace.rowsum", "row sums are a product with ones", "c'*rowsum(d(Z)) = tr(ones(n)*c'*d(Z))", "c in R^m, Z in R^(m,n)", "MCB (16)"),
    Rule("trace.colsum", "column sums are a product with ones",
         "c'*colsum(d(Z)) = tr(c*ones(m)'*d(Z))", "c in R^n, Z in R^(m,n)", "MCB (16)"),
    Rule("trace.kron-kron-right", "trace of a Kronecker product", "tr(kron(P, Q)*kron(A, d(Z))) = tr(tr(P*A)*Q*d(Z))",
         "P in R^(n,m), Q in R^(q,p), A in R^(m,n), Z in R^(p,q)", "MCB (511), (515)"),
    Rule("trace.kron-kron-left", "trace of a Kronecker product", "tr(kron(P, Q)*kron(d(Z), B)) = tr(tr(Q*B)*P*d(Z))",
         "P in R^(n,m), Q in R^(q,p), Z in R^(m,n), B in R^(p,q)", "MCB (511), (515)"),
    Rule("trace.kron-right", "Kronecker product in a trace",
         "tr(C*kron(A, d(Z))) = tr(unvec((vec(C')'*kron(eye(n), kron(comm(q,m), eye(p)))"
         "*kron(vec(A), eye(p*q)))', p, q)'*d(Z))", "C in R^(n*q,m*p), A in R^(m,n), Z in R^(p,q)", "Magnus 3.7 (10)"),
    Rule("trace.kron-left", "Kronecker product in a trace", "tr(C*kron(d(Z), B)) = tr(unvec((vec(C')'*kron(eye(n), kron(comm(q,m), eye(p)))"
         "*kron(eye(m*n), vec(B)))', m, n)'*d(Z))", "C in R^(n*q,m*p), Z in R^(m,n), B in R^(p,q)", "Magnus 3.7 (10)"),
    Rule("trace.frechet", "adjoint of the derivative of exp", "tr(C*expm_frechet(A, d(Z))) = tr(expm_frechet(A, C)*d(Z))",
         "C in R^(n,n), A in R^(n,n), Z in R^(n,n)", "Higham, Functions of Matrices, 10.2"),
)

LINEAR: tuple[Rule, ...] = (
    Rule("vec.product", "vec of a product", "vec(A*d(Z)*B) = kron(B', A)*vec(d(Z))", "A in R^(p,m), Z in R^(m,n), B in R^(n,q)",
         "Magnus 2.4 (5)"),
    Rule("vec.scalar", "a scalar leaves vec", "vec(A*d(z)) = vec(A)*d(z)", "A in R^(m,n), z in R", "linearity"),
    Rule("vec.diag-column", "diag(z) y = diag(y) z", "A*diag(d(z))*y = A*diag(y)*d(z)", "A in R^(m,n), z in R^n, y in R^n", "Magnus 3.6"),
    Rule("vec.inner", "a scalar is its own transpose", "d(z)'*y = y'*d(z)", "z in R^n, y in R^n", "inner product"),
    Rule("vec.transpose", "commutation matrix", "vec(d(Z)') = comm(m,n)*vec(d(Z))", "Z in R^(m,n)", "Magnus 3.7 (1)"),
    Rule("vec.entrywise", "Hadamard product as a diagonal matrix",
         "vec(H.*d(Z)) = diag(vec(H))*vec(d(Z))", "H in R^(m,n), Z in R^(m,n)", "Magnus 3.6"),
    Rule("vec.diag", "the diagonal within vec", "vec(diag(d(z))) = diag(vec(eye(n)))*kron(ones(n), eye(n))*d(z)", "z in R^n", "Magnus 3.6"),
    Rule("vec.diagonal", "the diagonal within vec",
         "diag(d(Z)) = kron(ones(n)', eye(n))*diag(vec(eye(n)))*vec(d(Z))", "Z in R^(n,n)", "Magnus 3.6"),
    Rule("vec.vec", "vec of a column", "vec(vec(d(Z))) = vec(d(Z))", "Z in R^(m,n)", "linearity"),
    Rule("vec.unvec", "vec undoes unvec", "vec(unvec(d(z), m, n)) = d(z)", "z in R^(m*n)", "linearity"),
    Rule("vec.sum", "a sum is a product with ones", "sum(d(Z)) = ones(m*n)'*vec(d(Z))", "Z in R^(m,n)", "linearity"),
    Rule("vec.trace", "the trace as an inner product", "tr(d(Z)) = vec(eye(n))'*vec(d(Z))", "Z in R^(n,n)", "Magnus 2.4 (4)"),
    Rule("vec.rowsum", "row sums are a product with ones",
         "rowsum(d(Z)) = kron(ones(n)', eye(m))*vec(d(Z))", "Z in R^(m,n)", "Magnus 2.4 (5)"),
    Rule("vec.colsum", "column sums are a product with ones",
         "colsum(d(Z)) = kron(eye(n), ones(m)')*vec(d(Z))", "Z in R^(m,n)", "Magnus 2.4 (5)"),
    Rule("vec.kron-right", "vec of a Kronecker product",
         "vec(kron(A, d(Z))) = kron(eye(n), kron(comm(q,m), eye(p)))*kron(vec(A), eye(p*q))*vec(d(Z))",
         "A in R^(m,n), Z in R^(p,q)", "Magnus 3.7 (10)"),
    Rule("vec.kron-left", "vec of a Kronecker product",
         "vec(kron(d(Z), B)) = kron(eye(n), kron(comm(q,m), eye(p)))*kron(eye(m*n), vec(B))*vec(d(Z))",
         "Z in R^(m,n), B in R^(p,q)", "Magnus 3.7 (10)"),
)
