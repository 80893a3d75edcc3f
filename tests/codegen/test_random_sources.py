"""Random expressions over every head, with every kind of declaration: the source computes what the expression means."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from reference import Reference

from matcalc.codegen import numpy as numpy_source
from matcalc.language.expr import ONE, SCALAR, Apply, Dim, Expr, T, add, apply, call, comm, epow, eye, had, mul, num, ones
from matcalc.language.expr import power, size, zeros
from matcalc.language.operations import ELEMENTWISE_NAMES, OPERATIONS
from matcalc.reading.parse import problem

N, M, K1 = Dim.of("n"), Dim.of("m"), Dim.of("k") + ONE
DIMS = (ONE, N, M, Dim.of(2), K1)
SIZES = {"n": 3, "m": 4, "k": 1}
DECLARED = ["c in R", "s in R^1", "S in R^(1,1)", "x in R^n", "y in R^m", "u in R^2", "v in R^(k+1)", "C in R^(n,1)", "w in R^(1,n)",
            "W in R^(1,m)", "A in R^(n,n)", "B in R^(n,m)", "H in R^(n,n) symmetric", "D in R^(m,m) diagonal", "P in R^(2,n)",
            "Q in R^(k+1,m)", "U in R^(2,2) spd", "lambda in R", "np in R^n", "t1 in R^m", "f: R -> R", "g: R^n -> R", "h: R^n -> R^m"]
COLUMNS = {"s", "x", "y", "u", "v", "np", "t1"}
GENTLE = ("sin", "cos", "arctan", "tanh", "sigmoid", "softplus", "relu", "erf", "gelu", "silu", "sign", "abs", "exp", "expm1")
POSITIVE = ("log", "sqrt", "log1p")
BOUNDED = ("arcsin", "arccos", "tan", "sinh", "cosh")
GENTLE += tuple(sorted(ELEMENTWISE_NAMES - {*GENTLE, *POSITIVE, *BOUNDED}))      # what was added since
HALF, THIRD = power(num(2), num(-1)), power(num(-3), num(-1))


class Abstract:
    """A smooth function with its derivatives."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __call__(self, x: Any) -> Any:
        if self.kind == "f":
            return np.sin(x) + 0.3 * x * x
        x = np.reshape(x, (-1, 1))
        q = np.arange(1.0, 13).reshape(4, 3) / 12
        return np.sum(np.sin(x)).reshape(1, 1) if self.kind == "g" else np.tanh(q @ x)

    def d(self, x: Any) -> Any:
        if self.kind == "f":
            return np.cos(x) + 0.6 * x
        x = np.reshape(x, (-1, 1))
        q = np.arange(1.0, 13).reshape(4, 3) / 12
        return np.cos(x) if self.kind == "g" else q.T * (1 - np.tanh(q @ x) ** 2).T

    def d2(self, x: Any) -> Any:
        if self.kind == "f":
            return -np.sin(x) + 0.6
        return np.diag(-np.sin(np.ravel(x)))


FUNCTIONS = {k: Abstract(k) for k in "fgh"}
PROBLEM = problem(declare=DECLARED, expr="c", wrt="c")


