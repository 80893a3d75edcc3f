"""How long a symbolic derivative takes beside SymPy's diff of matrix expressions and tensorgrad's simplified one: ratios of times.

Each problem in one process, CPU time, the best of some rounds, which take turns; matcalc's time is that of the whole answer, read, derived
step by step, proved and checked at points, that without the judges, and that of the result alone. tensorgrad is optional (pip install
tensorgrad). A peer that has no form for a problem, or raises, is shown as -.
Run from the checkout: python -m benchmarks.symbolic [--rounds 5]
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from statistics import median
from typing import Any, NamedTuple

import sympy

from matcalc import api
from matcalc.deriving import engine
from matcalc.language.interning import RECENT
from matcalc.reading.parse import problem

n, m = sympy.symbols("n m", integer=True, positive=True)
A, X, B = (sympy.MatrixSymbol(name, n, n) for name in "AXB")
M = sympy.MatrixSymbol("M", m, n)
x, a = (sympy.MatrixSymbol(name, n, 1) for name in "xa")
b = sympy.MatrixSymbol("b", m, 1)


class Case(NamedTuple):
    """A problem, SymPy's expression and variable, and what tensorgrad is given: (tensorgrad, its functions) -> tensor, variable."""

    expr: str
    wrt: str
    declare: tuple[str, ...]
    sympy: Any
    tensors: Callable[[Any, Any], tuple[Any, Any]] | None


def vectors(tg: Any) -> Any:
    """x and A of tensorgrad."""
    size = sympy.symbols("i")
    return tg.Variable("x", i=size), tg.Variable("A", i=size, j=size)


def quadratic(tg: Any, _: Any) -> Any:
    v, w = vectors(tg)
    return v @ w @ v.rename(i="j"), v


def squares(tg: Any, F: Any) -> Any:
    i, j = sympy.symbols("i j")
    w, v, u = tg.Variable("M", j=j, i=i), tg.Variable("x", i=i), tg.Variable("b", j=j)
    return F.frobenius2(w @ v - u), v


def exponential(tg: Any, F: Any) -> Any:
    i, j = sympy.symbols("i j")
    w, v = tg.Variable("M", j=j, i=i), tg.Variable("x", i=i)
    return F.sum(F.exp(w @ v)), v


def cross_entropy(tg: Any, F: Any) -> Any:
    i = sympy.symbols("i")
    z, y = tg.Variable("z", i=i), tg.Variable("y", i=i)
    return -F.sum(y * F.log(F.softmax(z, dim="i"))), z


def soft(tg: Any, F: Any) -> Any:
    z = tg.Variable("z", i=sympy.symbols("i"))
    return F.softmax(z, dim="i"), z


def layers(tg: Any, F: Any) -> Any:
    i, j, k = sympy.symbols("i j k")
    w, v, u = tg.Variable("W", j=j, i=i), tg.Variable("V", k=k, j=j), tg.Variable("u", i=i)
    y = tg.Variable("y", k=k)
    return F.frobenius2(v @ F.tanh(w @ u) - y), w


def factors(tg: Any, F: Any) -> Any:
    i, j, k = sympy.symbols("i j k")
    w, u, v = tg.Variable("X", i=i, j=j), tg.Variable("U", i=i, k=k), tg.Variable("V", j=j, k=k)
    return F.frobenius2(w - u @ v), u


