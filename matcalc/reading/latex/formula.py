"""One formula of LaTeX, read into the language: what matcalc writes itself, and what people write by hand."""

from __future__ import annotations

import re

from .brackets import FENCES
from .bold import COMPARED
from .quotients import by_entry
from .runs import with_functions
from .macros import group
from .spelling import plain
from .sums import Sums
from .letters import CIRCLES, OPEN, TIMES, TURNED
from .cursor import STYLES
from .names import Doubt, Names
from .words import Tokens, misread, tokens

CLOSING = frozenset(("", ")", "]", "}", ",", "=", "+", "-", r"\}", r"\rVert", r"\rvert", r"\rangle", ";", ":", ".", r"\at", r"\is"))


def formula(text: str, names: Names) -> str:
    """A formula in the language."""
    def fail(message: str, at: int) -> Exception:
        return misread(text, at, message)
    return read(with_functions(plain(tokens(text), {}, fail), names), names, text)      # type: ignore[arg-type]


def read(source: Tokens, names: Names, text: str, doubts: list[Doubt] | None = None) -> str:
    """The tokens of a formula in the language; how what could be read in two ways was read is added to the doubts."""
    reader = Formula(source, names, text, doubts)
    if not reader.now:
        raise reader.error("a formula is missing here")
    out = reader.sum()
    if reader.now:
        raise reader.error(f"{reader.now} cannot stand here")
    return by_entry(out)


