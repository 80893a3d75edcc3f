"""A result written with the function itself: the gradient of a quotient, or of an exponential, contains the function."""

from __future__ import annotations

from ..language.expr import Apply, Expr, Name, add, build, mul, node_count, power
from ..language.operations import ELEMENTWISE_NAMES
from ..language.traversal import subexpressions
from ..rulebook.algebra import VECTORS
from ..rulebook.matching import fill, products
from ..rulebook.measure import measure
from ..rulebook.rule import Rule
from .definitions import Folds
from .derivation import Derivation
from .distribute import written_out
from .naming import FLOOR
from .substitute import substitute
from .tidy import Tidier

MUCH = 0.75     # of its length a Hessian may have with the function's letter
SEEN = 4        # of a softmax, which its derivative has in it three times
ENTRIES = (".*",)
WITHIN = ("*", "^", "norm2", "softmax", *ELEMENTWISE_NAMES)      # whose derivative may have the function in it
LITTLE = 6      # nodes of a function that is as short as its letter


def in_vectors(e: Expr) -> tuple[Rule, Expr] | None:
    """A matrix times a vector by the vectors that the matrix is made of, (diag(s) - s*s')*r as s.*(r - (s'*r)*ones(n)), and the row
    that says so."""
    for row in VECTORS:
        for laid in products(row.lhs, e, {}):
            if all(node_count(v) < LITTLE for k, v in laid.binding.items() if isinstance(v, Expr) and isinstance(k, Name)):
                return row, mul(*laid.scalars, *laid.before, fill(row.rhs, laid.binding), *laid.after)
    return None


def with_its_value(d: Derivation, f: Expr, found: Expr, body: Expr | None = None) -> tuple[Expr, bool] | None:
    """The gradient of a quotient or an exponential has the function itself in it: once more with its letter, as in 2 (A x - f x)/(x' x);
    so has a Hessian, where that is much shorter. And whether it was multiplied out for that. None where it is no shorter."""
    short, body = (LITTLE, d.problem.f) if body is None else (0, body)
    if not isinstance(f, Name) or f is body or not isinstance(body, Apply):
        return None
    softmax = body.head == "softmax"
    if node_count(body) < (min(short, SEEN) if softmax else short) or softmax and node_count(found) > FLOOR:
        return None
    if d.reading not in ("gradient", "jacobian", "derivative", "hessian") or body.head not in WITHIN:
        return None
    again = d.reading == "hessian"
    whole = d.tidied if again else found
    body = Tidier(factoring=False, deadline=d.deadline)(body)
    if not isinstance(body, Apply):
        return None
    tidy, out = Tidier(Folds([(body, f)]), mirrored=again), (lambda e: written_out(e)[-1]) if again else opened
    ways = [(measure(e), k, e) for k, e in enumerate((tidy(whole), tidy(out(whole)))) if f in e.names]
    size, opening, shorter = min(ways, default=(0.0, 0, whole))
    if ways and size < measure(whole) * (MUCH if again else 1) and \
            opened(out(substitute(out(shorter), {f: body, **_powers_of(f, body, shorter)})), ENTRIES) is opened(out(whole), ENTRIES):
        return shorter, opening > 0
    return None


def _powers_of(f: Name, body: Apply, e: Expr) -> dict[Expr, Expr]:
    """What the powers of a function's letter in e are, where it is a power itself: f^(1 - p) is s^(1/p - 1) for f = s^(1/p)."""
    return {t: power(body.args[0], opened(mul(body.args[1], t.args[1]))) for t in subexpressions([e])
            if body.head == "^" and isinstance(t, Apply) and t.head == "^" and t.args[0] is f}


def opened(e: Expr, inside: tuple[str, ...] = ()) -> Expr:
    """A product with a sum, multiplied out: (y/|x| - (x'y) x/|x|^3)/|y| has x'y/(|x| |y|) in it; also `inside` of these heads."""
    if not isinstance(e, Apply) or e.head not in ("*", *inside):
        return e
    args = [opened(a, inside) if isinstance(a, Apply) and a.head in inside else a for a in e.args]
    k, terms = next(((k, a.args) for k, a in enumerate(args) if isinstance(a, Apply) and a.head == "+"), (0, ()))
    return add(*(build(e.head, (*args[:k], t, *args[k + 1:])) for t in terms)) if terms else e
