"""The size that tidying reduces: the nodes of the printed form, where expensive operations cost more the more they hold."""

from __future__ import annotations

from ..language.expr import ONE, Apply, Expr, is_unit, node_count
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
        own = 10 * (node_count(e) - sum(node_count(a) for a in e.args)) + extra
        if is_unit(e) and e.shape[0] is not ONE and e.shape[1] is not ONE:
            own += 15
        found = e.cost = own + times * sum(measure(a) for a in e.args)
    return found
