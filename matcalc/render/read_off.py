"""What is said where a derivative is read off: its size and layout, the trace a gradient stands in, and the function itself in it."""

from __future__ import annotations

from collections.abc import Iterable

from ..deriving.definitions import Folds
from ..deriving.distribute import written_out
from ..deriving.derivation import Derivation
from ..deriving.engine import tidier_for
from ..deriving.substitute import substitute
from ..deriving.tidy import Tidier
from ..language.expr import ONE, SCALAR, Apply, Expr, Name, T, add, apply, mul, node_count
from ..language.operations import ELEMENTWISE_NAMES, SYMMETRY_WORDS
from ..rules.book import RULES
from ..rules.matching import parts
from ..rules.measure import measure
from .lines import Line
from .pieces import Piece, Relation, Size
from .words import say

MUCH = 0.75     # of its length a Hessian may have with the function's letter
LITTLE = 6      # nodes of a function that is as short as its letter
LONG = 60       # nodes of a result up to which it is tried whether it is its own transpose


def as_trace(line: Expr, wrt: Expr) -> list[Line]:
    """u' dX v as the trace from which the gradient is read off: tr(v u' dX)."""
    if ONE in wrt.shape or not (isinstance(line, Apply) and line.head == "*" and line.shape == SCALAR):
        return []
    inner = next((a for a in line.args if isinstance(a, Apply) and a.head == "*" and a.shape == SCALAR and a.has_d), None)
    scalars = [a for a in line.args if a.shape == SCALAR and a is not inner]
    chain = [a for a in (line if inner is None else inner).args if a.shape != SCALAR]
    spot = next((k for k, a in enumerate(chain) if a.has_d), None)
    if spot is None or any(a.has_d for a in scalars):
        return []
    turned = Apply("tr", (Apply("*", (*chain[spot + 1:], *chain[:spot + 1]), (wrt.shape[1], wrt.shape[1])),), SCALAR)
    row = RULES["trace.cycle"]
    return [Line(None, Apply("*", (*scalars, turned), SCALAR) if scalars else turned, say(row.called), row.see, line)]


def by_its_value(d: Derivation, f: Expr, found: Expr) -> Iterable[Line]:
    """The gradient of a quotient or an exponential has the function itself in it: once more with its letter, as in 2 (A x - f x)/(x' x);
    so has a Hessian, where that is much shorter."""
    body = d.problem.f
    if not isinstance(f, Name) or f is body or not isinstance(body, Apply) or node_count(body) < LITTLE:
        return
    if d.reading not in ("gradient", "jacobian", "derivative", "hessian") or body.head not in ("*", *ELEMENTWISE_NAMES):
        return
    again = d.reading == "hessian"
    whole = d.tidied if again else found
    tidy, opened = Tidier(Folds([(body, f)]), mirrored=again), _written_out if again else _opened
    ways = [(measure(e), k, e) for k, e in enumerate((tidy(whole), tidy(opened(whole)))) if f in e.names]
    size, _, shorter = min(ways, default=(0.0, 0, whole))
    if ways and size < measure(whole) * (MUCH if again else 1) and opened(substitute(opened(shorter), {f: body})) is opened(whole):
        yield Line(None, shorter, say("definition of"), before=found, about=f)


def _written_out(e: Expr) -> Expr:
    return written_out(e)[-1]


def _opened(e: Expr) -> Expr:
    """A product with a sum, multiplied out: (y/|x| - (x'y) x/|x|^3)/|y| has x'y/(|x| |y|) in it."""
    if not isinstance(e, Apply) or e.head != "*":
        return e
    k = next((k for k, a in enumerate(e.args) if isinstance(a, Apply) and a.head == "+"), None)
    return e if k is None else add(*(mul(*e.args[:k], t, *e.args[k + 1:]) for t in e.args[k].args))  # type: ignore[attr-defined]


def on_symmetric(h: Expr, tidy: Tidier) -> Expr:
    """A Hessian as a form on symmetric directions V, written without commutation matrices where that can be: comm(n,n)*vec(V) = vec(V),
    and kron(A,B) has the values of kron(B,A), as tr(V*B*V*A') = tr(V*A*V*B')."""
    terms = [_uncommuted(t, tidy) for t in _terms(h)]
    alike: dict[Expr, Expr] = {}
    for k, t in enumerate(terms):
        turned = _sides_exchanged(t)
        terms[k] = alike.setdefault(t, t) if turned is None else alike.get(tidy(turned)) or alike.setdefault(t, t)
    new = tidy(add(*terms))
    return new if measure(new) < measure(h) else h


def _terms(e: Expr) -> list[Expr]:
    """The terms of a sum, products with sums multiplied out."""
    if isinstance(e, Apply) and e.head == "+":
        return [u for t in e.args for u in _terms(t)]
    opened = _opened(e)
    return [e] if opened is e else _terms(opened)


def _uncommuted(t: Expr, tidy: Tidier) -> Expr:
    """A term whose commutation matrix was moved to its left end over Kronecker products, or stands at the right one, without it."""
    scalars, chain = parts(t)
    spot = next((k for k, f in enumerate(chain) if isinstance(f, Apply) and f.head == "comm"), None)
    if spot is None or len(chain) < 2:
        return t
    over = [f.args for f in chain[:spot] if isinstance(f, Apply) and f.head == "kron" and f.args[0].shape == f.args[1].shape]
    if spot == len(chain) - 1:
        return tidy(mul(*scalars, *chain[:-1]))
    if len(over) < spot:
        return t
    return tidy(mul(*scalars, *(apply("kron", b, a) for a, b in over), *chain[spot + 1:]))


def _sides_exchanged(t: Expr) -> Expr | None:
    """kron(B,A) for a multiple of kron(A,B)."""
    scalars, chain = parts(t)
    if len(chain) != 1 or not isinstance(chain[0], Apply) or chain[0].head != "kron":
        return None
    a, b = chain[0].args
    return mul(*scalars, apply("kron", b, a)) if a.shape == b.shape else None


def size_and_layout(d: Derivation) -> tuple[Piece, ...]:
    """The size of a result, and in which layout or along what it is."""
    if d.problem.tangent is not None:
        return Size(d.result.shape), say(", at "), Relation(apply("d", d.problem.variable), d.problem.tangent)
    return Size(d.result.shape), say(f", {d.layout} layout") + other_layout(d)


def read_from(d: Derivation) -> Expr:
    """What is read off the differential: the result, but for a structured variable what comes before its independent entries."""
    return d.tidied if d.problem.structured and d.reading == "gradient" and d.problem.variable.words & SYMMETRY_WORDS else d.result


def other_layout(d: Derivation) -> str:
    """What the other layout would be."""
    found = read_from(d)
    if found.shape == SCALAR or d.reading == "hessian" or d.layout == "mixed":
        return ""
    tidy, turned = tidier_for(d.problem), T(found)
    same = turned is found or node_count(found) <= LONG and tidy(turned) is tidy(found)
    other = "numerator" if d.layout == "denominator" else "denominator"
    return say(f"; the same in {other} layout" if same else f"; transposed in {other} layout")
