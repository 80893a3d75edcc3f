"""Products typed in their own brackets: where symbolic sizes leave the order open, what the user multiplies first is multiplied first."""

from __future__ import annotations

from collections.abc import Callable

from ..language.expr import ONE, Apply, Expr, Name
from ..reading.problems.problem import Problem
from .nodes import Node
from ..language.traversal import subexpressions

Label = tuple[str, bool]
Pair = tuple[Label, Label]


def label(a: Node) -> Label | None:
    """The name of an array, and whether it is turned."""
    inner = a.args[0] if a.op == "T" else a
    name = inner.data if inner.op == "var" else inner.name
    return None if name is None else (name, inner is not a)


def bracketed(problem: Problem, spelled: Callable[[str], str]) -> frozenset[Pair]:
    """The pairs of names that are a product within a product, and the same turned: (X, Q) where (X*Q)*(X*K)' is typed."""
    typed = problem.as_typed()
    found: set[Pair] = set()
    for e in subexpressions(e for e in (typed.f, *(body for _, body in typed.definitions)) if e is not None):
        for a in e.args if type(e) is Apply and e.head == "*" else ():
            inner = a.args[0] if type(a) is Apply and a.head == "'" else a
            factors = [f for f in inner.args if f.shape != (ONE, ONE)] if type(inner) is Apply and inner.head == "*" else []
            names = [named(f, spelled) for f in factors]
            if len(names) == 2 and names[0] is not None and names[1] is not None:
                (one, s), (other, t) = names[0], names[1]
                found |= {((one, s), (other, t)), ((other, not t), (one, not s))}
    return frozenset(found)


def named(e: Expr, spelled: Callable[[str], str]) -> Label | None:
    """The name of a matrix as the code has it, and whether it is turned."""
    inner = e.args[0] if type(e) is Apply and e.head == "'" else e
    return (spelled(inner.name), inner is not e) if type(inner) is Name and ONE not in inner.shape else None
