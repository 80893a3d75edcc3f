"""The size that tidying reduces: the nodes of the printed form, where expensive operations cost more the more they hold."""

from __future__ import annotations

from ..language.expr import ONE, Apply, Expr, node_count
from ..language.operations import COSTS

_PLAIN = (0, 1.0)


def measure(e: Expr) -> float:
    """The size of an expression, in tenths of a node; tidying makes it smaller.

    >>> from matcalc.reading.parse import parse
    >>> measure(parse('sum(x)', ['x in R^n'])) < measure(parse("tr(x*ones(n)')", ['x in R^n']))
    True
    """
    if type(e) is not Apply:
        return 10.0 * node_count(e)
    found = e.cost
    if found is None:
        extra, times = COSTS.get(e.head, _PLAIN)
        if e.head == "ones" and e.shape[0] is not ONE and e.shape[1] is not ONE:
            extra += 15
        count, inside = node_count(e), 0.0
        for a in e.args:
            count -= node_count(a)
            inside += measure(a)
        found = e.cost = 10 * count + extra + times * inside
    return found
