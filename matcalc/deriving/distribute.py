"""Products with a sum, multiplied out where the result may be smaller."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from ..language.expr import (ONE, SCALAR, Apply, Expr, Name, Number, T, add, coefficient, hadamard, is_identity, is_inverse,
                             is_selection, mul, neg, node_count, ones, sub)
from ..rulebook import algebra
from ..rulebook.matching import Binding, bind, parts
from .factor import exponent
from .record import HOLE, Context, Rewrite
from .tables import anchor
from ..language.operations import FACTORED, POWERS

COMPLEMENTS = next(row for row in algebra.TIDY if row.name == "tidy.complements")
COMBINE = frozenset(("diag", "'ones", "ones"))
INVERSES = frozenset(("inv", "'inv"))       # combine with what they are the inverse of, and repeat: B*inv(U)*B*inv(U)
MOST = 40   # terms of a sum worth looking through
LARGEST = 200   # nodes of what is multiplied out: tidying it takes long, and what is so large does not end smaller
FEW = 6     # terms of two sums multiplied out


def multiplied_out(e: Apply, named: Callable[[Expr], bool]) -> Iterator[Expr]:
    """The ways to multiply a sum out in a product, an entry-wise product or a sum, where something then meets, or is `named`."""
    ways = WAYS.get(e.head)
    if ways is not None:
        yield from (new for new in ways(e, named) if node_count(new) <= LARGEST)


def written_out(e: Expr) -> list[Expr]:
    """What an expression becomes as the sums of matrices in its terms are multiplied out one after another; first the expression itself.

    >>> from matcalc.reading.parse import parse
    >>> written_out(parse('(A + B)*x', ['A, B in R^(m,n)', 'x in R^n']))
    [<(A + B)*x>, <A*x + B*x>]
    """
    out = [e]
    while node_count(out[-1]) <= LARGEST:
        terms = out[-1].args if isinstance(out[-1], Apply) and out[-1].head == "+" else (out[-1],)
        new = add(*(u for t in terms for u in _multiplied_out(t, False)))
        if new is out[-1]:
            return out
        out.append(new)
    return [e]


def complemented(e: Apply) -> tuple[Rewrite, ...]:
    """A.*(1 - B) - B.*(1 - A) as A - B where B is a sum, whose terms stand among those of 1 - B, where no row sees it."""
    for t in e.args:
        c, bare = coefficient(t)
        join = mul if e.shape == SCALAR else hadamard
        factors = bare.args if isinstance(bare, Apply) and bare.head == ("*" if e.shape == SCALAR else ".*") else ()
        for f in factors if c == -1 and all(g.shape == e.shape for g in factors) else ():
            a, b = sub(ones(*e.shape), f), join(*(g for g in factors if g is not f))
            other = join(a, sub(ones(*e.shape), b))
            if isinstance(f, Apply) and f.head == "+" and other in e.args:
                beside = tuple(u for u in e.args if u is not t and u is not other)
                binding: Binding = {}
                for letter, value in zip(sorted(COMPLEMENTS.lhs.names, key=str), (a, b), strict=True):
                    bind(letter, value, binding)
                return (Rewrite(COMPLEMENTS.name, COMPLEMENTS.see, binding, e, add(*beside, a, neg(b)),
                                Context("+", (*beside, HOLE)) if beside else HOLE),)
    return ()


def two_sums(e: Apply, squared: Callable[[Name], bool]) -> Iterator[tuple[Expr, Expr]]:
    """Two sums side by side that hold what may be its own square, (I - H)*(y - H*y), or one squared: one is multiplied out, then both."""
    scalars, chain = parts(e)
    if e.head == "^":
        scalars, chain = [], [e.args[0]] * 2 if e.args[1] is Number(2) else []
    for i, (f, g) in enumerate(pairwise(chain)):
        if isinstance(f, Apply) and isinstance(g, Apply) and f.head == g.head == "+" and len(f.args) * len(g.args) <= FEW \
                and (any(squared(n) for n in f.names & g.names if isinstance(n, Name)) or _projects(f, g)):
            once = add(*(mul(*scalars, *chain[:i], s, *chain[i + 1:]) for s in f.args))
            yield once, add(*(mul(*scalars, *chain[:i], s, t, *chain[i + 2:]) for s in f.args for t in g.args))


def _projects(f: Apply, g: Apply) -> bool:
    """Whether a term of each begins with A*inv(..)*A', which may be its own square."""
    inside = [parts(t)[1] for t in f.args]
    others = [parts(t)[1] for t in g.args]
    return any(len(p) > 2 and p[0] is T(p[-1]) and p == q[:len(p)] and any(map(is_inverse, p))
               for p in inside for q in others)


def _in_product(e: Apply, named: Callable[[Expr], bool]) -> Iterator[Expr]:
    scalars, chain = parts(e)
    for i, f in enumerate(chain):
        terms = _added(f)
        transposed = isinstance(f, Apply) and f.head == "'"      # rows that are scaled stay so
        if terms and _meets(chain[:i], terms, chain[i + 1:], COMBINE - {"diag"} if transposed else COMBINE, named):
            yield add(*(mul(*scalars, *chain[:i], t, *chain[i + 1:]) for t in terms))
    for f in scalars:
        if isinstance(f, Apply) and f.head == "+" and _cancels(f, scalars, "^"):
            others = [s for s in scalars if s is not f]
            yield add(*(mul(t, *others, *chain) for t in f.args))


