"""Which conditions follow from others: what is known where some hold, and the fewest that say the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .arithmetic import add, mul
from .constants import num, ones
from .build import build
from .conditions import INSIDE, Condition, simplified
from .inspection import MINUS
from .columns import INVERTIBLE
from .recognition import under_bar
from .operations import LINES, NONZERO_WHERE, SUMS
from .nodes import Apply, Expr, Name, Number
from .numbers import Rational
from .shape import ONE, SCALAR
from .traversal import subexpressions
from .properties import Properties
from .signs import Sign
from . import polynomials


def without_implied(conditions: Iterable[Condition], definitions: Mapping[Name, Expr]) -> tuple[Condition, ...]:
    """The conditions that do not follow from the others."""
    sure, kept = Properties(definitions), list(dict.fromkeys(conditions))
    if (never := tuple(c for c in kept if type(c.of) is Number)) or not kept:       # such a condition implies all others
        return never[:1]
    asked = list(kept)
    for c in asked:
        others = [d for d in kept if d != c]
        if not others or c not in kept:
            continue
        left = simplified(_opened(c, definitions), given(others, definitions))
        if set(left) <= set(others) or {d._replace(of=_squared(d.of)) for d in left} <= {d._replace(of=_squared(d.of)) for d in others}:
            kept = others
        elif len(left) == 1 and left[0].of is not c.of and left[0].of in subexpressions([c.of]):       # 1/(s*x) > 0 beside x > 0
            kept[kept.index(c)] = left[0]
            asked += others
    return tuple(_joined(distinct(_without_products(kept, sure))))


def without_assumed(conditions: Iterable[Condition], assumptions: Iterable[tuple[Expr, Expr]],
                    definitions: Mapping[Name, Expr]) -> tuple[Condition, ...]:
    """The conditions that do not follow from what is assumed to be a number other than 0: u != 0 does from u'*u = 1."""
    plain = Properties(definitions)
    known = [c for pair in assumptions for e, k in (pair, pair[::-1]) if type(k) is Number and k.value and e.names and e.shape == SCALAR
             for c in simplified(Condition("above" if k.value > 0 else "below", e), plain)]
    sure = given(known, definitions)
    return tuple(dict.fromkeys(d for c in conditions if c not in known for d in simplified(c, sure) if d not in known)) if known else \
        tuple(conditions)


def distinct(conditions: Iterable[Condition]) -> tuple[Condition, ...]:
    """Each condition once, also where one is written with sum(x.^2), rowsum(A) and another with x'*x, A*ones(n)."""
    out: dict[Condition, Condition] = {}
    for c in dict.fromkeys(conditions):
        out.setdefault(c._replace(of=_squared(c.of)), c)
    return tuple(out.values())


def _squared(e: Expr) -> Expr:
    """An expression in which the sum of squares of a column is x'*x, and the sums of rows are A*ones(n)."""
    if type(e) is not Apply or not e.args:
        return e
    inner = e.args[0]
    if e.head == "sum" and type(inner) is Apply and inner.head == ".^" and inner.args[1] is num(2) and inner.shape[1] is ONE:
        return mul(build("'", (inner.args[0],)), inner.args[0])
    if e.head in SUMS and e.head in LINES:
        return mul(inner, ones(inner.shape[1])) if LINES[e.head] else mul(build("'", (inner,)), ones(inner.shape[0]))
    return build(e.head, [_squared(a) for a in e.args])


def _opened(c: Condition, definitions: Mapping[Name, Expr]) -> Condition:
    """A condition on names as one on what they stand for: t != 0 for t = x'*x is x != 0."""
    return c if definitions.keys().isdisjoint(c.of.names) else c._replace(of=_written(c.of, definitions))


def _written(e: Expr, definitions: Mapping[Name, Expr]) -> Expr:
    if type(e) is not Apply:
        return definitions.get(e, e) if type(e) is Name else e
    return build(e.head, [_written(a, definitions) for a in e.args])


def _without_products(kept: list[Condition], sure: Properties) -> list[Condition]:
    """Without what is not 0 because others are not, as c^2 - c beside c and c - 1, or because it never is, as c^2 + c + 1."""
    if not any(c.kind == "apart" and c.of.shape == SCALAR and (len(kept) > 1 or c.bound or type(c.of) is Apply) for c in kept):
        return kept
    parts = polynomials.Parts()
    simpler = list(dict.fromkeys(d for c in kept for d in _with_single_zeros(c, parts, sure)))
    known = {c: p for c in simpler if c.of.shape == SCALAR and c.kind in ("apart", "above", "below")
             and (p := parts.read(_cleared(_moved(c)))) is not None}
    for c, p in sorted(known.items(), key=lambda pair: (-polynomials.degree(pair[1]), -len(pair[1]))):
        others = [q for d, q in known.items() if d != c]
        if c.kind == "apart" and (polynomials.follows(p, others) or sure.nonzero(parts.written(polynomials.left_over(p, others)))):
            del known[c]
            simpler.remove(c)
    return simpler


