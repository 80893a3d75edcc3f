"""Transposes: pushed through products, and into a sum or an entry-wise product that is shorter so."""

from __future__ import annotations

from functools import lru_cache

from ..inspection import node_count, scalar_key, term_key, has_transpose, written
from ..nodes import Apply, Expr
from ..operations import OWN_TRANSPOSE, TRANSPOSED_BY_SIZE, COMMUTES_WITH_TRANSPOSE
from ..shape import ONE, SCALAR
from . import MADE, Laws


class Transposes(Laws):
    """The laws of '."""

    def __init__(self) -> None:
        super().__init__()
        self._turned = lru_cache(MADE)(self._transposed)

    def T(self, e: Expr) -> Expr:
        """The transpose, pushed through products."""
        shape = e.shape
        if shape[0] is ONE and shape[1] is ONE:
            return e
        if type(e) is Apply:
            return e.args[0] if e.head == "'" else self._turned(e)
        return Apply("'", (e,), (shape[1], shape[0]))

    def _transposed(self, e: Apply) -> Expr:
        head, shape = e.head, e.shape
        if head == "*":
            split = next(i for i, a in enumerate(e.args) if a.shape != SCALAR)
            return self.mul(*e.args[:split], *(self.T(f) for f in reversed(e.args[split:])))
        if head in OWN_TRANSPOSE or head in COMMUTES_WITH_TRANSPOSE and self.T(e.args[0]) is e.args[0]:
            return e
        if head in COMMUTES_WITH_TRANSPOSE and type(e.args[0]) is Apply and e.args[0].head == "'":        # exp(x')' is exp(x)
            return Apply(head, (e.args[0].args[0],), (shape[1], shape[0]))
        if head in TRANSPOSED_BY_SIZE:
            return Apply(head, (e.args[1], e.args[0]), (shape[1], shape[0]))
        if head == "+" and any(map(has_transpose, e.args)):
            transposed = [self.T(t) for t in e.args]
            if any(type(t) is Apply and t.head == "+" for t in transposed):
                return self.add(*transposed)
            transposed.sort(key=term_key)
            if written(transposed) <= written(e.args):
                return Apply("+", tuple(transposed), (shape[1], shape[0]))
        if head == ".*" and any(map(has_transpose, e.args)):
            factors = sorted((self.T(f) for f in e.args), key=scalar_key)
            if sum(map(node_count, factors)) <= sum(map(node_count, e.args)):
                return Apply(".*", tuple(factors), (shape[1], shape[0]))
        return Apply("'", (e,), (shape[1], shape[0]))
