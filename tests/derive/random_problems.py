# ruff: noqa: E501
"""Well-typed random expressions over the whole language, and a check of a derivative by central differences."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from reference import Reference

from matcalc.derive.derivation import Unfinished
from matcalc.derive.engine import derive
from matcalc.language.expr import Name
from matcalc.language.parse import Problem, problem

DECLARE = ["x in R^n", "y in R^n", "u in R^m", "X in R^(m,n)", "A in R^(m,n)", "B in R^(n,n)", "S in R^(n,n) spd",
           "K in R^(n,n) skew", "c in R", "t in R positive", "p in R^n simplex", "w in R^n positive"]
SIZES = ({"m": 2, "n": 3}, {"m": 4, "n": 2})
SCALAR_FUNCTIONS = ["exp", "sin", "cos", "tanh", "sigmoid", "softplus", "arctan", "erf", "sinh", "cosh", "gelu", "silu", "relu", "abs"]
ENTRY = ["exp", "sin", "cos", "tanh", "sigmoid", "softplus", "arctan", "erf", "relu", "abs", "silu"]
LEAVES = {"": ["c", "t", "2", "0.5"], "n": ["x", "y", "p", "w", "x"], "m": ["u"], "mn": ["X", "A", "X"], "nn": ["B", "S", "K"],
          "nm": ["X'"], "mm": ["eye(m)"], "r": ["x'"]}


class Maker:
    """Random text of a wanted shape."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def make(self, shape: str, depth: int) -> str:
        """An expression of this shape."""
        if depth <= 0 or self.rng.random() < 0.12:
            return self.rng.choice(LEAVES[shape])
        return self.rng.choice(getattr(self, "_" + (shape or "scalar"))())(depth - 1)

    def _scalar(self) -> list[Any]:
        go = self.make
        f = self.rng.choice(SCALAR_FUNCTIONS)
        return [lambda d: f"{f}({go('', d)})", lambda d: f"({go('', d)})*({go('', d)})", lambda d: f"({go('', d)}) + {go('', d)}",
                lambda d: f"sum({go('n', d)})", lambda d: f"({go('n', d)})'*({go('n', d)})", lambda d: f"tr({go('nn', d)})",
                lambda d: f"({go('', d)})^2", lambda d: f"({go('', d)})/(2 + ({go('', d)})^2)", lambda d: f"norm2({go('n', d)})",
                lambda d: f"logsumexp({go('n', d)})", lambda d: f"log(1 + ({go('', d)})^2)", lambda d: f"sum({go('mn', d)})",
                lambda d: f"logdet(S + ({go('n', d)})*({go('n', d)})')", lambda d: f"tr(expm({go('nn', d - 1)}/4))",
                lambda d: f"norm1({go('n', d)})", lambda d: f"normF({go('mn', d)})", lambda d: f"det({go('nn', d)} + 4*eye(n))",
                lambda d: f"sqrt(1 + ({go('', d)})^2)", lambda d: f"t^({go('', 0)})", lambda d: f"-({go('', d)})"]

    def _n(self) -> list[Any]:
        go = self.make
        f = self.rng.choice(ENTRY)
        return [lambda d: f"{f}({go('n', d)})", lambda d: f"({go('nn', d)})*({go('n', d)})", lambda d: f"({go('n', d)}).*({go('n', d)})",
                lambda d: f"({go('n', d)}) - ({go('n', d)})", lambda d: f"({go('', d)})*({go('n', d)})", lambda d: f"softmax({go('n', d)})",
                lambda d: f"diag({go('nn', d)})", lambda d: f"({go('nm', d)})*({go('m', d)})", lambda d: f"({go('n', d)}).^2",
                lambda d: f"({go('n', d)})./(2 + ({go('n', d)}).^2)", lambda d: f"colsum({go('mn', d)})", lambda d: f"inv(S)*({go('n', d)})",
                lambda d: f"w.^({go('', 0)})", lambda d: f"log(w + ({go('n', d)}).^2)"]

    def _m(self) -> list[Any]:
        go = self.make
        return [lambda d: f"({go('mn', d)})*({go('n', d)})", lambda d: f"tanh({go('m', d)})", lambda d: f"rowsum({go('mn', d)})",
                lambda d: f"logsumexp({go('mn', d)})", lambda d: f"({go('m', d)}) + ({go('m', d)})", lambda d: f"softmax({go('m', d)})"]

    def _mn(self) -> list[Any]:
        go = self.make
        f = self.rng.choice(ENTRY)
        return [lambda d: f"{f}({go('mn', d)})", lambda d: f"({go('mn', d)})*({go('nn', d)})", lambda d: f"({go('mn', d)}).*({go('mn', d)})",
                lambda d: f"({go('m', d)})*({go('n', d)})'", lambda d: f"({go('mn', d)}) + ({go('mn', d)})", lambda d: f"softmax({go('mn', d)})",
                lambda d: f"({go('nm', d)})'", lambda d: f"({go('', d)})*({go('mn', d)})", lambda d: f"diag({go('m', d)})*({go('mn', d)})",
                lambda d: f"unvec(vec({go('mn', d)}), m, n)", lambda d: f"({go('mm', d)})*({go('mn', d)})"]

    def _nn(self) -> list[Any]:
        go = self.make
        return [lambda d: f"({go('nn', d)})*({go('nn', d)})", lambda d: f"({go('nn', d)})'", lambda d: f"diag({go('n', d)})",
                lambda d: f"({go('nm', d)})*({go('mn', d)})", lambda d: f"({go('nn', d)}) + ({go('nn', d)})", lambda d: f"sin({go('nn', d)})",
                lambda d: f"inv(S + ({go('n', d)})*({go('n', d)})'/9)", lambda d: f"({go('n', d)})*({go('n', d)})'",
                lambda d: f"({go('nn', d)}).*({go('nn', d)})", lambda d: "S^2", lambda d: f"adj({go('nn', 0)})"]

    def _nm(self) -> list[Any]:
        return [lambda d: f"({self.make('mn', d)})'"]

    def _mm(self) -> list[Any]:
        return [lambda d: f"({self.make('mn', d)})*({self.make('nm', d)})", lambda d: f"diag({self.make('m', d)})"]


