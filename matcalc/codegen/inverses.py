"""Inverses as factors of terms, and determinants as factors that take them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..language.expr import (MINUS, SCALAR, Apply, Expr, Name, Number, T, add, apply, build, eye, hadamard, hadamard_power, is_identity,
                             is_inverse, mul, num, on_diagonal, ones, power, size)
from ..language.inspection import UNIT, root_and_exponent, untransposed
from ..language.operations import FACTORED, LINEAR, POWERS, PRODUCTS
from ..language.properties import Properties
from ..records import Record

THROUGH = LINEAR | PRODUCTS | {"+"}


class Key(Record):
    """What is inverted: the matrix E, or the vector on the diagonal of E, whose inverse is entry by entry."""

    of: Expr
    diagonal: bool

    def inverses(self, e: Expr) -> int:
        """How many inverses this node itself is."""
        base, k = root_and_exponent(e)
        if self.diagonal:
            base, k = e.args if type(e) is Apply and e.head == ".^" else (e, UNIT)
        return -int(k.value) if base is self.of and type(k) is Number and k.value < 0 and k.value == int(k.value) else 0

    def inverse(self, k: int = 1) -> Expr:
        """The inverse to the k."""
        return hadamard_power(self.of, num(-k)) if self.diagonal else power(self.of, num(-k))

    def between(self, before: int, new: Expr, after: int) -> Expr:
        """Something among powers of the inverse."""
        factors = [*([self.inverse(before)] if before else []), new, *([self.inverse(after)] if after else [])]
        return hadamard(*factors) if self.diagonal else mul(*factors)

    def det(self) -> Expr:
        return apply("det", apply("diag", self.of) if self.diagonal else self.of)

    def smooth(self) -> Expr:
        """det times the inverse, without the inverse."""
        return Apply("others", (self.of,), self.of.shape) if self.diagonal else apply("adj", self.of)


def flat(e: Expr) -> list[Expr]:
    return list(e.args) if type(e) is Apply and e.head == "*" else [e]


def exponent(e: Apply) -> int:
    """The exponent of a power that is a product written short; 0 for others."""
    k: Expr | None = e.args[1] if e.head in POWERS else None
    return int(k.value) if type(k) is Number and k.value in (2, 3) else 0


def linear(e: Apply) -> Iterable[Expr]:
    """The parts in which this is linear, or a product."""
    if e.head in PRODUCTS or e.head == "+":
        return e.args
    if e.head == "adj_frechet":
        return e.args[1:]
    return e.args[:1] if e.head in LINEAR or exponent(e) else ()


def degree(e: Expr, key: Key) -> int:
    """The number of inverses that are factors of a term."""
    if type(e) is not Apply:
        return 0
    own = key.inverses(e)
    if own or e.head == "+":
        return own
    return sum(degree(a, key) for a in linear(e)) * (exponent(e) or 1)


def replace(e: Expr, key: Key, new: Expr, at: int = 0) -> Expr:
    """A term with one of its inverses exchanged, the first or the one after `at` others."""
    assert type(e) is Apply
    own = key.inverses(e)
    if own:
        return key.between(at, new, own - at - 1)
    if e.head == "adj_frechet":
        return Apply(e.head, (e.args[0], replace(e.args[1], key, new, at)), e.shape)
    for i, a in enumerate(e.args):
        k = degree(a, key)
        times = exponent(e) or 1
        if at < k * times:
            part, rest = divmod(at, k)
            changed = replace(a, key, new, rest)
            if times == 1:
                return build(e.head, [*e.args[:i], changed, *e.args[i + 1:]])
            return build("*" if e.head == "^" else ".*", [*[a]*part, changed, *[a]*(times - part - 1)])
        at -= k * times
    raise AssertionError("no such inverse")


def determinants(term: Expr, key: Key) -> tuple[Expr | None, list[Expr]]:
    """The exponent of a determinant that is a factor, if it is at least 1, and the other factors."""
    total: Expr | None = None
    rest: list[Expr] = []
    for f in flat(term):
        base: Expr = f
        k: Expr = num(1)
        if type(f) is Apply and f.head == "^" and f.shape == SCALAR:
            base, k = f.args
        parts = list(split(base.args[0], k)) if type(base) is Apply and base.head == "det" else []
        if not any(p == key for p, _ in parts):
            rest.append(f)
            continue
        for p, n in parts:
            if p == key:
                total = n if total is None else add(total, n)
            else:
                rest.append(power(p.det() if isinstance(p, Key) else p, n))
    whole = total is not None and ((type(total) is Number and total.value >= 1) or (type(total) is Name and total.kind == "size"))
    return (total, rest) if whole else (None, rest)


def split(e: Expr, k: Expr) -> Iterator[tuple[Key | Expr, Expr]]:
    """det(e)^k as a product of powers: of determinants, and of the scalars in e."""
    if type(e) is Apply:
        base, n = root_and_exponent(untransposed(e))
        if base is not e and type(n) is Number:
            yield from split(base, mul(k, n))
            return
        if e.head == "*" and all(a.shape in (SCALAR, e.shape) for a in e.args):
            for a in e.args:
                yield from ((a, mul(k, size(e.shape[0]))),) if a.shape == SCALAR else split(a, k)
            return
        if (x := on_diagonal(e)) is not None:
            for f in (x.args if type(x) is Apply and x.head == ".*" else (x,)):
                base, n = f.args if type(f) is Apply and f.head == ".^" and type(f.args[1]) is Number else (f, num(1))
                yield Key(base, True), mul(k, n)
            return
    yield Key(e, False), k


def taken_apart(e: Expr) -> Expr:
    """The inverse of a product of square matrices as a product of inverses, that of an entry-wise product too; what is diagonal in the
    diagonal of a product as a factor of it."""
    if type(e) is not Apply:
        return e
    if e.head == "inv":
        factors = flat(e.args[0])
        if len(factors) > 1 and all(a.shape in (SCALAR, e.shape) for a in factors):
            return mul(*(power(a, MINUS) if a.shape == SCALAR else apply("inv", a) for a in reversed(factors)))
    if e.head == ".^" and type(e.args[0]) is Apply and e.args[0].head == ".*" and type(e.args[1]) is Number and e.args[1].value < 0:
        return hadamard(*(build(".^", (a, e.args[1])) for a in e.args[0].args))
    if e.head in FACTORED:
        return build(e.head, map(taken_apart, e.args)) if any(type(a) is Apply and a.head == "diagonal" for a in e.args) else e
    if e.head == "diagonal":
        if is_identity(e.args[0]):
            return ones(e.shape[0])
        factors = flat(e.args[0])
        inner = [x for f in (factors[0], factors[-1]) if (x := on_diagonal(f)) is not None]
        rest = [f for k, f in enumerate(factors) if 0 < k < len(factors) - 1 or on_diagonal(f) is None]
        if len(factors) > 1 and inner and rest:
            return hadamard(*inner, apply("diagonal", mul(*rest)))
    return e


def inverted(e: Expr, sure: Properties) -> bool:
    """Whether this is the inverse of a matrix that may be singular."""
    return type(e) is Apply and is_inverse(e) and not sure.invertible(e.args[0])


def along(f: Expr, key: Key) -> Iterator[Expr]:
    """Every A such that a scalar is tr(inv(E)*A), one for each inverse in it."""
    if type(f) is not Apply or f.head not in ("tr", "*"):
        return
    chain = flat(f.args[0]) if f.head == "tr" else list(f.args)
    for i, a in enumerate(chain):
        transposed = type(a) is Apply and a.head == "'"
        k = key.inverses(a.args[0] if transposed and type(a) is Apply else a)
        for before in range(k):
            rest = [*([key.inverse(k - before - 1)] if k - before > 1 else []), *(map(T, reversed([*chain[i + 1:], *chain[:i]]))
                    if transposed else [*chain[i + 1:], *chain[:i]]), *([key.inverse(before)] if before else [])]
            yield mul(*rest) if rest else eye(key.of.shape[0])


def entries(f: Expr, key: Key) -> Expr | None:
    """The vector whose sum a scalar is, if it is linear in the inverse of a diagonal."""
    if type(f) is not Apply:
        return None
    if f.head == "sum":
        return f.args[0] if f.args[0].shape == key.of.shape else None
    if f.head == "tr":
        return on_diagonal(f.args[0])
    if f.head != "*":
        return None
    i = next(i for i, a in enumerate(f.args) if degree(a, key))
    a = f.args[i]
    before, after = f.args[:i], f.args[i + 1:]
    if not after:
        return hadamard(T(mul(*before)), a) if a.shape == key.of.shape else None
    if not before:
        return hadamard(T(a), mul(*after)) if a.shape == (key.of.shape[1], key.of.shape[0]) else None
    x = on_diagonal(a)
    return None if x is None else hadamard(T(mul(*before)), x, mul(*after))
