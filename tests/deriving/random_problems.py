# ruff: noqa: E501
"""Well-typed random expressions over the whole language, and a check of a derivative by central differences."""

from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

import numpy as np
from reference import Reference

from matcalc.deriving.derivation import Unfinished
from matcalc.deriving.engine import derive
from matcalc.language.expr import SCALAR, InputError, Name
from matcalc.reading.parse import Problem, problem

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


class Placed(Maker):
    """Entries, rows, columns and blocks among the rest."""

    def _scalar(self) -> list[Any]:
        go = self.make
        return [*super()._scalar()[::3], lambda d: f"unit(1,n)'*({go('n', d)})", lambda d: f"unit(m,m)'*({go('mn', d)})*unit(1,n)",
                lambda d: f"norm2(vstack({go('n', d)}, {go('m', d)}, {go('', d)}))",
                lambda d: f"logdet(vstack(hstack(S, {go('n', d)}), hstack(({go('n', d)})', 2 + ({go('', d)})^2)))",
                lambda d: f"softmax({go('n', d)})'*unit(1,n)", lambda d: f"sum(vstack({go('mn', d)}, {go('nn', d)}))"]

    def _n(self) -> list[Any]:
        go = self.make
        f = self.rng.choice(ENTRY)
        return [*super()._n()[::2], lambda d: f"({go('nn', d)})*unit(n,n)", lambda d: f"select(2,n,n+1)'*vstack({go('', d)}, {go('n', d)})",
                lambda d: f"hstack({go('nm', d)}, {go('nn', d)})*{f}(vstack({go('m', d)}, {go('n', d)}))",
                lambda d: f"(unit(1,m)'*({go('mn', d)}))'", lambda d: f"({go('n', d)}).*unit(1,n)"]

    def _nn(self) -> list[Any]:
        go = self.make
        return [*super()._nn()[::2], lambda d: f"select(1,n,m+n)'*vstack({go('nn', d)}, {go('mn', d)})",
                lambda d: f"({go('n', d)})*unit(n,n)'", lambda d: f"hstack({go('nn', d)}, {go('n', d)})*select(2,n,n+1)"]


STRUCTURED = ["x'*S*y", "logdet(S)", "tr(B*S)", "x'*inv(S)*y", "tr(S*B*S)", "exp(x'*S*x/9)", "sum(tanh(S).*B)", "det(S)"]
NUMBERS = ((2, 3), (3, 2), (3, 3), (2, 1), (1, 3))


class Posed(NamedTuple):
    """A problem, in words, the sizes to try, and what is special about it."""

    problem: Problem
    what: str
    sizes: tuple[dict[str, int], ...]
    kinds: tuple[str, ...]


def one(seed: int, maker: type[Maker] = Maker) -> Posed:
    """The problem of this seed: of half of them the sizes are numbers, the layout another, the order 2, the variable structured."""
    rng, choice = random.Random(seed), random.Random(f"{seed} special")
    shape = rng.choice(["", "", "", "n", "m", "mn", "nn"])
    text = maker(rng).make(shape, rng.choice([2, 3, 3, 4] if shape == "" else [2, 2, 3]))
    wrt = rng.choice(["x", "X", "x", "X", "B", "c", "S", "w", "u"])
    declare, sizes, kinds, options = list(DECLARE), SIZES, [], {}
    if shape == "" and choice.random() < 0.2:
        kinds, options = ["order 2"], {"order": 2}
        sizes = SIZES[:1]
    elif shape == "" and choice.random() < 0.2:
        word = choice.choice(["spd", "symmetric", "diagonal"])
        declare = [d.replace("S in R^(n,n) spd", f"S in R^(n,n) {word}") for d in declare]
        text, wrt, kinds, options = f"{text} + {choice.choice(STRUCTURED)}", "S", ["structured"], {"structured": True}
    if "order 2" not in kinds and choice.random() < 0.3:
        options["layout"] = choice.choice(["numerator", "mixed"])
        kinds.append(f"{options['layout']} layout")
    if choice.random() < 0.25:
        m, n = choice.choice(NUMBERS)
        declare = [d if ":" in d else re.sub(r"\bm\b", str(m), re.sub(r"\bn\b", str(n), d)) for d in declare]
        text = re.sub(r"\bm\b", str(m), re.sub(r"\bn\b", str(n), text))
        sizes = ({"m": m, "n": n},)
        kinds.append("numeric sizes")
    what = f"seed {seed}: d({text})/d({wrt}), {', '.join(kinds) or 'plain'}"
    return Posed(problem(declare=declare, expr=text, wrt=wrt, **options), what, sizes, tuple(kinds) or ("plain",))


