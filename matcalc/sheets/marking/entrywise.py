"""Lines that fit only where their fractions, powers, Jacobians or sums are taken entry by entry."""

from __future__ import annotations

from contextlib import suppress

from ...language.expr import SCALAR, InputError
from ...patterns import pattern
from ...reading.brackets import ROUND, closing
from ...reading.latex.names import Ambiguity
from ..parts.formula import formula
from ..parts.marks import Mark
from ..parts.records import Row
from ..statements.by_entries import with_powers
from .line import judged
from .setting import Setting

FACTOR = pattern(r"\((?:(?<=\.\*\()|(?=[^.]*\)\)\.\*))d\((\w+)\)/d\(\w+\)\)")


def entrywise(s: Setting, line: str, row: Row, found: Mark) -> Mark:
    """A line that fits only with its fractions and powers, and Jacobians that are factors so, taken entry by entry; or with the
    sums of the rows, a column, beside each column of a matrix that they stand beside."""
    apart = apart_by_entries(s, f"{line} {row.right}") if FACTOR.search(f"{line} {row.right}") else set()
    def diagonal(text: str) -> str:
        return FACTOR.sub(lambda m: f"diag{m[0]}" if m[1] in apart else m[0], text)
    ways = (with_powers, diagonal, lambda t: with_powers(diagonal(t))) if s.sheet.markup else ()
    for changed in (*ways, *([] if s.sheet.numpy else [lambda t: spread(s, t)])):
        left, right = changed(line), changed(row.right)
        if (left, right) != (line, row.right) and s.equation(left, right):
            with suppress(InputError):
                again = judged(s, left, row._replace(left=row.left and left, right=right))
                if again.error is None:
                    return again._replace(notes=again.notes._replace(entries=(Ambiguity(row.right, right, True),)))
    return found


def apart_by_entries(s: Setting, text: str) -> set[str]:
    """The names in a text whose derivatives there are diagonal matrices."""
    found = {f: f"d({f})/d({x})" for f, x in formula(text).quotients if str(s.shapes.get(f, SCALAR)[1]) == "1" and not s.is_number(f)
             and f in s.shapes}
    return {f for f, slope in found.items() if s.proved(slope, f"diag(diag({slope}))")}


def spread(s: Setting, text: str) -> str:
    """A text with X*ones(n,n) for rowsum(X), n being the columns of X."""
    head = "rowsum("
    start = text.find(head)
    if start < 0:
        return text
    end = closing(text, start + len(head) - 1, ROUND)
    inner = text[start + len(head):end]
    p = s.equation(inner, inner)
    whole = text[start:end + 1] if p is None else f"(({inner})*ones({p.sides[0].shape[1]},{p.sides[0].shape[1]}))"
    return text[:start] + whole + spread(s, text[end + 1:])
