"""Small changes of an expression, each with the part before and after."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from ..deriving.substitute import substitute
from ..language.expr import (MINUS, ONE, SCALAR, Apply, Expr, InputError, Name, Number, T, add, apply, build, eye, hadamard,
                             hadamard_power, is_inverse, mul, num, power, sub)
from ..language.inspection import coefficient, is_unit
from ..language.operations import ELEMENTWISE_NAMES, FACTORED, LINEAR, PARTS, POWERS
from ..language.recognition import kron_factors
from ..reading.entrywise_laws import lift
from ..rulebook.differentials import prime
from .screening import square
from ..records import Record

MOST = 400
ENTRY = Name("t")
Path = tuple[int, ...]


class Edit(Record):
    """The expression with `old` replaced by `new`; what kind of change it is; at how many places."""

    whole: Expr
    old: Expr
    new: Expr
    kind: str


def sites(e: Expr, path: Path = ()) -> Iterator[tuple[Path, Expr]]:
    """Every part, outer ones first, with its path."""
    yield path, e
    if isinstance(e, Apply):
        for i in range(len(e.args))[PARTS.get(e.head, slice(None))]:
            yield from sites(e.args[i], (*path, i))


def put(e: Expr, path: Path, new: Expr) -> Expr | None:
    """e with the part at the path replaced; None where that does not fit."""
    if not path:
        return new
    assert isinstance(e, Apply)
    inner = put(e.args[path[0]], path[1:], new)
    if inner is None:
        return None
    args = list(e.args)
    args[path[0]] = inner
    try:
        return build(e.head, args)
    except (InputError, ValueError, AssertionError, IndexError):
        return None


def edits(e: Expr) -> Iterator[Edit]:
    """All single changes, the likelier ones first, each new expression once."""
    seen = {e}
    count = 0
    found = list(sites(e))
    for kind in (_everywhere, _single, _products, _powers, _functions, _names):
        for edit in kind(e, found):
            if edit.whole not in seen and edit.whole.shape == e.shape:
                seen.add(edit.whole)
                count += 1
                yield edit
                if count >= MOST:
                    return


def _placed(e: Expr, path: Path, old: Expr, new: Expr, kind: str) -> Iterator[Edit]:
    whole = put(e, path, new)
    if whole is not None:
        yield Edit(whole, old, new, kind)


def _turns(found: list[tuple[Path, Expr]]) -> Iterator[tuple[Path, Expr]]:
    for path, s in found:
        if square(s) and T(s) is not s and not (isinstance(s, Apply) and s.head == "'"):
            yield path, s


def _everywhere(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """One letter, or its inverse, changed wherever it stands."""
    for s in dict.fromkeys(s for _, s in _turns(found) if isinstance(s, Name) or is_inverse(s)):
        yield Edit(substitute(e, {s: T(s), T(s): T(s)}), s, T(s), "turn")
        yield Edit(substitute(e, {T(s): s}), T(s), s, "turn")
        yield Edit(substitute(e, {s: T(s), T(s): s}), s, T(s), "turn")
    for s in dict.fromkeys(s for _, s in found if isinstance(s, Name) and square(s)):
        if apply("inv", s) in (t for _, t in found):
            continue
        yield Edit(substitute(e, {s: apply("inv", s)}), s, apply("inv", s), "inverse")


def _single(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """One place changed."""
    for path, s in found:
        if not path and not square(s):
            continue
        if square(s):
            if T(s) is not s:
                yield from _placed(e, path, s, T(s), "turn")
                yield from _placed(e, path, s, symmetric_part(s), "symmetrise")
            if isinstance(s, Name) or is_inverse(s):
                yield from _placed(e, path, s, apply("inv", s), "inverse")
            if is_unit(s):
                yield from _placed(e, path, s, eye(s.shape[0]), "identity")
            else:
                yield from _placed(e, path, s, apply("diag", apply("diagonal", s)), "diagonal")
        if isinstance(s, Apply) and s.head == "+" and s.shape != SCALAR and len(s.args) <= 8:
            for i, a in enumerate(s.args):
                if square(a) and path:
                    yield from _placed(e, (*path, i), a, T(a), "turn")


def _products(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """Factors in another order, left out, or of another kind of product."""
    for path, s in found:
        if not isinstance(s, Apply):
            continue
        if s.head == "*":
            for i, factor in enumerate(s.args):
                rest = [*s.args[:i], *s.args[i + 1:]]
                if isinstance(factor, Number) or not rest:
                    continue
                if factor.shape == SCALAR or square(factor):
                    yield from _placed(e, path, s, mul(*rest), "extra factor")
            chain = [a for a in s.args if a.shape != SCALAR]
            scalars = [a for a in s.args if a.shape == SCALAR]
            for i in range(len(chain) - 1):
                a, b = chain[i], chain[i + 1]
                if a.shape[0] is b.shape[1] or (i == 0 and len(chain) == 2):
                    try:
                        new = mul(*scalars, *chain[:i], b, a, *chain[i + 2:])
                    except InputError:
                        continue
                    yield from _placed(e, path, s, new, "order")
                if a.shape == b.shape:
                    new = mul(*scalars, *chain[:i], hadamard(a, b), *chain[i + 2:])
                    yield from _placed(e, path, s, new, "product")
        elif s.head == ".*":
            if len(s.args) == 2 and square(s):
                for a, b in (s.args, s.args[::-1]):
                    yield from _placed(e, path, s, mul(a, b), "product")
            for count in (1, 2) if 2 < len(s.args) <= 4 else (1,):
                for rest in reversed([*combinations(s.args, len(s.args) - count)]):         # without the first ones first
                    yield from _placed(e, path, s, hadamard(*rest), "extra factor")
        elif both := kron_factors(s):
            yield from _placed(e, path, s, apply("kron", *both[::-1]), "order")


def _powers(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """An exponent one more or one less; the sign of a part."""
    for path, s in found:
        if isinstance(s, Apply) and s.head in POWERS and isinstance(s.args[1], Number):
            raised = power if s.head == "^" else hadamard_power
            for step in (1, -1, 2, -2):
                try:
                    yield from _placed(e, path, s, raised(s.args[0], num(s.args[1].value + step)), "power")
                except (InputError, ValueError, ZeroDivisionError):
                    continue
        if isinstance(s, Apply) and s.head in ("+", ".*", "*") and path:
            yield from _placed(e, path, s, mul(MINUS, s), "sign")
        if isinstance(s, Apply) and s.head == "+" and len(s.args) <= 8:
            for i, a in enumerate(s.args):
                yield from _placed(e, (*path, i), a, mul(MINUS, a), "sign")
                yield from _placed(e, (*path, i), a, mul(num(2), a), "double")


def _functions(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """An entry-wise function of the expression put around another part, or left out; what it stands in is shown."""
    at = dict(found)
    heads = dict.fromkeys(s.head for _, s in found if isinstance(s, Apply) and s.head in ELEMENTWISE_NAMES)
    for path, s in found:
        around = at[path[:-1]] if path else s
        for head in heads:
            new = s.args[0] if isinstance(s, Apply) and s.head == head else apply(head, s) if not isinstance(s, Number) else s
            whole, shown = put(e, path, new), put(around, path[-1:], new)
            if whole is not None and shown is not None:
                yield Edit(whole, around, shown, "function")
    for path, s in found:
        if isinstance(s, Apply) and s.head in ELEMENTWISE_NAMES:
            yield from _placed(e, path, s, lift(prime(s.head), Name("t"), s.args[0]), "function")
    yield from _taken_out(e, found)


def _names(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """A name at one place for another one of its shape, or 1 - z for z."""
    letters = dict.fromkeys(s for _, s in found if isinstance(s, Name) and s.kind == "variable")
    for path, s in found:
        if isinstance(s, Name) and s in letters:
            if ONE in s.shape:
                yield from _placed(e, path, s, lift(sub(num(1), ENTRY), ENTRY, s), "function")
            for other in letters:
                if other.shape == s.shape and other is not s:
                    yield from _placed(e, path, s, other, "name")


def _taken_out(e: Expr, found: list[tuple[Path, Expr]]) -> Iterator[Edit]:
    """A factor in front of a function of entries or behind it put inside, or the other way round."""
    for path, s in found:
        if not isinstance(s, Apply):
            continue
        if s.head in ELEMENTWISE_NAMES and isinstance(s.args[0], Apply) and s.args[0].head == "*":
            factors = s.args[0].args
            for k in range(1, len(factors)):
                yield from _placed(e, path, s, mul(*factors[:k], apply(s.head, mul(*factors[k:]))), "inside")
                yield from _placed(e, path, s, mul(apply(s.head, mul(*factors[:k])), *factors[k:]), "inside")
        elif s.head == "*":
            for k, a in enumerate(s.args):
                if isinstance(a, Apply) and a.head in ELEMENTWISE_NAMES:
                    for i in range(k):
                        inner = apply(a.head, mul(*s.args[i:k], a.args[0]))
                        yield from _placed(e, path, s, mul(*s.args[:i], inner, *s.args[k + 1:]), "inside")
                    for i in range(k + 2, len(s.args) + 1):
                        inner = apply(a.head, mul(a.args[0], *s.args[k + 1:i]))
                        yield from _placed(e, path, s, mul(*s.args[:k], inner, *s.args[i:]), "inside")


def symmetric_part(e: Expr) -> Expr:
    """The symmetric part, the number of e with the half.

    >>> from matcalc.reading.parse import parse
    >>> symmetric_part(parse('2*A', ['A in R^(n,n)']))
    <A + A'>
    """
    k, rest = coefficient(e)
    return mul(num(Fraction(k) / 2), add(rest, T(rest)))


def terms(e: Expr, most: int = 24) -> list[Expr]:
    """The terms of a sum, products of sums multiplied out; the whole as one term where there are too many."""
    found = _terms(e, most)
    return found if len(found) <= most else [e]


def _terms(e: Expr, most: int) -> list[Expr]:
    if not isinstance(e, Apply):
        return [e]
    if e.head == "+":
        return [t for a in e.args for t in _terms(a, most)]
    if e.head in FACTORED:
        out: list[list[Expr]] = [[]]
        for a in e.args:
            inner = _terms(a, most)
            if len(out) * len(inner) > most:
                return [e]
            out = [[*row, t] for row in out for t in inner]
        return [build(e.head, row) for row in out]
    if e.head in LINEAR and len(e.args) == 1:
        return [build(e.head, [t]) for t in _terms(e.args[0], most)]
    return [e]
