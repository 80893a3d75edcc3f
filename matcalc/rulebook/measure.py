"""The size that tidying reduces: the nodes of the printed form, where expensive operations cost more the more they hold."""

from __future__ import annotations

from functools import cache

from ..language.expr import ONE, Apply, Expr, node_count
from ..language.inspection import heads_in
from ..language.operations import COSTS
from .rule import Rule

_PLAIN = (0, 1.0)
SPARED = 6      # in tenths of a node: what a reader gains where a matrix is made of a vector no more


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
            count -= a.count or node_count(a)
            inside += measure(a) if a.cost is None else a.cost
        found = e.cost = 10 * count + extra + times * inside
    return found


@cache
def spared(rule: Rule) -> int:
    """By how much more a rule makes what it is used on better than its sizes say.

    >>> from matcalc.rulebook.book import RULES
    >>> spared(RULES["tidy.common-rows"]), spared(RULES["d.kron"])
    (6, 0)
    """
    return SPARED if "diag" in heads_in(rule.lhs) - heads_in(rule.rhs) else 0