CASES = (
    Case("x'*A*x", "x", ("A in R^(n,n)",), (x.T*A*x, x), quadratic),
    Case("norm2(M*x - b)^2", "x", ("M in R^(m,n)",), ((M*x - b).T*(M*x - b), x), squares),
    Case("tr(A*X*B)", "X", ("A in R^(n,n)", "X in R^(n,n)"), (sympy.Trace(A*X*B), X), None),
    Case("tr(X'*A*X)", "X", ("A in R^(n,n)", "X in R^(n,n)"), (sympy.Trace(X.T*A*X), X), None),
    Case("logdet(X)", "X", ("X in R^(n,n)",), (sympy.log(sympy.Determinant(X)), X), None),
    Case("a'*inv(X)*x", "X", ("X in R^(n,n)",), (a.T*X.I*x, X), None),
    Case("sum(exp(M*x))", "x", ("M in R^(m,n)",), None, exponential),
    Case("softmax(z)", "z", ("z in R^n",), None, soft),
    Case("-y'*log(softmax(z))", "z", ("z in R^n",), None, cross_entropy),
    Case("norm2(V*tanh(W*u) - y)^2", "W", ("W in R^(m,n)", "V in R^(k,m)"), None, layers),
    Case("norm2(X - U*V')^2", "U", ("X in R^(m,n)", "U in R^(m,k)"), None, factors),
)


def spent(acts: Sequence[Callable[[], Any] | None], rounds: int) -> list[float | None]:
    """The least CPU time of some rounds of each, in milliseconds, the acts taking turns; nothing where there is none, or it raises."""
    best: list[float | None] = [None]*len(acts)
    for at, do in enumerate(acts):
        with suppress(Exception):
            if do is not None:
                do()
                best[at] = inf
    for _ in range(rounds):
        for at, do in enumerate(acts):
            least = best[at]
            if do is not None and least is not None:
                start = time.process_time()
                do()
                best[at] = min(least, 1000*(time.process_time() - start))
    return best


def whole(case: Case) -> Any:
    """matcalc's answer, nothing kept from the round before."""
    RECENT.clear()
    d = api.derive(case.expr, case.wrt, list(case.declare))
    return d.steps, d.verdict


def readable(case: Case) -> Any:
    """The derivation with its steps, not judged: what tensorgrad's answer is, too."""
    RECENT.clear()
    return engine.derive(problem(list(case.declare), expr=case.expr, wrt=case.wrt)).steps


def alone(case: Case) -> Any:
    """The derivation by itself."""
    RECENT.clear()
    return engine.derive(problem(list(case.declare), expr=case.expr, wrt=case.wrt)).result


def by_diff(f: Any, by: Any) -> Any:
    """SymPy's derivative; LookupError where it is left as it was asked, or 0, which no problem here has."""
    found = f.diff(by).doit()
    if found.has(sympy.Derivative) or found == 0 or getattr(found, "is_ZeroMatrix", False):
        raise LookupError(found)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    tg = importlib.import_module("tensorgrad") if importlib.util.find_spec("tensorgrad") else None
    functions = importlib.import_module("tensorgrad.functions") if tg is not None else None
    print("| problem | matcalc, ms: derived | with steps | and proved | SymPy, times the first "
          "| tensorgrad, times the second | the third |",
          "|---|---|---|---|---|---|---|", sep="\n")
    found: list[tuple[float, float]] = []
    for case in CASES:
        def by_sympy(case: Case = case) -> Any:
            return by_diff(*case.sympy)

        def by_tensors(case: Case = case) -> Any:
            f, by = case.tensors(tg, functions)      # type: ignore[misc]
            return tg.Derivative(f, by).full_simplify()
        own = [partial(do, case) for do in (alone, readable, whole)]
        first, second, third, sympys, tensors = spent([*own, None if case.sympy is None else by_sympy,
                                                       None if tg is None or case.tensors is None else by_tensors], rounds)
        assert first is not None and second is not None and third is not None
        shown = [sympys and sympys/first, tensors and tensors/second, tensors and tensors/third]
        if tensors is not None:
            found.append((tensors/second, tensors/third))
        print(f"| `{case.expr}` by {case.wrt} | {first:.2f} | {second:.2f} | {third:.2f} |",
              " | ".join("-" if r is None else f"{r:.1f}" for r in shown), "|")
    if found:
        print("tensorgrad, median times: {:.1f} with steps, {:.1f} proved too".format(*map(median, zip(*found, strict=True))))


if __name__ == "__main__":
    main()
