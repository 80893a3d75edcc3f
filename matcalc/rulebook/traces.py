"""Moves that isolate a differential. d(Z) stands for the part that still holds the differential.

TRACE rows serve a scalar f: df = tr(C*d(Z)). LINEAR rows serve all else: vec(dF) = J*vec(d(Z)).
"""

from __future__ import annotations

from .rule import Rule


class Isolating(Rule):
    """A row in its parts: what stands in front (a coefficient, `vec`, or nothing), what holds d(Z), and what stands before d(Z) after.

    >>> Isolating("trace.scalar", "a scalar leaves the trace", "C", "A*d(z)", "tr(C*A)", "C in R^(n,m), A in R^(m,n), z in R").equation
    'tr(C*A*d(z)) = tr(C*A)*d(z)'
    """

    __slots__ = ("after", "front", "holding")

    def __init__(self, name: str, called: str, front: str, holding: str, after: str, given: str = "", see: str = "") -> None:
        traced = front[:1].isupper() or "(" in front        # a matrix stands in front
        inner = "d(Z)" if "d(Z)" in holding else "d(z)"
        left = f"tr({front}*{holding})" if traced else f"vec({holding})" if front == "vec" else f"{front}*{holding}" if front else holding
        times = f"{after}*" if after else ""
        right = f"{times}{inner}" if inner == "d(z)" else f"tr({times}{inner})" if name.startswith("trace.") else f"{times}vec({inner})"
        super().__init__(name, called, f"{left} = {right}", given, see)
        self.front, self.holding, self.after = front, holding, after


TRACE: tuple[Isolating, ...] = (
    Isolating("trace.cycle", "the trace is cyclic", "C", "A*d(Z)*B",
              "B*C*A", "C in R^(q,p), A in R^(p,m), Z in R^(m,n), B in R^(n,q)", "MCB (16)"),
    Isolating("trace.scalar", "a scalar leaves the trace", "C", "A*d(z)", "tr(C*A)", "C in R^(n,m), A in R^(m,n), z in R", "linearity"),
    Isolating("trace.transpose", "trace of a transpose", "C", "d(Z)'", "C'", "C in R^(m,n), Z in R^(m,n)", "MCB (13)"),
    Isolating("trace.entrywise", "Hadamard product in a trace", "C", "(H.*d(Z))",
              "(C.*H')", "C in R^(n,m), H in R^(m,n), Z in R^(m,n)", "Magnus 3.7"),
    Isolating("trace.diag", "trace with a diagonal matrix", "C", "diag(d(z))", "diag(C)'", "C in R^(n,n), z in R^n", "Magnus 1.11"),
    Isolating("trace.diagonal", "trace with a diagonal matrix", "c'", "diag(d(Z))", "diag(c)", "c in R^n, Z in R^(n,n)", "Magnus 1.11"),
    Isolating("trace.vec", "inner product of vecs", "c'", "vec(d(Z))", "unvec(c, m, n)'", "c in R^(m*n), Z in R^(m,n)", "Magnus 2.4"),
    Isolating("trace.unvec", "inner product of vecs", "C", "unvec(d(z), m, n)", "vec(C')'", "C in R^(n,m), z in R^(m*n)", "Magnus 2.4"),
    Isolating("trace.sum", "a sum is a trace with ones", "c", "sum(d(Z))", "c*ones(n,m)", "c in R, Z in R^(m,n)", "nndl B.10"),
    Isolating("trace.trace", "a factor enters the trace", "c", "tr(d(Z))", "c*eye(n)", "c in R, Z in R^(n,n)", "linearity"),
    Isolating("trace.rowsum", "row sums are a product with ones", "c'", "rowsum(d(Z))",
              "ones(n)*c'", "c in R^m, Z in R^(m,n)", "MCB (16)"),
    Isolating("trace.colsum", "a scalar is its own transpose", "c'", "colsum(d(Z))",
              "c*ones(m)'", "c in R^n, Z in R^(m,n)", "MCB (13)"),
    Isolating("trace.kron-kron-right", "trace of a Kronecker product", "kron(P, Q)", "kron(A, d(Z))",
              "tr(P*A)*Q", "P in R^(n,m), Q in R^(q,p), A in R^(m,n), Z in R^(p,q)", "MCB (511), (515)"),
    Isolating("trace.kron-kron-left", "trace of a Kronecker product", "kron(P, Q)", "kron(d(Z), B)",
              "tr(Q*B)*P", "P in R^(n,m), Q in R^(q,p), Z in R^(m,n), B in R^(p,q)", "MCB (511), (515)"),
    Isolating("trace.kron-right", "Kronecker product in a trace", "C", "kron(A, d(Z))",
              "unvec((vec(C')'*kron(eye(n), kron(comm(q,m), eye(p)))*kron(vec(A), eye(p*q)))', p, q)'",
              "C in R^(n*q,m*p), A in R^(m,n), Z in R^(p,q)", "Magnus 3.7 (10)"),
    Isolating("trace.kron-left", "Kronecker product in a trace", "C", "kron(d(Z), B)",
              "unvec((vec(C')'*kron(eye(n), kron(comm(q,m), eye(p)))*kron(eye(m*n), vec(B)))', m, n)'",
              "C in R^(n*q,m*p), Z in R^(m,n), B in R^(p,q)", "Magnus 3.7 (10)"),
    Isolating("trace.frechet", "adjoint of the derivative of exp", "C", "expm_frechet(A, d(Z))",
              "expm_frechet(A, C)", "C in R^(n,n), A in R^(n,n), Z in R^(n,n)", "Higham, Functions of Matrices, 10.2"),
)

