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
from tests.random_expressions import COMMON, Grammar, Random

DECLARE = ["x in R^n", "y in R^n", "u in R^m", "X in R^(m,n)", "A in R^(m,n)", "B in R^(n,n)", "S in R^(n,n) spd",
           "K in R^(n,n) skew", "c in R", "t in R positive", "p in R^n simplex", "w in R^n positive"]
SIZES = ({"m": 2, "n": 3}, {"m": 4, "n": 2})
NAMES = """
11 | c  t  2  0.5
n1 | x  y  p  w  x
m1 | u
1n | x'
1m | u'
mn | X  A  X
nn | B  S  K
nm | X'
mm | eye(m)
@f | exp  sin  cos  tanh  sigmoid  softplus  arctan  erf  relu  abs  silu
@s | exp  sin  cos  tanh  sigmoid  softplus  arctan  erf  sinh  cosh  gelu  silu  relu  abs
"""
FORMS = """
11 | {@s}({11})  log(1 + ({11})^2)  logdet(S + ({n1})*({n1})')  tr(expm({nn:1}/4))  normF({mn})  det({nn} + 4*eye(n))  sqrt(1 + ({11})^2)
   t^({11:0})
n1 | ({nm})*({m1})  inv(S)*({n1})  w.^({11:0})  log(w + ({n1}).^2)
m1 | logsumexp({mn})
mn | diag({m1})*({mn})  unvec(vec({mn}), m, n)  ({mm})*({mn})
nn | ({nn})'  ({nm})*({mn})  inv(S + ({n1})*({n1})'/9)  ({n1})*({n1})'  S*S  adj({nn:0})
"""
PROBLEMS = Grammar(NAMES, COMMON + FORMS, "m n")
# Entries, rows, columns and blocks among the rest.
PLACED = Grammar(NAMES, COMMON + """
11 | unit(1,n)'*({n1})  unit(m,m)'*({mn})*unit(1,n)  norm2(vstack({n1}, {m1}, {11}))  softmax({n1})'*unit(1,n)
   logdet(vstack(hstack(S, {n1}), hstack(({n1})', 2 + ({11})^2)))  sum(vstack({mn}, {nn}))
n1 | ({nn})*unit(n,n)  select(2,n,n+1)'*vstack({11}, {n1})  hstack({nm}, {nn})*{@f}(vstack({m1}, {n1}))  (unit(1,m)'*({mn}))'
   ({n1}).*unit(1,n)
nn | select(1,n,m+n)'*vstack({nn}, {mn})  ({n1})*unit(n,n)'  hstack({nn}, {n1})*select(2,n,n+1)
""", "m n")


STRUCTURED = ["x'*S*y", "logdet(S)", "tr(B*S)", "x'*inv(S)*y", "tr(S*B*S)", "exp(x'*S*x/9)", "sum(tanh(S).*B)", "det(S)"]
NUMBERS = ((2, 3), (3, 2), (3, 3), (2, 1), (1, 3))


class Posed(NamedTuple):
    """A problem, in words, the sizes to try, and what is special about it."""

    problem: Problem
    what: str
    sizes: tuple[dict[str, int], ...]
    kinds: tuple[str, ...]


def one(seed: int, grammar: Grammar = PROBLEMS) -> Posed:
    """The problem of this seed: of half of them the sizes are numbers, the layout another, the order 2, the variable structured."""
    rng, choice = random.Random(seed), random.Random(f"{seed} special")
    shape = rng.choice(["11", "11", "11", "n1", "m1", "mn", "nn"])
    text = Random(grammar, rng).text(shape, rng.choice([2, 3, 3, 4] if shape == "11" else [2, 2, 3]))
    wrt = rng.choice(["x", "X", "x", "X", "B", "c", "S", "w", "u"])
    declare, sizes, kinds, options = list(DECLARE), SIZES, [], {}
    if shape == "11" and choice.random() < 0.2:
        kinds, options = ["order 2"], {"order": 2}
        sizes = SIZES[:1]
    elif shape == "11" and choice.random() < 0.2:
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


def judge(seed: int, grammar: Grammar = PROBLEMS) -> str:
    """"right", "refused: why", "skipped", or "wrong: .."."""
    what = f"seed {seed}"
    try:
        p, what, all_sizes, _ = one(seed, grammar)
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
