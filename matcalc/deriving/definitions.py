"""Definitions folded into their names: whole expressions, and products found inside longer ones."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from fractions import Fraction
from math import isqrt

from ..language.expr import (MINUS, SCALAR, Apply, Expr, Name, Number, Rational, T, add, apply, hadamard_power, hadamard, mul, neg,
                             node_count, power)
from ..language.inspection import is_integral
from ..language.recognition import on_diagonal
from ..language.operations import ENTRY_ROOTS
from ..rulebook.measure import measure
from ..rulebook.matching import parts
from .factor import entry_factors, exponent


class Folds(dict[Expr, Name]):
    """Names by what they stand for; products can be found by a factor, so that many definitions cost no more than few.

    `turned` transposes with what is known to be symmetric. `other` has what is a power, a multiple or the opposite of a name: v + e for
    s = sqrt(v + e) is s^2, x - m for h = (x - m)/s is s*h.
    """

    def __init__(self, found: Iterable[tuple[Expr, Name]] = (), transposed: Callable[[Expr], Expr] = T) -> None:
        super().__init__()
        self.transposed = transposed
        self.other: dict[Expr, tuple[Name, Expr]] = {}
        self.roots: dict[Expr, list[tuple[Expr, Fraction]]] = {}
        self.raised: dict[Expr, list[tuple[Name, Expr]]] = {}
        self.by_factor: dict[Expr, dict[Rational | None, list[tuple[int, Apply]]]] = {}
        for body, name in found:
            self.add(body, name)

    def add(self, body: Expr, name: Name, exact: bool = False) -> None:
        """One more; of two names for the same the later one counts. With `exact` it stands for that alone, for no power of it."""
        new = body not in self
        self[body] = name
        if exact and _root(body) is not None:
            return
        if isinstance(body, Apply) and (root := _root(body)) is not None:
            self.roots.setdefault(root[0], []).append((body, root[1]))
        if isinstance(body, Apply) and body.head == "^" and body.shape == SCALAR and not isinstance(body.args[1], Number) and \
                not any(n.kind == "size" for n in body.args[1].names):      # what is raised is positive then
            self.raised.setdefault(body.args[0], []).append((name, body.args[1]))
        for part, value in _made_of(body, name):
            if part not in self.other and measure(value) < measure(part):
                self.other[part] = name, value
        if new and isinstance(body, Apply) and body.head == "*":
            number = None if body.shape == SCALAR else next((f.value for f in parts(body)[0] if isinstance(f, Number)), None)
            for factor in (g for f in _ends(body) for g in (f, *(h for (h,) in opposite([f])))):
                self.by_factor.setdefault(factor, {}).setdefault(number, []).append((len(self), body))

    def said(self, e: Expr) -> tuple[Name, Expr] | None:
        """A name, and how e is said by it."""
        name = self.get(e)
        if name is not None:
            return name, name
        found = self.other.get(e)
        if found is None and isinstance(e, Apply) and (root := _power(e)) is not None:
            for body, k in self.roots.get(root[0], ()):
                if (root[1] / k).denominator == 1:
                    return self[body], hadamard_power(self[body], Number(root[1] / k))
        if found is None and isinstance(e, Apply) and e.head == "^" and e.args[0] in self.raised:
            for name, k in self.raised[e.args[0]]:      # s^(1/p - 1) for t = s^(1/p) is t^(1 - p)
                total = e.args[1]
                terms = total.args if isinstance(total, Apply) and total.head == "+" else (total,)
                times = add(*(mul(t, power(k, MINUS)) for t in terms))
                if node_count(times) <= node_count(e.args[1]):
                    return name, power(name, times)
        return found

    def products(self, factors: tuple[Expr, ...]) -> Iterator[tuple[Apply, Name]]:
        """Those that may stand in a product of these factors, with its number or with none, the first ones first."""
        numbers = [f.value for f in factors if isinstance(f, Number)]
        met = {place: body for f in factors for g in _within(f) for h in {g, _base(g)} if (known := self.by_factor.get(h))
               for k in _fitting(numbers, known) for place, body in known[k]}
        for place in sorted(met):
            yield met[place], self[met[place]]


def _made_of(body: Expr, name: Name) -> Iterator[tuple[Expr, Expr]]:
    """What can be said by a name though it is not what the name stands for."""
    if not isinstance(body, Apply):
        return
    if body.head == "'":
        yield body.args[0], T(name)
    elif body.head == "+":
        yield neg(body), neg(name)
    elif (root := _root(body)) is not None:
        yield root[0], hadamard_power(name, Number(1 / root[1]))
    elif body.head == "*":
        if body.args[0] is MINUS:
            yield neg(body), neg(name)
        scalars, chain = parts(body)
        if not chain:
            yield from multiples(body, name)
        if len(chain) == 1 and all(isinstance(s, Number) or isinstance((low := _halved(s))[0], Name) and low[1] < 0 for s in scalars):
            yield chain[0], mul(*(power(s, Number(-1)) for s in scalars), name)


def multiples(body: Expr, name: Name) -> Iterator[tuple[Expr, Expr]]:
    """What is a scalar times numbers and sizes, by its name: norm2(z) for s = norm2(z)/sqrt(n) is s*sqrt(n)."""
    scalars, chain = parts(body)
    known = [s for s in scalars if is_integral(_halved(s)[0])] if not chain else []
    if known and len(scalars) == len(known) + 1:
        yield next(s for s in scalars if s not in known), mul(*(power(s, MINUS) for s in known), name)


def _power(e: Apply) -> tuple[Expr, Fraction] | None:
    """What is raised entry by entry, and its exponent; a root counts half."""
    if e.head in ENTRY_ROOTS:
        return e.args[0], Fraction(1, 2)
    if (e.head == ".^" or e.head == "^" and e.shape == SCALAR) and isinstance(e.args[1], Number):
        return e.args[0], Fraction(e.args[1].value)
    return None


def _root(body: Expr) -> tuple[Expr, Fraction] | None:
    """The same, where what is raised is a whole power of the body, as of sqrt(t) and of 1/t."""
    found = _power(body) if isinstance(body, Apply) else None
    return found if found is not None and abs(found[1].numerator) == 1 else None


def opposite(piece: list[Expr]) -> list[list[Expr]]:
    """The same factors with a minus in one of them that is a sum: a - x for x - a."""
    return [[*piece[:i], neg(f), *piece[i + 1:]] for i, f in enumerate(piece) if isinstance(f, Apply) and f.head == "+"]


def multiple(n: Rational, k: Rational) -> bool:
    """Whether a number is that of a definition, or a whole number of times as much as a whole one."""
    return n == k or k % 1 == 0 and n % k == 0


def _fitting(numbers: list[Rational], known: Collection[Rational | None]) -> set[Rational | None]:
    """The known numbers of which one of these is a multiple; of many only the divisors are looked for."""
    out = {k for k in (None, *numbers) if k in known}
    for n in numbers:
        last = isqrt(abs(int(n))) if n % 1 == 0 else 0
        if last > len(known):
            out |= {k for k in known if k is not None and multiple(n, k)}
        else:
            pairs = (int(n) // d for d in range(1, last + 1) if n % d == 0)
            out |= {k for m in pairs for d in (m, int(n) // m) for k in (d, -d) if k in known}
    return out


def without(scalars: Iterable[Expr], taken: Iterable[Expr]) -> list[Expr] | None:
    """Scalar factors less some of them, of a power as much as is asked for; None where one is missing."""
    rest = list(scalars)
    for t in taken:
        if isinstance(t, Number):
            found = next(((i, s.value) for i, s in enumerate(rest) if isinstance(s, Number) and multiple(s.value, t.value)), None)
            if found is None:
                return None
            rest[found[0]] = Number(Fraction(found[1]) / t.value)
        elif not _taken_away(rest, t):
            return None
    return rest


def _taken_away(factors: list[Expr], t: Expr, head: str = "^") -> bool:
    """Take a factor from one of these that is as high a power of the same, or higher; whether there is one."""
    base, k = _halved(t, head)
    for i, f in enumerate(factors):
        own, j = _halved(f, head)
        if own is base and Fraction(j) / k >= 1:
            left = hadamard_power(base, Number(j - k)) if (j - k) % 1 == 0 else hadamard_power(apply("sqrt", base), Number(2 * (j - k)))
            factors[i:i + 1] = [left] if j != k else []
            return True
    return False


def _halved(f: Expr, head: str = "^") -> tuple[Expr, Rational]:
    """What a scalar is a power of, or a vector entry by entry, and how often; a root counts half."""
    base, k = exponent(f, head)
    return (base.args[0], Fraction(k) / 2) if isinstance(base, Apply) and base.head in ENTRY_ROOTS else (base, k)


def _within(f: Expr) -> Iterator[Expr]:
    """A factor, and the vectors in an inner product or an entry-wise product."""
    yield f
    if isinstance(f, Apply) and f.head in ("*", ".*", "'"):
        for a in f.args:
            yield from _within(a)


def exchanged_in(chain: list[Expr], piece: list[Expr], value: Expr) -> list[Expr] | None:
    """A chain of factors with a value in the place of a piece; of one vector also in an entry-wise product, and beside a diagonal matrix
    that has more on its diagonal: U*diag(x./s) is Z*diag(x) for Z = U*diag(1./s)."""
    for i in range(len(chain) - len(piece) + 1):
        part = chain[i:i + len(piece)]
        if part == piece:
            return [*chain[:i], value, *chain[i + len(piece):]]
        if len(piece) > 1 and part[:-1] == piece[:-1] and (more := _more_on_diagonal(part[-1], piece[-1])) is not None:
            return [*chain[:i], value, more, *chain[i + len(piece):]]
        if len(piece) > 1 and part[1:] == piece[1:] and (more := _more_on_diagonal(part[0], piece[0])) is not None:
            return [*chain[:i], more, value, *chain[i + len(piece):]]
    for i, f in enumerate(chain if len(piece) == 1 else ()):
        new = _entrywise(f, piece[0], value)
        if new is not None:
            return [*chain[:i], new, *chain[i + 1:]]
    return None


def _more_on_diagonal(whole: Expr, part: Expr) -> Expr | None:
    """A diagonal matrix less the factors on the diagonal of another one; None where one is missing."""
    outer, inner = on_diagonal(whole), on_diagonal(part)
    if outer is None or inner is None:
        return None
    left = list(entry_factors(outer))
    return apply("diag", hadamard(*left)) if all(_taken_away(left, t, ".^") for t in entry_factors(inner)) and left else None


def _entrywise(f: Expr, old: Expr, new: Expr) -> Expr | None:
    if isinstance(f, Apply) and f.head == "'":
        transposed = _entrywise(f.args[0], T(old), T(new))
        return None if transposed is None else T(transposed)
    if isinstance(f, Apply) and f.head == ".*" and old in f.args:
        k = f.args.index(old)
        return hadamard(*f.args[:k], new, *f.args[k + 1:])
    if isinstance(f, Apply) and f.head == ".^" and f.args[0] is old and isinstance(k := f.args[1], Number) and k.value > 1:
        return hadamard(new, hadamard_power(old, Number(k.value - 1)))      # K.^2/c for Q = K/c is Q.*K
    return None


def inner_products(scalars: list[Expr], chain: list[Expr]) -> Iterator[tuple[list[Expr], list[Expr], list[Expr]]]:
    """A product as scalars, a chain in which a definition may stand, and what else is left: the chain itself, and each inner product
    among the scalars."""
    yield scalars, chain, []
    for i, s in enumerate(scalars):
        if isinstance(s, Apply) and s.head == "*" and s.args[0].shape != SCALAR:
            yield [*scalars[:i], *scalars[i + 1:]], list(s.args), chain


def _base(f: Expr) -> Expr:
    """What a factor is a power of, entry by entry."""
    return exponent(f, "^" if f.shape == SCALAR else ".^")[0]


def _ends(body: Apply) -> set[Expr]:
    """The factors by which a product is found: its first one, or its last one transposed; beside a diagonal matrix the next one too."""
    if body.shape == SCALAR:
        return {_base(next(a for a in body.args if not isinstance(a, Number)))}
    chain = parts(body)[1]
    lines = chain, [T(f) for f in reversed(chain)]
    return {f for line in lines for f in line[:1 if on_diagonal(line[0]) is None else 2]}
