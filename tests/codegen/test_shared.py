"""What generated code does once, in a smaller system, or in another form that stays in range."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import matcalc as mc
from matcalc.api import gradients
from matcalc.codegen.smooth import has_determinant, large, singular, smoothed
from matcalc.language.expr import apply, mul
from matcalc.reading.parse import parse, problem

ONCE: list[tuple[str, list[str], list[str], list[str], str, str]] = [      # what has to stand there once, and what not at all
    ("sum(log(1 + exp(s.*(rowsum((D*L').^2) - b*ones(m)))))", ["L", "b"], ["D in R^(m,n)", "L in R^(k,n)", "s in R^m", "b in R"], [],
     "D @ L.T", "L @ D.T"),
    ("tr(G'*((D.*softmax(Q*K'))*V))", ["Q", "K", "V"], ["Q, K, V, G in R^(t,d)", "D in R^(t,t)"], [], "G @ V.T", "V @ G.T"),
    ("norm2(X - H*W')^2", ["W"], ["X in R^(m,n)", "W in R^(n,k)"], ["H = sigmoid(X*W)"], "H @ W.T", "@ H.T"),
    ("sum(huber(X*w - y))", ["w"], ["X in R^(m,n)", "w in R^n", "y in R^m"], [], "X @ w", "*np.sign(t1) - y"),
    ("log(1 + u'*w) - u'*w/(u'*w + 1)", ["u"], ["u, w in R^n"], [], "u @ w", "+ 1)/(1 +"),
    ("norm2(X*(W + A*B) - Y)^2", ["A", "B"], ["X in R^(m,n)", "W in R^(n,k)", "A in R^(n,r)", "B in R^(r,k)", "Y in R^(m,k)"], [],
     "_through(X, A, B, W, None)", "X @ A"),
    ("tr(G'*diag(v)*X*A) + tr(H'*X'*diag(v)*B)", ["A", "B"], ["X in R^(m,n)", "A, H in R^(n,k)", "G, B in R^(m,k)", "v in R^m"], [],
     "v[:, None]*X", "X.T*v"),
    ("norm2(D*A*D*X - Y)^2", ["A", "X"], ["A in R^(n,n)", "X in R^(n,k)", "v in R^n"], ["D = diag(v)"], "v[:, None]*X", "np.diag("),
    ("norm2(X + softmax(X*W*X')*X*V - Y)^2", ["W", "V"], ["X in R^(m,n)", "W, V in R^(n,n)"], [], "@ V.T @ X.T", "@ t3.T"),
    ("(x'*W'*W*y/(norm2(W*x)*norm2(W*y)) - c)^2", ["W"], ["W in R^(k,n)", "c in R"], [], "W @ y", "np.outer(x, x)"),
    ("w'*x + (norm2(V'*x)^2 - sum((V.^2)'*(x.^2)))/2", ["V"], ["V in R^(n,k)"], [], "V.T @ x", "np.diag("),
    ("tr(G'*softmax((X*Q)*(X*K)'))", ["Q", "K"], ["X in R^(m,n)", "Q, K in R^(n,d)", "G in R^(m,m)"], [], "X @ Q", "X @ Q @"),
    ("norm2(diag(v)*F*(E'*V) - Y)^2", ["F", "V"], ["v in R^m", "F in R^(m,d)", "E in R^(n,d)", "V in R^(n,p)"], [], "E.T @ V", "F @ E.T"),
    ("norm2(X - X*W*W')^2", ["W"], ["X in R^(m,n)", "W in R^(n,k)"], [], "X @ W", "_through"),
    ("norm2(X*W)^2 - c*logdet(W)", ["W"], ["X in R^(m,n)", "W in R^(n,n)", "c in R"], [], "X @ W", "multi_dot"),
    ("norm2(p*(A*x) + q*(B*x) - y)^2", ["x"], ["A, B in R^(m,n)", "p, q in R"], [], "A.T @ t", "p*A"),
    ("sum(log(1 + singvals(X)))", ["X"], ["X in R^(m,n)"], [], "np.linalg.svd", "compute_uv"),
    ("sum(exp(spectrum(A + A')))", ["A"], ["A in R^(n,n)"], [], "np.linalg.eigh(", "eigvalsh"),
    ("norm2(relu(X*W) - Y)^2", ["W", "X"], ["X in R^(m,n)", "W in R^(n,k)"], [], "_step(Z)", "np.sign"),
    ("-sum(y.*(1 - p).^2.*log(p) + (1 - y).*p.^2.*log(1 - p))", ["w"], ["X in R^(m,n)"], ["p = sigmoid(X*w)"], "np.exp(-3*", " + 2*t6"),
    ("y'*inv(K*inv(M)*K' + s*eye(n))*y", ["K", "s"], ["K in R^(n,k)", "M in R^(k,k) spd", "s in R positive", "y in R^n"], [],
     "np.linalg.solve(Z, y)", "delta_Z"),
    ("tr(inv(A)*B*inv(C)*B')", ["A", "B"], ["A in R^(m,m) spd", "B in R^(m,n)", "C in R^(n,n) spd"], [],
     "np.linalg.solve(A, B)", "linalg.inv("),
]


@pytest.mark.parametrize(("expr", "wrt", "declare", "define", "once", "never"), ONCE, ids=[c[0] for c in ONCE])
def test_nothing_is_computed_twice(expr: str, wrt: list[str], declare: list[str], define: list[str], once: str, never: str) -> None:
    d = mc.derive(expr, wrt, declare, define)
    source = d.source("numpy")
    assert source.count(once) == 1 and never not in source
    space: dict[str, Any] = {"__name__": "written"}
    exec(d.filed(__import__("matcalc.codegen.numpy", fromlist=["numpy"])), space)
    space["check_gradient"](seed=2)


@pytest.mark.parametrize(("expr", "wrt", "declare"), [
    ("cosine(softmax(softmax(Y'))*y, z)", "Y", ["y in R^m", "z in R^n"]), ("norm2(adj(diag(p)))", "p", ["p in R^n positive"]),
    ("nuclear(X)*c", "c", ["X in R^(2,4)", "c in R"]), ("cosine(diag(adj(S)).*(p + 1), inv(Q^2)*(x - B*y))", "x", ["S, Q in R^(n,n)"]),
], ids=lambda v: v if isinstance(v, str) else "")
def test_the_code_of_a_derivative_runs(expr: str, wrt: str, declare: list[str]) -> None:
    space: dict[str, Any] = {"__name__": "written"}
    exec(mc.derive(expr, wrt, declare).filed(__import__("matcalc.codegen.numpy", fromlist=["numpy"])), space)
    space["check_gradient"](seed=2)


@pytest.mark.parametrize(("m", "n", "p", "r"), [(9, 8, 7, 2), (3, 8, 9, 4), (8, 2, 3, 9), (4, 4, 4, 4)])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_a_sum_goes_by_its_terms_where_a_factor_is_thin(library: str, m: int, n: int, p: int, r: int) -> None:
    """The order is chosen by the sizes, when the code runs; the number of multiplications is the least of both ways."""
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    make = {"numpy": np.asarray, "torch": getattr(module, "tensor", None), "jax": getattr(getattr(module, "numpy", None), "asarray", None)}
    rng = np.random.default_rng(m)
    X, W, A, B, Y = (rng.normal(size=s) for s in ((m, n), (n, p), (n, r), (r, p), (m, p)))
    adapted = mc.derive("norm2(X*(W + A*B) - Y)^2", "A", X="R^(m,n)", W="R^(n,p)", A="R^(n,r)", B="R^(r,p)", Y="R^(m,p)")
    found = adapted.function(library)(**{k: make[library](v) for k, v in {"X": X, "W": W, "A": A, "B": B, "Y": Y}.items()})
    assert np.allclose(np.asarray(found), 2*X.T @ (X @ (W + A @ B) - Y) @ B.T, rtol=1e-10)
    fitted = mc.derive("norm2(A*X - C)^2", "X", A="R^(m,n)", X="R^(n,p)", C="R^(m,p)")
    assert np.allclose(np.asarray(fitted.function(library)(A=make[library](X), X=make[library](W), C=make[library](Y))),
                       2*X.T @ (X @ W - Y), rtol=1e-10)
    if library == "numpy":
        space: dict[str, Any] = {"__name__": "written"}
        exec(adapted.source("numpy"), space)
        (a, b, c), products = space["_through"].__code__.co_varnames[1:4], []
        assert (a, b, c) == ("a", "b", "c")
        space["np"] = type("Counted", (), {"linalg": type("", (), {"multi_dot": staticmethod(
            lambda factors: products.append(len(factors)) or np.linalg.multi_dot(factors))}), "shape": staticmethod(np.shape)})
        space["_through"](X.T, X, W, Y, B.T)
        assert products == ([4, 3] if r == 2 else [3])


@pytest.mark.parametrize(("n", "k"), [(6, 2), (2, 6), (3, 3)])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_a_low_rank_system_is_solved_by_the_smaller_one(library: str, n: int, k: int) -> None:
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    make = {"numpy": np.asarray, "torch": getattr(module, "tensor", None), "jax": getattr(getattr(module, "numpy", None), "asarray", None)}
    f = "b'*inv(c*eye(n) + s*U*U')*b + logdet(c*eye(n) + s*U*U')"
    d = mc.derive(f, ["U", "b"], ["U in R^(n,k)", "c, s in R", "b in R^n"])
    source = d.source(library)
    assert "np.eye" not in source.split("def value_and_grads")[1] and "_ridge_solved" in source and "_ridge_logdet" in source
    rng = np.random.default_rng(n)
    U, b, c, s = rng.normal(size=(n, k)), rng.normal(size=n), 0.7, 1.3
    value, found = d.function(library)(U=make[library](U), b=make[library](b), c=c, s=s)
    C = c*np.eye(n) + s*U @ U.T
    x = np.linalg.solve(C, b)
    assert np.isclose(float(value), b @ x + np.linalg.slogdet(C)[1], rtol=1e-12)
    for name, want in {"U": 2*s*(np.linalg.inv(C) - np.outer(x, x)) @ U, "b": 2*x}.items():
        assert np.allclose(np.asarray(found[name]), want, rtol=1e-9), name
    whole = mc.derive(f, ["U", "c"], ["U in R^(n,k)", "c, s in R", "b in R^n"]).source(library)
    assert "_ridge" not in whole        # tr(inv(C)) needs all of C: it is there for the rest, too


@pytest.mark.parametrize("m", [3, 50])
def test_many_rows_are_multiplied_by_an_inverse(m: int) -> None:
    d = mc.derive("logdet(X'*X + c*eye(n))", "X", ["X in R^(m,n)", "c in R"])
    assert "_divided(X, X.T @ X + c*np.eye(n))" in d.source("numpy")
    X = np.random.default_rng(m).normal(size=(m, 5))
    assert np.allclose(d.function()(X, 0.3), 2*X @ np.linalg.inv(X.T @ X + 0.3*np.eye(5)), rtol=1e-11)


@pytest.mark.parametrize("expr", ["(diag(x)*A)^2*c", "(A*diag(x)*B)^2*c", "(diag(x)*A)^3*c", "inv((diag(x)*A)^2)*c"])
def test_a_diagonal_in_a_power_is_a_scaling(expr: str) -> None:
    d = mc.derive(expr, "x", ["A, B in R^(n,n)", "x, c in R^n"])
    assert not {"kron", "comm", "vec", "ones"} & set(d.result.text.replace("(", " ").replace("*", " ").split())
    rng = np.random.default_rng(4)
    at = {"A": rng.normal(size=(3, 3)), "B": rng.normal(size=(3, 3)), "x": rng.normal(size=3) + 3, "c": rng.normal(size=3)}

    def f(x: Any) -> Any:
        A, B, c = at["A"], at["B"], at["c"]
        base = A @ np.diag(x) @ B if "B" in expr else np.diag(x) @ A
        base = np.linalg.matrix_power(base, 3 if "^3" in expr else 2)
        return (np.linalg.inv(base) if "inv" in expr else base) @ c
    slopes = np.array([(f(at["x"] + 1e-6*e) - f(at["x"] - 1e-6*e))/2e-6 for e in np.eye(3)])
    import inspect
    function = d.function()
    assert np.allclose(function(**{n: at[n] for n in inspect.signature(function).parameters}), slopes, rtol=1e-5, atol=1e-5)


def test_outer_products_are_one_product_and_a_diagonal_is_put_onto_it() -> None:
    assert "np.stack([(a @ (X @ b))*c, (c @ (X @ d))*a], 1) @ np.stack([d, b])" in mc.derive("(a'*X*b)*(c'*X*d)", "X").source("numpy")
    d = mc.derive("logsumexp(x)", "x", order=2)
    assert "_diagonal_added(t1, np.outer(-t1, t1))" in d.source("numpy")
    s = np.exp([0, 1, 2])/np.exp([0, 1, 2]).sum()
    assert np.allclose(d.function()(np.array([0, 1, 2])), np.diag(s) - np.outer(s, s), rtol=1e-14)
    whole = mc.derive("(x'*y)^2/2 + sum(x.^3)/6", "x", order=2).function()      # integers are no integers afterwards
    assert np.allclose(whole(np.array([1, 2]), np.array([3, 5])), [[10, 15], [15, 27]])


RANGE: list[tuple[str, int, float]] = [("x/norm2(x)", -1, 1e240), ("x'*y/(norm2(x)*norm2(y))", -1, 1e240), ("y'*x/norm2(x)", -1, 1e240),
                                       ("x'*A*x/norm2(x)^2", -1, 1e150), ("1/norm2(x)", -2, 1e150)]


@pytest.mark.parametrize(("expr", "degree", "far"), RANGE, ids=[c[0] for c in RANGE])
@pytest.mark.parametrize("power", [-1, -0.4, 0.4, 1])
def test_a_norm_far_out_overflows_nowhere(expr: str, degree: int, far: float, power: float) -> None:
    import inspect
    scale = far**power
    function = mc.derive(expr, "x", ["A in R^(n,n)"] if "A" in expr else []).function()
    rng = np.random.default_rng(1)
    at = {"A": rng.normal(size=(4, 4)), "x": rng.normal(size=4), "y": rng.normal(size=4)}
    given = {n: at[n] for n in inspect.signature(function).parameters}
    assert np.allclose(function(**given | {"x": scale*at["x"]})/scale**degree, function(**given), rtol=1e-12, atol=0)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_the_cosine_of_two_vectors_far_out_has_its_value_and_gradients(scale: float) -> None:
    function = mc.derive("cosine(x, y)", ["x", "y"], ["x in R^n"]).function()
    x, y = np.random.default_rng(1).normal(size=(2, 4))
    (value, near), (same, far) = function(x=x, y=y), function(x=scale*x, y=scale*y)
    assert np.allclose(value, same, rtol=1e-12) and all(np.allclose(near[n], far[n]*scale, rtol=1e-12) for n in "xy")


@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("scale", [0, 1e-200, 1e-170, 1, 1e170, 1e200])
def test_a_norm_and_its_gradient_are_right_at_every_size(library: str, scale: float) -> None:
    """Also at 0, where the gradient is 0, as that of abs(t) is."""
    module = pytest.importorskip(library)
    if library == "jax":
        module.config.update("jax_enable_x64", True)
        module = pytest.importorskip("jax.numpy")
    found: Any = mc.derive("c*norm2(A*x - y)", ["x", "y"], ["A in R^(m,n)", "c in R"])
    rng = np.random.default_rng(1)
    A, x, y = rng.normal(size=(4, 3)), scale*rng.normal(size=3), scale*rng.normal(size=4)
    with np.errstate(all="raise", under="ignore"):
        value, grads = found.function(library)(**{k: module.asarray(v) for k, v in {"A": A, "x": x, "y": y}.items()}, c=1.5)
    r = (A @ x - y)/(scale or 1)
    unit = r/(np.linalg.norm(r) or 1)
    assert np.allclose(float(value), 1.5*np.linalg.norm(r)*scale, rtol=1e-12, atol=0)
    assert np.allclose(np.asarray(grads["x"]), 1.5*A.T @ unit, rtol=1e-12) and np.allclose(np.asarray(grads["y"]), -1.5*unit, rtol=1e-12)


FAR: list[tuple[str, str]] = [
    ("-sum(y.*log(p) + (1-y).*log(1-p))", "p = sigmoid(z)"), ("-sum(y.*log(p))", "p = softmax(z)"),
    ("-sum(y.*log(p)) + c*sum(p.^2)", "p = softmax(z)"), ("-sum(y.*log(p))", "p = exp(z)/sum(exp(z))"),
    ("-sum(c*y.*(1-p).^2.*log(p) + (1-c)*(1-y).*p.^2.*log(1-p))", "p = sigmoid(z)"),
]


@pytest.mark.parametrize(("expr", "named"), FAR, ids=[f"{e}, {n}" for e, n in FAR])
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_a_named_probability_may_round_to_nothing(library: str, expr: str, named: str) -> None:
    """delta_p = -y/p is no number where p is 0; what z needs of it is."""
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    make = np.asarray if library == "numpy" else module.tensor if library == "torch" else module.numpy.asarray
    d = mc.derive(expr, ["b"], ["b, y in R^m", "c in R"], ["z = 1*b", named])
    value, found = d.function(library)(b=make(np.array([2000., -2000., 0.])), y=make(np.array([0., 1., 0.])),
                                       c=0.5)
    want = {"softmax": [1, -1, 0], "sigmoid": [1, -1, 0.5], "exp": [1, -1, 0]}[named[4:].partition("(")[0]]
    want = [0.5, -0.5, 0.5*(0.5**3 + 0.25*np.log(2))] if "^2.*log" in expr else want
    assert np.isfinite(float(value)) and np.allclose(np.asarray(found["b"]), want, atol=1e-12)


@pytest.mark.parametrize(("expr", "slope"), [
    ("sum(log(exp(x) - 1))", lambda x: 1/-np.expm1(-x)), ("sum(exp(x)./(exp(x) - 1))", lambda x: -1/(np.expm1(x)*-np.expm1(-x))),
    ("sum(log(expm1(x)))", lambda x: 1/-np.expm1(-x))], ids=lambda v: v if isinstance(v, str) else "")
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_an_exponential_less_one_may_overflow(library: str, expr: str, slope: Any) -> None:
    module: Any = pytest.importorskip(library, reason=f"{library} is not installed: its generated code cannot be run here")
    if library == "jax":
        module.config.update("jax_enable_x64", True)
    make = np.asarray if library == "numpy" else module.tensor if library == "torch" else module.numpy.asarray
    x = np.array([1e-9, 0.5, 40, 800])
    with np.errstate(over="ignore"):
        found = np.asarray(mc.derive(expr, "x").function(library)(make(x)))
        assert np.allclose(found, slope(x), rtol=1e-12, atol=0)


KERNELS: list[tuple[str, list[str], list[str]]] = [
    ("a'*inv(X)*b", ["X", "a", "b"], ["X in R^(n,n)", "a, b in R^n"]), ("softmax(X*W)", ["X", "W"], ["X in R^(n,n)", "W in R^(n,n)"]),
    ("c*sum(tanh(X*a))", ["X", "c"], ["X in R^(n,n)", "a in R^n", "c in R"]),
]


@pytest.mark.parametrize(("expr", "wrt", "declare"), KERNELS, ids=[k[0] for k in KERNELS])
def test_torch_func_and_vmap_go_through_a_kernel(expr: str, wrt: list[str], declare: list[str]) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: its kernels cannot be run here")
    p = problem(expr=expr, several=wrt, kernel=True, declare=declare)
    space: dict[str, Any] = {"__name__": "written"}
    exec(gradients(p).kernel("torch"), space)
    space["check_gradient"](seed=1)
    torch.manual_seed(3)
    names = [n for n in p.variables if n != p.cotangent_pair[0].name]
    batch = [torch.randn((5, *(3 for d in p.variables[n].shape if d.text == "n")), dtype=torch.float64) for n in names]
    batch = [a + 3*torch.eye(3, dtype=torch.float64) if a.ndim == 3 else a for a in batch]
    plain = {"a'*inv(X)*b": lambda X, a, b: a @ torch.linalg.solve(X, b), "softmax(X*W)": lambda X, W: torch.softmax(X @ W, -1),
             "c*sum(tanh(X*a))": lambda X, a, c: c*torch.tanh(X @ a).sum()}[expr]
    at = tuple(names.index(n) for n in wrt)
    found, want = (torch.func.vmap(torch.func.grad(lambda *a, f=f: (f(*a)**2).sum(), argnums=at))(*batch)
                   for f in (space["value"], lambda *a: plain(**dict(zip(names, a, strict=True)))))
    assert all(torch.allclose(a, b, rtol=1e-9) for a, b in zip(found, want, strict=True))


def test_code_of_normalised_layers_opens_no_definition() -> None:
    """Opened, a definition that is divided by a root of itself has its whole past in it several times: 3 layers are 10^4 nodes, 8 10^9."""
    layers = [line.format(k=k, j=k - 1) for k in range(1, 9) for line in (
        "z{k} = a{j}*W{k}", "c{k} = z{k} - ones(m)*colsum(z{k})'/m", "a{k} = c{k}./(ones(m)*sqrt(colsum(c{k}.^2)'/m + ones(n)'))")]
    declared = ["a0 in R^(m,n)", *(f"W{k} in R^(n,n)" for k in range(1, 9))]
    p = problem(expr="norm2(a8 - Y)^2", several=["W1"], declare=declared, define=layers)
    definitions = dict(p.definitions)
    last = next(n for n in definitions if n.name == "a8")
    assert not has_determinant(definitions[last]) and smoothed(definitions[last], definitions, singular(definitions)) is definitions[last]
    assert large(last, definitions) and not large(last, {last: definitions[last]})
    with_det = {**definitions, last: mul(apply("det", parse("S", ["S in R^(n,n)"])), definitions[last])}
    assert smoothed(with_det[last], with_det, singular(with_det)) is not None      # nothing is opened that would not fit
    found = gradients(p)
    assert found.verdict.kind == "proved"
    rng = np.random.default_rng(8)
    at = {"a0": rng.normal(size=(4, 2)), "Y": rng.normal(size=(4, 2)), **{f"W{k}": rng.normal(size=(2, 2)) for k in range(1, 9)}}

    def f(w: Any) -> float:
        a = at["a0"]
        for k in range(1, 9):
            z = a @ (w if k == 1 else at[f"W{k}"])
            c = z - z.mean(0)
            a = c/np.sqrt((c**2).mean(0) + 1)
        return float(((a - at["Y"])**2).sum())
    way = rng.normal(size=(2, 2))
    slope = (f(at["W1"] + 1e-6*way) - f(at["W1"] - 1e-6*way))/2e-6
    assert np.isclose((found.function()(**at)[1]["W1"]*way).sum(), slope, rtol=1e-5)
