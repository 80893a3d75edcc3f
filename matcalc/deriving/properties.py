"""What is seen of an expression without computing: its transpose, and whether it is symmetric."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..language.expr import SCALAR, Apply, Expr, Name, T, add, apply, build, mul, neg
from ..language.operations import SYMMETRY_WORDS, TURNS
from ..rules.matching import parts

UNDEFINED: Mapping[Name, Expr] = MappingProxyType({})


class Turns:
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
        if head in TURNS:
            inner = self(args[0])
            return apply(head, inner) if inner is args[0] else T(e)
        if head == "^":
            inner = self(args[0])
            return e if inner is args[0] else T(e) if inner is T(args[0]) else build("^", (inner, args[1]))
        if head == ".*":
            return e if all(self(a) is a for a in args) else T(e)
        if head == ".^":
            return e if args[1].shape == SCALAR and self(args[0]) is args[0] else T(e)
        if head == "apply" and isinstance(args[0], Apply) and args[0].head == "hess":
            return e
        if head == "kron":
            return apply("kron", self(args[0]), self(args[1]))
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
