"""How far an operator reaches in a formula: over the product that follows, or over a single function."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
import re

from .ambiguities import NUMBER
from .calls import Calls, joined
from ..networks import bare
from .letters import CIRCLES, OPEN, TIMES
from ...language.shape import InputError
from .tokens import Tokens
from ..brackets import BRACES, depths


class OperatorScope(Calls):
    r"""Reads the operand of \nabla and of \frac{d}{dx}."""

    circle: Callable[[], str]  # products joined by signs in circles

    def reach(self, at: int, x: str, everything: bool = False) -> str:
        """What an operator stands before: the whole product behind it. A name of a scalar, f or f(x), stands by itself before what is
        no scalar, and where it is transposed."""
        mark = self.mark()
        if self.names.asks:
            return self.resolved_reach(x, everything)
        if self.opens():
            f = bare(self.bracket())
            transposed = self.now == "^" and self.transpose_follows() and not everything and self.names.shape(f) == ("1", "1")
            if transposed or not self.goes_on():
                return f
            self.back(mark)
            f = self.circle()
            self.doubt(at, f"the derivative of {f}")
            return f
        if not everything:
            alone = self.alone(x)
            if alone is not None:
                return alone
            self.back(mark)
        f = self.circle()
        if joined(f) and not everything:
            self.doubt(at, f"d({f})/d({x})" if x else f"the derivative of {f}", True)
        return f

    def resolved_reach(self, x: str, everything: bool) -> str:
        """The same where two readings are refused: f(x)^T of a scalar f is its gradient, transposed; of a scalar before what is none it
        cannot be told what is differentiated."""
        mark, bracket = self.mark(), self.opens()
        first = bare(self.bracket()) if bracket else self.atom()
        own = self.names.shape(first) == NUMBER and (first in self.names.bodies or self.names.function(first.partition("(")[0]))
        transposed = self.now in ("'", r"\trans") or self.now == "^" and self.transpose_follows()
        if transposed and own and not everything or not self.goes_on() and self.now not in ("^", "'"):
            self.reaching = not bracket
            return first
        first = self.raised(f"({first})" if bracket else first)
        moves = not x or x in re.findall(r"\w+", first) or any(n in self.names.bodies for n in re.findall(r"\w+", first))
        number, more = self.names.shape(first) == NUMBER, self.goes_on()
        self.back(mark)
        whole = self.circle()
        if more and moves and number and self.names.shape(whole) not in (NUMBER, None):
            one, other = self.said(f"d({first})/d({x})"), self.said(f"d({whole})/d({x})")
            self.refuse("a derivative before a product", f"{one} times what follows", other, mark[0])
        self.reaching = True
        return whole

    def goes_on(self) -> bool:
        """Whether the product continues with the next token."""
        return self.begins(self.now) or self.now in ("^", "'", r"\trans", "/") or self.now in TIMES or self.now in CIRCLES

    def alone(self, x: str) -> str | None:
        """The scalar that an operator reaches over by itself: f, f(x); None where it reaches over the product behind it."""
        start = self.i
        name = self.name()
        if name is None or name.startswith("\\") or self.function(name):
            return None
        known, called = name in self.names.arguments or name in self.names.bodies or self.names.shape(name) == ("1", "1"), False
        if self.opens() and name in self.names.arguments:
            if self.called(name, start) != name:
                return None
            called = True
        elif self.opens() and not self.names.function(name):
            mark = self.i
            given = self.arguments_here()
            called = given is not None and all(re.fullmatch(r"\w+", g) for g in given)
            if not called:
                self.i = mark
        behind = self.i
        if not self.goes_on():
            return name
        if self.names.shape(name) not in (None, ("1", "1")) or (name == x and not called):
            return None
        transposed = self.now in ("'", r"\trans") or self.now == "^" and self.transpose_follows()
        rest = self.tokens[behind:]
        if not (known or called):
            found = {t.removeprefix("\\") for t, _ in self.product_of(rest)}
            inside = bool(x) and all(part in found for part in x.split("_"))
            return None if inside or self.now == "^" and not transposed else name
        if transposed:
            return name
        if self.now in ("^", "/"):
            return None
        shape = None if self.now in CIRCLES else self.shape_of(self.i + (self.now in TIMES))
        factors = [t.removeprefix("\\") for t, _ in self.product_of(rest)]
        if shape is None and all(f in self.names.bodies or f == r"cdot" for f in factors):
            return None
        self.i = behind
        if shape == ("1", "1"):
            return None
        self.doubt(start, f"{name} alone, what follows not differentiated")
        return name

    def product_of(self, rest: Tokens) -> Tokens:
        """The tokens up to the end of a product."""
        texts = [t for t, _ in rest]
        for k, (token, depth) in enumerate(zip(texts, depths(texts, OPEN | BRACES), strict=True)):
            if depth < 0 or not depth and token in ("+", "-", "=", ","):
                return rest[:k]
        return rest

    def shape_of(self, start: int) -> tuple[str, str] | None:
        """The shape of the product from a token on, where it can be read and is sure."""
        with self.ahead_only(), suppress(InputError):
            self.i = start
            return self.names.shape(self.product())
        return None

    def variable_below(self, part: Tokens) -> str:
        """x of \\nabla_x and of \\nabla^2_{xx}."""
        reader = self.part(part)
        first = reader.name()
        if first is not None and reader.now:
            again = reader.name()
            if again == first and not reader.now:
                return first
            raise self.error("a nabla with this index cannot be read", at=self.i - 1)
        return first if first is not None else self.inside(part)
