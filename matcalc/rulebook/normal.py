"""Laws that the constructors use while they build an expression and that need a condition: each a true equation where it holds.

What they take away stays in the tree as typed, which is what is judged; here they get their names, for the page.
"""

from __future__ import annotations


from ..language.conditions import Condition
from ..language.existence import extra_conditions
from ..language.nodes import Apply, Expr
from ..language.inspection import is_zero
from ..records import Record


class Law(Record):
    """A named equation, what mathematicians call it, what its letters are, and the kind of condition it needs."""

    name: str
    called: str
    equation: str
    given: str
    condition: str
    kinds: tuple[str, ...]
    heads: tuple[str, ...] = ()


DIFFERENCE = Law("normal.difference", "x - x = 0", "x - x = zeros(n)", "x in R^n", "x exists", (), ("+",))
ZERO_TIMES = Law("normal.zero", "0 x = 0", "0*x = zeros(n)", "x in R^n", "x exists", (), ("*", ".*"))
LAWS: tuple[Law, ...] = (
    Law("normal.inverse", "a matrix cancels its inverse", "A*inv(A) = eye(n)", "A in R^(n,n)", "A invertible", ("invertible",), ("*", "^")),
    Law("normal.double-inverse", "inverse of an inverse", "inv(inv(A)) = A", "A in R^(n,n)", "A invertible", ("invertible",)),
    Law("normal.quotient", "a factor cancels", "x/x = 1", "x in R", "x != 0", ("apart",), ("*", "^")),
    Law("normal.entry-quotient", "the entries cancel", "x./x = ones(n)", "x in R^n", "no entry of x is 0", ("apart",)),
    Law("normal.norm", "the norm cancels", "norm2(x)/norm2(x) = 1", "x in R^n", "x != 0", ("nonzero",)),
    Law("normal.root", "square of a root", "sqrt(t)^2 = t", "t in R", "t >= 0", ("from", "above", "between", "within")),
)


def used(typed: Apply, built: Expr) -> tuple[Law, tuple[Condition, ...]] | None:
    """The law by which a node became what it was built to, and what it needs; None where nothing was lost."""
    if typed is built or type(built) is Apply and built.head == typed.head and len(built.args) == len(typed.args) \
            and {*built.args} == {*typed.args}:         # the same in another order
        return None
    lost = extra_conditions(typed, built)
    if not lost:
        return None
    if typed.head == "+" or is_zero(built):
        return (DIFFERENCE if typed.head == "+" else ZERO_TIMES), lost
    law = next((w for w in LAWS if lost[0].kind in w.kinds and (not w.heads or typed.head in w.heads)), None)
    return None if law is None else (law, lost)


BY_NAME = {w.name: w for w in (DIFFERENCE, ZERO_TIMES, *LAWS)}