LINEAR: tuple[Isolating, ...] = (
    Isolating("vec.product", "vec of a product", "vec", "A*d(Z)*B",
              "kron(B', A)", "A in R^(p,m), Z in R^(m,n), B in R^(n,q)", "Magnus 2.4 (5)"),
    Isolating("vec.scalar", "a scalar leaves vec", "vec", "A*d(z)", "vec(A)", "A in R^(m,n), z in R", "linearity"),
    Isolating("vec.diag-column", "diag(z) y = diag(y) z", "", "A*diag(d(z))*y",
              "A*diag(y)", "A in R^(m,n), z in R^n, y in R^n", "Magnus 3.6"),
    Isolating("vec.inner", "a scalar is its own transpose", "", "d(z)'*y", "y'", "z in R^n, y in R^n", "inner product"),
    Isolating("vec.transpose", "commutation matrix", "vec", "d(Z)'", "comm(m,n)", "Z in R^(m,n)", "Magnus 3.7 (1)"),
    Isolating("vec.entrywise", "Hadamard product as a diagonal matrix", "vec", "H.*d(Z)",
              "diag(vec(H))", "H in R^(m,n), Z in R^(m,n)", "Magnus 3.6"),
    Isolating("vec.diag", "the diagonal within vec", "vec", "diag(d(z))",
              "diag(vec(eye(n)))*kron(ones(n), eye(n))", "z in R^n", "Magnus 3.6"),
    Isolating("vec.diagonal", "the diagonal within vec", "", "diag(d(Z))",
              "kron(ones(n)', eye(n))*diag(vec(eye(n)))", "Z in R^(n,n)", "Magnus 3.6"),
    Isolating("vec.diagonal-diag", "diagonal of a product with a diagonal matrix", "", "diag(A*diag(d(z))*B)",
              "A.*B'", "A in R^(m,n), z in R^n, B in R^(n,m)", "Magnus 3.6"),
    Isolating("vec.vec", "vec of a column", "vec", "vec(d(Z))", "", "Z in R^(m,n)", "linearity"),
    Isolating("vec.unvec", "vec undoes unvec", "vec", "unvec(d(z), m, n)", "", "z in R^(m*n)", "linearity"),
    Isolating("vec.sum", "a sum is a product with ones", "", "sum(d(Z))", "ones(m*n)'", "Z in R^(m,n)", "linearity"),
    Isolating("vec.trace", "the trace as an inner product", "", "tr(d(Z))", "vec(eye(n))'", "Z in R^(n,n)", "Magnus 2.4 (4)"),
    Isolating("vec.rowsum", "row sums are a product with ones", "", "rowsum(d(Z))",
              "kron(ones(n)', eye(m))", "Z in R^(m,n)", "Magnus 2.4 (5)"),
    Isolating("vec.colsum", "column sums are a product with ones", "", "colsum(d(Z))",
              "kron(eye(n), ones(m)')", "Z in R^(m,n)", "Magnus 2.4 (5)"),
    Isolating("vec.kron-right", "vec of a Kronecker product", "vec", "kron(A, d(Z))",
              "kron(eye(n), kron(comm(q,m), eye(p)))*kron(vec(A), eye(p*q))", "A in R^(m,n), Z in R^(p,q)", "Magnus 3.7 (10)"),
    Isolating("vec.kron-left", "vec of a Kronecker product", "vec", "kron(d(Z), B)",
              "kron(eye(n), kron(comm(q,m), eye(p)))*kron(eye(m*n), vec(B))", "Z in R^(m,n), B in R^(p,q)", "Magnus 3.7 (10)"),
)
