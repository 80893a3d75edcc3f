"""Blocks and entries as one types them: `[A, B; C, D]`, `A(1:2,3)`, for the selections that they are made of."""

from __future__ import annotations

from ..language.blocks import blocks
from ..language.expr import ONE, SCALAR, Apply, Expr, Name, as_dim


def shorthand(e: Expr) -> Expr:
    """The same to be written out: blocks and entries are names that look like them."""
    if type(e) is not Apply or not e.args:
        return e
    found = blocks(e)
    if found is not None and not found[1]:
        grid = found[0]
        rows = (", ".join(shorthand(b).text if b.shape == (h, w) else f"zeros({h},{w})" for b, w in zip(row, grid.widths, strict=True))
                for row, h in zip(grid.rows, grid.heights, strict=True))
        return Name(f"[{'; '.join(rows)}]", e.shape)
    args = tuple(map(shorthand, e.args))
    if e.head == "*":
        args = _indexed(args)
    return args[0] if e.head == "*" and len(args) == 1 else Apply(e.head, args, e.shape)


def _indexed(factors: tuple[Expr, ...]) -> tuple[Expr, ...]:
    """The factors of a product, a name between selections with its indices."""
    k = next((k for k, a in enumerate(factors) if type(a) is Name and a.shape != SCALAR), None)
    if k is None:
        return factors
    a, above, right = factors[k], _taken(factors[k - 1], True) if k else "", _taken(factors[k + 1], False) if k + 1 < len(factors) else ""
    if not above and not right or right and a.shape[1] is ONE:
        return factors
    which = above if a.shape[1] is ONE else f"{above or ':'},{right or ':'}"
    shape = (factors[k - 1].shape[0] if above else a.shape[0], factors[k + 1].shape[1] if right else a.shape[1])
    return (*factors[:k - bool(above)], Name(f"{a}({which})", shape), *factors[k + 1 + bool(right):])


def _taken(e: Expr, turned: bool) -> str:
    """Which rows or columns a factor takes: `2`, `1:3`; nothing where it is no selection."""
    if turned and (type(e) is not Apply or e.head != "'"):
        return ""
    place = e.args[0] if turned and type(e) is Apply else e
    if type(place) is not Apply or place.head != "select":
        return ""
    first, count = as_dim(place.args[0]), place.shape[1]
    return str(first) if count is ONE else f"{first}:{first + count - ONE}"