def _in_entries(e: Apply, named: Callable[[Expr], bool]) -> Iterator[Expr]:
    for f in e.args:
        if isinstance(f, Apply) and f.head == "+" and _cancels(f, e.args, ".^"):
            others = [a for a in e.args if a is not f]
            yield add(*(hadamard(t, *others) for t in f.args))


def _in_sum(e: Apply, named: Callable[[Expr], bool]) -> Iterator[Expr]:
    """Every term that can be, where like terms then meet."""
    terms: list[Expr] = []
    for t in e.args:
        terms.extend(_multiplied_out(t))
    if len(e.args) < len(terms) <= MOST:
        total = add(*terms)
        if (len(total.args) if isinstance(total, Apply) and total.head == "+" else 1) < len(terms):
            yield total


def _cancels(f: Apply, factors: Iterable[Expr], head: str) -> bool:
    """Whether a denominator of the sum f, one of these factors, stands among the others."""
    below = {b for t in f.args for b in _denominators(t)}
    return bool(below) and any((s.args[0] if isinstance(s, Apply) and s.head == head else s) in below for s in factors if s is not f)


def _added(f: Expr) -> tuple[Expr, ...]:
    """The terms of a sum, or of a transposed one; none of what is not a sum."""
    inner = f.args[0] if isinstance(f, Apply) and f.head == "'" else f
    if not isinstance(inner, Apply) or inner.head != "+":
        return ()
    return inner.args if inner is f else tuple(map(T, inner.args))


def _meets(left: list[Expr], terms: tuple[Expr, ...], right: list[Expr], meeting: frozenset[str], named: Callable[[Expr], bool]) -> bool:
    """Whether a neighbour of a sum would combine with one of its terms."""
    lines = [parts(t)[1] for t in terms]
    others = [line for line in lines if len(line) != 1 or not is_identity(line[0])]      # (I - A)*B is as good as B - A*B
    for line in others:
        for beside, a, b in ((left[-1:], left[-1:], line[:1]), (right[:1], line[-1:], right[:1])):
            if a and b:
                if is_selection(a[0]) and _selects(b, False) or is_selection(b[0]) and _selects(a, True):
                    return True
                pair = mul(a[0], b[0])
                if not (isinstance(pair, Apply) and pair.head == "*" and len(pair.args) == 2) or named(pair):
                    return True
                heads = {anchor(a[0]), anchor(b[0])}
                common = a[0].names & b[0].names
                if any("orthogonal" in n.words for n in common) or heads & meeting or heads == {"kron"} or \
                        heads & INVERSES and (common or beside[0] in line) or \
                        a[0].shape[0] is ONE and (b[0].shape[1] is ONE or len(others) < len(lines)) or \
                        b[0].shape[1] is ONE and "diag" in {anchor(x) for x in line}:
                    return True
    return False


def _selects(line: list[Expr], last: bool) -> bool:
    """Whether a product begins, or ends, with columns of the identity, perhaps in the terms of a sum: as blocks do."""
    f = line[-1 if last else 0] if line else None
    if isinstance(f, Apply) and f.head == "+":
        return any(_selects(parts(t)[1], last) for t in f.args)
    return f is not None and is_selection(f)


def _denominators(t: Expr) -> list[Expr]:
    """What stands under a bar in a term."""
    out: list[Expr] = []
    for f in t.args if isinstance(t, Apply) and t.head in FACTORED else (t,):
        if isinstance(f, Apply) and f.head == ".*":
            out.extend(_denominators(f))
        elif isinstance(f, Apply) and f.head in POWERS:
            b, k = exponent(f, f.head)
            if k < 0:
                out.append(b)
    return out


def _multiplied_out(t: Expr, numbers: bool = True) -> list[Expr]:
    """A term as the terms of one sum inside it, or itself; sums of numbers too, or not."""
    scalars, chain = parts(t)
    for i, f in enumerate(scalars if numbers else ()):
        if isinstance(f, Apply) and f.head == "+":
            return [mul(*scalars[:i], u, *scalars[i + 1:], *chain) for u in f.args]
    for i, f in enumerate(chain):
        if isinstance(f, Apply) and f.head == "+" and len(scalars) + len(chain) > 1:
            return [mul(*scalars, *chain[:i], u, *chain[i + 1:]) for u in f.args]
        if isinstance(f, Apply) and f.head == ".*" and len(chain) == 1:
            for g in f.args:
                if isinstance(g, Apply) and g.head == "+":
                    return [mul(*scalars, hadamard(u, *(a for a in f.args if a is not g))) for u in g.args]
    return [t]


def sums_in(e: Apply) -> list[Expr]:
    """The factors that are sums."""
    return [a for a in e.args if type(a) is Apply and a.head == "+"]


WAYS = {"*": _in_product, ".*": _in_entries, "+": _in_sum}
