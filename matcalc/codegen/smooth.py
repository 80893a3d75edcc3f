"""Derivatives of determinants where the matrix is singular: det(E)*inv(E) becomes the adjugate, which exists everywhere.

The derivative of a polynomial is a polynomial, but written with inv it is 0 times infinity at a singular matrix. A product of det(E)^k
(k >= 1) with a term that is linear in inv(E) is that term in adj(E), and one det(E) less. Two inverses need two terms:
det(E)*(tr(inv(E)*A)*inv(E) - inv(E)*A*inv(E)) is how adj(E) changes in the direction A, which again exists everywhere. A diagonal E has
leave-one-out products instead, det(diag(v))./v.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from ..language.expr import (MINUS, SCALAR, Apply, Expr, Name, Number, T, add, apply, build, coefficient, comm, hadamard, mul, num, ones,
                             power)
from ..language.operations import LINEAR, MINORS, POLYNOMIAL, POWERS, PRODUCTS
from ..language.inspection import is_unit, names_of
from ..language.properties import Properties
from ..language.traversal import arguments, folded, subexpressions
from .inverses import (THROUGH, Key, along, degree, determinants, entries, exponent, flat, inverted, linear, replace, split,
                       taken_apart)
from .norms import remade
from .similar_terms import Likeness, again

TALLEST, WIDEST, LARGEST = 150, 64, 20_000


class Wide(Exception):
    """Multiplied out, this has too many terms."""


def singular(definitions: Mapping[Name, Expr]) -> set[Name]:
    """The names that stand on a determinant or an inverse."""
    return standing(definitions, _matters)


def standing(definitions: Mapping[Name, Expr], has: Callable[[Expr], bool]) -> set[Name]:
    """The names in whose definition something is, or in one that it stands on."""
    found: set[Name] = set()
    for n, body in definitions.items():
        if not found.isdisjoint(body.names) or has(body):
            found.add(n)
    return found


def smoothed(e: Expr, definitions: Mapping[Name, Expr], singular_names: set[Name], determined: set[Name] | None = None) -> Expr:
    """The expression, finite at singular matrices where it can be; unchanged if there is nothing to do."""
    if singular_names.isdisjoint(e.names) and not _matters(e):
        return e
    if (standing(definitions, has_determinant) if determined is None else determined).isdisjoint(e.names) and not has_determinant(e):
        return e
    used = names_of([e], definitions)
    own = [n for n in definitions if n in used]
    best = e
    for chosen in ([n for n in own if n in singular_names], own):
        if large(e, {n: definitions[n] for n in chosen}):
            break
        opened = _opened(e, {n: definitions[n] for n in chosen})
        if opened.height > TALLEST:
            break
        work = Smooth(Properties(definitions))
        found = work.run(opened)
        if found is not opened and (work.finite or best is e):
            best = found
        if work.finite and found is not opened and not any(inverted(part, work.sure) for part in subexpressions([found])):
            break       # else a name may hold the determinant that takes an inverse away
    return best


def has_determinant(e: Expr) -> bool:
    """Whether an expression contains a determinant, which alone can cancel an inverse."""
    return any(type(part) is Apply and part.head in POLYNOMIAL for part in subexpressions([e]))


def large(e: Expr, bodies: Mapping[Name, Expr]) -> bool:
    """Whether the expression is too large, or too tall, with names replaced by what they stand for."""
    size: dict[Expr, int] = {}

    def counted(a: Expr) -> int:
        return size.get(bodies[a], 1) if type(a) is Name and a in bodies else 1 + sum(size[b] for b in arguments(a))
    return any(folded(part, size, arguments, counted) > LARGEST for part in (*bodies.values(), e))


def _matters(e: Expr) -> bool:
    """Whether there is a determinant or an inverse in this."""
    for part in subexpressions([e]):
        if type(part) is Apply:
            k = part.args[1] if part.head in POWERS else None
            if part.head in MINORS or (type(k) is Number and k.value < 0):
                return True
    return False


def _opened(e: Expr, bodies: Mapping[Name, Expr]) -> Expr:
    """The expression with names replaced by what they stand for."""
    memo: dict[Expr, Expr] = {}
    for n, body in bodies.items():
        memo[n] = _rebuilt(body, memo)
    return _rebuilt(e, memo)


def _rebuilt(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    return folded(e, memo, arguments, lambda part: taken_apart(remade(part, [memo[a] for a in arguments(part)])))


class Smooth:
    """One pass over one expression."""

    def __init__(self, sure: Properties) -> None:
        self.sure, self.likeness = sure, Likeness(sure)
        self.finite = True
        self.touched: dict[tuple[Expr, tuple[Key, ...]], bool] = {}

    def run(self, e: Expr) -> Expr:
        """The parts under functions that are not linear first, then the whole."""
        inner = {a for part in subexpressions([e]) if type(part) is Apply and part.head not in THROUGH for a in part.args}
        memo: dict[Expr, Expr] = {}

        def run(part: Expr) -> Expr:
            new = remade(part, [memo[a] for a in arguments(part)])
            return self.region(new) if part in inner or part is e else new
        return folded(e, memo, arguments, run)

    def region(self, e: Expr) -> Expr:
        """What is linear in its inverses: multiplied out as far as they stand in sums, term by term; further where that does not do."""
        keys = tuple(k for k in dict.fromkeys(self.keys(e)) if not self.certain(k) and self.contains(e, (k,)))
        best: list[Expr] | None = None
        finite = False
        for fully in (False, True) if keys else ():
            try:
                terms = self.expand(e, keys, fully)
            except Wide:
                break
            changed = False
            for key in keys:
                terms, more = self.without(terms, key)
                changed = changed or more
            finite = not any(degree(t, key) for t in terms for key in keys)
            if changed and (finite or best is None):
                best = terms
            if not changed or finite:
                break
        self.finite = self.finite and (not keys or finite)
        return e if best is None else add(*best)

    def certain(self, key: Key) -> bool:
        return self.sure.nonzero(key.of) if key.diagonal else self.sure.invertible(key.of)

    def keys(self, e: Expr) -> Iterator[Key]:
        """What has a determinant here."""
        for part in subexpressions([e]):
            if type(part) is Apply and part.head == "det":
                yield from (key for key, _ in split(part.args[0], num(1)) if isinstance(key, Key))

    # ------------------------------------------------------------------ sums multiplied out
    def contains(self, e: Expr, keys: tuple[Key, ...]) -> bool:
        """Whether an inverse stands here, under linear operations only."""
        if type(e) is not Apply:
            return False
        if any(k.inverses(e) for k in keys):
            return True
        found = self.touched.get((e, keys))
        if found is None:
            found = self.touched[e, keys] = any(self.contains(a, keys) for a in linear(e))
        return found

    def expand(self, e: Expr, keys: tuple[Key, ...], fully: bool = False) -> list[Expr]:
        """The terms of e, sums with inverses in them multiplied out, or all sums that stand with inverses."""
        if type(e) is not Apply or any(k.inverses(e) for k in keys) or not (fully or self.contains(e, keys)):
            return [e]
        if e.head == "+":
            out = [t for a in e.args for t in self.expand(a, keys, fully)]
        elif e.head in LINEAR:
            out = [taken_apart(build(e.head, (t, *e.args[1:]))) for t in self.expand(e.args[0], keys, fully)]
        elif e.head in PRODUCTS or exponent(e):
            parts = [e.args[0]] * exponent(e) if e.head not in PRODUCTS else list(e.args)
            head = e.head if e.head in PRODUCTS else "*" if e.head == "^" else ".*"
            rows: list[list[Expr]] = [[]]
            for a in parts:
                rows = [[*row, t] for row in rows for t in self.expand(a, keys, fully)]
                if len(rows) > WIDEST:
                    raise Wide
            out = [build(head, row) for row in rows]
        else:
            return [e]
        out = [u for t in out for u in (t.args if type(t) is Apply and t.head == "+" else (t,))]
        if len(out) > WIDEST:
            raise Wide
        return out

    # ------------------------------------------------------------------ one inverse less
    def without(self, terms: list[Expr], key: Key) -> tuple[list[Expr], bool]:
        """The terms with their inverses of one thing taken into determinants."""
        out: list[Expr] = []
        left = list(terms)
        changed = False
        while left:
            paired = self.paired(left, key)
            if paired is not None:
                left, changed = paired, True
                continue
            term = left.pop(0)
            k, rest = determinants(term, key)
            if k is None or degree(term, key) == 0:
                out.append(term)
                continue
            lower = mul(power(key.det(), add(k, MINUS)), *rest)
            left.append(replace(lower, key, key.smooth()))
            changed = True
        return out, changed

    def paired(self, terms: list[Expr], key: Key) -> list[Expr] | None:
        """The terms with two of them made one that exists, where each of the two has two inverses."""
        signs = {self.likeness.sign(t): i for i, t in enumerate(terms)}
        for i, term in enumerate(terms):
            k, _ = determinants(term, key)
            if k is None or degree(term, key) < 2:
                continue
            value, own = coefficient(term)
            for second, whole in (self.diagonals if key.diagonal else self.directions)(own, key):
                j = signs.get(self.likeness.sign(second))
                if j is None or j == i:
                    continue
                unit, found = coefficient(second)[0], coefficient(terms[j])
                ours, theirs = Fraction(value), Fraction(found[0]) / Fraction(unit)
                if ours * theirs >= 0:
                    continue
                both = ours if abs(ours) <= abs(theirs) else -theirs
                rest = [t for n, t in enumerate(terms) if n not in (i, j)]
                rest += [mul(num(c), t) for c, t in ((ours - both, own), ((theirs + both) * unit, found[1])) if c]
                lower = mul(num(both), power(key.det(), add(k, MINUS)), *determinants(whole, key)[1])
                return [*rest, lower]
        return None

    def directions(self, term: Expr, key: Key) -> Iterator[tuple[Expr, Expr]]:
        """Ways to read a term as tr(inv(E)*A) times what is linear in inv(E), or as the outer product of vec(inv(E)'):
        the other term it needs, and the two together, times the determinant."""
        factors = [g for f in flat(term) for g in (again(f) if f.shape == SCALAR else (f,))]
        inverse = key.inverse()
        mirrored = self.sure.symmetric(key.of)
        transposed = inverse if mirrored else T(inverse)
        for i, f in enumerate(factors):
            if f.shape != SCALAR:
                break
            others = mul(*factors[:i], *factors[i + 1:])
            for a in along(f, key):
                for way in (a, T(a)) if mirrored else (a,):
                    for at in range(degree(others, key)):
                        yield (replace(others, key, mul(inverse, way, inverse), at),
                               replace(others, key, Apply("adj_frechet", (key.of, way), key.of.shape), at))
        n = key.of.shape[0]
        for i in range(len(factors) - 1):
            if type(factors[i]) is Apply and factors[i] is apply("vec", transposed) and factors[i + 1] is T(factors[i]):
                before, after = factors[:i], factors[i + 2:]
                for swapped in ((apply("kron", inverse, transposed), comm(n, n)), (comm(n, n), apply("kron", transposed, inverse))):
                    yield mul(*before, *swapped, *after), mul(*before, Apply("det_hessian", (key.of,), (n*n, n*n)), *after)

    def diagonals(self, term: Expr, key: Key) -> Iterator[tuple[Expr, Expr]]:
        """The same with w = 1./d: a term with u*v' in it, both linear in w, needs diag(u.*v); one with u'*w times what is linear in w
        needs u.*w.*w there."""
        factors = [g for f in flat(term) for g in (again(f) if f.shape == SCALAR else (f,))]
        n = key.of.shape[0]
        pairs = Apply("pairs", (key.of,), (n, n))
        for i in range(len(factors) - 1):
            u, v = factors[i], T(factors[i + 1])
            if u.shape == v.shape == key.of.shape and degree(u, key) == degree(v, key) == 1:
                left, right = replace(u, key, ones(n)), replace(v, key, ones(n))
                both = pairs if is_unit(left) and is_unit(right) else hadamard(mul(left, T(right)), pairs)
                yield mul(*factors[:i], apply("diag", hadamard(u, v)), *factors[i + 2:]), mul(*factors[:i], both, *factors[i + 2:])
        for i, f in enumerate(factors):
            summed = entries(f, key) if f.shape == SCALAR and degree(f, key) == 1 else None
            if summed is None or degree(summed, key) != 1:
                continue
            weights = replace(summed, key, ones(n))
            others = mul(*factors[:i], *factors[i + 1:])
            for at in range(degree(others, key)):
                yield replace(others, key, hadamard(weights, key.inverse(2)), at), replace(others, key, mul(pairs, weights), at)
