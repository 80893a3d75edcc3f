"""What tidying makes smaller: nodes of the printed form, with dear heads costing more the more they hold."""

from __future__ import annotations

from ..language.expr import ONE, Apply, Expr, node_count

_EXTRA = {"kron": 60, "norm2": 10, "vec": 10, "unvec": 10, "diag": 5, "comm": 10, "expm": 20, "rowsum": 5, "colsum": 5,
          "inv": 20, "det": 10, "logdet": 20, "exp": 10, "sign": 30}
_TIMES = {"sum": 1.2, "'": 1.25, "rowsum": 1.2, "colsum": 1.2, "inv": 1.5, "diagonal": 1.3, "det": 3.0, "logdet": 6.0, "tr": 1.3}


def measure(e: Expr) -> float:
    """The size of an expression, in tenths of a node."""
    if not isinstance(e, Apply):
        return 10.0 * node_count(e)
    found = e.cost
    if found is None:
        own = 10 * (node_count(e) - sum(node_count(a) for a in e.args)) + _EXTRA.get(e.head, 0)
        if e.head == "ones" and e.shape[0] is not ONE and e.shape[1] is not ONE:
            own += 15
        found = e.cost = own + _TIMES.get(e.head, 1.0) * sum(measure(a) for a in e.args)
    return found
