"""SymPy source: at explicit, unequal sizes SymPy's own evaluation of it agrees with the independent reference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from reference import Reference, close
from test_sources import values

import matcalc as mc
from matcalc.codegen import sympy as writer
from matcalc.codegen.symbolic import ENTRYWISE, MATRICES
from matcalc.deriving.engine import derive
from matcalc.language.expr import SCALAR
from matcalc.language.operations import ELEMENTWISE_NAMES, OPERATIONS
from matcalc.reading.parse import problem
from matcalc.language.shape import InputError
from tests.published import CASES

X = ["X in R^(m,n)", "Y in R^(n,k)", "x in R^n", "y in R^m", "c in R", "A in R^(n,n)", "v in R^(m*n)", "r in R^(1,n)",
     "P in R^(m,n) positive"]
# Written as they are, not derived: what seldom stands in a derivative.
WRITTEN = [
    "vec(X)", "vec(X*Y)'", "unvec(v,m,n)*Y", "unvec(kron(x,y),m,n)", "comm(m,n)*vec(X)", "kron(X,Y)", "kron(x',y)", "rowsum(X)",
    "colsum(X)", "softmax(X)", "logsumexp(X)", "softmax(x)", "logsumexp(x)", "logdet(A)*x", "inv(A)'*x", "A^3*x", "A^-2", "norm1(X)",
    "norm2(X)*x", "diag(x)*A", "diag(A)", "diag(A*diag(x))", "(P.^X)'", "(P.^X)*Y", "2.^X", "c.^P", "X.^2", "P.^-1", "P.^0.5", "P.^c",
    "sum(X)^2*ones(m)", "1./P", "X./P", "x*r", "r*A*x", "det(A)*tr(A)", "n*x + m*ones(n)", "c^2/3", "-c*x/7", "pi*c", "zeros(m,n)*Y",
    "eye(n) + A", "exp(c)*log1p(exp(x))", "abs(X) + sign(X)", "arctan(x) + arcsin(x/100) + arccos(x/100)", "sinh(x) + cosh(x) + tan(x)",
    "erf(X) + gelu(X)", "silu(X) + softplus(X) + relu(X)", "sqrt(P) + expm1(P)",
    "gelu(c) + silu(c) + relu(c) + softplus(c) + sigmoid(c)", "sin(c) + cos(c) + tanh(c) + abs(c)", "ones(m)'*X*ones(n)*c",
    "norm2(x)^4", "tr(X*X')/2",
]


def run(source: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(source, space)
    return space


def evaluate(whole: Any, at: dict[Any, Any], sizes: dict[str, int]) -> Any:
    """What an expression is at a point: sizes first, then values; every part by SymPy."""
    point = {v.name: sp.Float(float(a[0, 0])) if v.shape == SCALAR else sp.ImmutableMatrix(a.tolist()) for v, a in at.items()}
    whole = whole.subs({sp.Symbol(n, integer=True, positive=True): k for n, k in sizes.items()})
    whole = whole.subs({s: point[s.name] for s in whole.free_symbols if s.name in point})
    known: dict[Any, Any] = {}

    def value(e: Any) -> Any:
        if e not in known:
            bound = isinstance(e, (sp.MatrixBase, sp.FunctionMatrix, sp.Lambda))
            out = e.func(*map(value, e.args)) if e.args and not bound else e
            out = out if isinstance(e, sp.Lambda) else out.doit()
            known[e] = out.as_explicit() if hasattr(out, "as_explicit") else out
        return known[e]

    out = value(whole)
    return np.array(out.tolist() if hasattr(out, "tolist") else [[out]], dtype=float)


@pytest.mark.thin(8)
@pytest.mark.parametrize("case", [c for c in CASES[::6] if not any("->" in d for d in c["declare"])], ids=lambda c: c["id"])
def test_published_derivatives_are_computed_by_the_source(case: Any) -> None:
    p = problem(declare=case["declare"], define=case["define"], expr=case["expr"], wrt=case["wrt"], order=case["order"])
    d = derive(p)
    at, sizes = values(p, 3)
    ref = Reference(at, sizes)
    with np.errstate(all="ignore"):
        for name, body in [*p.definitions, *d.where]:
            ref.values[name] = ref(body)
        want = ref(d.result)
    if not np.all(np.isfinite(want)):
        return
    try:
        source = writer.source(p, d.result, d.where)
    except InputError as e:
        assert "expm" in str(e)
        return
    got = evaluate(run(source)["grad"], at, sizes)
    assert got.shape == want.shape and close(got, want, 1e-6), source


@pytest.mark.thin(8)
@pytest.mark.parametrize("text", WRITTEN)
def test_every_head_is_computed_by_the_source(text: str) -> None:
    p = problem(declare=X, expr=text, wrt="c")
    at, sizes = values(p, 5)
    want = Reference(at, sizes)(p.f)
    source = writer.source(p, p.f, [])
    got = evaluate(run(source)["grad"], at, sizes)
    assert got.shape == want.shape and close(got, want, 1e-6), source


def test_the_source_is_readable() -> None:
    p = problem(declare=["X in R^(m,n)", "lambda in R positive"], expr="norm2(X*w - y)^2 + lambda*norm2(w)^2", wrt="w")
    assert writer.source(p, derive(p).result, []) == '''from sympy import MatrixSymbol, symbols

m, n = symbols("m n", integer=True, positive=True)
X = MatrixSymbol("X", m, n)
lambda_ = symbols("lambda", positive=True)
w = MatrixSymbol("w", n, 1)
y = MatrixSymbol("y", m, 1)

# The derivative of norm2(X*w - y)^2 + lambda*norm2(w)^2 with respect to w.
grad = 2*(X.T*(X*w - y) + lambda_*w)
'''


def test_symbolic_matrices_stay_symbolic() -> None:
    p = problem(declare=["x in R^n"], expr="logsumexp(x)", wrt="x")
    space = run(writer.source(p, derive(p).result, []))
    explicit = space["grad"].subs(space["n"], 2).as_explicit().rewrite(sp.Sum).doit()
    a, b = sp.MatrixSymbol("x", 2, 1)
    assert explicit == sp.Matrix([sp.exp(a), sp.exp(b)])/(sp.exp(a) + sp.exp(b))


@pytest.mark.parametrize(("declare", "expr", "wrt"), [(["f: R -> R"], "sum(f(A*x))", "x"), (["f: R -> R", "c in R"], "f(c^2)", "c")])
def test_functions_of_numbers_stay_functions_of_numbers(declare: list[str], expr: str, wrt: str) -> None:
    p = problem(declare=declare, expr=expr, wrt=wrt)
    space = run(writer.source(p, derive(p).result, []))
    at, sizes = values(p, 3)
    at = {v: a for v, a in at.items() if v.kind == "variable"}
    ref = Reference(at, sizes, functions={"f": np.sin})
    result = space["grad"].replace(space["f"], sp.sin).doit()
    assert close(evaluate(result, at, sizes), ref(derive(p).result), 1e-4)


def test_several_gradients_are_a_dictionary_beside_the_value() -> None:
    g = mc.derive("norm2(z)^2", ["W", "b"], ["x in R^2", "b in R^3"], ["z = W*x + b"])
    space = run(g.source("sympy"))
    at = {sp.MatrixSymbol("W", 3, 2): sp.ones(3, 2), sp.MatrixSymbol("x", 2, 1): sp.zeros(2, 1),
          sp.MatrixSymbol("b", 3, 1): sp.Matrix([1, 2, 3])}
    assert sp.Matrix(space["grads"]["b"].subs(at).doit()) == sp.Matrix([2, 4, 6])
    assert space["grads"]["W"].shape == (3, 2) and space["value"].subs(at).doit() == 14


def test_what_sympy_has_not_is_refused_by_name() -> None:
    for declare, expr, wrt, word in ((["X in R^(n,n)"], "tr(expm(X))", "X", "expm"), (["g: R^m -> R", "A in R^(m,n)"], "g(A*x)", "x", "g"),
                                     (["X in R^(n,n)"], "tr(adj(X)*Y)", "Y", "adj")):
        p = problem(declare=declare, expr=expr, wrt=wrt)
        with pytest.raises(InputError, match=rf"(SymPy has no|there is no SymPy form of) .*\b{word}\b"):
            writer.source(p, derive(p).result, derive(p).where)


def test_names_of_sympy_are_free() -> None:
    p = problem(declare=["Trace in R^n", "symbols in R^n", "grad in R^n", "n in R"], expr="n*(Trace'*symbols)*sum(grad)", wrt="grad")
    space = run(writer.source(p, derive(p).result, []))
    assert space["grad_"].shape[1] == 1 and "Trace" in str(space["grad_"])


def test_no_head_is_forgotten() -> None:
    assert ENTRYWISE.keys() == ELEMENTWISE_NAMES
    assert {row.head for row in OPERATIONS} - MATRICES.keys() == {
        "inv", "adj", "kron", "expm", "expm_frechet", "eigmax", "eigvec", "spectrum", "eigvecs", "singvals", "svdu", "svdv", "sqrtm"}
