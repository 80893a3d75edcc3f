"""At singular and extreme points generated code is finite wherever the derivative is, and is the derivative there.

Whether there is one is asked of the function itself, by differences of its values on both sides.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from reference import Reference

from matcalc import library
from matcalc.codegen import jax as jax_source
from matcalc.codegen import numpy as numpy_source
from matcalc.codegen import torch as torch_source
from matcalc.deriving.engine import derive
from matcalc.language.expr import SCALAR
from matcalc.reading.parse import parse_file, problem
from tests.random_expressions import Grammar, Random

SIZES = {"n": 3, "m": 2, "k": 2, "d": 3, "p": 2, "q": 3}
WRITERS: dict[str, Any] = {"numpy": numpy_source, "torch": torch_source, "jax": jax_source}


def maker(backend: str) -> Callable[[Any], Any]:
    """What makes arrays of a library; skips where it is not installed."""
    if backend == "numpy":
        return np.asarray
    module = pytest.importorskip(backend, reason=f"{backend} is not installed: its generated code cannot be run here")
    if backend == "torch":
        return lambda a: module.tensor(np.asarray(a, dtype=float))
    module.config.update("jax_enable_x64", True)
    return lambda a: module.numpy.asarray(np.asarray(a, dtype=float))


class Run:
    """A problem, and its derivative as code."""

    def __init__(self, p: Any, backend: str) -> None:
        self.p, self.d = p, derive(p)
        self.make = maker(backend)
        self.short = 0      # points at which the code only says that it does not hold
        self.text = WRITERS[backend].source(p, self.d.result, self.d.where)
        space: dict[str, Any] = {}
        exec(self.text, space)
        self.grad = space["grad"]
        self.defined = {n.name for n, _ in p.definitions}
        self.free = [v for n, v in p.variables.items() if v.kind == "variable" and n not in self.defined]

    def sizes(self) -> dict[str, int]:
        return {s: SIZES.get(s, 3) for v in self.free for d in v.shape for s in d.names}

    def given(self, at: dict[Any, Any]) -> dict[str, Any]:
        out: dict[str, Any] = dict(self.sizes())
        for v, a in at.items():
            out[v.name + "_" if v.name == "lambda" else v.name] = (
                float(a[0, 0]) if v.shape == SCALAR else self.make(a[:, 0] if v.shape[1].number == 1 else a))
        return out

    def code(self, at: dict[Any, Any]) -> Any:
        names = re.search(r"def grad\((.*?)\):", self.text, re.S)
        assert names
        given = self.given(at)
        with np.errstate(all="ignore"):
            try:
                return np.asarray(self.grad(**{k: given[k] for k in re.findall(r"\w+", names[1])}), dtype=float)
            except (np.linalg.LinAlgError, RuntimeError):
                return np.array(np.nan)

    def value(self, at: dict[Any, Any]) -> float:
        """The function itself."""
        ref = Reference(dict(at), self.sizes())
        with np.errstate(all="ignore"):
            for name, body in self.p.definitions:
                ref.values[name] = ref(body)
            return float(np.asarray(ref(self.p.f)).reshape(-1)[0])

    def slope(self, at: dict[Any, Any], way: Any) -> float | None:
        """The derivative along a way, from differences; None where both sides do not agree."""
        x = self.p.wrt
        found = []
        for h in (1e-4, 3e-5):
            here, up, down = (self.value({**at, x: at[x] + s * h * way}) for s in (0, 1, -1))
            if not all(map(np.isfinite, (here, up, down))):
                return None
            left, right, scale = (here - down) / h, (up - here) / h, 1 + abs(here)
            if abs(left - right) > 0.02 * (1 + abs(left) + abs(right)) + 1e-9 * scale / h:
                return None
            found.append((up - down) / (2 * h))
        return found[1] if abs(found[0] - found[1]) < 1e-3 * (1 + abs(found[1])) else None

    def check(self, at: dict[Any, Any], rng: Any) -> int:
        """How many ways there were along which the function has a derivative; along each the code has it."""
        ways = 0
        for _ in range(2):
            way = like(self.p.wrt, rng.normal(size=at[self.p.wrt].shape))
            slope = self.slope(at, way)
            if slope is None:
                continue
            got = self.code(at)
            told = (str(self.p.f), {str(v): a.tolist() for v, a in at.items()}, self.text)
            if not np.isfinite(got).all():
                assert "Where " in self.text.split('"""')[1], told
                self.short += 1
                return 0
            along = float(np.sum(got.reshape(way.shape) * way))
            assert abs(along - slope) <= 2e-3 * (1 + abs(slope)) + 1e-9 * abs(self.value(at)) / 1e-5, (along, slope, told)
            ways += 1
        return ways


def like(v: Any, a: Any) -> Any:
    """An array with the structure its variable was declared with."""
    if v.words & {"symmetric", "spd"}:
        return (a + a.T) / 2
    if "skew" in v.words:
        return a - a.T
    if "diagonal" in v.words:
        return np.diag(np.diag(a))
    return a


