"""The atoms of a formula, and their exponents."""

from __future__ import annotations

import re

from .ambiguities import NUMBER
from .calls import FENCES
from .cursor import STYLES
from .letters import CIRCLES, OPEN, TIMES, TURNED
from .macros import group
from .bold_numbers import BoldNumbers
from ...patterns import pattern

MATRIX_EXPONENTIAL = pattern(r"matrix exponential|e\^\{-?\s*(?:[A-Z]\s*t|t\s*[A-Z])\s*\}")
UNREAD = {**dict.fromkeys((r"\int", r"\iint", r"\oint"), "an integral cannot be read"), "?": "a question cannot be judged",
          **{sign: f"{sign} cannot be read" for sign in (r"\prod", r"\bigcup", r"\bigoplus", r"\bigotimes")}}


class Atoms(BoldNumbers):
    """Reads single factors: names, numbers, brackets, functions. A subclass reads products and sums of them."""

    def total(self) -> str:
        r"""Read \sum_i and its summand."""
        raise self.error("sums over an index cannot be read", "write sum(..), tr(..) or a matrix product")

    # ------------------------------------------------------------ factors
    def factor(self) -> str:
        """An atom with what is raised behind it."""
        at = self.i
        base = self.atom()
        self.begun = at
        return self.raised(base)

    def raised(self, base: str) -> str:
        """Read the exponents, transposes and primes behind a base."""
        if self.now == r"\at" and (not self.looking or base[:3] in ("(d(", "((d")):
            base = self.value_there(base)
        if base[:1] == "(" and self.script("_") == ["+"]:
            self.skip()         # (x)_+
            base = f"relu{base}"
        while self.now in ("^", ".^", "'", r"\trans"):
            if self.now == ".^":
                self.i += 1
                base = f"({base}).^({self.inside(self.group())})"
                continue
            if self.take() != "^":
                base = f"{base}'"
                self.primed_or_transposed(base, self.begun)
                continue
            base = self.exponent(base)
        return base

    def has_powers(self, base: str) -> bool:
        """Whether powers can be taken of this matrix, as far as its shape is known."""
        rows, cols = self.shape(base) or ("1", "1")
        return "1" not in (rows, cols) and (rows == cols or "?" in (rows, cols))

    def turned_by_t(self) -> bool:
        """Whether a vector on the line has a small t above it, which can only be its transpose."""
        texts = [t for t, _ in self.names.line or self.tokens if t not in "{}"]
        return any(after == ["^", "t"] and (self.shape(name) or NUMBER).count("1") == 1
                   for name, *after in zip(texts, texts[1:], texts[2:], strict=False) if name.isalpha())

    def exponent(self, base: str) -> str:
        """Read base^{...}."""
        at = self.i - 1
        raw = [*self.group(), *(self.group() if self.tokens[at + 1][0] == "-" and (self.now.isdigit() or self.now in TURNED) else [])]
        said = "".join(kept := [t for t, _ in raw if t not in STYLES and t not in "{}"])
        if said == "T" and self.names.asks and self.names.known("T"):
            self.refuse(f"{base}^T", f"the transpose {base}'", f"the power {base}^T with the exponent T", at)
        number = self.names.euler(base)
        vector = said == "t" and (self.shape(base) or NUMBER).count("1") == 1          # which has no powers
        known = said in ("t", "H", "tr") and self.names.known(said) and not vector and not (said == "t" and self.turned_by_t())
        if said in TURNED and not known and not (number and said == "t"):
            if said == "t" and self.names.asks and self.has_powers(base) and not self.turned_by_t():
                self.refuse(f"{base}^t", f"the transpose {base}'", f"a power, {base}^k", at)
            return f"{base}'"
        if said in (r"\prime", r"\prime\prime"):
            return base + "'" * said.count("p")
        if said in ("*", r"\star", r"\dagger", "+", "H", r"\perp", r"\circ"):
            raise self.error(f"{said.replace('*', 'a star')} as an exponent cannot be read",
                             "write \\top for a transpose, x_\\star for another name", at)
        if said == "-1":
            return f"({base})^(-1)"
        if said[:1] == "-" and said[1:] in TURNED and not (number and said == "-t"):
            return f"inv({base})'"
        if kept and kept[0] in (r"\circ", r"\odot", ".") and len(kept) > 1:
            first = next(k for k, (t, _) in enumerate(raw) if t == kept[0])
            return f"({base}).^({self.inside(raw[first + 1:])})"
        if len(kept) > 2 and kept[0] in "([" and kept[-1] in ")]" and re.fullmatch(r"[(\[]\w+(?:[+-]\w+)?[)\]]", said):
            raise self.error(f"{said} as an exponent cannot be read", at=at)
        power = self.inside(raw)
        if re.fullmatch(r"[-+*/.()\d\s]+", power):
            shape = None if self.names.asks else self.shape(base) or (None if said.isdigit() else self.names.guessed(base))
            shape = shape if self.shape(base) or "1" in (shape or ()) else None       # A^{1/2} of a matrix that is not known is its root
            circled = base in self.names.bodies and not self.names.asks and any(t in CIRCLES for t, _ in self.tokens)
            column = shape is None and (self.on_diagonal and base[0].islower() and base.isidentifier() or      # diag(1 - h^2)
                                        circled and (self.names.guessed(base) or NUMBER)[0] != "1")
            if column or shape is not None and shape[0] != shape[1]:
                self.doubt(max(min(self.begun, at - 1), 0), f"{base}.^{said}")
                return f"({base}).^({power})"
        if number:
            matrix = "1" not in ((shape := self.shape(power)) or "1")
            if matrix and self.names.asks:
                self.refuse(f"e^{power} of a matrix", f"the matrix exponential, expm({power})", f"entry by entry, exp({power})", at)
            called = shape is None and MATRIX_EXPONENTIAL.search(self.text) and re.search(r"\b[A-Z](?!\w)", power)
            square = not self.names.asks and (self.square(power) or bool(called))
            if matrix or square:
                self.chosen(at - 1, f"exp{'m' * square}({power})")
            return f"exp{'m' * square}({power})"
        return f"({base})^({power})" if not re.fullmatch(r"\w+", base) else f"{base}^({power})"

    def plain_sum(self) -> str:
        """\\sum(x); where the bracket is raised to a power, that may be of each entry."""
        at = self.i
        self.i += 1
        out = self.bracket()
        if self.now == "^" and not self.transposed_here():
            inner = self.said(out)
            self.i += 1 + len(self.tokens[self.i + 1:self.i + 2])
            self.refuse(self.since(at), f"sum(({inner}).^..)", f"sum({inner})^..", at)
        return f"sum{out}"

    def transposed_in_front(self, at: int) -> str:
        r"""{}^t x is the transpose; where a factor stands before it, it may belong to that one."""
        self.i += 2
        if "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}") not in TURNED:
            raise self.error("a name with a superscript on both sides cannot be read", at=at)
        before = self.tokens[at - 1][0] if at else ""
        if before in (*OPEN.values(), "}", "'") or before.lstrip("\\").isalnum():
            self.refuse(self.since(at), "the transpose of what stands before it", "the transpose of what follows it", at)
        return f"{self.atom()}'"

    def of_operator(self, at: int) -> str:
        """D_x f, Df(x), Df_x(h), D^2 f; nothing where this D is a name."""
        f = self.ahead()
        if f == "_" and not self.divergence():
            self.i += 2
            x = self.inside(self.group())
            f = self.reach(at, x)
            if own := self.direction_of(f, x):
                return self.along(f, own, x, at)
            out = self.derivative(f, [(x, True)], False, at)
            return f"(({out[:-1]}))'" if out.endswith("'") else out          # rows of values, in every layout
        if self.has_jacobian(f) and self.ahead(2) in OPEN:
            self.i += 2
            return self.jacobian(f, at)
        if self.ahead(2) == "_" and self.own_variable(f) == (x := self.ahead(3)) and self.ahead(4) in OPEN:
            self.i += 4
            return self.along(f, x, self.bracket()[1:-1], at)
        if [f, self.ahead(2)] == ["^", "2"] and self.has_jacobian(self.ahead(3)):
            self.i += 3
            return self.second(self.take(), at)
        alone = len([t for t, _ in self.tokens if t not in STYLES and t not in "{}"]) == 2
        if at == 0 and not self.nested and not self.names.asks and self.names.used("D") is None and alone:
            raise self.error("D before a name may be a derivative", "write d for a differential, or declare D", at)
        return ""

    def atom(self) -> str:
        """Read a factor without what is raised behind it."""
        token = self.now
        at = self.i
        if not token:
            raise self.error("the formula ends too early")
        if token == "{":
            return f"({self.inside(self.group())})"
        if token == r"\pre":
            return self.transposed_in_front(at)
        if token == "[" and (cells := self.cells()) is not None:
            return self.side_by_side(cells)
        if token in OPEN and self.compared():
            step = self.indicator(at)
            if self.now or at and self.tokens[at - 1][0] in (*TIMES, *CIRCLES):
                return step
            raise self.error("a condition, or Iverson's bracket", at=at)
        if token in OPEN:
            return self.at_its_argument(self.bracket())
        if token in FENCES:
            return self.between(token)
        if token[0].isdigit():
            return self.number(token, at)
        if token in STYLES and not self.names.known("grad"):
            word, behind = group(self.tokens, at + 1)
            if (said := "".join(t for t, _ in word)) == "grad":
                token = r"\nabla"
                self.put(at, behind, (token, self.tokens[at][1]))
            elif said == "I" and self.compared(behind - at):
                self.i = behind
                return self.indicator(at)
        reader = {r"\langle": self.inner, r"\frac": self.fraction, r"\sqrt": self.root, r"\nabla": self.gradient,
                  r"\partial": self.partial, r"\begin": self.written_out}.get(token)
        if reader is not None:
            return reader()
        if token == r"\dd" or token == r"\delta" and self.names.uses.variation and not self.names.known("delta") and \
                self.ahead() not in ("_", "^", ""):
            self.i += 1
            return self.quotient(at)
        if token == r"\sum":
            return self.plain_sum() if self.ahead() in OPEN else self.total()
        if token in (r"\max", r"\min") and self.ahead() in OPEN:
            return self.greatest(token == r"\max", at)
        if token in UNREAD:
            raise self.error(UNREAD[token], at=at)
        if token == r"\dots":
            raise self.error("dots cannot be read", "write all terms")
        if token == "D" and not self.names.known("D") and (found := self.of_operator(at)):
            return found
        if token == "d" and not self.names.known("d") and not self.divides and (found := self.of_d(at)):
            return found
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

    def of_d(self, at: int) -> str:
        """A differential, a derivative; nothing where d is a name, which is not passed."""
        self.i += 1
        if not self.differential() and not (self.now == "^" and self.ahead() == "2" and "d" not in self.names.uses.squared):
            self.i = at
            return ""
        found, behind = self.quotient(at), self.tokens[at + 1][0]
        if not self.names.differentials and not behind.isalpha() and behind not in OPEN and found[:2] == "d(":
            self.refuse(self.since(at), f"the differential {self.said(found)}", "a product with d", at)
        return found

    def number(self, token: str, at: int) -> str:
        """A number, or ones: 11^T, 1_n, 1[x > y]."""
        self.i += 1
        if token == "11" and self.transposed_here():
            self.put(at, at + 1, ("1", self.tokens[at][1]), ("1", self.tokens[at][1] + 1))
        if token == "1" and (self.now == "_" or self.now in ("[", "(") and self.compared()):
            if self.text[self.tokens[at][1] + 1:self.tokens[self.i][1]].strip():
                raise self.error("a condition, or Iverson's bracket", at=at)          # 1 \quad (x > 0)
            return self.ones(token, at)
        return "vector(1)" if self.tokens[at][0] == "1" and self.transposed_here(int(self.now == "1")) else token

    def root(self) -> str:
        """\\sqrt{x}, \\sqrt[3]{x}."""
        self.i += 1
        root = self.bracket()[1:-1] if self.now == "[" else ""
        inner = self.inside(self.group())
        shape = self.shape(inner) if root else None
        return f"({inner}){'^' if shape in (None, NUMBER) else '.^'}(1/({root}))" if root else f"sqrt({inner})"

    def greatest(self, most: bool, at: int) -> str:
        """\\max(0, x), and \\max(a, b) and \\min(a, b) of numbers."""
        self.i += 1
        given = self.arguments_here() or []
        if most and len(given) == 2 and "0" in given:
            return f"relu({given[1] if given[0] == '0' else given[0]})"
        if len(given) == 2 and all(self.shape(g) in (None, NUMBER) for g in given):
            a, b = given
            return f"(({a}) + relu(({b}) - ({a})))" if most else f"(({a}) - relu(({a}) - ({b})))"
        raise self.error("a maximum cannot be read" if most else "a minimum cannot be read", at=at)
