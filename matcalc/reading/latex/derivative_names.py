"""Derivatives written as part of a function's name: f'(x), J_f(x), H_f, Df(x)[h], \\nabla_h f(x)."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
import re

from ...language.operations import ELEMENTWISE_NAMES
from ...language.traversal import reachable
from .tensor_networks import bare
from .ambiguities import NUMBER, Ambiguities
from .letters import OPEN
from .macros import group
from .names import NAME, QUOTIENT
from .tokens import GREEK
from ...patterns import pattern

SECOND = frozenset(("H", "Hess", "hess", "Hessian"))
TURNED_SLOPE = r"(?<![A-Za-z]){0}\s*'\s*\([^()]*\)\s*\^\s*\{{?\s*\\?(?:T|top|intercal|mathsf|mathrm)\b"
# The chain rule of Jacobians, or `f'(x) is a row vector`.
ROW_SLOPES = pattern(r"\w'\s*\(\s*\w\s*\(\s*\w\s*\)\s*\)\s*(?:\\,|\\cdot|\s)*\w'\s*\(|\w'\s*\([^()$]*\)[^.\n]{0,60}\brow[ -]vector")
SLOPE = pattern(r"\(*d\((.*)\)/d\((\w+)\)\)*")
POINT = pattern(r"[A-Za-z_\u0370-\u03ff]\w*|\\?[0-9]")
FIRST = frozenset(("J", "Jac", "jac", "Jacobian"))

D_BARE = pattern(r"(?<![A-Za-z\\])D(?![A-Za-z])(?!\s*(?:\\left\s*)?\()")
D_GIVEN = pattern(r"(?<![A-Za-z\\])D\s*\(\s*\\?[A-Za-z]+\s*(?:[,;]\s*\\?[A-Za-z]+\s*)*\)\s*&?\s*:?=(?!\s*0\s*\$)")
D_FIRST = pattern(r"[=+&$-]\s*D\s*(?:\\left\s*)?\((?!\s*\\?[A-Za-z]+(?:\s*,\s*\\?[A-Za-z]+)*\s*\)\s*(?:[=|]|\\to\b))")


class DerivativeNames(Ambiguities):
    """Reads f'(x), J_f(x), H_f(x), Df(x)[h], for functions that are declared or defined."""

    function_called: Callable[[str, int], str]
    arguments_here: Callable[[], list[str] | None]  # what stands in the bracket that comes now, one text an argument
    looking = 0                                     # how many operators are looking for what they stand before
    primes: Callable[[], int]                       # the primes that come now, behind us

    def function_of_the_sheet(self, name: str, at: int) -> str:
        """f(x) where it was defined so, f at another point, f'(x)."""
        arguments = self.names.arguments[name]
        entrywise = re.fullmatch(rf"\(*(\w+)\(\(*{arguments[0]}\)*", self.names.bodies.get(name, "")) if len(arguments) == 1 else None
        mark, primes, inside = self.mark(), self.primes(), [t for t, _ in self.inside_here()] if self.opens() else []
        given = self.arguments_here()
        jacobian = given == list(arguments) and (self.shape(arguments[0]) or NUMBER) != NUMBER
        if primes and given and not jacobian and entrywise is not None and entrywise[1] in ELEMENTWISE_NAMES:
            self.back(mark)
            return self.function_called(entrywise[1], at)               # f'(W x) of f(z) = max(0, z)
        if primes:
            if len(arguments) != 1 or primes > 2:
                raise self.error(f"{name} with primes cannot be read", at=at)
            if primes == 1 and given is not None and given[:-1] == list(arguments):         # f'(x; h)
                return self.along(name, arguments[0], given[-1], at)
            scalar = (self.extent_of(name) or NUMBER) == NUMBER
            if given is not None and given != list(arguments) and not (scalar and name in self.names.bodies and POINT.fullmatch(given[0])):
                raise self.error(f"a derivative of {name} at another point cannot be read", at=at)
            if primes == 1 and given is not None and (h := self.direction(arguments[0])) is not None:
                return self.along(name, arguments[0], h, at)
            there = given is not None and given != list(arguments)
            out = self.gradient_there(name, given or [], "", primes == 2, at) if there else self.names.primes_of(name, arguments[0], primes)
            if scalar and primes == 1 and (re.search(TURNED_SLOPE.format(name), self.text) or ROW_SLOPES.search(self.text)):
                out = f"(({out}))'"         # beside f'(x)^T, g'(h(x)) h'(x), f'(x) is a row in every layout
                self.chosen(at, out, True)
            return out
        if given is None or given == list(arguments):
            return name
        number = any(GREEK.get(t.lstrip("\\"), t) == name and two != "(" for t, two in pairwise([*inside, ""]))         # f(1 - f)
        if len(given) != len(arguments) or name not in self.names.bodies or number:
            if len(given) == 1 and (self.shape(name) or (self.guessed(name) if number else None)) == ("1", "1"):
                return f"{name}*({given[0]})"
            raise self.error(f"{name} is a function of {', '.join(arguments)}", at=at)
        self.names.opened.add(name)
        swap = {x: f"0*{x}" if at_it == "0" and (self.extent_of(x) or NUMBER) != NUMBER else at_it
                for x, at_it in zip(arguments, given, strict=True)}
        return f"({self.exchanged(self.names.bodies[name], swap)})"

    def exchanged(self, body: str, swap: dict[str, str]) -> str:
        """A body with other texts for names, also in what its own names are defined as: f in L(x, u) = f(x) + u'*(A*x - b)."""
        def exchange(m: re.Match[str]) -> str:
            inner = self.names.bodies.get(m[0], "")
            below = self.exchanged(inner, swap) if inner and m[0] not in swap else inner
            return f"({swap[m[0]]})" if m[0] in swap else f"({below})" if below != inner else m[0]
        return re.sub(r"[A-Za-z_]\w*", exchange, body)

    def value_there(self, text: str) -> str:
        r"""\left. \partial f/\partial x \right|_{x = b} of an f that is written down: the derivative of f(b) by b."""
        at = self.i
        below = group(self.tokens, at + 2)[0] if self.ahead() == "_" else []
        k = next((k for k, (t, _) in enumerate(below) if t == "="), 0)
        slope = SLOPE.fullmatch(text)
        if below and not k and slope is not None and self.part(below).name() == slope[2]:       # |_x of a derivative by x
            self.i = group(self.tokens, at + 2)[1]
            return text
        if not k or slope is None or self.names.asks or self.part(below[:k]).name() != slope[2]:
            raise self.error("a value at a point cannot be read")
        point = self.inside(below[k + 1:])
        body = self.names.bodies.get(slope[1], "" if NAME.fullmatch(slope[1]) else slope[1])
        if not body or not POINT.fullmatch(point):
            raise self.error("a value at a point cannot be read")
        self.i = group(self.tokens, at + 2)[1]
        self.names.opened.add(slope[1])
        return self.taken_at(body, slope[2], point)

    def taken_at(self, body: str, x: str, point: str) -> str:
        """The derivative by x of a body, at a point: by a name that is equal to it where that is a number, or is in the body itself."""
        y = point
        if not NAME.fullmatch(point) or point in self.names_in(body):
            y = f"{x}_{'taken_' * bool(NAME.fullmatch(point))}at_{point.lstrip(chr(92))}"
            self.names.place(y, x)
        return f"(d({self.exchanged(body, {x: y})})/d({y}))"

    def names_in(self, body: str) -> set[str]:
        """The names in a body, and in what they are defined as."""
        return set(reachable(NAME.findall(body), lambda n: NAME.findall(self.names.body(n))))

    def gradient_there(self, name: str, given: list[str], x: str, second: bool, at: int) -> str:
        """\\nabla f(y) of an f(x) that is written down: that of f(y) by y."""
        own = self.names.arguments[name]
        if len(own) != 1 or len(given) != 1 or x not in ("", own[0]) or name not in self.names.bodies or not POINT.fullmatch(given[0]):
            raise self.error("a gradient at another point cannot be read", at=at)
        self.names.opened.add(name)
        slope = self.taken_at(self.names.bodies[name], own[0], given[0])        # \\nabla f(0)
        return f"(d({slope})/{slope[slope.rindex('/') + 1:]}" if second else slope

    def at_its_argument(self, text: str) -> str:
        """(\\nabla f)(x), the value where f is said of."""
        slope = QUOTIENT.fullmatch(text.strip("()") + ")")
        mark = self.mark()
        if slope is None or slope[1] not in self.names.arguments or not self.opens() or \
                self.arguments_here() != list(self.names.arguments[slope[1]]):
            self.back(mark)
        return text

    def primed(self, name: str) -> str:
        """g'(x) of a g that is defined by an x and may be a number; nothing where it is none."""
        mark = self.mark()
        primes, given = self.primes(), self.arguments_here() if self.opens() else None
        if primes in (1, 2) and given is not None and len(given) == 1 and given[0] in re.findall(r"\w+", self.names.bodies[name]) and \
                (self.shape(name) or ("1", "1")) == ("1", "1"):
            return self.names.primes_of(name, given[0], primes)
        self.back(mark)
        return ""

    def jacobian(self, name: str, at: int) -> str:
        """F'(x), J_F(x), DF(x): as everywhere but in the denominator layout, a row for each value of F."""
        if self.names.function(name):
            if not self.opens():
                raise self.error(f"the Jacobian of {name} at what?", f"write F({name})", at)
            x = bare(self.bracket())
            slope = f"{'jac' if self.names.vector(name) else 'grad'}({name})({x})"
            out = f"({slope})'"
            if (h := self.direction(x)) is not None:
                return self.along(f"{name}({x})", x, h, at, slope)
        else:
            x = self.own_variable(name) or ""
            given = self.arguments_here() if name in self.names.arguments or self.opens() else None
            if given is not None and given not in (list(self.names.arguments.get(name, ())), [x]):
                raise self.error(f"a derivative of {name} at another point cannot be read", at=at)
            if given is not None and (h := self.direction(x)) is not None:
                return self.along(name, x, h, at)
            out = f"(((d({name})/d({x}))))'"
        self.chosen(at, out, True)
        return out

    def has_jacobian(self, name: str) -> bool:
        """Whether this is a function of a vector."""
        return self.names.function(name) and name not in self.names.curves or self.own_variable(name) is not None

    def own_variable(self, name: str) -> str | None:
        """The x of a function that the text defines."""
        given = self.names.arguments.get(name, ())
        if name not in self.names.bodies or len(given) > 1:
            return None
        return given[0] if given else self.names.variable(name)

    def second(self, name: str, at: int) -> str:
        """H_f(x), D^2 f(x): the Hessian."""
        x = self.own_variable(name)
        given = self.arguments_here() if self.opens() else None
        if x is None or given not in (None, [x]):
            raise self.error(f"a derivative of {name} at another point cannot be read", at=at)
        out = f"(d(d({name})/d({x}))/d({x}))"
        along = self.arguments_here() if given is not None and self.opens() else None
        if along is not None:
            if len(along) != 2 or (self.extent_of(x) or NUMBER)[1] != "1":
                raise self.error("a second derivative in these directions cannot be read", at=at)
            out = f"(({along[0]})'*{out}*({along[1]}))"
        self.chosen(at, out, True)
        return out

    def named_derivative(self, name: str, at: int) -> str | None:
        """J_f, H_f, Hf(x), Hess(f), of what the text defines."""
        if not self.derives(name):
            given = self.names.asks or self.names.known("D") or D_BARE.search(self.text) or D_GIVEN.search(self.text)
            if name == "D" and self.opens() and not given and D_FIRST.search(self.text):
                raise self.error("D(..) may be a product, or the derivative of this", at=at)
            return None
        kind, _, f = name.partition("_")
        if f:
            return self.second(f, at) if kind in SECOND else self.jacobian(f, at)
        mark = self.mark()
        inside = self.inside_here() if self.opens() else None
        inner = self.name() if inside is None else "".join(t for t, _ in inside)
        alone = inside is not None or inner in self.names.arguments and self.opens()
        vector = kind in SECOND and inner is not None and (self.extent_of(inner) or NUMBER) != NUMBER       # H(p), an entropy
        if inner is None or self.own_variable(inner) is None or not alone or vector:
            self.back(mark)
            return None
        self.i += 0 if inside is None else len(inside) + 2
        if self.names.asks:
            self.refuse(self.since(at), f"the derivative of {inner}", f"the product {name}*{inner}", at)
        return self.second(inner, at) if kind in SECOND else self.jacobian(inner, at)

    def derives(self, name: str) -> bool:
        """Whether this is a name for the derivative of something that stands below or behind it."""
        kind, _, f = name.partition("_")
        return not self.names.known(name) and kind in SECOND | FIRST and (
            not f or (self.own_variable(f) is not None if kind in SECOND else self.has_jacobian(f)))

    def divergence(self) -> bool:
        """Whether D_{KL}, which comes now, is a name: one of the text, or one with nothing behind it that it could differentiate."""
        part, behind = group(self.tokens, self.i + 2)
        below = "".join(t for t, _ in part if t.isalnum())
        of = self.tokens[behind][0] if behind < len(self.tokens) else ""
        return self.names.resolved(f"D_{below}") or not of[-1:].isalpha() and of not in OPEN

    # ------------------------------------------------------------ directions
    def direction(self, x: str) -> str | None:
        """h of f'(x)[h]; a number in brackets is a factor, which is the same."""
        return bare(self.bracket()) if self.opens() and self.extent_of(x) != NUMBER else None

    def extent_of(self, text: str) -> tuple[str, str] | None:
        """A shape, as far as it is known."""
        return self.shape(text) or self.guessed(text)

    def along(self, f: str, x: str, h: str, at: int, slope: str = "") -> str:
        """The derivative of f at x in the direction h."""
        shape, by = self.extent_of(f) or NUMBER, self.extent_of(x) or NUMBER
        slope = slope or f"((d({f})/d({x})))"
        if by == NUMBER:
            out = f"({slope}*({h}))"
        elif by[1] == "1" == shape[1]:
            out = f"(({slope})'*({h}))"
        elif shape == NUMBER:
            out = f"tr(({slope})'*({h}))"
        else:
            out = f"unvec(({slope})'*vec({h}), {shape[0]}, {shape[1]})"
        self.chosen(at, out, True)
        return out

    def in_a_direction(self, name: str, at: int) -> str | None:
        """df(x)[h], df(x)(h), df(x)h, df(x; h), df_x(h); nothing where it is none."""
        if not self.opens():
            return None
        f, _, below = name.partition("_")
        if below and not self.names.known(name) and below == self.own_variable(f):
            return self.along(f, below, bare(self.bracket()), at)
        given, mark = self.names.arguments.get(name, ()), self.mark()
        found = self.arguments_here() if len(given) == 1 and name in self.names.bodies else None
        if found is not None and found[0] == given[0]:
            h = found[1] if len(found) == 2 else bare(self.bracket()) if self.opens() else self.name_behind(given[0])
            if h is not None:
                return self.along(name, given[0], h, at)
        self.back(mark)
        return None

    def name_behind(self, x: str) -> str | None:
        """h of df(x)h, behind us: a name that may be a direction in which x moves."""
        h = self.name() if self.now.lstrip("\\").isalpha() else None
        found = h is not None and NAME.fullmatch(h) and self.extent_of(x) != NUMBER
        return h if found and (not self.names.known(h or "") or self.extent_of(h or "") == self.extent_of(x)) else None

    def direction_of(self, f: str, h: str) -> str:
        """The x of an f(x) which does not depend on this h: \\nabla_h f(x) is the derivative in its direction."""
        own = self.own_variable(f) if f in self.names.arguments else None
        apart = own not in (None, h) and h not in self.made_of(f) and h not in self.names.bodies
        return own if own is not None and apart and (not self.names.known(h) or self.extent_of(h) == self.extent_of(own)) else ""

    def made_of(self, f: str) -> set[str]:
        """The names that f is made of, through the definitions of this text."""
        return self.names_in(self.names.body(f))

    def at_its_point(self, f: str) -> bool:
        """Whether the (x) stands behind a derivative of f(x); it is behind us then."""
        own = self.own_variable(f) if f in self.names.arguments else None
        if own is None or not self.opens() or self.gap():
            return False
        inside = self.inside_here()
        if len(inside) == 1 and inside[0][0].isalnum():
            if inside[0][0] != own:
                raise self.error(f"a derivative of {f} at another point cannot be read")
            self.i += 3
            return True
        return False
