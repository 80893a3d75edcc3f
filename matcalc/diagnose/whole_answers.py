"""Slips of a whole answer: transposed, negated, scaled, of another shape, for other entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Apply, Dim, Expr, Name, T, add, apply, comm, div, eye, mul, num, size
from ..language.operations import SYMMETRY_WORDS
from .edits import put, sites, symmetric_part
from .screening import Screening, square
from .slip import Kind, Slip


def wholes(right: Expr, other_layout: str, wrt: Name | None, others: Iterable[Name] = ()) -> Iterator[tuple[Slip, Expr]]:
    """Slips of the whole answer, with what they make of it; a factor may be the size of `others` too."""
    transposed = T(right)
    if transposed is not right:
        yield Slip(Kind.TRANSPOSE, (other_layout,)), transposed
    yield Slip(Kind.NEGATIVE), mul(num(-1), right)
    for k in (2, 3, 4, 5, 6):
        for c in (Fraction(1, k), Fraction(k)):
            yield Slip(Kind.MULTIPLE, (c,)), mul(num(c), right)
    sized = (right, *right.names, *others, *([wrt] if wrt is not None else []))
    for n in sorted({n for e in sized for d in e.shape for n in d.names}):
        s = size(Dim.of(n))
        yield Slip(Kind.TIMES_SIZE, (n, False)), mul(s, right)
        yield Slip(Kind.TIMES_SIZE, (n, True)), div(right, s)
    if transposed is not right:
        yield Slip(Kind.NEGATIVE_TRANSPOSE), mul(num(-1), transposed)
        for c in (Fraction(1, 2), Fraction(2)):
            yield Slip(Kind.MULTIPLE_TRANSPOSE, (c,)), mul(num(c), transposed)
    if square(right):
        gram = apply("diag", apply("diagonal", right))
        if transposed is not right:
            yield Slip(Kind.SYMMETRIC_PART), symmetric_part(right)
            yield Slip(Kind.PLUS_TRANSPOSE), add(right, transposed)
        if wrt is not None and wrt.shape == right.shape:
            yield Slip(Kind.BY_INDEPENDENT, (wrt,)), add(right, transposed, mul(num(-1), gram))
            yield Slip(Kind.BY_DIAGONAL, (wrt,)), gram
        else:
            yield Slip(Kind.DIAGONAL_ALONE), gram


def stacked(right: Expr, wrt: Name | None) -> Iterator[tuple[Slip, Expr]]:
    """The answer for matrices whose rows were stacked instead of their columns."""
    if wrt is None or ONE in wrt.shape:
        return
    m, n = wrt.shape
    rows = m * n
    if right.shape == (rows, rows):
        yield Slip(Kind.STACKED), mul(comm(m, n), right, comm(n, m))
    if right.shape[0] is rows:
        yield Slip(Kind.STACKED, ("rows", wrt)), mul(comm(m, n), right)
    if right.shape[1] is rows:
        yield Slip(Kind.STACKED, ("columns", wrt)), mul(right, comm(n, m))


def on_symmetric(look: Screening, right: Expr, claimed: Expr, wrt: Name | None) -> Slip | None:
    """A Hessian with the same values vec(V)'*H*vec(V) for every symmetric V, where a symmetric variable has no other directions."""
    if wrt is None or not wrt.words & (SYMMETRY_WORDS - {"diagonal"}) or right.shape != (wrt.shape[0] * wrt.shape[1],) * 2:
        return None

    def form(h: Expr) -> Expr:
        both = add(eye(wrt.shape[0] * wrt.shape[1]), comm(*wrt.shape))      # vec(V + V') = both*vec(V)
        return mul(both, add(h, T(h)), both)
    return Slip(Kind.ON_SYMMETRIC, (wrt,)) if look.holds(form(claimed), form(right)) else None


def wrapped(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """A claim of another shape: the diag around it is missing, a sum or a vec too many."""
    column = claimed if claimed.shape[1] is ONE else T(claimed)
    made: list[tuple[Slip, Expr, Expr]] = []
    if column.shape[1] is ONE and right.shape == (column.shape[0], column.shape[0]):
        made.append((Slip(Kind.NO_DIAG, (column,)), right, apply("diag", column)))
    if square(claimed):
        made.append((Slip(Kind.DIAG_OF), right, apply("diagonal", claimed)))
    if claimed.shape[1] is ONE and right.shape != SCALAR:
        made.append((Slip(Kind.VEC_OF), apply("vec", right), claimed))
    if right.shape[0] is ONE or right.shape[1] is ONE:
        made.append((Slip(Kind.ON_DIAGONAL), claimed, apply("diag", right if right.shape[1] is ONE else T(right))))
    if right.shape == SCALAR:
        made.append((Slip(Kind.TO_SUM), right, apply("sum", claimed)))
    elif right.shape[1] is ONE and ONE not in claimed.shape:
        totals = (apply(head, claimed) for head in ("colsum", "rowsum"))
        made += [(Slip(Kind.TO_SUM, (total,)), right, total) for total in totals if total.shape == right.shape]
    for slip, a, b in made:
        if look.holds(a, b):
            return slip
    return _spread(look, right, claimed) or lacking(look, right, claimed)


def lacking(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """A claim of another shape that lacks a factor in front or behind, or has one too many; or inside a sum."""
    factors = [s for _, s in sites(right) if isinstance(s, Name)]
    for n in dict.fromkeys(f for name in factors for f in (name, T(name))):
        if n.shape == SCALAR:
            continue
        for one, other in ((claimed, right), (right, claimed)):
            for pair in ((n, one), (one, n)):
                whole = mul(*pair) if pair[0].shape[1] is pair[1].shape[0] or one.shape == SCALAR else None
                if whole is not None and whole.shape == other.shape and look.holds(whole, other):
                    return Slip(Kind.NO_FACTOR, (n, claimed, whole)) if one is claimed else Slip(Kind.EDIT,
                                                                                                 ("extra factor", claimed, right))
    if claimed.shape == SCALAR and isinstance(right, Apply) and right.head == "*":
        first = next((k for k, a in enumerate(right.args) if a.shape != SCALAR), None)
        rest = [a for k, a in enumerate(right.args) if k != first]
        if first is not None and any(a.shape != SCALAR for a in rest) and look.holds(apply("sum", mul(*rest)), claimed):
            return Slip(Kind.NO_FACTOR, (right.args[first], claimed, right))
    return None


def _spread(look: Screening, right: Expr, claimed: Expr) -> Slip | None:
    """A vector inside the claim where its diagonal matrix belongs."""
    for path, part in sites(claimed):
        if part.shape[1] is ONE and part.shape != SCALAR and path:
            whole = put(claimed, path, apply("diag", part))
            if whole is not None and look.holds(whole, right):
                return Slip(Kind.SPREAD, (part,))
    return None
