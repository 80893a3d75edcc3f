"""What is said where a derivative is read off: its size and layout, the trace of a gradient, and the function itself in it."""

from __future__ import annotations

from collections.abc import Iterable

from ..deriving.by_value import in_vectors, with_its_value
from ..deriving.derivation import Derivation
from ..deriving.engine import is_symmetric
from ..deriving.lines import traced
from ..language.expr import SCALAR, Expr, apply
from ..language.operations import SYMMETRY_WORDS
from ..rulebook.book import RULES
from .lines import Line
from .pieces import Piece, Relation, Size
from .words import say



def as_trace(line: Expr, wrt: Expr) -> list[Line]:
    """A line as the trace from which the gradient is read off, where it is not one yet."""
    shown = traced(line, wrt)
    row = RULES["trace.cycle"]
    return [] if shown is None else [Line(None, shown, say(row.called), row.see, line)]


def by_vectors(d: Derivation, f: Expr, found: Expr) -> Iterable[Line]:
    """A gradient that is a matrix times a vector without the matrix, and with the function's own letter in it: s .* (r - f 1)."""
    row, shown = (in_vectors(found) if d.reading == "gradient" else None) or (None, found)
    if row is not None:
        yield Line(None, shown, say(row.called), row.see, found)
        yield from by_its_value(d, f, shown, d.plain)


def by_its_value(d: Derivation, f: Expr, found: Expr, body: Expr | None = None) -> Iterable[Line]:
    """The result once more with the function's own letter, as in 2 (A x - f x)/(x' x); the function as it stands in letters."""
    written = None if str(f) in d.problem.taken else with_its_value(d, f, found, body)     # of a link f is not the function
    if written is not None:
        shorter, opened = written
        yield Line(None, shorter, (say("multiplied out") + say(", then ")) * opened + say("definition of"), before=found, about=(f,))


def size_and_layout(d: Derivation) -> tuple[Piece, ...]:
    """The size of a result, and in which layout or along what it is."""
    if d.problem.tangent is not None:
        return Size(d.result.shape), say(", at "), Relation(apply("d", d.problem.variable), d.problem.tangent)
    return Size(d.result.shape), say(f", {d.layout} layout") + other_layout(d)


def read_from(d: Derivation) -> Expr:
    """What is read off the differential: the result, but for a structured variable what comes before its independent entries."""
    return d.tidied if d.problem.structured and d.reading == "gradient" and d.problem.variable.words & SYMMETRY_WORDS else d.shown[0]


def other_layout(d: Derivation) -> str:
    """What the other layout would be."""
    found = read_from(d)
    if found.shape == SCALAR or d.reading == "hessian" or d.layout == "mixed":
        return ""
    other = "numerator" if d.layout == "denominator" else "denominator"
    return say(f"; the same in {other} layout" if is_symmetric(d, found) else f"; transposed in {other} layout")
