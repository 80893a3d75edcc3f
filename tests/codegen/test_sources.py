"""Generated source computes what the result says, for every backend that is installed."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest
from tests.published import solved
from reference import Reference, close

from matcalc.codegen import jax as jax_source
from matcalc.codegen import numpy as numpy_source
from matcalc.codegen import torch as torch_source
from matcalc.deriving.engine import derive
from matcalc.language.expr import ONE, SCALAR, InputError
from matcalc.reading.parse import problem

PREFERRED = {"n": 3, "m": 4, "k": 2, "p": 5, "q": 6, "N": 6, "d": 3, "K": 4, "l": 5, "r": 2, "s": 5, "h": 4}


def values(p: Any, seed: int) -> tuple[dict[Any, Any], dict[str, int]]:
    rng = np.random.default_rng(seed)
    names = {n for v in p.variables.values() for d in v.shape for n in d.names}
    sizes = {n: PREFERRED.get(n, 3) for n in names}
    out = {}
    for v in p.variables.values():
        a = rng.normal(size=tuple(d.value(sizes) for d in v.shape))
        if v.words & {"spd", "symmetric"} or (v.shape[0] is v.shape[1] and v.shape != SCALAR):
            a = a @ a.T / len(a) + np.eye(len(a))
        if "positive" in v.words or "simplex" in v.words:
            a = np.abs(a) + 0.2
        out[v] = a
    return out, sizes


def run(source: str, p: Any, at: dict[Any, Any], sizes: dict[str, int], make: Any) -> Any:
    space: dict[str, Any] = {}
    exec(source, space)
    given = {}
    for name, v in p.variables.items():
        a = at[v]
        declared = next((d for d in p.text["declare"] if d.split(" in ")[0].strip() == name), "")
        if v.shape == SCALAR and "^" not in declared:
            a = float(a[0, 0])
        elif v.shape[1] is ONE and "(" not in declared:
            a = make(a[:, 0])
        else:
            a = make(a)
        given[name + "_" if name == "lambda" else name] = a
    parameters = inspect.signature(space["grad"]).parameters
    for n, v in sizes.items():
        given.setdefault(n, v)
    return np.asarray(space["grad"](**{k: given[k] for k in parameters}), dtype=float)


def check(writer: Any, make: Any, part: int) -> None:
    for case, d in solved(part, 12):
        if any("->" in line for line in case["declare"]):
            continue
        p = d.problem
        at, sizes = values(p, 3)
        ref = Reference(at, sizes)
        with np.errstate(all="ignore"):
            for name, body in [*p.definitions, *d.where]:
                ref.values[name] = ref(body)
            want = ref(d.result)
            got = run(writer.source(p, d.result, d.where), p, at, sizes, make)
        if np.all(np.isfinite(want)):
            assert got.size == want.size and close(got.reshape(want.shape), want, 1e-6), (case["id"], writer.__name__)


@pytest.mark.thin(12)
@pytest.mark.parametrize("part", range(12))
def test_numpy_code_computes_published_derivatives(part: int) -> None:
    check(numpy_source, np.asarray, part)


@pytest.mark.thin(12)
@pytest.mark.parametrize("part", range(12))
def test_torch_code_computes_published_derivatives(part: int) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed: its generated code cannot be run here")
    check(torch_source, torch.tensor, part)


@pytest.mark.thin(12)
@pytest.mark.parametrize("part", range(12))
def test_jax_code_computes_published_derivatives(part: int) -> None:
    jax = pytest.importorskip("jax", reason="jax is not installed: its generated code cannot be run here")
    jax.config.update("jax_enable_x64", True)
    check(jax_source, jax.numpy.asarray, part)


def test_source_is_readable() -> None:
    p = problem(declare=["X in R^(m,n)", "w in R^n", "y in R^m"], expr="sum(log(1 + exp(-y.*(X*w))))", wrt="w")
    text = numpy_source.source(p, derive(p).result, [])
    assert text.count("X @ w") == 1
    assert "def grad(X, w, y):" in text
    assert all(len(line) < 120 for line in text.splitlines())


def test_keywords_and_sizes_are_no_names_of_arguments() -> None:
    p = problem(declare=["lambda in R", "x in R^n"], expr="lambda*x'*x", wrt="x")
    assert "lambda_" in numpy_source.source(p, derive(p).result, [])
    p = problem(declare=["c in R"], expr="c*sum(ones(k))", wrt="c")
    assert "def grad(c, k):" in numpy_source.source(p, derive(p).result, [])


SHAPES: list[tuple[str, str, list[str], dict[str, tuple[int, ...]], str]] = [
    ("norm2(A*x - y)^2", "x", ["A in R^(m,n)"], {"A": (5, 3), "x": (3,), "y": (5, 1)}, "y: expected shape (m = 5), got (5, 1)"),
    ("norm2(A*x - y)^2", "x", ["A in R^(m,n)"], {"A": (5, 3), "x": (4,), "y": (5,)}, "x: expected shape (n = 3), got (4,)"),
    ("norm2(D*x)^2", "x", ["D in R^(n+1,n)", "x in R^n"], {"D": (3, 3), "x": (3,)}, "D: expected shape (4, 3), got (3, 3)"),
    ("x'*B*x", "x", ["B in R^(2,2)", "x in R^2"], {"B": (3, 2), "x": (2,)}, "B: expected shape (2, 2), got (3, 2)"),
    ("c*sum(x)", "x", ["x in R^n", "c in R"], {"x": (3,), "c": (3,)}, "c: expected shape (), got (3,)"),
]


@pytest.mark.parametrize(("expr", "wrt", "declare", "shapes", "said"), SHAPES, ids=[s[-1] for s in SHAPES])
def test_a_wrong_shape_is_named(expr: str, wrt: str, declare: list[str], shapes: dict[str, tuple[int, ...]], said: str) -> None:
    p = problem(declare=declare, expr=expr, wrt=wrt)
    d = derive(p)
    space: dict[str, Any] = {}
    exec(numpy_source.source(p, d.result, d.where), space)
    with pytest.raises(ValueError) as error:
        space["grad"](**{name: np.ones(shape) for name, shape in shapes.items()})
    assert str(error.value) == said


@pytest.mark.parametrize("library", [numpy_source, torch_source, jax_source])
def test_whole_numbers_of_more_than_64_bits_are_floats(library: Any) -> None:
    p = problem(expr="10^25*x'*x/10^21 + x'*x/(10^25 + 1)", wrt="x")
    source = library.source(p, derive(p).result, [])
    assert "e+25" in source and not any(len(word) > 19 for word in source.replace(".", " ").split() if word.isdigit())
    p = problem(expr="10^310*x'*x", wrt="x")
    with pytest.raises(InputError, match="311 digits is too large"):
        library.source(p, derive(p).result, [])
