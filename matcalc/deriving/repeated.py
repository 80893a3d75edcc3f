"""Names for what a formula, or its derivative, repeats, so that a derivation can be written in letters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from ..language.deadline import NEVER, Deadline
from ..language.expr import ONE, SCALAR, UNIT, Apply, Expr, Name, Number, apply, mul, node_count
from ..language.inspection import HALF, heads_in, is_unit, untransposed
from ..language.numbers import Rational
from ..language.operations import ROOTS
from ..reading.parse import Problem
from .order import POWERS
from .naming import FLOOR, count_parts, free, in_order_of_use, swap_parts, taken_by
from ..language.properties import Properties
from ..language.recognition import is_inverse, norm_of, on_diagonal
from ..language.traversal import subexpressions
from ..rulebook.matching import parts
from .definitions import Folds
from .factor import exponent
from .opening import log_factors
from .properties import Transposer
from .substitute import substitute
from .tidy import Tidier

LONG = 7        # nodes of a part that is worth a name where it is said twice
AGAIN = ("softmax", "softmax_rows")     # whose differential has them in it twice
ALSO = ("sigmoid", "tanh")              # likewise, where they are long
BENT = {"relu", "abs", "norm1", "log", "sqrt", "softplus", "gelu", "silu"}       # whose derivative is of the same argument
CHAIN = 20      # more definitions than these are names enough
SAID = 2        # what a name costs besides
BELOW = 6       # nodes below a root or a bar, which come again with it
SCALARS, COLUMNS, MATRICES = "tqrv", "zuvr", "ZUVR"
Named = list[tuple[Name, Expr]]


def named_first(problem: Problem, f: Expr, tidy: Callable[[Expr], Expr]) -> tuple[Named, Named]:
    """Names for parts of f and of the definitions it uses that change with the variable, and all definitions in these letters, each
    after those in what it stands for; the parts of a long chain have names enough."""
    x, given = problem.wrt, list(problem.definitions)
    short = not given and node_count(f) < LONG and heads_in(f).isdisjoint(AGAIN)
    if short or x is None or len(given) > CHAIN or problem.assumptions or problem.order != 1 or problem.taken:
        return [], given    # what is taken stands elsewhere on the page of which this is a part
    taken = taken_by(problem) | set(problem.scope.origins) | {"f", "g"}
    moving, used = {x}, set(f.names)
    for n, body in given:
        moving |= set() if moving.isdisjoint(body.names) else {n}
    for n, body in reversed(given):
        used |= body.names if n in used else set()
    where: Named = []
    whole = f
    while True:
        counts: dict[Expr, int] = {}
        for e in (f, *(body for n, body in given if n in used), *(body for _, body in where)):
            count_parts(e, counts)
        known = {whole, *(body for _, body in given), *(body for _, body in where)}
        part = _worth({e: k for e, k in counts.items() if not moving.isdisjoint(e.names) and e not in known}, known, moving,
                      where, all(n.of for n, _ in given))
        if part is None:
            return in_order_of_use(where), in_order_of_use([*where, *given])
        first = "rR" if counts.get(part) == 1 and apply("norm2", part) in counts else ""
        name = Name(letter_for(part, taken, first), part.shape, _seen(part, dict([*given, *where])))
        taken.add(name.name)
        moving.add(name)
        memo: dict[Expr, Expr] = {part: name}
        f = tidy(swap_parts(f, memo))
        given = [(n, swap_parts(body, memo)) for n, body in given]
        where = [*((n, tidy(swap_parts(body, memo))) for n, body in where), (name, part)]


def names_reopened(result: Expr, named: Named, adjoints: Named, tidy: Callable[[Expr], Expr]) -> tuple[Expr, Named]:
    """A result without the names it can do without: any where it is short and not longer so, else what it uses once."""
    short = result if adjoints else tidy(written_out(result, [], named)[0])
    used = [node_count(body) + SAID for n, body in named if n in result.names or any(n in b.names for _, b in named)]
    free = all(e.names.isdisjoint(dict(named)) for e in (short, *(b for _, b in adjoints)))
    if free and node_count(short) <= min(FLOOR, node_count(result) + sum(used)):
        return short, []
    where = named
    for n, body in reversed(named):
        rest = [(m, b) for m, b in where if m is not n]
        found = sum(uses(n, e) for e in (result, *(b for _, b in (*rest, *adjoints))))
        if found == 1 and not any(n in b.names for _, b in adjoints):
            swap: dict[Expr, Expr] = {n: body}
            result, rest = substitute(result, swap), [(m, substitute(b, swap)) for m, b in rest]
        where = where if found > 1 or any(n in b.names for _, b in adjoints) else rest
    return result, where


def written_out(result: Expr, where: Named, named: Sequence[tuple[Name, Expr]]) -> tuple[Expr, Named]:
    """The same without these names."""
    bodies: dict[Expr, Expr] = {}
    for n, body in named:
        bodies[n] = substitute(body, bodies)
    return substitute(result, bodies), [(n, substitute(b, bodies)) for n, b in where if n not in bodies]


def in_letters(e: Expr, named: Sequence[tuple[Name, Expr]]) -> Expr:
    """An expression with these names for what they stand for."""
    return Tidier(letters_for(named, Folds(), exact=True), factoring=False)(e)


def letters_for(named: Iterable[tuple[Name, Expr]], folds: Folds, deadline: Deadline = NEVER,
                law: Callable[[Apply], Expr | None] | None = None, exact: bool = False) -> Folds:
    """Names by what they stand for, as it is, once it is tidy in the names before, and by a law."""
    for name, body in named:
        if isinstance(body, Apply):
            tidy = Tidier(folds, deadline=deadline)(body)
            for e in (body, tidy, law and law(body)):
                if isinstance(e, Apply) and (e is body or e not in folds):
                    folds.add(e, name, exact)
    return folds


def cancels_below(result: Expr, opened: Expr, named: Named) -> bool:
    """Whether something is gone once what these names stand for is written out: r*(b*c) in front of what is divided by t = a*(b*c)."""
    counts: dict[Expr, Rational] = {}
    for n, body in named:
        counts[n] = _letters(body, counts)
    return _letters(opened, {}) < _letters(result, counts)


def _letters(e: Expr, counts: dict[Expr, Rational]) -> Rational:
    """How many names stand in an expression, each as often as it is counted, and in a power that many times."""
    if e not in counts:
        inside = sum(_letters(a, counts) for a in e.args) if isinstance(e, Apply) else int(type(e) is Name)
        head = e.head if isinstance(e, Apply) else ""
        power = HALF if head == "sqrt" else e.args[-1] if isinstance(e, Apply) and head in POWERS else UNIT
        counts[e] = inside * abs(Fraction(power.value)) if isinstance(power, Number) else inside
    return counts[e]


def uses(n: Name, e: Expr) -> int:
    """How often a name stands in an expression."""
    return int(e is n) if not isinstance(e, Apply) or n not in e.names else sum(uses(n, a) for a in e.args)


def _worth(counts: dict[Expr, int], known: set[Expr], moving: set[Name], where: Named, nameless: bool) -> Expr | None:
    """What is named next: what is said most often and longest, then what a differential repeats; whoever named things has named that."""
    again = [((k - 1) * (node_count(e) - 1), e.text, e) for e, k in counts.items() if k > 1 and node_count(e) >= LONG]
    if again:
        return max(again, key=lambda found: found[:2])[-1]
    for e, k in counts.items() if nameless else ():
        if isinstance(e, Apply) and (e.head in AGAIN or e.head in ALSO and node_count(e) >= LONG - (1 if k == 1 else 3)
                                     or e.head == "exp" and e.shape == SCALAR and node_count(e) > LONG):
            return e
    rows = next((e.args[0] for e in known if isinstance(e, Apply) and e.head == AGAIN[1] and e.args[0] in counts
                 and type(untransposed(e.args[0])) is not Name), None)
    if rows is not None:        # the differential of a softmax by rows has d of this twice
        return rows
    normed = map(norm_of, counts) if nameless else ()
    rest = next((e for e in normed if e is not None and e in counts and e not in known and node_count(e) > LONG), None)
    if rest is not None:        # the differential of a norm has this beside d of it
        return rest
    quotients = [found for e in counts for found in _quotients(e, moving)] if nameless else []
    below = next((b for b, _ in quotients if isinstance(b, Apply)), None)
    if below is not None:       # what every row is divided by, or every column, comes again with the quotient
        return below
    roots = {n for n, body in where if isinstance(body, Apply) and body.head in ROOTS}
    quotient = next((q for b, q in quotients if q is not None and q not in known and b in roots), None)
    if quotient is not None:    # and so does that, of what is normalised
        return quotient
    bent = (e.args[0] for e in (*counts, *known) if isinstance(e, Apply) and e.head in BENT and (e.head not in ROOTS or e in counts)
            and (e.head != "log" or len(log_factors(e.args[0])) < 2)) if nameless else ()     # the log of a product is taken apart
    inside = next((e for e in bent if e in counts and e not in known and node_count(e) > LONG), None)
    if inside is not None:      # the derivative of such a function is of this, beside d of it
        return inside
    inverted = (e.args[0] for e in counts if isinstance(e, Apply) and is_inverse(e)) if nameless else ()
    base = next((e for e in inverted if e not in known and node_count(e) >= BELOW), None)
    if base is not None:        # the differential of an inverse has that twice
        return base
    below = (b for e in counts for b in _below(e, known) if isinstance(b, Apply))
    if not where:
        return next((b for b in below if b.shape == SCALAR and node_count(b) > LONG), None)
    return next((b for b in below if node_count(b) >= BELOW or any(n.of for n in b.names)), None)


def _seen(part: Expr, bodies: dict[Name, Expr]) -> frozenset[str]:
    """What is seen of a matrix, said of the letter that stands for it."""
    if part.shape == SCALAR or not Transposer(bodies).symmetric(part):
        return frozenset()
    return frozenset({"spd" if Properties(bodies).definite(part) else "symmetric"})


def _quotients(e: Expr, moving: set[Name]) -> Iterator[tuple[Expr, Expr | None]]:
    """The x of A*diag(1./x) or diag(1./x)*A in a product, where both change with the variable, and that quotient; of A./(x*1') the x."""
    if isinstance(e, Apply) and e.head == ".*":
        for f in e.args:
            x, k = exponent(f, ".^")
            chain = parts(x)[1]
            if k == -1 and len(chain) == 2 and any(map(is_unit, chain)):
                yield untransposed(chain[is_unit(chain[0])]), None
    chain = parts(e)[1] if isinstance(e, Apply) and e.head == "*" else []
    for a, b in pairwise(chain):
        for diagonal, other in ((a, b), (b, a)):
            x, k = exponent(on_diagonal(diagonal) or UNIT, ".^")
            if k == -1 and not moving.isdisjoint(x.names) and not moving.isdisjoint(other.names):
                yield x, mul(a, b)


def _below(e: Expr, known: set[Expr]) -> Iterator[Expr]:
    """What stands below a root or a bar, a number or a column, and has no name as a whole."""
    if isinstance(e, Apply) and (e.head in ROOTS or e.head in ("^", ".^") and isinstance(e.args[1], Number) and e.args[1].value < 0):
        base = e.args[0]
        if base not in known and ONE in base.shape:
            yield base.args[0] if isinstance(base, Apply) and base.head in ROOTS else base


def letter_for(part: Expr, taken: set[str], first: str = "") -> str:
    """A letter that fits and is free, in both cases if one is; a column's and a matrix's letter to be tried `first`."""
    sure = isinstance(part, Apply) and part.head in (*AGAIN, *ALSO)
    column = ONE in part.shape
    likely = ("sp" if column else "PS") * sure + (first[:1] if column else first[1:])
    wishes = SCALARS if part.shape == SCALAR else likely + (COLUMNS if column else MATRICES)
    return free(wishes, taken | {n.swapcase() for n in taken})


def cancels(n: Name, body: Expr, f: Expr, bodies: dict[Name, Expr]) -> bool:
    """Whether a name is taken together with f: a softmax that f alone uses, in log(s), where what is divided by cancels."""
    return isinstance(body, Apply) and body.head in AGAIN and apply("log", n) in subexpressions([f]) and \
        not any(n in e.names for e in bodies.values())
