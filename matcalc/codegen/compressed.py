"""A Hessian that is a sum of Kronecker products, given by their factors, which are small where the Hessian is large."""

from __future__ import annotations

from collections.abc import Sequence

from ..language.expr import SCALAR, Apply, Expr, Number, eye, mul
from .emit import Emitter

Pair = tuple[Expr | None, Expr | None]
SAID = "The Hessian as pairs (B, A): the sum of kron(B, A), which takes vec(D) to vec(A @ D @ B.T); None stands for an identity."


def pairs_of(hessian: Expr) -> list[Pair]:
    """B and A of each kron(B, A) that a Hessian is the sum of, a number or a scalar before it taken into the one that is no identity;
    none where it is something else, or no larger than its factors.

    >>> from matcalc.reading.parse import parse
    >>> [(str(b), a) for b, a in pairs_of(parse("2*kron(U'*U, eye(n))", ["U in R^(m,k)"]))]
    [("2*U'*U", None)]
    """
    found: list[Pair] = []
    scalars: list[Expr] = []
    if isinstance(hessian, Apply) and hessian.head == "*" and isinstance(hessian.args[0], Number):
        scalars, hessian = [hessian.args[0]], mul(*hessian.args[1:])
    multiples: list[Expr] = []
    for term in hessian.args if isinstance(hessian, Apply) and hessian.head == "+" else (hessian,):
        factors = term.args if isinstance(term, Apply) and term.head == "*" else (term,)
        own, others = [f for f in factors if f.shape == SCALAR], [f for f in factors if f.shape != SCALAR]
        front = mul(*scalars, *own)
        if len(others) == 1 and others[0] is eye(others[0].shape[0]):
            multiples.append(front)
            continue
        if len(others) != 1 or not isinstance(others[0], Apply) or others[0].head != "kron":
            return []
        b, a = (None if e is eye(e.shape[0]) else e for e in others[0].args)
        size = others[0].args[0].shape[0]
        found.append((mul(front, b), a) if b is not None else (None, mul(front, a)) if a is not None else (mul(front, eye(size)), None))
    return [*found, *((mul(front, eye(size)), None) for front in multiples)] if found else []


class Compressed(Emitter):
    """Writes the factors of a Hessian."""

    def pairs(self, pairs: Sequence[Pair]) -> str:
        """The function that returns them."""
        roots, order = self.lowered([e for pair in pairs for e in pair if e is not None])
        self.lone = any(n.lone for n in order)
        texts = iter([self.text[root][0] for root in roots])
        shown = ["(" + ", ".join("None" if e is None else next(texts) for e in pair) + ")" for pair in pairs]
        self.lines.append(f"return [{', '.join(shown)}]")
        self.calls = [n for n in order if n.op == "call"]
        begin = self.begin({n.data for n in order if n.op == "var"}, self.problem.variables)
        body = [*self.documented(SAID), *begin.forms, *begin.sizes, *self.lines]
        return "".join(line + "\n" for line in self.opened("factors", begin.params)) + "".join(f"    {line}\n" for line in body)