def one(seed: int) -> tuple[Problem, str] | None:
    """The problem of this seed."""
    rng = random.Random(seed)
    shape = rng.choice(["", "", "", "n", "m", "mn", "nn"])
    text = Maker(rng).make(shape, rng.choice([2, 3, 3, 4] if shape == "" else [2, 2, 3]))
    wrt = rng.choice(["x", "X", "x", "X", "B", "c", "S", "w", "u"])
    return problem(declare=DECLARE, expr=text, wrt=wrt), f"seed {seed}: d({text})/d({wrt})"


def draw(name: Name, sizes: dict[str, int], rng: Any) -> Any:
    """A value with the declared structure."""
    a = rng.normal(size=tuple(d.value(sizes) for d in name.shape))
    if "positive" in name.words:
        a = np.abs(a) + 0.3
    if "spd" in name.words:
        a = a @ a.T + 2 * np.eye(len(a))
    if "skew" in name.words:
        a = a - a.T
    if "simplex" in name.words:
        a = np.exp(a) / np.exp(a).sum()
    return a


def judge(seed: int) -> str:
    """"right", "refused: why", "skipped", or "wrong: .."."""
    p, what = one(seed)  # type: ignore[misc]
    assert p.f is not None and p.wrt is not None
    try:
        d = derive(p)
    except Unfinished as stop:
        return f"refused: {what}: {stop.why}"
    for k, sizes in enumerate(SIZES):
        rng = np.random.default_rng([seed, k])
        values = {n: draw(n, sizes, rng) for n in p.variables.values()}
        with np.errstate(all="ignore"):
            try:
                f0 = Reference(values, sizes)(p.f)
                got = _value(d, values, sizes)
                columns = []
                for j in range(values[p.wrt].shape[1]):
                    for i in range(values[p.wrt].shape[0]):
                        columns.append(_slope(p, values, sizes, i, j))
            except (np.linalg.LinAlgError, FloatingPointError, OverflowError):
                return "skipped"
        jac = np.stack([c[0] for c in columns])
        noise = np.stack([c[1] for c in columns])
        if f0.size == 1:
            want = jac.reshape(values[p.wrt].shape, order="F")
            noise = noise.reshape(values[p.wrt].shape, order="F")
        else:
            want = jac
        if not np.all(np.isfinite(want)) or np.abs(want).max() > 1e6 or np.abs(f0).max() > 1e7:
            continue
        if got.shape != want.shape:
            return f"wrong: {what} -> {d.result}: shape {got.shape}, not {want.shape}"
        if not np.all(np.isfinite(got)):
            continue
        gap = np.abs(got - want)
        if not np.all(gap <= 1e-4 * (1 + np.abs(want).max()) + 20 * noise):
            return f"wrong: {what} -> {d.result} where {d.where}: off by {np.nanmax(gap):.3g}"
    return "right"


def _value(d: Any, values: Any, sizes: Any) -> Any:
    ref = Reference(values, sizes)
    for name, body in d.where:
        ref.values[name] = ref(body)
    return ref(d.result)


def _slope(p: Problem, values: Any, sizes: Any, i: int, j: int) -> tuple[Any, Any]:
    """A column of the Jacobian, and how much two step sizes disagree."""
    assert p.f is not None and p.wrt is not None
    out = []
    for h in (1e-5, 4e-6):
        sides = []
        for s in (h, -h):
            moved = values[p.wrt].copy()
            moved[i, j] += s
            sides.append(Reference({**values, p.wrt: moved}, sizes)(p.f))
        out.append(((sides[0] - sides[1]) / (2 * h)).reshape(-1, order="F"))
    return out[0], np.abs(out[0] - out[1])