class Formula(Sums):
    """Reads from left to right; every method returns a piece of the language."""

    # ------------------------------------------------------------ sums and products
    def sum(self) -> str:
        """Terms with signs."""
        self.deeper()
        out = ""
        if self.now in ("+", "-"):
            out = "-" if self.take() == "-" else ""
        out += self.paired()
        while self.now in ("+", "-"):
            sign = self.take()
            negative = sign == "-"
            while self.now in ("+", "-"):
                negative ^= self.take() == "-"
            out += (" - " if negative else " + ") + self.paired()
        self.depth -= 1
        return out

    def paired(self) -> str:
        """A : B, which binds less than every product."""
        out = self.circle()
        while self.now == ":":
            self.i += 1
            out = f"tr(({out})'*({self.circle()}))"
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

    def product(self, argument: bool = False) -> str:
        """Factors side by side; the argument of a function ends before a sign of multiplication and the next function."""
        join = ".*" if self.bound else "*"
        out = self.factor()
        while True:
            now = self.now
            if argument and (now in TIMES or now == "/" or self.functional()):
                return out
            if now in TIMES:
                self.i += 1
                right = self.signed()
                out = f"(({out})'*{right})" if now == r"\cdot" and self.columns(out, right) else out + join + right
            elif now == "/":
                self.i += 1
                out += ("./" if self.bound else "/") + self.divisor()
            elif self.begins(now):
                out += join + self.factor()
            else:
                return out

    def columns(self, one: str, two: str) -> bool:
        """Whether a dot stands between two columns: the inner product."""
        shape = None if self.bound else self.names.shape(one)
        return shape is not None and shape[0] != "1" == shape[1] and self.names.shape(two) == shape

    def functional(self) -> bool:
        """Whether a function of the language comes now."""
        mark, tape, count = self.i, list(self.tokens), len(self.doubts)
        try:
            name = self.name()
        except Exception:        # what it is will be said where it is read
            name = None
        self.i, self.tokens = mark, tape
        del self.doubts[count:]
        return name is not None and not name.startswith("\\") and self.function(name)

    def divisor(self) -> str:
        """What a slash divides by: one factor, or where that is a row all the factors side by side."""
        at = self.i
        first = self.signed()
        if self.bound or not first.endswith("'") or not self.begins(self.now):
            return first
        while self.begins(self.now):
            first += "*" + self.factor()
        self.doubt(at, f"({first})", True)
        return f"({first})"

    def signed(self) -> str:
        """A factor, perhaps with its sign."""
        if self.now == "-":
            self.i += 1
            return f"(-{self.factor()})"
        return self.factor()

    def begins(self, token: str) -> bool:
        """Whether a factor can begin with this token."""
        if token in CLOSING or token in CIRCLES or token in TIMES or token in COMPARED or token in ("/", "^", "_", "'"):
            return False
        return not (token in self.closing[-1:] if self.closing else False)

    # ------------------------------------------------------------ factors
    def factor(self) -> str:
        """An atom with what is raised behind it."""
        at = self.i
        base = self.atom()
        self.begun = at
        return self.raised(base)

    def raised(self, base: str) -> str:
        """Exponents and transposes."""
        if self.now == r"\at":
            raise self.error("a value at a point cannot be read")
        while self.now in ("^", "'", r"\trans"):
            if self.take() != "^":
                base = f"{base}'"
                continue
            base = self.exponent(base)
        if self.now == "_" and self.bound and base.endswith(")") and self.indexed(base):
            return self.raised(base)
        return base

    def exponent(self, base: str) -> str:
        """base^{...}."""
        at = self.i - 1
        raw = self.group()
        kept = [t for t, _ in raw if t not in STYLES and t not in "{}"]
        said = "".join(kept)
        if said in TURNED and not (said in ("t", "H", "tr") and self.names.known(said)):
            return f"{base}'"
        if said in (r"\prime", r"\prime\prime"):
            return base + "'" * said.count("p")
        if said in ("*", r"\star", r"\dagger", "+", "H", r"\perp", r"\circ"):
            raise self.error(f"{said.replace('*', 'a star')} as an exponent cannot be read",
                             "write \\top for a transpose, x_\\star for another name", at)
        if said == "-1":
            return f"({base})^(-1)"
        if said[:1] == "-" and said[1:] in TURNED:
            return f"inv({base})'"
        if kept and kept[0] in (r"\circ", r"\odot", ".") and len(kept) > 1:
            first = next(k for k, (t, _) in enumerate(raw) if t == kept[0])
            return f"({base}).^({self.inside(raw[first + 1:])})"
        if len(kept) > 2 and kept[0] in "([" and kept[-1] in ")]" and re.fullmatch(r"[(\[]\w+[)\]]", said):
            raise self.error(f"{said} as an exponent cannot be read", at=at)
        power = self.inside(raw)
        if said.isdigit() and not self.bound:
            shape = self.names.shape(base)
            if shape is not None and shape[0] != shape[1]:
                self.doubt(max(min(self.begun, at - 1), 0), f"{base}.^{said}")
                return f"({base}).^({power})"
        if base == "e" and not self.names.known("e"):
            return f"exp({power})"
        if self.bound:
            return f"({base}).^({power})"
        return f"({base})^({power})" if not re.fullmatch(r"\w+", base) else f"{base}^({power})"

    def atom(self) -> str:
        """Whatever stands by itself."""
        token = self.now
        at = self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return f"({self.inside(self.group())})"
        if token in OPEN:
            return self.bracket()
        if token in FENCES:
            return self.between(token)
        if token == r"\langle":
            return self.inner()
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", token):
            self.i += 1
            return token
        if token == r"\frac":
            return self.fraction()
        if token == r"\sqrt":
            self.i += 1
            return f"sqrt({self.inside(self.group())})"
        if token in STYLES and not self.names.known("grad"):
            word, behind = group(self.tokens, at + 1)
            if "".join(t for t, _ in word) == "grad":
                token, self.tokens[at:behind] = r"\nabla", [(r"\nabla", self.tokens[at][1])]
        if token == r"\nabla":
            return self.gradient()
        if token == r"\partial":
            return self.partial()
        if token == r"\dd":
            self.i += 1
            return self.quotient(at)
        if token == r"\delta" and self.names.variation and not self.names.known("delta") and self.ahead() not in ("_", "^", ""):
            self.i += 1
            return self.quotient(at)
        if token == r"\sum":
            return self.total()
        if token == r"\max" and self.ahead() in OPEN:
            self.i += 1
            given = self.arguments_here() or []
            if len(given) == 2 and "0" in given:
                return f"relu({given[1] if given[0] == '0' else given[0]})"
            raise self.error("a maximum cannot be read", at=at)
        if token in (r"\prod", r"\int", r"\iint", r"\oint", r"\bigcup", r"\bigoplus", r"\bigotimes"):
            raise self.error("an integral cannot be read" if "int" in token else f"{token} cannot be read", at=at)
        if token == r"\begin":
            return self.written_out()
        if token == r"\dots":
            raise self.error("dots cannot be read", "write all terms")
        if token == "?":
            raise self.error("a question cannot be judged")
        if token == "D" and not self.names.known("D") and self.ahead() == "_":
            self.i += 2
            x = self.inside(self.group())
            out = self.derivative(self.reach(at, x), [(x, True)], False, at)
            return f"(({out[:-1]}))'" if out.endswith("'") else out          # rows of values, in every layout
        if token == "D" and not self.names.known("D") and self.has_jacobian(self.ahead()) and self.ahead(2) in OPEN:
            self.i += 1
            return self.jacobian(self.take(), at)
        if token == "d" and not self.names.known("d"):
            self.i += 1
            if self.differential() or self.now == "^" and self.ahead() == "2":
                return self.quotient(at)
            self.i = at
        if token == "d" and at == 0 and not self.nested and len(self.tokens) == 2 and self.ahead().isalpha():
            raise self.error(f"d{self.ahead()} may be a differential, or a product with the declared d", "write d(..), or d*..", at)
        name = self.name()
        if name is None:
            if self.now == "{" and self.i > at:
                return f"({self.inside(self.group())})"
            raise self.error(f"{token} cannot be read here", at=at)
        if name == "\\d":
            return self.quotient(at)
        return self.called(name, at)

    # ------------------------------------------------------------ sums over an index
