"""Assumed equations as laws: the greatest monomial of the difference of the sides equals the rest; a name equals its value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import floor

from ...deriving.substitute import substitute
from ...language.expr import ONE, SCALAR, Expr, Name, add, apply, eye, mul
from .atoms import order
from .powers import power
from .indexed import Entries
from .products import match, pattern, rest_of
from .monomial import UNITY, Monomial, Present, Rational, Sum, alone, factors
from .normalform import Algebra, free_indices, number
from .heads import Bound, Inconclusive, Term, plain
from .substitution import rebuilt, variable, variable_head
from .vanishing import cleared
from .matrix_words import heads_of, scalars
from . import relations

Assumption = Callable[[Algebra, Present, Bound], "list[Term] | None"]


def assumed(entries: Entries, s: Sum, equations: Sequence[tuple[Expr, Expr]], turned: bool = False) -> Sum:
    """A sum rewritten by the equations; those of two monomials `turned` round."""
    alg = entries.alg
    s, differences = _said(entries, s, equations)
    rules: list[Assumption] = []
    for d in differences:
        found = [oriented(alg, e, turned) for e in (d, *_squared(alg, d))]
        rules += [rule for rule in found if rule is not None]
    if rules:
        alg.assumed = rules
        for _ in range(3):
            before = s
            s = rebuilt(alg, s, {})
            if s == before:
                break
    return s


def follows(entries: Entries, s: Sum, equations: Sequence[tuple[Expr, Expr]]) -> bool:
    """Whether a sum is zero because it is a combination of multiples of the equations."""
    if any(entries.alg.heads[h].kind == "det" for m in s for h, _, _ in factors(m)):
        equations = [*equations, *((apply("det", left), apply("det", right)) for left, right in equations
                                   if left.shape[0] is left.shape[1] is not ONE and not left.has_d and not right.has_d)]
    s, differences = _said(entries, s, equations)
    return not s or relations.follows(entries.alg, s, differences)


def _said(entries: Entries, s: Sum, equations: Sequence[tuple[Expr, Expr]]) -> tuple[Sum, list[Sum]]:
    """A sum where names are what the equations say they are; the differences of the sides of the others."""
    alg = entries.alg
    differences: list[Sum] = []
    for left, right in equations:
        replaced = _value_of_name(entries, left, right) or _value_of_name(entries, right, left)
        if replaced is None:
            a, b = entries.fitted([entries.of(left), entries.of(right)])
            difference = alg.add(a.entries, alg.scaled(b.entries, -1))
            replaced = _structure(entries, difference, left, right) or _value_of_matrix(entries, difference)
        if replaced is not None:
            s, differences = rebuilt(alg, s, replaced), [rebuilt(alg, d, replaced) for d in differences]
        else:
            differences.append(cleared(alg, difference))
    return s, differences


def held(entries: Entries, equations: Sequence[tuple[Expr, Expr]]) -> frozenset[int]:
    """The square letters in the equations that do not stay as they are assumed when a multiple of the identity is added: the others
    are invertible for almost all of their values still."""
    out: set[int] = set()
    for left, right in equations:
        for x in sorted(left.names | right.names, key=str):
            if type(x) is Name and x.kind == "variable" and x.shape[0] is x.shape[1] is not ONE and x not in entries.definitions:
                letter = next(iter(variable(entries.alg, x, False)))
                out |= set() if _moves_along(entries, left, right, x) else heads_of(entries.alg, letter)
    return frozenset(out)


def _moves_along(entries: Entries, left: Expr, right: Expr, x: Name) -> bool:
    """Whether left - right is the same for x + t*I."""
    moved: dict[Expr, Expr] = {x: add(x, mul(Name("t beside", SCALAR), eye(x.shape[0])))}       # no name that anybody can type
    a, b, c, d = entries.fitted([entries.of(e) for e in (left, right, substitute(left, moved), substitute(right, moved))])
    alg = entries.alg
    return not alg.add(a.entries, alg.scaled(b.entries, -1), alg.scaled(c.entries, -1), d.entries)


def _value_of_name(entries: Entries, left: Expr, right: Expr) -> dict[int, Sum] | None:
    """What x = (something without x) replaces."""
    alg = entries.alg
    if type(left) is not Name or left.kind != "variable" or left in entries.definitions or left.words - {"positive"}:
        return None
    head = variable_head(alg, left)
    value = entries.of(right).entries
    if left in right.names or any(left in body.names for body in entries.definitions.values()):
        return None
    return {head.id: value}


def _structure(entries: Entries, d: Sum, left: Expr, right: Expr) -> dict[int, Sum] | None:
    """A' = A makes a name symmetric, A' = -A skew."""
    alg = entries.alg
    for x in left.names | right.names:
        if x not in entries.definitions and not x.words - {"positive"} and len(d) == 2:
            head = variable_head(alg, x)
            if len(head.dims) == 2 and set(d) == {(((head.id, (-1, -2), 1),), ()), (((head.id, (-2, -1), 1),), ())}:
                p, q = d.values()
                word = "skew" if p == q else "symmetric" if p == -q else ""
                return {head.id: variable(alg, Name(x.name, x.shape, x.words | {word}), False)} if word else None
    return None


def _value_of_matrix(entries: Entries, d: Sum) -> dict[int, Sum] | None:
    """What a matrix is replaced by that stands once in an equation, as a term or a size times it: Q by X - A*X*A' where
    A*X*A' - X + Q = 0."""
    alg = entries.alg
    for m, c in d.items():
        front, rest = scalars(m)
        found = alone({rest: c})
        if found is None or len(set(found[1])) != 2 or max(found[1]) >= 0 or any(alg.heads[f[0]].kind != "size" for f in front):
            continue
        h, args, _ = found
        others: Sum = {n: k for n, k in d.items() if n != m}
        if alg.heads[h].kind == "variable" and set(alg.heads[h].extra or ()) <= {"symmetric", "spd", "positive"} and all(
                h not in heads_of(alg, n) for n in others):
            value = alg.product(power(alg, {(front, ()): c}, -1), alg.scaled(others, -1))
            return {h: alg.renamed(value, {a: -i - 1 for i, a in enumerate(args)})}
    return None