def _with_single_zeros(c: Condition, parts: polynomials.Parts, sure: Properties) -> list[Condition]:
    """A condition that a polynomial in one part is not 0, of the polynomial with each of its zeros once."""
    p = parts.read(_moved(c)) if c.kind == "apart" and c.of.shape == SCALAR else None
    once = p and polynomials.without_repeats(p)
    return [c] if not once or once is p else simplified(Condition("apart", parts.written(once)), sure)


def _cleared(e: Expr) -> Expr:
    """A sum times the sizes that stand below its terms: of the same sign."""
    terms = e.args if type(e) is Apply and e.head == "+" else (e,)
    below = {s for t in terms if type(t) is Apply and t.head == "*" for s in t.args
             if (found := under_bar(s)) and type(found[0]) is Name and found[0].kind == "size"}
    return add(*(mul(t, *(build("^", (s, MINUS)) for s in below)) for t in terms)) if below else e


def _moved(c: Condition) -> Expr:
    return add(c.of, num(-c.bound))


def given(conditions: Iterable[Condition], definitions: Mapping[Name, Expr]) -> Properties:
    """What is certain where some conditions hold."""
    signs: dict[Expr, Sign] = {}
    nonzero: set[Expr] = set()
    regular: set[Expr] = set()
    for c in conditions:
        if c.kind == "invertible":
            regular.add(c.of)
        elif c.kind == "apart" or (c.kind == "nonzero" and c.of.shape == SCALAR):
            nonzero |= {x for e in (c.of, mul(MINUS, c.of)) for x in _less(e, c.bound if e is c.of else -c.bound)}
        elif c.kind != "nonzero":
            sign = Sign.POSITIVE if c.kind in ("above", "below", "within") else Sign.NONNEGATIVE
            if c.kind in ("above", "from", *INSIDE):
                signs |= dict.fromkeys(_less(c.of, c.bound), sign)
            if c.kind in INSIDE:            # -1 < x < 1 is 1 - x^2 > 0
                middle, least = mul(num(c.bound + c.upper), c.of), mul(num(-c.bound * c.upper), ones(*c.of.shape))
                signs[add(mul(MINUS, build(".^", (c.of, num(2)))), middle, least)] = sign
            if c.kind in ("below", "upto", *INSIDE):
                signs |= dict.fromkeys(_less(mul(MINUS, c.of), -(c.upper if c.kind in INSIDE else c.bound)), sign)
    nonzero |= {mul(MINUS, e) for e, sign in signs.items() if sign is Sign.POSITIVE}
    heads = [e for e, sign in signs.items() if sign is Sign.POSITIVE] + list(nonzero)
    regular |= {e.args[0] for e in heads if type(e) is Apply and NONZERO_WHERE.get(e.head) == INVERTIBLE}
    return Properties(definitions, signs, nonzero, regular)


def _less(e: Expr, bound: Rational) -> tuple[Expr, ...]:
    """e - bound, where that is written in one way."""
    return (add(e, mul(num(-bound), ones(*e.shape))) if bound else e,)


def _implies(d: Condition, c: Condition) -> bool:
    """Whether a strict bound implies another condition on the same expression."""
    if d.of is not c.of:
        return False
    if c.kind == "apart":
        return d.kind == "above" and d.bound >= c.bound or d.kind == "below" and d.bound <= c.bound or \
            d.kind == "within" and not d.bound < c.bound < d.upper
    return (d.kind, c.kind) in (("above", "from"), ("below", "upto"), ("within", "between")) and (d.bound, d.upper) == (c.bound, c.upper)


def _joined(conditions: Iterable[Condition]) -> Iterable[Condition]:
    """A lower and an upper bound of the same in one: 0 < p < 1; what is neither negative nor zero is positive."""
    out: list[Condition] = []
    known = list(conditions)
    known = [c for c in known if not any(_implies(d, c) for d in known)]
    known = [c for c in known if not (c.kind in ("from", "above") and any(d.kind == c.kind and d.of is c.of and d.bound > c.bound
                                                                       for d in known))]
    apart = {c.of for c in known if c.kind == "apart" and not c.bound}
    for c in known:
        if c.kind == "from" and not c.bound and c.of in apart:
            c = Condition("above", c.of)
        elif c.kind == "apart" and not c.bound and Condition("from", c.of) in known:
            continue
        kinds = {"above": "below", "below": "above", "from": "upto", "upto": "from"}
        other = next((d for d in out if d.of is c.of and d.kind == kinds.get(c.kind)), None)
        if other is None:
            out.append(c)
            continue
        low, high = (other, c) if c.kind in ("below", "upto") else (c, other)
        out[out.index(other)] = Condition("within" if c.kind in ("above", "below") else "between", c.of, low.bound, high.bound)
    return out
