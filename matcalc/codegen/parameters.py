"""What the problem says of a generated function: what it computes, and how its arguments were declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..language.existence import existence_conditions
from ..language.expr import ONE, SCALAR, Expr, Name
from ..reading.grammar.tokens import Line
from ..render.verdict_words import stated
from ..reading.problems.problem import Problem
from ..reading.grammar.brackets import closing, depths


def about(problem: Problem) -> str:
    """What is computed, in a sentence; nothing where the formula is long."""
    f, wrt = problem.text.get("expr"), problem.wrt
    if not isinstance(f, str) or (wrt is None and not problem.several) or not (text := " ".join(f.split())).isprintable() or len(text) > 60:
        return ""
    if wrt is None:
        return f"The value of {text} and its gradients with respect to {', '.join(n.name for n in problem.several)}."
    for v, product in ((problem.tangent, "Jacobian-vector product"), (problem.hvp, "Hessian-vector product")):
        if v is not None:
            return f"The {product} of {text} with respect to {wrt.name} along {v.name}."
    what = "derivative" if problem.order == 1 else "second derivative" if wrt.shape == SCALAR else "Hessian"
    layout = "" if problem.layout == "denominator" else f", {problem.layout} layout"
    return f"The {what} of {text} with respect to {wrt.name}{layout}."


def where_it_holds(problem: Problem, written: Sequence[Expr], definitions: Mapping[Name, Expr]) -> str:
    """Where the derivative exists and what is written can be computed, in a sentence; nothing where that is everywhere."""
    return stated(existence_conditions(tuple(written), definitions, (problem.as_typed().function,), problem.wrt, problem.times))


def forms(problem: Problem) -> dict[str, str]:
    """How each variable is handed over: a scalar, a vector (1-D) or a matrix; what was not declared is as its shape says."""
    defined = {n.name: n for n, _ in problem.definitions}
    out = {n: "scalar" if v.shape == SCALAR else "vector" if v.shape[1] is ONE else "matrix"
           for n, v in {**defined, **problem.variables}.items()}
    if any(ONE in v.shape for v in problem.variables.values()):
        for text in problem.text.get("declare") or ():
            t = Line(text).tokens
            for i in (i for i, token in enumerate(t) if token == "in" and t[i + 2:i + 3] == ["^"]):
                form = "matrix" if two_sizes(t, i + 3) else "vector"
                names = [t[i - 1]]
                while i - 2 * len(names) > 0 and t[i - 2 * len(names)] == ",":
                    names.append(t[i - 2 * len(names) - 1])
                out |= dict.fromkeys(names, form)
    return out


def two_sizes(t: Sequence[str], i: int) -> bool:
    """Whether (m,n) stands here, and not n or (n + 1)."""
    return any(depth == 1 and token == "," for token, depth in zip(t[i:closing(t, i)], depths(t[i:]), strict=False))