class Maker:
    """Makes expressions of a wanted shape."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        self.leaves: dict[Any, list[Expr]] = {}
        for v in PROBLEM.variables.values():
            if v.kind == "variable":
                self.leaves.setdefault(v.shape, []).append(v)
                if v.shape != SCALAR:
                    self.leaves.setdefault((v.shape[1], v.shape[0]), []).append(T(v))

    def leaf(self, shape: Any) -> Expr:
        found = self.leaves.get(shape)
        if found and self.r.random() < 0.8:
            return self.r.choice(found)
        if shape == SCALAR:
            return self.r.choice([num(2), num(-3), THIRD, size(N), size(K1), apply("pi")])
        if shape[0] is shape[1] and self.r.random() < 0.5:
            return eye(shape[0])
        return ones(*shape) if self.r.random() < 0.8 else zeros(*shape)

    def gentle(self, e: Expr) -> Expr:
        """Entries between -1 and 1."""
        return apply("tanh", e)

    def regular(self, n: Dim, depth: int) -> Expr:
        """A square matrix far from singular."""
        if n is ONE:
            return add(num(2), self.gentle(self.make(SCALAR, depth)))
        return add(mul(num(3), size(n), eye(n)), self.gentle(self.make((n, n), depth)))

    def make(self, shape: Any, depth: int) -> Expr:
        if depth <= 0:
            return self.leaf(shape)
        r, make, d = self.r, self.make, depth - 1
        rows, cols = shape
        options = ["leaf", "+", "-", "*", ".*", "scaled", "map", "map", ".^", "'", "inner", "f"]
        if shape == SCALAR:
            options += ["sum", "tr", "trace of product", "det", "logdet", "norm1", "norm2", "logsumexp", "^", "g", "quadratic", "eigmax"]
        elif cols is ONE:
            options += ["diagonal", "rowsum", "colsum", "softmax", "matvec", "matvec", "logsumexp_rows", "h", "grad",
                        "diagonal of product", "solve", "eigvec"]
        else:
            options += ["outer", "product", "product", "product", "softmax_rows", "spread"]
            if rows is cols:
                options += ["diag", "inv", "expm", "expm_frechet", "adj", "power", "inv product", "sandwich", "sqrtm"]
            if rows is N and cols is M:
                options += ["jac"]
            if rows is N and cols is N:
                options += ["hess"]
        kind = r.choice(options)
        other, third = r.choice(DIMS), r.choice(DIMS)
        functions = PROBLEM.variables
        if kind in ("+", "-"):
            return add(make(shape, d), mul(num(-1 if kind == "-" else 1), make(shape, d)))
        if kind == "*":
            return mul(make((rows, other), d), make((other, cols), d))
        if kind == "inner":
            return mul(make((rows, other), d), make((other, third), d), make((third, cols), d))
        if kind == ".*":
            return had(make(shape, d), make(shape, d))
        if kind == "scaled":
            return mul(make(SCALAR, d), make(shape, d))
        if kind == "f":
            f = functions["f"]
            for _ in range(r.randrange(3)):
                f = Apply("prime", (f,), SCALAR)
            return call(f, self.gentle(make(shape, d)))
        if kind == "map":
            e = self.gentle(make(shape, d))
            if r.random() < 0.6:
                return apply(r.choice(GENTLE), e)
            return apply(r.choice(POSITIVE), add(e, mul(num(2), ones(*shape)))) if r.random() < 0.6 else \
                apply(r.choice(BOUNDED), mul(HALF, e))
        if kind == ".^":
            e = add(self.gentle(make(shape, d)), mul(num(2), ones(*shape)))
            return epow(e, r.choice([num(-1), num(2), num(-2), HALF, THIRD, self.gentle(make(SCALAR, d)), self.gentle(make(shape, d))]))
        if kind == "^":
            return power(add(num(2), self.gentle(make(SCALAR, d))), r.choice([num(-1), num(3), THIRD, self.gentle(make(SCALAR, d))]))
        if kind == "'":
            return T(make((cols, rows), d))
        if kind in ("sum", "norm1", "norm2"):
            return apply(kind, make((other, third), d))
        if kind == "quadratic":
            return mul(make((ONE, other), d), make((other, third), d), make((third, ONE), d))
        if kind in ("tr", "det", "logdet"):
            return apply(kind, self.regular(other, d))
        if kind in ("eigmax", "eigvec", "sqrtm"):
            some = self.regular(other if kind == "eigmax" else rows, d)
            e = add(mul(some, T(some)), eye(some.shape[0])) if kind == "sqrtm" else add(some, T(some))
            return apply(kind, e) if kind != "eigvec" or some.shape == SCALAR else had(apply(kind, e), apply(kind, e))
        if kind == "trace of product":
            return apply("tr", mul(make((other, third), d), make((third, other), d)))
        if kind == "logsumexp":
            return apply(kind, make((other, ONE), d))
        if kind == "g":
            return call(functions["g"], make((N, ONE), d))
        if kind == "h" and rows is M:
            return call(functions["h"], make((N, ONE), d))
        if kind == "grad" and rows is N:
            return call(Apply("grad", (functions["g"],), SCALAR), make((N, ONE), d))
        if kind == "jac":
            return call(Apply("jac", (functions["h"],), SCALAR), make((N, ONE), d))
        if kind == "hess":
            return call(Apply("hess", (functions["g"],), SCALAR), make((N, ONE), d))
        if kind == "diagonal":
            return apply(kind, make((rows, rows), d))
        if kind == "diagonal of product":
            return apply("diagonal", mul(make((rows, other), d), make((other, rows), d)))
        if kind in ("rowsum", "logsumexp_rows"):
            return apply(kind, make((rows, other), d))
        if kind == "colsum":
            return apply(kind, make((other, rows), d))
        if kind in ("softmax", "softmax_rows"):
            return apply(kind, make(shape, d))
        if kind == "matvec":
            return mul(make((rows, other), d), make((other, ONE), d))
        if kind == "solve":
            return mul(apply("inv", self.regular(rows, d)), make(shape, d))
        if kind == "outer":
            return mul(make((rows, ONE), d), make((ONE, cols), d))
        if kind == "spread":
            with_ones = mul(make((rows, ONE), d), ones(ONE, cols))
            return r.choice([add, had])(with_ones, r.choice([make(shape, d), mul(ones(rows), make((ONE, cols), d))]))
        if kind == "product":
            inner = r.choice(DIMS[1:])
            pairs = ((rows, other), (other, inner), (inner, cols))
            return mul(*(T(make((q, p), d)) if r.random() < 0.3 else make((p, q), d) for p, q in pairs))
        if kind == "diag":
            return apply("diag", make((rows, ONE), d))
        if kind == "sandwich":
            return mul(apply("diag", make((rows, ONE), d)), make(shape, d), apply("diag", make((rows, ONE), d)))
        if kind == "inv":
            return apply(kind, self.regular(rows, d))
        if kind == "inv product":
            return mul(make(shape, d), T(apply("inv", self.regular(rows, d))))
        if kind in ("expm", "adj"):
            return apply(kind, self.regular(rows, d) if kind == "adj" else self.gentle(make(shape, d)))
        if kind == "expm_frechet":
            return apply(kind, self.gentle(make(shape, d)), make(shape, d))
        if kind == "power":
            return power(self.regular(rows, d), num(r.choice([2, 3, -1, -2])))
        return self.leaf(shape)

    def odd(self) -> Expr:
        """vec, unvec, kron, comm: shapes are products."""
        a, b, c, d = (self.r.choice(DIMS[:4]) for _ in range(4))
        e = self.make((a, b), 2)
        kind = self.r.randrange(5)
        if kind == 0:
            return apply("vec", e)
        if kind == 1:
            return mul(comm(a, b), apply("vec", e))
        if kind == 2:
            return mul(apply("kron", e, self.make((c, d), 1)), apply("vec", self.make((d, b), 1)))
        if kind == 3:
            return apply("kron", e, self.make((c, d), 2))
        return apply("unvec", mul(apply("kron", eye(b), self.make((a, a), 1)), apply("vec", e)), size(a), size(b))

    def any(self, i: int) -> Expr:
        """An expression of some shape."""
        return self.odd() if i % 5 == 0 else self.make((self.r.choice(DIMS), self.r.choice(DIMS)), 1 + i % 3)


def point(seed: int) -> dict[Any, Any]:
    rng = np.random.default_rng(seed)
    out = {}
    for v in PROBLEM.variables.values():
        if v.kind != "variable":
            continue
        a = rng.normal(size=tuple(d.value(SIZES) for d in v.shape)) * 0.7
        if v.words & {"symmetric", "spd"}:
            a = a @ a.T + np.eye(len(a))
        if "diagonal" in v.words:
            a = np.diag(np.diag(a))
        out[v] = a
    return out


def given(at: dict[Any, Any], flat: bool) -> dict[str, Any]:
    """Arguments: columns 1-D; what was declared a matrix with one row or column either way."""
    out: dict[str, Any] = dict(FUNCTIONS)
    for v, a in at.items():
        if v.name in ("c", "lambda"):
            out[v.name + ("_" if v.name == "lambda" else "")] = float(a[0, 0])
        else:
            out[v.name] = a.reshape(-1) if v.name in COLUMNS or (flat and 1 in a.shape) else a
    return out


def agree(e: Expr, seed: int) -> bool:
    """Whether the source was compared; it must then agree."""
    at = point(seed)
    with np.errstate(all="ignore"):
        want = Reference(at, SIZES, functions=FUNCTIONS)(e)
    if not np.all(np.isfinite(want)) or np.abs(want).max() > 1e9:
        return False
    source = numpy_source.source(PROBLEM, e, [])
    space: dict[str, Any] = {}
    exec(source, space)
    for flat in (False, True):
        got = np.asarray(space["grad"](**given(at, flat)))
        assert got.size == want.size and got.ndim <= 2, (str(e), source)
        if ONE not in e.shape:
            assert got.shape == want.shape, (str(e), source)
        scale = max(1.0, float(np.abs(want).max()))
        assert np.allclose(got.reshape(want.shape), want, rtol=1e-6, atol=1e-6 * scale), (str(e), source)
    return True


HEADS = {row.head for row in OPERATIONS} | ELEMENTWISE_NAMES | {"+", "*", ".*", ".^", "^", "'", "eye", "ones", "zeros", "comm",
                                                               "unvec", "pi", "apply", "prime", "grad", "hess", "jac"}


@pytest.mark.thin(4)
@pytest.mark.parametrize("seed", range(12))
def test_the_source_computes_what_a_random_expression_means(seed: int) -> None:
    assert sum(agree(Maker(1000 * seed + i).any(i), seed) for i in range(60)) > 40


def test_every_head_is_met() -> None:
    met = set()

    def walk(e: Expr) -> None:
        if isinstance(e, Apply):
            met.add(e.head)
            for a in e.args:
                walk(a)

    for seed in range(720):
        walk(Maker(seed).any(seed))
    assert met >= HEADS, HEADS - met
