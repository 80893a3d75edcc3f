"""The notes below a result: where it does not hold, which convention it follows, what it does not depend on.

What is said where a derivative is read off: its size and layout, the trace of a gradient, and the function itself in it.
"""

from __future__ import annotations

from collections.abc import Sequence, Iterable

from ..deriving.derivation import Derivation
from ..language.expr import ONE, SCALAR, Apply, Expr, Name, T, add, apply, mul
from ..language.columns import NONZERO
from ..language.existence import existence_conditions
from ..language.operations import DOMAIN, KINKED, MATRIX_FUNCTIONS, POLYNOMIAL, SMOOTH, SQUARE, SYMMETRY_WORDS
from .pieces import listed, Piece, Relation, Size
from .words import say
from ..language.inspection import heads_in, names_of
from ..language.traversal import subexpressions
from ..deriving.by_value import in_vectors, with_its_value
from ..deriving.engine import is_symmetric
from ..deriving.lines import traced
from ..rulebook.book import RULES
from ..rulebook.matching import parts
from .lines import Line


def said_first(d: Derivation) -> list[tuple[Name, Expr]]:
    """The letters that are said before the first line: of parts of f, and of what is made of the problem's own letters alone."""
    own = {n for n, _ in (*d.problem.definitions, *d.named, *d.adjoints)}
    return [*d.named, *((n, body) for n, body in d.adjoints if own.isdisjoint(body.names))]


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
    placed = in_place(d)
    beside = () if placed is None else (say("; each entry in its place: "), placed)
    return Size(d.result.shape), say(f", {d.layout} layout") + other_layout(d), *beside


def in_place(d: Derivation) -> Expr | None:
    """The derivative of a matrix by a number as that matrix, where its entries are stacked."""
    e = T(d.result) if d.result.shape[0] is ONE else d.result
    terms = [parts(t) for t in (e.args if isinstance(e, Apply) and e.head == "+" else (e,))]
    stacked = [chain[0] for _, chain in terms if len(chain) == 1 and isinstance(chain[0], Apply) and chain[0].head == "vec"]
    if d.problem.variable.shape != SCALAR or ONE in d.problem.function.shape or d.reading == "tangent" or len(stacked) < len(terms):
        return None
    return add(*(mul(*scalars, v.args[0]) for (scalars, _), v in zip(terms, stacked, strict=True)))


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


CALLED = {"norm1": "the 1-norm"}
Definitions = Sequence[tuple[Name, Expr]]


def notes(d: Derivation, f: Expr) -> list[tuple[str | Expr, ...]]:
    """The notes of a page, as the pieces of a sentence each; f is what the function is called."""
    p = d.problem
    out: list[tuple[str | Expr, ...]] = []
    if p.function is not None and p.variable.name not in reached(p.function, p.definitions):
        out.append((f, say(" does not depend on "), p.variable))
    if any(n is p.wrt for n, _ in p.definitions):
        out.append((p.variable, say(" is treated as an independent variable; what defines it is held fixed")))
    heads = heads_of(d.f, *(body for _, body in p.definitions))
    kinked = sorted(h for h in heads & KINKED if not DOMAIN[h])
    needs = existence_conditions((), dict(p.definitions), (p.function,), p.variable, p.times)
    if kinked and "sign" in heads_of(d.result, *(body for _, body in d.where)) and any(c.kind == "apart" for c in needs):
        names = "".join(map(str, listed([(say(CALLED.get(head, head)),) for head in kinked])))
        out.append((say("{} have a kink at 0, where their slope is taken to be 0" if len(kinked) > 1 else
                        "{} has a kink at 0, where its slope is taken to be 0", names),))
    if any(SMOOTH.get(h) == NONZERO for h in heads) and any(c.kind == "nonzero" and c.of.shape != SCALAR for c in needs):
        out.append((say("a norm has no derivative where it is 0"),))
    out += [(text,) for text in by_entries(p.as_typed().function)]
    if heads & POLYNOMIAL and "inv" in heads_of(d.result):
        out.append((say("written with an inverse, so valid for an invertible argument; "
                        "otherwise read determinant times inverse as the adjugate"),))
    return out


def by_entries(*roots: Expr, everywhere: bool = False) -> list[str]:
    """What is said of functions of entries where one of the matrix may be meant: alone, as a factor, under a trace; everywhere."""
    found: set[str] = set()
    for e in subexpressions(roots):
        if isinstance(e, Apply):
            inside = e.args if everywhere or e.head in SQUARE or e.head == "*" else ()
            found.update(a.head for a in (*inside, *(roots if e in roots else ())) if isinstance(a, Apply) and a.head in MATRIX_FUNCTIONS
                         and a.shape[0] is a.shape[1] and a.shape != SCALAR)
    return [say("{} acts entry by entry, unlike the function {} of a matrix", head, MATRIX_FUNCTIONS[head]) for head in sorted(found)]


def heads_of(*roots: Expr) -> set[str]:
    """The operations in some expressions."""
    return set().union(*map(heads_in, roots))


def reached(e: Expr, definitions: Definitions) -> set[str]:
    """The names in e, and in the definitions it uses."""
    return {n.name for n in names_of([e], dict(definitions))}
