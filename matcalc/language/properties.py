"""What certainly holds of an expression, by its form and its declarations: its sign, that it is symmetric, definite, invertible.

Never guesses: what is not seen here may still hold. Used to leave out conditions that cannot fail.
"""

from __future__ import annotations

from collections.abc import Mapping

from .arithmetic import T, mul
from .constants import num
from .nodes import Apply, Expr, Name, Number
from .columns import SPARSE
from .operations import (DEFINITE_WHERE, ELEMENTWISE_NAMES, INVERTIBLE_WHERE, KEEPS, OWN_TRANSPOSE, POWERS, ALWAYS_INVERTIBLE, SIGNS,
                         SYMMETRY_WORDS, VANISHING)
from .recognition import on_diagonal
from .shape import SCALAR
from .signs import HALF_ZERO, Signs, invertible_with

POSITIVE_DIAGONAL = frozenset(("diagonal", "positive"))
ZERO_WITH = (KEEPS["apart"] - POWERS) | (VANISHING & ELEMENTWISE_NAMES)         # an entry is 0 where one of an argument is
ABOVE, BELOW, SOME, NOT_ANY = "above", "below", "some", frozenset[str]()
OFF, ON, TURNED = frozenset((ABOVE, BELOW)), frozenset(("on",)), {ABOVE: BELOW, BELOW: ABOVE}
ZERO_PARTS = {"diagonal": OFF, "upper": (BELOW,), "lower": (ABOVE,), "skew": ON}