def draw(name: Name, sizes: dict[str, int], rng: Any) -> Any:
    """A value with the declared structure."""
    a = rng.normal(size=tuple(d.value(sizes) for d in name.shape))
    if "positive" in name.words:
        a = np.abs(a) + 0.3
    if name.words & {"spd", "symmetric", "diagonal"}:
        a = a @ a.T + 2 * np.eye(len(a))
    if "diagonal" in name.words:
        a = a * np.eye(len(a))
    if "skew" in name.words:
        a = a - a.T
    if "simplex" in name.words:
        a = np.exp(a) / np.exp(a).sum()
    return a


def judge(seed: int, maker: type[Maker] = Maker) -> str:
    """"right", "refused: why", "skipped", or "wrong: .."."""
    what = f"seed {seed}"
    try:
        p, what, all_sizes, _ = one(seed, maker)
        d = derive(p)
    except Unfinished as stop:
        return f"refused: {what}: {stop.why}"
    except InputError as error:
        return f"refused: {what}: {error}"
    assert p.f is not None and p.wrt is not None
    for k, sizes in enumerate(all_sizes):
        rng = np.random.default_rng([seed, k])
        values = {n: draw(n, sizes, rng) for n in p.variables.values()}
        with np.errstate(all="ignore"):
            try:
                f0 = Reference(values, sizes)(p.f)
                got = _value(d, values, sizes)
                want, noise = (_hessian if p.order == 2 else _derivative)(p, values, sizes)
            except (np.linalg.LinAlgError, FloatingPointError, OverflowError):
                return "skipped"
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


def _moved(p: Problem, values: Any, sizes: Any, *steps: tuple[tuple[int, int], float]) -> Any:
    """The function where entries of the variable are moved, those that depend on them too if it is structured."""
    assert p.f is not None and p.wrt is not None
    moved = values[p.wrt].copy()
    for (i, j), h in steps:
        moved[i, j] += h
        if p.structured and i != j:
            moved[j, i] += h
    return Reference({**values, p.wrt: moved}, sizes)(p.f)


def _entries(p: Problem, values: Any) -> list[tuple[int, int]]:
    rows, cols = values[p.wrt].shape
    return [(i, j) for j in range(cols) for i in range(rows)]


def _derivative(p: Problem, values: Any, sizes: Any) -> tuple[Any, Any]:
    """The derivative by central differences, in the layout asked for, and how much two step sizes disagree."""
    assert p.f is not None and p.wrt is not None
    lots = []
    for h in (1e-5, 4e-6):
        columns = []
        for at in _entries(p, values):
            slope = (_moved(p, values, sizes, (at, h)) - _moved(p, values, sizes, (at, -h))) / (2 * h)
            fixed = p.structured and "diagonal" in p.wrt.words and at[0] != at[1]
            columns.append(0 * slope.reshape(-1) if fixed else slope.reshape(-1, order="F"))
        a = np.stack(columns)
        if a.shape[1] == 1 and p.f.shape == SCALAR:
            a = a.reshape(values[p.wrt].shape, order="F")
            lots.append(a.T if p.layout == "numerator" else a)
        else:
            lots.append(a if p.layout == "denominator" else a.T)
    return lots[0], np.abs(lots[0] - lots[1])


def _hessian(p: Problem, values: Any, sizes: Any) -> tuple[Any, Any]:
    """The same of the second derivative of a scalar function."""
    entries, lots = _entries(p, values), []
    for h in (2e-4, 1e-4):
        out = np.zeros((len(entries), len(entries)))
        for a, one_ in enumerate(entries):
            for b in range(a + 1):
                corners = [(s * r, _moved(p, values, sizes, (one_, s * h), (entries[b], r * h)).item()) for s in (1, -1) for r in (1, -1)]
                out[a, b] = out[b, a] = sum(sign * v for sign, v in corners) / (4 * h * h)
        lots.append(out)
    return lots[0], np.abs(lots[0] - lots[1])
