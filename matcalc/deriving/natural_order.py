"""Expressions ordered by the numbers in their names: x9 before x10, as x8 before x9.

The normal form orders terms and factors by their text, where the order of layers turns at every new digit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..language.expr import SCALAR, Apply, Expr, T


class ByNumber:
    """The parts of an expression, in such an order wherever their order means nothing."""

    def __init__(self) -> None:
        self.texts: dict[Expr, str] = {}

    def __call__(self, e: Apply) -> Sequence[Expr]:
        """The parts of e.

        >>> from matcalc.reading.parse import parse
        >>> [list(map(str, ByNumber()(parse(text)))) for text in ("x9.*x10", "x8.*x9")]
        [['x9', 'x10'], ['x8', 'x9']]
        """
        if e.head in ("+", ".*"):
            return sorted(e.args, key=self.text)
        if e.head != "*":
            return e.args
        chain = [a for a in e.args if a.shape != SCALAR]
        if e.shape == SCALAR and chain:
            chain = min(chain, [T(a) for a in reversed(chain)], key=lambda c: [self.text(a) for a in c])
        return [*sorted((a for a in e.args if a.shape == SCALAR), key=self.text), *chain]

    def text(self, e: Expr) -> str:
        """What e is sorted by."""
        if e not in self.texts:
            self.texts[e] = f"{e.head}({','.join(map(self.text, self(e)))})" if type(e) is Apply else \
                re.sub(r"\d+", lambda m: m[0].zfill(6), e.text)
        return self.texts[e]
