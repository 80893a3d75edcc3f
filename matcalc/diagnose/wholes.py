"""Slips of a whole answer: transposed, negated, scaled, of another shape, for other entries."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ..language.expr import ONE, SCALAR, Dim, Expr, Name, T, add, apply, comm, div, mul, num, size
from .edits import put, sites
from .look import Look, square


def wholes(right: Expr, layout: str, linear: bool, wrt: Name | None) -> Iterator[tuple[str, Expr]]:
    """Slips of the whole answer, as (words, what they make of it)."""
    turned = T(right)
    other = "denominator" if layout == "numerator" else "numerator"
    if turned is not right:
        yield "the transpose of the right answer" + (f": it is in {other} layout" if linear or layout == "numerator" else ""), turned
    yield "the negative of the right answer: its sign is wrong", mul(num(-1), right)
    for c, word in ((Fraction(1, 2), "half"), (2, "twice")):
        yield f"{word} the right answer: a factor {'2 is missing' if c != 2 else '2 too many'}", mul(num(c), right)
    for k in (3, 4, 5, 6):
        yield f"1/{k} of the right answer: the factor {k} is missing", mul(num(Fraction(1, k)), right)
        yield f"{k} times the right answer: a factor {k} too many", mul(num(k), right)
    names = sorted(right.shape[0].names | right.shape[1].names | _named_sizes(right, wrt))
    for n in names:
        s = size(Dim.of(n))
        yield f"{n} times the right answer: the factor 1/{n} is missing", mul(s, right)
        yield f"1/{n} of the right answer: the factor {n} is missing", div(right, s)
    if turned is not right:
        yield "the negative of the transpose of the right answer", mul(num(-1), turned)
        for c, word in ((Fraction(1, 2), "half"), (2, "twice")):
            yield f"{word} the transpose of the right answer", mul(num(c), turned)
    if square(right):
        gram = apply("diag", apply("diagonal", right))
        if turned is not right:
            yield "the symmetric part of the right answer", div(add(right, turned), num(2))
            yield "the right answer plus its transpose", add(right, turned)
        if wrt is not None and wrt.shape == right.shape:
            yield (f"the derivative by the independent entries of a symmetric {wrt}, not by all entries",
                   add(right, turned, mul(num(-1), gram)))
            yield f"the derivative by the diagonal entries of {wrt} alone, not by all entries", gram
        else:
            yield "the diagonal of the right answer alone: what stands off the diagonal is missing", gram


def _named_sizes(e: Expr, wrt: Name | None) -> set[str]:
    out: set[str] = set()
    for name in [*e.names, *([wrt] if wrt is not None else [])]:
        for d in name.shape:
            out |= d.names
    return out


def stacked(right: Expr, wrt: Name | None) -> Iterator[tuple[str, Expr]]:
    """The answer for matrices whose rows were stacked instead of their columns."""
    if wrt is None or ONE in wrt.shape:
        return
    m, n = wrt.shape
    rows = m * n
    if right.shape == (rows, rows):
        yield "the right answer for rows stacked, not columns", mul(comm(m, n), right, comm(n, m))
    if right.shape[0] is rows:
        yield f"the right answer with its rows in another order: the entries of {wrt} were stacked by rows", mul(comm(m, n), right)
    if right.shape[1] is rows:
        yield f"the right answer with its columns in another order: the entries of {wrt} were stacked by rows", mul(right, comm(n, m))


def wrapped(look: Look, right: Expr, claimed: Expr) -> str:
    """A claim of another shape: the diag around it is missing, a sum or a vec too many."""
    column = claimed if claimed.shape[1] is ONE else T(claimed)
    made: list[tuple[str, Expr, Expr]] = []
    if column.shape[1] is ONE and right.shape == (column.shape[0], column.shape[0]):
        made.append((f"diag({column}) belongs there: the diag is missing", right, apply("diag", column)))
    if square(claimed):
        made.append(("diag of it is the right answer", right, apply("diagonal", claimed)))
    if claimed.shape[1] is ONE and right.shape != SCALAR:
        made.append(("the vec of the right answer", apply("vec", right), claimed))
    if right.shape[0] is ONE or right.shape[1] is ONE:
        made.append(("the right answer on a diagonal: a diag too many",
                     claimed, apply("diag", right if right.shape[1] is ONE else T(right))))
    if right.shape == SCALAR:
        made.append(("its entries should be summed", right, apply("sum", claimed)))
    for text, a, b in made:
        if look.holds(a, b):
            return text
    return _spread(look, right, claimed)


def _spread(look: Look, right: Expr, claimed: Expr) -> str:
    """A vector inside the claim where its diagonal matrix belongs."""
    for path, part in sites(claimed):
        if part.shape[1] is ONE and part.shape != SCALAR and path:
            whole = put(claimed, path, apply("diag", part))
            if whole is not None and look.holds(whole, right):
                return f"a diag is missing: {part} where diag({part}) belongs"
    return ""