class Properties(Signs):
    """What is sure under a problem's definitions, and where some facts are given."""

    def definite(self, e: Expr, semi: bool = False) -> bool:
        """Whether e is symmetric positive definite (or semidefinite)."""
        if e.shape == SCALAR:
            return self.nonnegative(e) if semi else self.positive(e)
        if type(e) is Name:
            return "spd" in e.words or e.words >= POSITIVE_DIAGONAL or self.defined(e, self.definite, False, semi)
        if type(e) is not Apply:
            return False
        head, args = e.head, e.args
        if head in DEFINITE_WHERE:
            where = DEFINITE_WHERE[head]
            return where == "always" or (self.symmetric if where == "symmetric" else self.nonnegative if semi else self.positive)(args[0])
        if head == "+":
            return all(self.definite(a, True) for a in args) and (semi or any(self.definite(a) for a in args)) or \
                semi and len(args) == 2 and any(self.covariance(*pair) for pair in (args, args[::-1]))
        if head in KEEPS["definite"]:       # of an entry-wise product by Schur's theorem
            return all(a.shape != SCALAR and self.definite(a, semi and head not in ALWAYS_INVERTIBLE) for a in args)
        if head == "^":
            even = type(args[1]) is Number and args[1].value % 2 == 0
            return self.definite(args[0]) or even and self.symmetric(args[0]) and (semi or self.invertible(args[0]))
        if head == "*":
            scalars = [a for a in args if a.shape == SCALAR]
            chain = [a for a in args if a.shape != SCALAR]
            if semi and type(args[0]) is Number and args[0].value < 0 and len(chain) == 1 and _square_of_skew(chain[0]):
                return all(map(self.nonnegative, scalars[1:]))
            if not all(self.nonnegative(a) if semi else self.positive(a) for a in scalars):
                return False
            return self.definite(chain[0], semi) if len(chain) == 1 else semi and self.gram(chain)
        return False

    def covariance(self, diagonal: Expr, product: Expr) -> bool:
        """Whether this is the covariance diag(p) - p*p' of a draw with probabilities p."""
        p = on_diagonal(diagonal)
        return p is not None and product is mul(num(-1), p, T(p)) and self.probabilities(p)

    def probabilities(self, p: Expr) -> bool:
        """Whether the entries of a vector are none negative and add up to 1."""
        if type(p) is Name:
            return "simplex" in p.words or self.defined(p, self.probabilities, False)
        return type(p) is Apply and p.head == "softmax"

    def gram(self, chain: list[Expr]) -> bool:
        """Whether a chain reads the same transposed, with something positive semidefinite in the middle or nothing."""
        return self.mirrored(chain) and (len(chain) % 2 == 0 or self.definite(chain[len(chain) // 2], True))

    def mirrored(self, chain: list[Expr]) -> bool:
        """Whether the transpose of a chain has the same factors at the same places, but for the one in the middle."""
        return all(self._opposite(a, b) for a, b in zip(chain[:len(chain) // 2], reversed(chain), strict=False))

    def _opposite(self, a: Expr, b: Expr) -> bool:
        """Whether b is seen to be a'."""
        if type(a) is Apply and a.head == "'":
            return a.args[0] is b
        if type(b) is Apply and b.head == "'":
            return b.args[0] is a
        return a is b and self.symmetric(a)

    def symmetric(self, e: Expr) -> bool:
        """Whether e is seen to be its own transpose."""
        if e.shape == SCALAR or type(e) is Number:
            return True
        if type(e) is Name:
            return bool(e.words & SYMMETRY_WORDS)
        assert type(e) is Apply
        if e.head in KEEPS["symmetric"]:
            return all(map(self.symmetric, e.args))
        if e.head == "*":
            chain = [a for a in e.args if a.shape != SCALAR]
            return self.mirrored(chain) and (len(chain) % 2 == 0 or self.symmetric(chain[len(chain) // 2]))
        return e.head in OWN_TRANSPOSE or self.definite(e, True)

    def invertible(self, e: Expr) -> bool:
        """Whether e is square and certainly has an inverse (where its own parts exist)."""
        if e.shape == SCALAR:
            return self.nonzero(e)
        if e in self.given_regular:
            return True
        if type(e) is Name:
            regular = e.words & {"spd", "orthogonal"} or ("positive" in e.words and e.words & HALF_ZERO)
            return bool(regular) or self.defined(e, self.invertible, False)
        if type(e) is not Apply:
            return False
        head, args = e.head, e.args
        if head in ALWAYS_INVERTIBLE:
            return True
        if head in INVERTIBLE_WHERE:
            return all(self._holds(limit, args[0]) for limit in INVERTIBLE_WHERE[head])
        factors = invertible_with(e)
        if factors:
            return all(map(self.invertible, factors))
        if head == "+":         # of x'*(S + K)*x = x'*S*x nothing vanishes but at 0
            kept = [a for a in args if not _skew(a)]
            return all(self.definite(a, True) for a in kept) and any(map(self.definite, kept))
        return self.definite(e)


def has_zeros(e: Expr, bodies: Mapping[Name, Expr]) -> bool:
    """Whether an entry off the diagonal, or all on it, are 0 by what is declared, of a matrix larger than 1 x 1.

    >>> from matcalc.reading.parse import parse
    >>> has_zeros(parse("2*abs(X')", ["X in R^(n,n) upper"]), {})
    True
    >>> given = ["X, Y in R^(n,n) upper", "A in R^(n,n)", "x in R^n"]
    >>> [has_zeros(parse(text, given), {}) for text in ("diag(x)*X*Y", "X + Y.*A", "X*Y'", "diag(x)*A")]
    [True, True, False, False]
    """
    return bool(_zeros(e, bodies, {}))


def _zeros(e: Expr, bodies: Mapping[Name, Expr], seen: dict[Expr, frozenset[str]]) -> frozenset[str]:
    """Which entries are 0: those above the diagonal, below it, on it, or some that have no name."""
    found = seen.get(e)
    if found is None:       # a name may stand in each of many definitions, again and again
        found = seen[e] = _zeros_of(e, bodies, seen)
    return found


def _zeros_of(e: Expr, bodies: Mapping[Name, Expr], seen: dict[Expr, frozenset[str]]) -> frozenset[str]:
    if e.shape == SCALAR or type(e) is Number:
        return NOT_ANY
    if type(e) is Name:
        own = frozenset(part for word in e.words for part in ZERO_PARTS.get(word, ()))
        return own or (_zeros(bodies[e], bodies, seen) if e in bodies else NOT_ANY)
    assert type(e) is Apply
    if SIGNS.get(e.head) == SPARSE:
        return OFF
    found = [_zeros(a, bodies, seen) for a in e.args if a.shape != SCALAR]
    if e.head == "'":
        return frozenset(TURNED.get(part, part) for part in found[0])
    if e.head == "*" and len(found) > 1:
        kept = frozenset.intersection(*found) & OFF
        beside = [part for part in found if not part >= OFF]
        return kept | (beside[0] & ON if len(beside) == 1 else NOT_ANY)
    if e.head == "+":
        return frozenset.intersection(*found) - {SOME} if len(found) == len(e.args) else NOT_ANY
    if e.head in KEEPS["triangular"]:
        return found[0] & OFF
    if e.head not in ZERO_WITH and e.head != "*" or not any(found):
        return NOT_ANY
    return NOT_ANY.union(*found) if all(a.shape in (SCALAR, e.shape) for a in e.args) or e.head == "*" else frozenset((SOME,))


def _skew(e: Expr) -> bool:
    """Whether e is seen to be minus its transpose."""
    if type(e) is Apply and e.head == "*":
        return all(a.shape == SCALAR for a in e.args[:-1]) and _skew(e.args[-1])
    return _skew(e.args[0]) if type(e) is Apply and e.head == "'" else type(e) is Name and "skew" in e.words


def _square_of_skew(e: Expr) -> bool:
    return type(e) is Apply and e.head == "^" and e.args[1] is Number(2) and _skew(e.args[0])
