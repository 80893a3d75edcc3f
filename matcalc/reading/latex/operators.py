"""How far an operator reaches in a formula, over the product that follows or a single function; and differentials: d X, d X^{-1}."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
import re

from .ambiguities import NUMBER
from .calls import BARS, Calls, joined
from .cursor import ACCENTS, STYLES
from .tensor_networks import bare
from .letters import ALIASES, CIRCLES, FUNCTIONS, OPEN, TIMES
from ...language.shape import InputError
from .tokens import GREEK, Tokens
from ..grammar.brackets import BRACES, closing, depths


class Operators(Calls):
    r"""Reads the operand of \nabla and of \frac{d}{dx}, and what a letter d stands before."""

    circle: Callable[[], str]  # products joined by signs in circles
    exponent: Callable[[str], str]  # base^{...}

    def reach(self, at: int, x: str, everything: bool = False) -> str:
        """What an operator stands before: the whole product behind it. A name of a scalar, f or f(x), stands by itself before what is
        no scalar, and where it is transposed."""
        mark = self.mark()
        if self.names.asks:
            return self.resolved_reach(x, everything)
        if self.opens():
            f = bare(self.bracket())
            transposed = self.transposed_here() and not everything and self.shape(f) == ("1", "1")
            if transposed or not self.goes_on():
                return f
            self.back(mark)
            f = self.circle()
            self.doubt(at, f"the derivative of {self.said(f)}")
            return f
        if not everything:
            alone = self.alone(x)
            if alone is not None:
                return alone
            self.back(mark)
        f = self.circle()
        if joined(f) and not everything:
            self.doubt(at, self.said(f"d({f})/d({x})") if x else f"the derivative of {self.said(f)}", True)
        return f

    def resolved_reach(self, x: str, everything: bool) -> str:
        """The same where two readings are refused: f(x)^T of a scalar f is its gradient, transposed; of a scalar before what is none it
        cannot be told what is differentiated."""
        mark, bracket = self.mark(), self.opens()
        first = bare(self.bracket()) if bracket else self.atom()
        own = self.shape(first) == NUMBER and (first in self.names.bodies or self.names.function(first.partition("(")[0]))
        transposed = self.now == "'" or self.transposed_here()
        if transposed and own and not everything or not self.goes_on() and self.now not in ("^", "'"):
            self.reaching = not bracket
            return first
        first = self.raised(f"({first})" if bracket else first)
        moves = not x or x in re.findall(r"\w+", first) or any(n in self.names.bodies for n in re.findall(r"\w+", first))
        number, more = self.shape(first) == NUMBER, self.goes_on()
        self.back(mark)
        whole = self.circle()
        if more and moves and number and self.shape(whole) not in (NUMBER, None):
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
        if name is None or name.startswith("\\"):
            return None
        if self.function(name) and self.opens():
            inside = self.inside_here()
            self.i = start
            name = self.atom()
            if len(inside) != 1 or self.guessed(name) != ("1", "1"):
                return None
        elif self.function(name):
            return None
        known, called = name in self.names.arguments or name in self.names.bodies or self.shape(name) == ("1", "1"), False
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
        if self.shape(name) not in (None, ("1", "1")) or (name == x and not called):
            return None
        transposed = self.now == "'" or self.transposed_here()
        rest = self.tokens[behind:]
        if not (known or called):
            found = {t.removeprefix("\\") for t, _ in self.product_of(rest)}
            inside = bool(x) and all(part in found for part in x.split("_"))
            return None if inside or self.now == "^" and not transposed else name
        if transposed:
            if x and self.shape(name) is None and name in {t.removeprefix("\\") for t, _ in self.product_of(rest)}:      # \nabla_x y^T y
                self.doubt(start, f"{name} alone, what follows not differentiated")
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
        if not (known and self.goes_on() and self.now in CIRCLES):           # a number is not a factor in a product of entries
            moved = {*self.names.bodies, *self.names.arguments.get(name, ()), x or self.names.variable(name) or name}
            self.doubt(start, f"{name} alone, what follows not differentiated", known and moved.isdisjoint(factors))    # v' H v, of any v
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
            return self.shape(self.product())
        return None

    def variable_below(self, part: Tokens) -> tuple[str, bool]:
        """x of \\nabla_x and of \\nabla_{xx}, and whether it stands there twice."""
        reader = self.part(part)
        first = reader.name()
        if first is not None and reader.now:
            again = reader.name()
            if again == first and not reader.now:
                return first, True
            raise self.error("a nabla with this index cannot be read", at=self.i - 1)
        return first if first is not None else self.inside(part), False

    # ------------------------------------------------------------ differentials
    def differential(self) -> bool:
        """Whether a letter d stands before something it can be the differential of."""
        token = self.now
        return token.isalpha() or token in OPEN or token in STYLES or token in ACCENTS or token in BARS or token[1:] in GREEK or \
            token[1:] in FUNCTIONS or token[1:] in ALIASES or token in (r"\frac", r"\sqrt", r"\nabla", "{")

    def differential_of(self, at: int) -> str:
        """d before a bracket, a norm, a function with its argument, or a name with an inverse behind it."""
        token = self.now
        if token == "^":
            order = "".join(self.script("^"))
            raise self.error(f"a {'second differential' if order == '2' else f'differential of order {order}'} cannot be read", at=at)
        if token in OPEN or token == "{":
            inner = bare(self.bracket()) if token in OPEN else self.inside(self.group())
            if self.inverse():          # a differential has none
                self.i += 1
                return f"d({self.exponent(f'({inner})')})"
            if self.now == "^" and not self.transposed_here():
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
            if self.inverse():
                self.i += 1
                return f"d({self.exponent(inner)})"
            if not self.transposed_here() and self.shape(inner) != ("1", "1"):
                inner = self.raised(inner)
                self.two_readings(at, f"d({inner})", f"the power of d({name})")
        elif inner != name and self.now == "^" and not self.transposed_here():
            inner = self.raised(inner)
        if inner == name and not self.names.known(name):
            self.at_a_point(at)
        number = not set(re.findall(r"[A-Za-z]\w*", inner)) - FUNCTIONS - ({"pi"} - self.names.plain)
        return f"d*{inner}" if number and self.tokens[at][0] == "d" and not self.names.asks else f"d({inner})"      # d \ln(2\pi)

    def at_a_point(self, at: int) -> None:
        """Refuse d(f^2)(X) and df(E): what a differential is of E, and no product; df(y) is df above dy."""
        inside = [t for t, _ in self.inside_here() if t not in STYLES and t not in "{}"] if self.now == "(" and not self.names.asks else []
        if len(inside) == 1 and inside[0].lstrip("\\").isalpha():
            ahead = [t for t, _ in self.tokens[self.i:]]
            end = closing(ahead, 0, OPEN) + 1
            if ahead[end:end + 3] == ["/", "d", *inside]:
                self.i += end
                return
            raise self.error("a differential at a point cannot be read", at=at)

    def inverse(self) -> bool:
        """Whether an inverse comes now, perhaps with a transpose."""
        return "".join(self.script("^")) in ("-1", "-T", r"-\top", r"-\trans")


def varies(deltas: Sequence[tuple[str, bool]]) -> bool:
    r"""Whether \delta means variations, as in \delta\det A = \det A \tr(A^{-1}\delta A), and no number: by what stands behind each of them,
    and whether it stands first."""
    bare = [t.isalpha() or t[1:] in GREEK or t in ("(", r"\left") or t in STYLES or t in ACCENTS for t, _ in deltas]
    applied = (t[1:] in FUNCTIONS or t[1:] in ALIASES or t in (r"\operatorname", r"\|", r"\lVert") for t, _ in deltas)
    return any(bare) and any(first for _, first in deltas) and all(map(any, zip(bare, applied, strict=True)))
