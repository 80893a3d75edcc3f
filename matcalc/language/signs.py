"""The signs of the entries of an expression, by its form and its declarations, and bounds between which they lie."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from enum import IntEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, TypeVar

from .arithmetic import add, neg
from .nodes import Apply, Expr, Name, Number
from .numbers import Rational
from .columns import ALIKE, POSITIVE, SPARSE, Limit
from .operations import FACTORED, FROM_ZERO_ON, KEEPS, NONZERO_WHERE, OF_DEFINITE, POWERS, PRODUCTS, RANGES, SIGNS, THROUGH
from .shape import SCALAR
from .inspection import UNIT, coefficient, is_selection, is_unit


class Sign(IntEnum):
    """Of all entries: nothing known, none negative, all positive."""

    OPEN = 0
    NONNEGATIVE = 1
    POSITIVE = 2


T = TypeVar("T")
Ends = tuple[Rational, bool] | None
NO_BOUNDS: tuple[Ends, Ends] = (None, None)
HALF_ZERO = frozenset(("diagonal", "lower", "upper"))        # positive ones have zeros beside a positive diagonal
QUARTER = Fraction(3, 2)        # less than pi/2
QUARTERS = MappingProxyType({"arctan": Sign.POSITIVE, "arcsin": Sign.NONNEGATIVE})      # the cosine of what lies between -pi/2 and pi/2
NOTHING: Mapping[Expr, Sign] = MappingProxyType({})
DEEPEST = 40    # definitions looked through, one inside the other


class Signs:
    """What is sure of signs; a subclass knows which matrices are definite. Every expression is looked at once."""

    def __init__(self, definitions: Mapping[Name, Expr], signs: Mapping[Expr, Sign] = NOTHING,
                 nonzero: Collection[Expr] = (), regular: Collection[Expr] = ()) -> None:
        self.bodies = definitions
        self.signs: dict[Expr, Sign] = dict(signs)
        self.given_nonzero, self.given_regular = nonzero, regular
        self.known: dict[tuple[object, ...], Any] = {}
        self.levels: dict[Name, int] = {}
        for name, body in definitions.items():
            self.levels[name] = 1 + max((self.levels.get(n, 0) for n in body.names), default=0)

    def body(self, name: Name) -> Expr | None:
        """What a name is defined as; None for a variable, and where definitions stand too deep in one another."""
        return self.bodies.get(name) if self.levels.get(name, 0) <= DEEPEST else None

    def defined(self, name: Name, question: Callable[..., T], otherwise: T, *more: object) -> T:
        """What a question says of what a name is defined as, asked once."""
        if name not in self.bodies:
            return otherwise
        key = (name, question.__name__, *more)
        if key not in self.known:
            body = self.body(name)
            self.known[key] = otherwise if body is None else question(body, *more)
        found: T = self.known[key]
        return found

    definite: Callable[..., bool]       # whether e is symmetric positive definite (or semidefinite)
    gram: Callable[[list[Expr]], bool]
    invertible: Callable[[Expr], bool]  # whether a square matrix is seen to have an inverse

    def sign(self, e: Expr) -> Sign:
        """The sign of every entry."""
        found = self.signs.get(e)
        if found is None:
            found = self.signs[e] = self._sign(e)
        return found

    def positive(self, e: Expr) -> bool:
        """Whether every entry is positive."""
        return self.sign(e) is Sign.POSITIVE

    def nonnegative(self, e: Expr) -> bool:
        """Whether no entry is negative."""
        return self.sign(e) >= Sign.NONNEGATIVE

    def _sign(self, e: Expr) -> Sign:
        if type(e) is Number:
            return Sign.POSITIVE if e.value > 0 else Sign.NONNEGATIVE if e.value == 0 else Sign.OPEN
        if type(e) is Name:
            if e.kind == "size" or ("spd" in e.words and e.shape == SCALAR):
                return Sign.POSITIVE
            if "positive" in e.words:
                return Sign.NONNEGATIVE if e.words & HALF_ZERO and e.shape != SCALAR else Sign.POSITIVE
            if "simplex" in e.words:
                return Sign.NONNEGATIVE
            body = self.body(e)
            return Sign.OPEN if body is None else self.sign(body)
        assert type(e) is Apply
        head, args = e.head, e.args
        if head == "sum" and type(args[0]) is Name and "simplex" in args[0].words:
            return Sign.POSITIVE
        if SIGNS.get(head) == POSITIVE:
            return Sign.POSITIVE
        if head in OF_DEFINITE and args[0].shape != SCALAR and self.definite(args[0]):
            return Sign.POSITIVE
        if head in THROUGH:
            low = self._at_least(e)
            return Sign.OPEN if low is None or low[0] < 0 else Sign.NONNEGATIVE if low == (0, True) else Sign.POSITIVE
        if head == "cos":
            return self._cosine(args[0])
        if head == "det" and self._positive_det(args[0]) or head in FROM_ZERO_ON and head in NONZERO_WHERE and self._not_zero_at(e):
            return Sign.POSITIVE
        if head == "det" and type(args[0]) is Name and "skew" in args[0].words:
            return Sign.NONNEGATIVE             # the square of the Pfaffian
        if head in ("+", ".*", "*"):
            return self._combined(e)
        if head in POWERS and (head == ".^" or e.shape == SCALAR):
            return self._power(*args)
        if head == "^":
            k = args[1]
            return self.sign(args[0]) if type(k) is Number and k.value > 0 else Sign.OPEN
        if SIGNS.get(head) == SPARSE:
            return min(self.sign(args[0]), Sign.NONNEGATIVE)
        inner = args[0].args if head == "tr" and type(args[0]) is Apply and args[0].head == "*" else ()
        if len(inner) == 2 and all(map(self.definite, inner)):
            return Sign.POSITIVE                # the trace of one, with a root of the other on both sides
        found = min(map(self.sign, args)) if SIGNS.get(head) == ALIKE else Sign.OPEN
        if head in FROM_ZERO_ON or head in OF_DEFINITE and args[0].shape != SCALAR and self.definite(args[0], True):
            return max(found, Sign.NONNEGATIVE)
        return found

    def _cosine(self, e: Expr) -> Sign:
        """The sign of a cosine, where its argument lies between -pi/2 and pi/2."""
        if type(e) is Apply and e.head in QUARTERS:
            return QUARTERS[e.head]
        low, high = self.bounds(e)
        return Sign.POSITIVE if low is not None and high is not None and low[0] >= -QUARTER and high[0] <= QUARTER else Sign.OPEN

    def _positive_det(self, e: Expr) -> bool:
        """Whether a determinant is positive by its form: of definite matrices, of an exponential, of products of such."""
        if self.definite(e) or type(e) is Apply and e.head == "expm":
            return True
        factors = invertible_with(e) if type(e) is Apply else ()
        return bool(factors) and all(a.shape != SCALAR and self._positive_det(a) for a in factors)

    def _combined(self, e: Apply) -> Sign:
        signs = [self.sign(a) for a in e.args]
        if e.head == "+":
            least = min(signs)
            if least is Sign.OPEN:
                return self._above_zero(e)
            return Sign.POSITIVE if max(signs) is Sign.POSITIVE else least
        found = min(signs)
        if found is Sign.OPEN and self._square(e):
            return Sign.NONNEGATIVE
        if found is Sign.NONNEGATIVE and e.head == "*":         # what is taken of positive entries is positive
            kept = [a for a in e.args if a.shape == SCALAR or not is_selection(a)]
            chain = [a for a in e.args if a.shape != SCALAR]
            inner = [a for a in chain if a in kept]
            ends = bool(inner) and all(type(a) is Apply and (a.head == "'") == (k < chain.index(inner[0]))
                                       for k, a in enumerate(chain) if a not in kept)
            return Sign.POSITIVE if ends and all(map(self.positive, kept)) else found
        return found

    def _above_zero(self, e: Apply) -> Sign:
        """The sign of a sum by the ranges of its terms."""
        low = self._least(e)
        return Sign.OPEN if low is None or low[0] < 0 else Sign.NONNEGATIVE if low == (0, True) else Sign.POSITIVE

    def _least(self, e: Apply) -> Ends:
        """A lower bound of a sum by the ranges of its terms, and whether it may be reached."""
        total: Rational = 0
        reached = True
        for t in e.args:
            c, rest = (t.value, UNIT) if type(t) is Number else coefficient(t)
            sign, low, high = self.sign(t), *self.bounds(rest)
            bound = low if c > 0 else high
            if is_unit(rest):
                total += c
            elif bound is not None:
                total += c * bound[0]
                reached &= bound[1]
            elif sign is Sign.OPEN:
                return None
            else:
                reached &= sign is Sign.NONNEGATIVE
        return total, reached

    def bounds(self, e: Expr) -> tuple[Ends, Ends]:
        """Between what every entry lies by its form, and whether that is reached: of a sigmoid, a cosine, their squares, a name for one."""
        if _counts(e):
            return (1, True), None
        if type(e) is Name:
            return self.defined(e, self.bounds, NO_BOUNDS)
        if type(e) is not Apply:
            return None, None
        if e.head in THROUGH and (low := self._at_least(e)) is not None:
            return low, None
        found = RANGES.get(e.head)
        if found is not None:
            low, high = (None if x is None else (x, found.reached) for x in (found.least, found.most))
            return low, high
        if e.head == "+":
            return self._least(e), None
        if e.head in POWERS and type(e.args[1]) is Number and e.args[1].value % 2 == 0 and (e.head == ".^" or e.shape == SCALAR):
            low, high = self.bounds(e.args[0])
            if low is not None and high is not None and low[0] >= -1 and high[0] <= 1 and e.args[1].value > 0:
                return (0, True), (1, low[1] or high[1])
        return None, None

    def _at_least(self, e: Apply) -> Ends:
        """The value of an increasing function at a point below which its argument never is, and whether it is reached."""
        at, value = THROUGH[e.head]
        low, sign = self.bounds(e.args[0])[0], self.sign(e.args[0])
        if low is None and sign is not Sign.OPEN:
            low = 0, sign is Sign.NONNEGATIVE
        return None if low is None or low[0] < at else (value, low == (at, True))

    def _not_zero_at(self, e: Apply) -> bool:
        """Whether the argument of e is where the operation is not 0, by its row."""
        return all(self._holds(limit, e.args[0]) for limit in NONZERO_WHERE[e.head])

    def _holds(self, limit: Limit, e: Expr) -> bool:
        if limit.kind == "invertible":
            return self.invertible(e)
        moved = e if not limit.bound or e.shape != SCALAR else add(e, Number(-limit.bound))
        return self.positive(moved) if limit.kind == "above" else self.nonzero(moved)

    def _power(self, base: Expr, exponent: Expr) -> Sign:
        found = self.sign(base)
        if found is Sign.POSITIVE:
            return found
        k = exponent.value if type(exponent) is Number else None
        if k is not None and (k % 2 == 0 or found is Sign.NONNEGATIVE):
            return Sign.POSITIVE if k % 1 == 0 and self.nonzero(base) else Sign.NONNEGATIVE
        return Sign.NONNEGATIVE if k is not None and k % 1 else Sign.OPEN

    def _square(self, e: Apply) -> bool:
        """Whether a product is c*x'*S*x with c not negative and S positive semidefinite (or absent)."""
        scalars = [a for a in e.args if a.shape == SCALAR]
        chain = [a for a in e.args if a.shape != SCALAR]
        if e.head != "*" or e.shape != SCALAR or not all(map(self.nonnegative, scalars)):
            return False
        return bool(chain) and self.gram(chain)

    def nonzero(self, e: Expr) -> bool:
        """Whether no entry is zero."""
        if type(e) is Number:
            return e.value != 0
        if e in self.given_nonzero or self.positive(e):
            return True
        if type(e) is Name:
            return self.defined(e, self.nonzero, False)
        assert type(e) is Apply
        if e.head in FACTORED and (e.shape == SCALAR or e.head == ".*" or len([a for a in e.args if a.shape != SCALAR]) == 1):
            return all(map(self.nonzero, e.args)) and all(a.shape in (SCALAR, e.shape) for a in e.args)
        if e.head in POWERS and (e.head == ".^" or e.shape == SCALAR):
            return self.nonzero(e.args[0])
        if e.head in NONZERO_WHERE:
            return self._not_zero_at(e)
        if e.head == "+":
            return self.positive(neg(e))
        return e.head in KEEPS["apart"] and all(map(self.nonzero, e.args))


def invertible_with(e: Apply) -> tuple[Expr, ...]:
    """The parts of e that are invertible where e is and the other way round; none where its form says nothing of that.

    >>> from matcalc.reading.parse import parse
    >>> print(*invertible_with(parse("kron(A, B')", ["A in R^(n,n)", "B in R^(m,m)"])))
    A B'
    """
    if e.head not in KEEPS["invertible"]:
        return ()
    factors = e.args if e.head in PRODUCTS else e.args[:1]
    return factors if all(a.shape[0] is a.shape[1] and (e.head != "*" or a.shape in (SCALAR, e.shape)) for a in factors) else ()


def _counts(e: Expr) -> bool:
    """Whether e is a product of sizes, each at least 1."""
    return type(e) is Name and e.kind == "size" or type(e) is Apply and e.head == "*" and all(map(_counts, e.args))
