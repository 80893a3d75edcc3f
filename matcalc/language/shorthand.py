"""Blocks and entries as they are typed, `[A, B; C, D]`, `A(1:2,3)`, for the selections that represent them; `x - mean(x)` for
x - mean(x)*ones(n); and `step(x)` for relu(sign(x))."""

from __future__ import annotations

from .blocks import blocks
from .inspection import ZERO, is_unit, untransposed
from .recognition import selection, step_of
from .nodes import Apply, Expr, Name, Number
from .shape import ONE, SCALAR, Dim


def shorthand(e: Expr, steps: bool = True, means: bool = False) -> Expr:
    """The same to be written out: blocks and entries are names that look like them; `steps` and `means` also the others."""
    if type(e) is not Apply or not e.args:
        return e
    found = blocks(e)
    if found is not None:
        (rows, heights, widths), loose = found
        lines = (", ".join(_block(b, h, w, steps, means) for b, w in zip(row, widths, strict=True))
                 for row, h in zip(rows, heights, strict=True))
        grid = Name(f"[{'; '.join(lines)}]", e.shape)
        return Apply("+", (grid, *(shorthand(a, steps, means) for a in loose)), e.shape) if loose else grid
    if steps and (t := step_of(e)) is not None:
        return Apply("step", (shorthand(t),), e.shape)
    args = tuple([shorthand(a, steps, means) for a in (_beside(e) if means and e.head == "+" else e.args)])
    if e.head == "*":
        args = _indexed(args)
    return args[0] if e.head == "*" and len(args) == 1 else Apply(e.head, args, e.shape)


def _beside(e: Apply) -> tuple[Expr, ...]:
    """The terms of a sum, a mean without the ones it is multiplied by where it stands beside something else."""
    short = [_without_ones(t) for t in e.args] if e.shape != SCALAR else []
    return tuple([s or t for s, t in zip(short, e.args, strict=True)]) if None in short else e.args


def _without_ones(e: Expr) -> Expr | None:
    """The number c of c*ones(n), where it is one for sure whoever reads it: made of means and sizes."""
    if type(e) is not Apply or e.head != "*" or not is_unit(e.args[-1]):
        return None
    scalars = e.args[:-1]
    bases = [a.args[0] if type(a) is Apply and a.head == "^" else a for a in scalars]
    sure = all(type(b) is Number or type(b) is Name and b.shape == SCALAR and (b.of or b.kind == "size") for b in bases)
    if not sure or not any(type(b) is Name and b.of for b in bases):
        return None
    return scalars[0] if len(scalars) == 1 else Apply("*", scalars, SCALAR)


def _block(e: Expr, height: Dim, width: Dim, steps: bool, means: bool) -> str:
    return f"zeros({height},{width})" if e is ZERO and (height, width) != SCALAR else str(shorthand(e, steps, means))


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


def _taken(e: Expr, transposed: bool) -> str:
    """Which rows or columns a factor takes: `2`, `1:3`; nothing where it is not a selection."""
    inner = untransposed(e)
    place = selection(inner) if (inner is not e) == transposed else None
    if place is None:
        return ""
    first, count = place
    return str(first) if count is ONE else f"{first}:{first + count - ONE}"
