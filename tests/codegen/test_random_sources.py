"""Random expressions over every head, with every kind of declaration: the source computes what the expression means."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from reference import Reference

from matcalc.codegen import numpy as numpy_source
from matcalc.language.expr import ONE, SCALAR, Apply, Dim, Expr
from matcalc.language.operations import ELEMENTWISE_NAMES, OPERATIONS
from matcalc.reading.parse import parse, problem
from tests.random_expressions import COMMON, Grammar, Random

N, M, K1 = Dim.of("n"), Dim.of("m"), Dim.of("k") + ONE
SIZES = {"n": 3, "m": 4, "k": 1}
DECLARED = ["c in R", "s in R^1", "S in R^(1,1)", "x in R^n", "y in R^m", "u in R^2", "v in R^(k+1)", "C in R^(n,1)", "w in R^(1,n)",
            "W in R^(1,m)", "A in R^(n,n)", "B in R^(n,m)", "H in R^(n,n) symmetric", "D in R^(m,m) diagonal", "P in R^(2,n)",
            "Q in R^(k+1,m)", "U in R^(2,2) spd", "lambda in R", "np in R^n", "t1 in R^m", "f: R -> R", "g: R^n -> R", "h: R^n -> R^m"]
COLUMNS = {"s", "x", "y", "u", "v", "np", "t1"}
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


POSITIVE, BOUNDED = ("log", "sqrt", "log1p"), ("arcsin", "arccos", "tan", "sinh", "cosh")
GENTLE = sorted(ELEMENTWISE_NAMES - {*POSITIVE, *BOUNDED})
SIZE = {ONE: "1", N: "n", M: "m", Dim.of(2): "2", K1: "K"}
WRITTEN = {"K": "k+1"}


def leaves() -> str:
    """What is declared, and its transposes, eight in ten; and constants."""
    found: dict[str, list[str]] = {f"{i}{j}": [] for i in SIZE.values() for j in SIZE.values()}
    for v in PROBLEM.variables.values():
        if v.kind == "variable":
            rows, cols = (SIZE[d] for d in v.shape)
            found[rows + cols].append(v.name)
            if v.shape != SCALAR:
                found[cols + rows].append(f"{v.name}'")
    constants = {shape: ["2", "(-3)", "(-1/3)", "n", "(k+1)", "pi"] if shape == "11" else
                 ["ones(<i>,<j>)"] * 4 + ["zeros(<i>,<j>)"] + ["eye(<i>)"] * 5 * (shape[0] == shape[1]) for shape in found}
    lines = [f"{shape} | " + "  ".join(names * 4 * len(constants[shape]) + constants[shape] * len(names or "1"))
             for shape, names in found.items()]
    return "\n".join(line.replace("<i>", WRITTEN.get(line[0], line[0])).replace("<j>", WRITTEN.get(line[1], line[1])) for line in lines)


# Matrices far from singular, and a definite one.
REGULAR = "3*<r>*eye(<r>) + tanh({rr})"
SYMMETRIC = f"({REGULAR}) + ({REGULAR.replace('{rr}', '{#0}')})'"
OWN = "3*<i>*eye(<i>) + tanh({ii})"
MIRRORED = f"({OWN}) + ({OWN.replace('{ii}', '{#0}')})'"
DEFINITE = f"({OWN})*({OWN.replace('{ii}', '{#0}')})' + eye(<i>)"
EVERY = Grammar(leaves() + f"""
@f | sin  cos  tanh  sigmoid  softplus  arctan  erf  relu  abs
@gentle | {'  '.join(GENTLE)}
@positive | {'  '.join(POSITIVE)}
@bounded | {'  '.join(BOUNDED)}
@power | -1  2  -2  0.5  (-1/3)
""", COMMON + f"""
ij | ({{ir}})*({{rj}})  ({{ir}})*({{rs}})*({{sj}})  {{@gentle}}(tanh({{ij}}))  {{@gentle}}(tanh({{ij}}))  {{@positive}}(tanh({{ij}}) + 2)
   {{@bounded}}(tanh({{ij}})/2)  ({{ji}})'  f(tanh({{ij}}))  f'(tanh({{ij}}))  f''(tanh({{ij}}))  (tanh({{ij}}) + 2).^{{@power}}
   (tanh({{ij}}) + 2).^tanh({{11}})  (tanh({{ij}}) + 2).^tanh({{ij}})
11 | tr({REGULAR})  det({REGULAR})  logdet({REGULAR})  tr(({{rs}})*({{sr}}))  (2 + tanh({{11}}))^{{@power}}  (2 + tanh({{11}}))^3
   (2 + tanh({{11}}))^tanh({{11}})  g({{n1}})  ({{1r}})*({{rs}})*({{s1}})  norm1({{rs}})
   eigmax({SYMMETRIC})  eigmax({SYMMETRIC})  eigmax({SYMMETRIC})
I1 | logsumexp({{in}})  logsumexp({{i2}})  diag(({{ir}})*({{ri}}))  inv({OWN})*({{i1}})
   eigvec({MIRRORED}).^2  spectrum({MIRRORED})  singvals({OWN})
m1 | h({{n1}})  h({{n1}})
n1 | grad(g)({{n1}})  grad(g)({{n1}})
nm | jac(h)({{n1}})  jac(h)({{n1}})
nn | hess(g)({{n1}})  hess(g)({{n1}})
iJ | ({{i1}})*({{1j}})  ({{ir}})*({{rs}})*({{sj}})  ({{ri}})'*({{rs}})*({{js}})'  ({{i1}})*ones(1,<j>) + {{ij}}
   (({{i1}})*ones(1,<j>)).*({{ij}})  ({{i1}})*ones(1,<j>) + ones(<i>,1)*({{1j}})  (({{i1}})*ones(1,<j>)).*(ones(<i>,1)*({{1j}}))
II | inv({OWN})  expm(tanh({{ii}}))  expm_frechet(tanh({{ii}}), {{ii}})  adj({OWN})  ({OWN})^2  ({OWN})^3  ({OWN})^-1  ({OWN})^-2
   ({{ii}})*inv({OWN})'  diag({{i1}})*({{ii}})*diag({{i1}})  sqrtm({DEFINITE})
   eigvecs({MIRRORED}).^2  svdu({OWN})*svdv({OWN.replace("{ii}", "{#0}")})'
@odd | vec({{rs}})  comm(<r>,<s>)*vec({{rs}})  kron({{rs}}, {{tu:1}})*vec({{us:1}})  kron({{rs}}, {{tu}})
   unvec(kron(eye(<s>), {{rr:1}})*vec({{rs}}), <r>, <s>)
""", " ".join(SIZE.values()), written=WRITTEN, early=1 / 12)


def made(seed: int, i: int) -> Expr:
    """An expression of some shape; of every fifth the shape is a product of sizes."""
    rng = random.Random(f"{seed} {i}")
    sizes = list(SIZE.values())
    text = Random(EVERY, rng).text("@odd", 3) if i % 5 == 0 else Random(EVERY, rng).text(rng.choice(sizes) + rng.choice(sizes), 1 + i % 3)
    return parse(text, PROBLEM.scope)


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
    assert sum(agree(made(1000 * seed + i, i), seed) for i in range(60)) > 40


def test_every_head_is_met() -> None:
    met = set()

    def walk(e: Expr) -> None:
        if isinstance(e, Apply):
            met.add(e.head)
            for a in e.args:
                walk(a)

    for seed in range(720):
        walk(made(seed, seed))
    assert met >= HEADS, HEADS - met