def oriented(alg: Algebra, d: Sum, turned: bool = False) -> Assumption | None:
    """The law d = 0: its greatest monomial that holds every free index equals minus the rest; `turned` is a law of two the other way."""
    if not d:
        return None
    if d == {UNITY: d.get(UNITY, 0)}:
        raise Inconclusive("an assumption that is never true")
    frees = set(free_indices(d))
    tops = [m for m in d if set(free_indices({m: 1})) == frees and m != UNITY]
    if not tops:
        return None
    top = (min if turned and len(d) == len(tops) == 2 else max)(tops, key=lambda m: (_factors(m), order(alg, m)))
    others: Sum = {m: c for m, c in d.items() if m != top}
    c = d[top]
    single = _single(alg, top, others, c)
    if single is not None:
        return single
    parts, exclusive = pattern(top)

    def rule(alg: Algebra, present: Present, bound: Bound) -> list[Term] | None:
        for found, used, sign in match(alg.heads, parts, {}, exclusive, present):
            gone = {found[p] for p in exclusive}
            names = {f: found[f] for f in frees}
            inner = {a: d for a, d in bound.items() if a not in gone}
            return alg.terms(others, names, rest_of(present, used), inner, Fraction(-sign) / c)
        return None

    return rule


def _factors(m: Monomial) -> int:
    """How many entries are multiplied."""
    return sum(len(c) for c in m[1])


def _squared(alg: Algebra, d: Sum) -> list[Sum]:
    """sin(t) = v is known of sin(t)^2, too, which normal forms have as 1 - cos(t)^2."""
    for m, c in d.items():
        angle = alone({m: c})
        if angle is not None and alg.heads[angle[0]].kind in ("sin", "cos"):
            others = {n: k for n, k in d.items() if n != m}
            return [alg.product(d, alg.add({m: c}, alg.scaled(others, -1)))]
    return []


def _single(alg: Algebra, top: Monomial, others: Sum, c: Rational) -> Assumption | None:
    """atom^p = number: every power of the atom is known."""
    if top[1] or len(top[0]) != 1 or top[0][0][1] or (others and set(others) != {UNITY}):
        return None
    h, _, p = top[0][0]
    value = plain(Fraction(-others.get(UNITY, 0)) / c)
    if value <= 0:
        return None

    def rule(alg: Algebra, present: Present, bound: Bound) -> list[Term] | None:
        e = present.get((h, ()))
        if e is None:
            return None
        q = Fraction(e) / p
        if q % 1 and p % 1 == 0 and p % 2 == 0:
            q = Fraction(floor(q))
            if not q:
                return None
        return alg.terms(power(alg, number(value), q), {}, rest_of(present, {(h, ()): q * p}), bound)

    return rule