def points(run: Run, rng: Any) -> Iterator[dict[Any, Any]]:
    """Points where something is singular, zero or far out; what is declared positive, definite or on the simplex stays so."""
    sizes = run.sizes()
    for kind in ("rank one", "zeros", "some zeros", "far"):
        at = {}
        for v in run.free:
            shape = tuple(d.value(sizes) for d in v.shape)
            a = like(v, rng.normal(size=shape))
            if v.words & {"spd"}:
                a = a @ a.T + np.eye(len(a))
            elif v.words & {"orthogonal"}:
                a = np.linalg.qr(a)[0]
            elif v.words & {"simplex", "positive"}:
                a = np.abs(a) + 0.1
                a = a / (a.sum() if 1 in shape else a.sum(1, keepdims=True)) if "simplex" in v.words else a
            elif kind == "rank one" and 1 not in shape:
                a = like(v, a[:, :1] @ a[:, :1].T if shape[0] == shape[1] else np.outer(a[:, 0], a[0]))
            elif kind == "zeros" and v is run.p.wrt:
                a = 0 * a
            elif kind == "some zeros" and len(a):
                a[0] = 0
                a = like(v, a)
            elif kind == "far" and v is run.p.wrt:
                a = 60 * a
            at[v] = a
        yield at


LIBRARY = [(name, i) for name in library.names() if "/" not in name for i in range(len(parse_file(library.text(name), name)))]


@pytest.mark.parametrize("backend", list(WRITERS))
def test_code_of_the_library_is_right_at_singular_points(backend: str) -> None:
    rng = np.random.default_rng(5)
    looked = 0
    for name, i in LIBRARY:
        p = parse_file(library.text(name), name)[i]
        if p.prove is not None or p.assumptions or p.f is None or p.f.shape != SCALAR or p.order != 1 or any(
                v.kind == "function" for v in p.variables.values()):
            continue
        run = Run(p, backend)
        looked += sum(run.check(at, rng) > 0 for at in points(run, rng))
        assert not run.short, (name, run.text)
    assert looked >= 30


# ------------------------------------------------------------------------------------------------ at random
DECLARED = ["X in R^(n,n)", "Y in R^(m,n)", "A in R^(n,n)", "S in R^(n,n) symmetric", "x in R^n", "u in R^n", "y in R^n", "c in R"]
# Scalars in which determinants, softmax and norms meet.
SQUARES = """X  X*A  Y'*Y  X + x*u'  A*X*A  X + diag(x)  c*X  X*X'  X'*S*X  X^2  X - A  S  diag(x)  S*X  X.*X  diag(x)*A  diag(x.*u)
   diag(A*x)  X.*eye(n)"""
MEETING = Grammar("""
nn | SQUARES  x*x'
@a | SQUARES
n1 | x  X*u  x.*u  A*x  x - u  X*x  diag(X)  Y'*Y*x  2*x
@y | y.*y  exp(y)  ones(n)
11 | det({nn})  det({nn})  tr(adj({@a})*({nn}))  ({n1})'*adj({@a})*({n1})  det({nn})*tr({nn})  det({nn})^2  det(diag({n1}))
   norm2({n1})^2  norm2({n1})^3  norm2({n1})^4  -log(({@y})'*softmax({n1}))  -tr(log(softmax({nn})))  sum(({nn}).*log(softmax({nn})))
   logsumexp({n1}) - u'*({n1})  tr({nn})  ({n1})'*({n1})  sum(log(softmax({nn})).*eye(n))  -sum(log(diag(softmax({nn}))))
   norm2({n1})^2*({n1})'*({#0})  det({nn})*({n1})'*({n1})  sum(sin({nn}))
""".replace("SQUARES", SQUARES), """
11 | {11} + {11}  ({11})*({11})  sin({11})  ({11})^2  ({11})^3  tanh({11})*({11})  3*({11}) - {11}
""", early=0.55)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
@pytest.mark.parametrize("backend", list(WRITERS))
def test_code_of_random_problems_is_right_at_singular_points(backend: str, part: int) -> None:
    """200 problems: 25 in every part."""
    r, rng = random.Random(part), np.random.default_rng(part)
    looked = short = 0
    for _ in range(25):
        expr = Random(MEETING, r).text("11", 2)
        found = re.findall(r"\b[XYASxuyc]\b", expr)
        run = Run(problem(declare=[d for d in DECLARED if d[0] in found], expr=expr, wrt=r.choice(sorted(set(found)))), backend)
        looked += sum(run.check(at, rng) > 0 for at in points(run, rng))
        short += run.short
    assert looked >= 60 and short <= 2


@pytest.mark.parametrize(("expr", "named"), [("tr(adj(A*X*A)*A*X*A')", True), ("tr(adj(A*X*A)*(A*X*A))", False)])
def test_a_determinant_takes_an_inverse_away_also_within_a_name(expr: str, named: bool) -> None:
    run = Run(problem(declare=["X in R^(n,n)", "A in R^(n,n)"], expr=expr, wrt="A"), "numpy")
    assert bool(run.d.where) == named and "inv" not in run.text and "solve" not in run.text
    rng = np.random.default_rng(0)
    assert sum(run.check(at, rng) > 0 for at in points(run, rng)) >= 3 and not run.short
