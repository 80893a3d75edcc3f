"""What can be seen of an expression without computing: its transpose, whether it is symmetric, its structure."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..language.columns import ODD
from ..language.expr import MINUS, SCALAR, Apply, Expr, Name, Number, T, add, build, mul, neg
from ..language.operations import COMMUTES_WITH_TRANSPOSE, PARITY, PRODUCTS, SYMMETRY_WORDS
from ..language.properties import Properties
from ..rulebook.matching import parts

UNDEFINED: Mapping[Name, Expr] = MappingProxyType({})


class Transposer:
    """Transposes, written with what is known to be symmetric; of what each name is defined as, this is seen once."""

    def __init__(self, bodies: Mapping[Name, Expr] = UNDEFINED) -> None:
        self.bodies = bodies
        self.seen: dict[Name, bool] = {}

    def __call__(self, e: Expr) -> Expr:
        """The transpose of e."""
        if e.shape == SCALAR:
            return e
        if isinstance(e, Name):
            if "skew" in e.words:
                return neg(e)
            return e if e.words & SYMMETRY_WORDS or e in self.bodies and self.defined(e) else T(e)
        assert isinstance(e, Apply)
        head, args = e.head, e.args
        if head == "'":
            return e if self(args[0]) is args[0] else args[0]
        if head == "+":
            return add(*map(self, args))
        if head == "*":
            scalars, chain = parts(e)
            return mul(*scalars, *map(self, reversed(chain)))
        if e.shape[0] is not e.shape[1] and (head in COMMUTES_WITH_TRANSPOSE or head in (".*", ".^")):
            return T(e)             # is neither its own transpose nor minus that
        if head in COMMUTES_WITH_TRANSPOSE:
            inner = self(args[0])
            if inner is args[0]:
                return e
            return T(e) if head not in PARITY or inner is not neg(args[0]) else neg(e) if PARITY[head] == ODD else e
        if head == "^":
            inner = self(args[0])
            return e if inner is args[0] else T(e) if inner is T(args[0]) else build("^", (inner, args[1]))
        if head in PRODUCTS:
            return build(head, [a if (t := self(a)) is a else mul(MINUS, a) if t is neg(a) else t for a in args])
        if head == ".^" and args[1].shape == SCALAR:
            inner, k = self(args[0]), args[1].value if isinstance(args[1], Number) else None
            if inner is args[0]:
                return e
            return T(e) if k is None or k % 1 or inner is not neg(args[0]) else neg(e) if k % 2 else e
        if head == "apply" and isinstance(args[0], Apply) and args[0].head == "hess":
            return e
        return T(e)

    def defined(self, name: Name) -> bool:
        """Whether what a name is defined as is symmetric."""
        found = self.seen.get(name)
        if found is None:
            found = self.seen[name] = self.symmetric(self.bodies[name])
        return found

    def symmetric(self, e: Expr) -> bool:
        """Whether e is seen to be its own transpose."""
        return e.shape[0] is e.shape[1] and self(e) is e


class Structure:
    """Whether expressions have the structure that the letters of a row ask for, where names stand for these bodies."""

    def __init__(self, bodies: Mapping[Name, Expr], transposed: Transposer) -> None:
        self.bodies, self.transposed, self.sure = bodies, transposed, Properties(bodies)

    def __call__(self, s: Expr, words: frozenset[str]) -> bool:
        """Whether s has the structure a letter asks for."""
        for w in words:
            if w == "positive":
                if not self.sure.positive(s):
                    return False
                continue
            body = self.bodies.get(s) if isinstance(s, Name) else None
            if w == "simplex" and isinstance(body, Apply) and body.head in ("softmax", "softmax_rows"):
                return True
            if w == "symmetric":
                if not self.transposed.symmetric(s):
                    return False
            elif not (isinstance(s, Name) and w in s.words):
                return False
        return True


def adds_up(body: Expr) -> bool:
    """Whether the sums of what is made so may be numbers."""
    return any("simplex" in n.words for n in body.names) or type(body) is Apply and body.head in ("softmax", "softmax_rows")
