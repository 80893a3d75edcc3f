"""One formula of LaTeX, read into the language: what matcalc writes itself, and what people write by hand."""

from __future__ import annotations

import re

from .tape import BARS, CIRCLES, FUNCTIONS, NORMS, OPEN, TIMES, TURNED, Tape
from .words import Names

CLOSING = frozenset(("", ")", "]", "}", ",", "&", "=", "+", "-", r"\right", r"\}", r"\rbrace", r"\rVert", r"\rvert", ";", ":", "."))

def formula(text: str, names: Names, line: int | None = None) -> str:
    """The formula in the language."""
    reader = Formula(text, names, line)
    if not reader.now:
        raise reader.error("a formula is missing here")
    out = reader.sum()
    if reader.now:
        raise reader.error(f"{reader.now} cannot stand here")
    return out


class Formula(Tape):
    """Reads from left to right; every method returns a piece of the language."""

    closing: tuple[str, ...] = ()

    # ------------------------------------------------------------ sums and products
    def sum(self) -> str:
        """Terms with signs."""
        self.deeper()
        out = ""
        if self.now in ("+", "-"):
            out = "-" if self.take() == "-" else ""
        out += self.circle()
        while self.now in ("+", "-"):
            sign = self.take()
            negative = sign == "-"
            while self.now in ("+", "-"):
                negative ^= self.take() == "-"
            out += (" - " if negative else " + ") + self.circle()
        self.depth -= 1
        return out

    def circle(self) -> str:
        """Products joined by signs in circles, which bind less than juxtaposition."""
        out = self.product()
        while self.now in CIRCLES:
            sign = CIRCLES[self.take()]
            right = self.product()
            if sign == "./" and out == "vector(1)":
                out = "1"
            out = f"kron({out}, {right})" if sign == "kron" else f"({out}){sign}({right})"
        return out

    def product(self) -> str:
        """Factors side by side."""
        out = self.factor()
        while True:
            now = self.now
            if now in TIMES:
                self.i += 1
                out += "*" + self.signed()
            elif now == "/":
                self.i += 1
                out += "/" + self.signed()
            elif self.begins(now):
                out += "*" + self.factor()
            else:
                return out

    def signed(self) -> str:
        """A factor, perhaps with its sign."""
        if self.now == "-":
            self.i += 1
            return f"(-{self.factor()})"
        return self.factor()

    def begins(self, token: str) -> bool:
        """Whether a factor can begin with this token."""
        if re.fullmatch(r"\\[bB]ig+r", token) or token in CLOSING or token in CIRCLES or token in TIMES or token in ("/", "^", "_", "'"):
            return False
        return not (token in self.closing[-1:] if self.closing else False)

    # ------------------------------------------------------------ factors
    def factor(self) -> str:
        """An atom with what is raised behind it."""
        return self.raised(self.atom())

    def raised(self, base: str) -> str:
        """Exponents and transposes."""
        while self.now in ("^", "'"):
            if self.take() == "'":
                base = f"{base}'"
                continue
            base = self.exponent(base)
        return base

    def exponent(self, base: str) -> str:
        """base^{...}."""
        raw = self.group()
        bare = re.sub(r"\\(mathsf|mathrm|mathit|text|rm|sf)\b|[{}\s]|\\[,;!]", "", raw)
        if bare in TURNED or bare == "*":
            return f"{base}'"
        if bare in ("-1",):
            return f"({base})^(-1)"
        if bare[:1] == "-" and bare[1:] in TURNED:
            return f"inv({base})'"
        if bare.startswith(r"\circ") or bare.startswith(r"\odot"):
            inner = raw.replace(r"\circ", " ", 1).replace(r"\odot", " ", 1)
            return f"({base}).^({self.inside(inner)})"
        power = self.inside(raw)
        if base == "e" and not self.names.known("e"):
            return f"exp({power})"
        return f"({base})^({power})" if not re.fullmatch(r"\w+", base) else f"{base}^({power})"

    def atom(self) -> str:
        """Whatever stands by itself."""
        token = self.now
        at = self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return f"({self.inside(self.group())})"
        if token == r"\left" or token in OPEN or re.fullmatch(r"\\[bB]ig+[lr]?", token):
            return self.bracket()
        if token in NORMS or token in BARS:
            return self.between(token)
        if re.fullmatch(r"[0-9.]+", token):
            self.i += 1
            return token
        if token in (r"\frac", r"\tfrac", r"\dfrac", r"\cfrac"):
            return self.fraction()
        if token == r"\sqrt":
            self.i += 1
            return f"sqrt({self.inside(self.group())})"
        if token == r"\nabla":
            return self.gradient()
        if token == r"\partial":
            self.i += 1
            return f"d({self.factor_of_d()})"
        if token in (r"\sum", r"\prod", r"\int"):
            raise self.error("sums over an index are not read", "write sum(..), tr(..) or a matrix product")
        if token in (r"\begin", r"\end"):
            raise self.error("matrices written out are not read", "give the matrix a name")
        name = self.name()
        if name is None:
            raise self.error(f"{token} is not read here", at=at)
        return self.called(name, at)

    def bracket(self) -> str:
        """( ... ), with or without \\left and \\right."""
        opened = self.i
        sized = self.now not in OPEN
        if sized:
            self.i += 1
        token = self.take()
        if token in NORMS or token in BARS:
            self.i -= 1
            return self.between(token, sized)
        if token not in OPEN:
            raise self.error(f"{token or 'nothing'} cannot open a bracket", at=self.i - 1)
        before, self.closing = self.closing, ()
        inner = [self.sum()]
        while self.now == ",":
            self.i += 1
            inner.append(self.sum())
        self.closing = before
        if sized:
            if not (self.now == r"\right" or re.fullmatch(r"\\[bB]ig+[lr]?", self.now)):
                raise self.error("this bracket is not closed", at=opened)
            self.i += 1
        self.expect(OPEN[token], opened)
        return "(" + ", ".join(inner) + ")"

    def between(self, token: str, sized: bool = False) -> str:
        """Norms and absolute values."""
        opened = self.i
        self.i += 1
        norm = token in NORMS
        end = (NORMS if norm else BARS)[token]
        before, self.closing = self.closing, (end,)
        inner = self.sum()
        self.closing = before
        if sized and self.now == r"\right":
            self.i += 1
        self.expect(end, opened)
        if not norm:
            return f"abs({inner})"
        kind = "norm2"
        if self.now == "_":
            self.i += 1
            kind = {"1": "norm1", "2": "norm2", "F": "normF"}.get(self.group().strip(" {}").removeprefix(r"\mathrm"), "")
            if not kind:
                raise self.error("norms are 1, 2 and F", at=self.i - 1)
        return f"{kind}({inner})"

    def fraction(self) -> str:
        """\\frac, also of a derivative."""
        self.i += 1
        above, below = (re.sub(r"\\mathrm\s*d(?![a-zA-Z])", r"\\mathrm{d}", self.group().strip()) for _ in range(2))
        mark = next((m for m in (r"\partial", r"\mathrm{d}", "d") if below.startswith(m) and len(below) > len(m)
                     and not below[len(m):len(m) + 1].isalpha() or m == r"\partial" and below.startswith(m)), None)
        if mark is None and re.fullmatch(r"d\s*([A-Za-z]|\\[a-zA-Z]+)(_.*)?", below) and above.startswith("d"):
            mark = "d"
        if mark is not None and above.startswith(mark):
            x = self.inside(below[len(mark):])
            rest = above[len(mark):].strip()
            if not rest:
                return f"d({self.product()})/d({x})"
            return f"(d({self.inside(rest)})/d({x}))"
        return f"(({self.inside(above)})/({self.inside(below)}))"

    def gradient(self) -> str:
        """\\nabla f(x), \\nabla^2 f(x), \\nabla_x f."""
        self.i += 1
        second = False
        if self.now == "_":
            self.i += 1
            x = self.inside(self.group())
            return f"(d({self.factor()})/d({x}))"
        if self.now == "^":
            self.i += 1
            second = self.group().strip() == "2"
        name = self.name()
        if name is None:
            raise self.error("a gradient is read as \\nabla g(x) or \\nabla_x f", at=self.i - 1)
        called = self.bracket() if self.now in ("(", r"\left") else ""
        if not self.names.function(name):
            x = self.names.arguments.get(name) or called[1:-1]
            if second or not x:
                raise self.error("a gradient is read as \\nabla g(x) or \\nabla_x f", at=self.i - 1)
            return f"(d({name})/d({x}))"
        head = "hess" if second else "jac" if self.names.vector(name) else "grad"
        return f"{head}({name}){called}"

    def factor_of_d(self) -> str:
        """What a d stands before: one atom, without what is raised behind it."""
        at = self.i
        if self.now in OPEN or self.now == r"\left":
            inner = self.bracket()
            return inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
        name = self.name()
        if name is None:
            raise self.error("the differential of what?", "write \\mathrm{d}X or \\mathrm{d}(...)", at)
        return name if not (name in FUNCTIONS and self.now) else self.called(name, at)
