"""Derivatives of determinants where the matrix is singular: det(E)*inv(E) becomes the adjugate, which exists everywhere.

The derivative of a polynomial is a polynomial, but written with inv it is 0 times infinity at a singular matrix. A product of det(E)^k
(k >= 1) with a term that is linear in inv(E) is that term in adj(E), and one det(E) less. Two inverses need two terms:
det(E)*(tr(inv(E)*A)*inv(E) - inv(E)*A*inv(E)) is how adj(E) changes in the direction A, which again exists everywhere. A diagonal E has
leave-one-out products instead, det(diag(v))./v.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ..language.expr import SCALAR, Apply, Expr, Name, Number, T, add, apply, build, coefficient, comm, had, mul, num, ones, power, size
from ..language.sure import Sure
from .inverses import LINEAR, MANY, UNARY, Key, degree, determinants, exponent, flat, linear, multiplied, replace, split
from .likeness import Likeness, again

TALLEST, WIDEST = 150, 64
MINUS_ONE = num(-1)


class Wide(Exception):
    """Multiplied out, this has too many terms."""


def smoothed(e: Expr, definitions: Mapping[Name, Expr]) -> Expr:
    """The expression, finite at singular matrices where it can be; itself where nothing is to be done."""
    matter = {n for n in definitions if _matters(n, definitions)}
    if not (_matters(e, {}) or any(n in matter for n in e.names)):
        return e
    for chosen in ([n for n in definitions if n in matter], list(definitions)):
        opened = _opened(e, {n: definitions[n] for n in chosen})
        if opened.height > TALLEST:
            return e
        found = Smooth(Sure(definitions)).run(opened)
        if found is not opened:
            return found
    return e


def _matters(e: Expr, bodies: Mapping[Name, Expr]) -> bool:
    """Whether there is a determinant or an inverse in this, or in what it is defined by."""
    stack, seen = [e], set()
    while stack:
        part = stack.pop()
        if part in seen:
            continue
        seen.add(part)
        if type(part) is Name and part in bodies:
            stack.append(bodies[part])
        elif type(part) is Apply:
            k = part.args[1] if part.head in ("^", ".^") else None
            if part.head in ("det", "inv", "adj") or (type(k) is Number and k.value < 0):
                return True
            stack.extend(part.args)
    return False


def _opened(e: Expr, bodies: Mapping[Name, Expr]) -> Expr:
    """The expression with names replaced by what they stand for."""
    memo: dict[Expr, Expr] = {}
    for n, body in bodies.items():
        memo[n] = _rebuilt(body, memo)
    return _rebuilt(e, memo)


def _rebuilt(e: Expr, memo: dict[Expr, Expr]) -> Expr:
    for part in postorder(e, memo):
        memo[part] = part if type(part) is not Apply else with_args(part, [memo[a] for a in part.args])
    return memo[e]


def with_args(e: Apply, args: list[Expr]) -> Expr:
    return e if all(a is b for a, b in zip(e.args, args, strict=True)) else build(e.head, args)


def postorder(e: Expr, known: Mapping[Expr, Expr]) -> Iterator[Expr]:
    """Every part after its own parts, but for what is known."""
    stack: list[tuple[Expr, bool]] = [(e, False)]
    done: set[Expr] = set()
    while stack:
        part, ready = stack.pop()
        if ready:
            yield part
        elif part not in done and part not in known:
            done.add(part)
            stack.append((part, True))
            if type(part) is Apply:
                stack.extend((a, False) for a in part.args)


class Smooth:
    """One pass over one expression."""

    def __init__(self, sure: Sure) -> None:
        self.sure, self.likeness = sure, Likeness(sure)
        self.touched: dict[tuple[Expr, tuple[Key, ...]], bool] = {}

    def run(self, e: Expr) -> Expr:
        """The parts under functions that are not linear first, then the whole."""
        inner = {a for part in postorder(e, {}) if type(part) is Apply and part.head not in LINEAR for a in part.args}
        memo: dict[Expr, Expr] = {}
        for part in postorder(e, {}):
            new = part if type(part) is not Apply else with_args(part, [memo[a] for a in part.args])
            memo[part] = self.region(new) if part in inner or part is e else new
        return memo[e]

    def region(self, e: Expr) -> Expr:
        """What is linear in its inverses: multiplied out as far as they stand in sums, term by term; further where that does not do."""
        keys = tuple(k for k in dict.fromkeys(self.keys(e)) if not self.certain(k) and self.contains(e, (k,)))
        best: list[Expr] | None = None
        for fully in (False, True) if keys else ():
            try:
                terms = self.expand(e, keys, fully)
            except Wide:
                break
            changed = False
            for key in keys:
                terms, again = self.without(terms, key)
                changed = changed or again
            finite = not any(degree(t, key) for t in terms for key in keys)
            if changed and (finite or best is None):
                best = terms
            if not changed or finite:
                break
        return e if best is None else add(*best)

    def certain(self, key: Key) -> bool:
        return self.sure.nonzero(key.of) if key.diagonal else self.sure.invertible(key.of)

    def keys(self, e: Expr) -> Iterator[Key]:
        """What has a determinant here."""
        for part in postorder(e, {}):
            if type(part) is Apply and part.head == "det":
                yield from (key for key, _ in split(part.args[0], num(1)))

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
        elif e.head in UNARY:
            out = [build(e.head, (t, *e.args[1:])) for t in self.expand(e.args[0], keys, fully)]
        elif e.head in MANY or exponent(e):
            parts = [e.args[0]] * exponent(e) if e.head not in MANY else list(e.args)
            head = e.head if e.head in MANY else "*" if e.head == "^" else ".*"
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
                left, made = paired
                out.append(made)
                changed = True
                continue
            term = left.pop(0)
            k, rest = determinants(term, key)
            if k is None or degree(term, key) == 0:
                out.append(term)
                continue
            lower = mul(power(key.det(), add(k, MINUS_ONE)), *rest)
            left.append(replace(lower, key, lambda n: multiplied(key, key.smooth(), n - 1)))
            changed = True
        return out, changed

    def paired(self, terms: list[Expr], key: Key) -> tuple[list[Expr], Expr] | None:
        """Two terms with two inverses each that exist together: the terms without them, and what both are."""
        signs = {self.likeness.sign(t): i for i, t in enumerate(terms)}
        for i, term in enumerate(terms):
            k, _ = determinants(term, key)
            if k is None or degree(term, key) != 2:
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
                lower = mul(num(both), power(key.det(), add(k, MINUS_ONE)), *determinants(whole, key)[1])
                return rest, lower
        return None

    def directions(self, term: Expr, key: Key) -> Iterator[tuple[Expr, Expr]]:
        """Ways to read a term as tr(inv(E)*A) times what is linear in inv(E), or as the outer product of vec(inv(E)'):
        the other term it needs, and the two together, times the determinant."""
        factors = [g for f in flat(term) for g in (again(f) if f.shape == SCALAR else (f,))]
        inverse = key.inverse()
        mirrored = self.sure.symmetric(key.of)
        turned = inverse if mirrored else T(inverse)
        for i, f in enumerate(factors):
            a = direction(f, key) if f.shape == SCALAR and degree(f, key) == 1 else None
            for along in () if a is None else (a, T(a)) if mirrored else (a,):
                others = mul(*factors[:i], *factors[i + 1:])
                changes = Apply("adj_frechet", (key.of, along), key.of.shape)
                yield (replace(others, key, lambda n, a=along: mul(inverse, a, inverse)),  # type: ignore[misc]
                       replace(others, key, lambda n, c=changes: c))  # type: ignore[misc]
        n = key.of.shape[0]
        for i in range(len(factors) - 1):
            if type(factors[i]) is Apply and factors[i] is apply("vec", turned) and factors[i + 1] is T(factors[i]):
                before, after = factors[:i], factors[i + 2:]
                yield (mul(*before, apply("kron", inverse, turned), comm(n, n), *after),
                       mul(*before, Apply("det_hessian", (key.of,), (n*n, n*n)), *after))

    def diagonals(self, term: Expr, key: Key) -> Iterator[tuple[Expr, Expr]]:
        """The same for a term with u*v' in it, u and v linear in 1./d: it needs diag(u.*v)."""
        factors = flat(term)
        n = key.of.shape[0]
        for i in range(len(factors) - 1):
            u, v = factors[i], T(factors[i + 1])
            if u.shape == v.shape == key.of.shape and degree(u, key) == degree(v, key) == 1:
                left, right = (replace(a, key, lambda _: ones(n)) for a in (u, v))
                pairs: Expr = Apply("pairs", (key.of,), (n, n))
                if not is_ones(left) or not is_ones(right):
                    pairs = had(mul(left, T(right)), pairs)
                yield mul(*factors[:i], apply("diag", had(u, v)), *factors[i + 2:]), mul(*factors[:i], pairs, *factors[i + 2:])


def is_ones(e: Expr) -> bool:
    return type(e) is Apply and e.head == "ones"


def direction(f: Expr, key: Key) -> Expr | None:
    """A where a scalar is tr(inv(E)*A)."""
    if type(f) is not Apply:
        return None
    if f.head == "sum":
        return None
    chain = flat(f.args[0] if f.head == "tr" else f)
    if f.head != "tr" and f.head != "*":
        return None
    i = next((i for i, a in enumerate(chain) if degree(a, key)), None)
    if i is None:
        return None
    around = chain[i + 1:] + chain[:i]
    rest = mul(*around) if around else None
    if chain[i] is key.inverse():
        return rest if rest is not None else build("eye", (size(key.of.shape[0]),))
    if chain[i] is T(key.inverse()):
        return T(rest) if rest is not None else build("eye", (size(key.of.shape[0]),))
    return None


