"""Differentials as they are written: d X, \\mathrm{d} f(X), d X^{-1}."""

from __future__ import annotations

import re

from .calls import BARS
from ..networks import bare
from .operator_scope import OperatorScope
from .macros import group
from .letters import ALIASES, FUNCTIONS, OPEN
from .cursor import ACCENTS, STYLES
from .tokens import GREEK


class Differentials(OperatorScope):
    """Reads differentials: a letter d before what it is the differential of."""

    def differential(self) -> bool:
        """Whether a letter d stands before something it can be the differential of."""
        token = self.now
        return token.isalpha() or token in OPEN or token in STYLES or token in ACCENTS or token in BARS or token[1:] in GREEK or \
            token[1:] in FUNCTIONS or token[1:] in ALIASES or token in (r"\frac", r"\sqrt", r"\nabla", "{")

    def differential_of(self, at: int) -> str:
        """d before a bracket, a norm, a function with its argument, or a name with an inverse behind it."""
        token = self.now
        if token == "^":
            order = "".join(t for t, _ in group(self.tokens, self.i + 1)[0])
            raise self.error(f"a {'second differential' if order == '2' else f'differential of order {order}'} cannot be read", at=at)
        if token in OPEN or token == "{":
            inner = bare(self.bracket()) if token in OPEN else self.inside(self.group())
            if self.now == "^" and not self.transpose_follows() and self.inverse() is None:
                self.two_readings(at, f"(d({inner}))^..", f"d(({inner})^..)")
            self.at_a_point(at)
            return f"d({inner})"
        if token in BARS or token in (r"\frac", r"\sqrt", r"\nabla"):
            return f"d({self.raised(self.atom())})"
        start = self.i
        name = self.name()
        if name is None:
            if self.now == "{":
                return f"d({self.inside(self.group())})"
            raise self.error("this differential has no argument", "write \\mathrm{d}X or \\mathrm{d}(...)", start)
        if (found := self.in_a_direction(name, at)) is not None:
            return found
        inner = self.called(name, start)
        if self.now == "^" and inner == name:
            transposed = self.inverse()
            if transposed is not None:
                self.i = group(self.tokens, self.i + 1)[1]
                return f"d({transposed.format(inner)})"
            if not self.transpose_follows() and self.names.shape(inner) != ("1", "1"):
                inner = self.raised(inner)
                self.two_readings(at, f"d({inner})", f"the power of d({name})")
        elif inner != name and self.now == "^" and not self.transpose_follows():
            inner = self.raised(inner)
        if inner == name and not self.names.known(name):
            self.at_a_point(at)
        number = not set(re.findall(r"[A-Za-z]\w*", inner)) - FUNCTIONS - {"pi"}
        return f"d*{inner}" if number and self.tokens[at][0] == "d" and not self.names.asks else f"d({inner})"      # d \ln(2\pi)

    def at_a_point(self, at: int) -> None:
        """Refuse d(f^2)(X) and df(E): what a differential is of E, and no product."""
        inside = [t for t, _ in self.inside_here() if t not in STYLES and t not in "{}"] if self.now == "(" and not self.names.asks else []
        if len(inside) == 1 and inside[0].lstrip("\\").isalpha():
            raise self.error("a differential at a point cannot be read", at=at)

    def inverse(self) -> str | None:
        """The form of what is raised now, where it is an inverse."""
        raw = "".join(t for t, _ in group(self.tokens, self.i + 1)[0] if t not in STYLES and t not in "{}")
        return "({})^(-1)" if raw == "-1" else "inv({})'" if raw[:1] == "-" and raw[1:] in ("T", r"\top", r"\trans") else None
