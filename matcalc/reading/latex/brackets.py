"""Brackets of every kind in a formula: round ones, inner products, norms, absolute values, determinants."""

from __future__ import annotations

import re

from .ambiguities import NUMBER
from .calculus import Calculus
from .calls import FENCES
from .macros import group
from .letters import BOLD, FUNCTIONS, OPEN
from .names import NAME
from .cursor import STYLES
from .sums_over_sets import number_of_indices
from .tokens import Tokens
from ..grammar.brackets import closing
from ..grammar.tokens import closes

NORMS = {"": "norm2", "1": "norm1", r"\ell_1": "norm1", "2": "norm2", r"\ell_2": "norm2", "*": "nuclear",
         **dict.fromkeys(("F", "fro", "Fro", "Frob", "frob", "Frobenius", "HS"), "normF"),
         **dict.fromkeys(("nuc", "tr", r"\star"), "nuclear"),
         **dict.fromkeys(("op", "spec", r"2\to2"), "spectral")}
NORM = frozenset((r"\|", r"\lVert"))


class Brackets(Calculus):
    """Reads pairs of delimiters: brackets, inner products, norms, absolute values, determinants."""

    def bracket(self) -> str:
        """Read ( ... )."""
        opened = self.i
        token = self.take()
        if token not in OPEN:
            raise self.error(f"{token or 'nothing'} cannot open a bracket", at=self.i - 1)
        inside = "".join(t for t, _ in self.tokens[self.i:self.i + 9]).partition(OPEN[token])[0]
        if re.fullmatch(r"(?:1,)+\\dots,1", inside):           # (1, .., 1)^T
            self.i += inside.count(",") * 2 + 2
            if self.transposed_here():
                self.skip()
                return "vector(1)"
            return "vector(1)'" if self.begins(self.now) else "vector(1)"
        return f"({self.enclosed(self.listed, OPEN[token], opened)})"

    def listed(self) -> str:
        """Sums, with commas between them."""
        out = self.sum()
        while self.now == ",":
            self.i += 1
            out += f", {self.sum()}"
        return out

    def inner(self) -> str:
        """\\langle A, B \\rangle."""
        opened = self.i
        self.i += 1

        def sides() -> tuple[str, str]:
            first = self.sum()
            if self.now not in (",", "|", r"\vert", r"\mid"):
                raise self.error(", is expected in this inner product" if self.now else "this bracket is not closed",
                                 at=None if self.now else opened)
            self.i += 1
            return first, self.sum()
        first, second = self.enclosed(sides, r"\rangle", opened)
        if self.now == "_":
            self.i += 1
            kind = "".join(t for t, _ in self.group() if t not in STYLES and t not in "{}")
            if kind not in ("F", "2"):
                raise self.error(f"an inner product {kind} cannot be read", at=opened)
        one, two = self.shape(first), self.shape(second)
        return f"(({first})'*({second}))" if one is not None and one[1] == "1" and one == two else f"tr(({first})'*({second}))"

    def between(self, token: str) -> str:
        """Norms, absolute values, determinants."""
        opened = self.i
        self.i += 1
        logged, self.logged = self.logged, False
        norm = token in NORM
        if twice := self.now == token and self.doubled(token, opened):
            self.i += 1
            norm = True
        inner = self.enclosed(self.sum, FENCES[token], opened, *self.closing, FENCES[token])
        if twice:
            self.expect(FENCES[token], opened)
        if not (norm or self.now == "_" or self.now == "^" and self.under_behind()):        # |x|_1
            return self.bars(inner, opened, logged)
        kind, raised, weight = "", None, ""
        while self.now == "_" or (self.now == "^" and raised is None and self.under_behind()):
            if self.take() == "_":
                at, below = self.i, self.group()
                kind = "".join(t for t, _ in below if t not in STYLES and t not in "{}")
                if kind not in NORMS and self.is_power(kind, inner):
                    return self.p_norm(kind, inner)
                if kind not in NORMS and not (weight := self.weight(below, inner)):
                    raise self.error(f"a norm {kind} cannot be read", "the norms are 1, 2 and F", at)
            else:
                raised = self.i - 1
                self.group()
        shape = self.shape(inner)
        if shape is None and kind == "2" and not self.names.asks:
            shape = self.guessed(inner)
        matrix = shape is not None and "1" not in shape
        if matrix and self.names.asks and kind in ("", "2"):
            self.refuse(f"the norm ‖{self.said(inner)}‖ of a matrix", f"the Frobenius norm, {self.said(f'normF({inner})')}",
                        f"the spectral norm, {self.said(f'spectral({inner})')}", opened)
        if matrix and self.names.asks and NORMS[kind] == "norm1":
            self.refuse(f"the 1-norm ‖{self.said(inner)}‖ of a matrix", f"the sum of all absolute values, {self.said(f'norm1({inner})')}",
                        "the largest absolute column sum, which the language does not have", opened)
        if matrix and kind == "2":
            raise self.error("\\|..\\|_2 of a matrix may be the spectral norm or the Frobenius norm", "write \\|..\\|_F", opened)
        if matrix and not kind:
            self.chosen(opened, f"normF({inner})")
        square = f"({inner})'*({weight})*({inner})"
        if weight and self.skipped("2"):
            return f"({square})"
        stacked = inner[4:-1] if kind == "1" and inner[:4] == "vec(" and closes(inner[3:]) else ""         # as pages write norm1(X)
        inner = stacked if "1" not in (self.shape(stacked) or NUMBER) else inner
        out = f"sqrt({square})" if weight else f"{NORMS[kind]}({inner})"
        if raised is not None:
            mark, self.i = self.i, raised + 1
            out = self.exponent(out)
            self.i = mark
        return out

    def doubled(self, bar: str, opened: int) -> bool:
        r"""Whether the bar behind one makes a norm with it: || x ||, \lvert\lvert x \rvert\rvert."""
        if bar == "|":
            return self.tokens[opened + 1][1] == self.tokens[opened][1] + 1 and self.closing[-1:] != ("|",)
        outer, inner = (closing([t for t, _ in self.tokens], k, {bar: FENCES[bar]}) for k in (opened, opened + 1))
        return bar == r"\lvert" and outer == inner + 1

    def is_power(self, kind: str, inner: str) -> bool:
        r"""Whether p of \|x\|_p is a number, and x a column."""
        shape = self.shape(inner)
        return shape is not None and shape[1] == "1" and kind != "0" and (kind.isdigit() or self.shape(kind) == NUMBER)

    def p_norm(self, p: str, inner: str) -> str:
        r"""\|x\|_p, and \|x\|_p^p, which has no root."""
        total = f"sum(abs({inner}).^({p}))"
        if self.skipped(p):
            return f"({total})"
        return f"({total})^(1/({p}))"

    def skipped(self, exponent: str) -> bool:
        """Whether this exponent comes now, behind us."""
        if found := "".join(self.script("^")) == exponent:
            self.skip()
        return found

    def weight(self, below: Tokens, inner: str) -> str:
        r"""S of \|x\|_S, the square root of x'*S*x."""
        by = {t.lstrip("\\") for t, _ in below if t[-1:].isalpha()}
        if not any(map(self.names.known, by)) and not any(map(self.elsewhere_too, by)):
            return ""
        found = self.inside(below)
        one, two = self.shape(inner), self.shape(found)
        if two is None:
            return found if re.match(r"\W*[A-Z]", found) and (one is None or one[1] == "1") else ""
        return found if one is not None and one[1] == "1" and two == (one[0], one[0]) else ""

    def elsewhere_too(self, name: str) -> bool:
        """Whether a name of a sheet stands anywhere but below another."""
        return not self.names.asks and re.search(rf"(?<![A-Za-z\\_])(?<!_\{{)\\?{name}(?![A-Za-z])", self.text) is not None

    def under_behind(self) -> bool:
        """Whether an index stands behind the exponent that comes now."""
        behind = group(self.tokens, self.i + 1)[1]
        return behind < len(self.tokens) and self.tokens[behind][0] == "_"

    def bars(self, inner: str, opened: int, logged: bool) -> str:
        """|X| of a square matrix is its determinant, |S| of a set that a sum goes over the number of its indices."""
        named = " ".join(t for t, _ in self.tokens[opened + 1:self.i - 1])
        if not self.names.asks and (count := number_of_indices(named, self.text)):
            return f"sum({self.names.weights(named, count, self.text)})"
        if re.fullmatch(r"eye(?:\(\w+\))?", inner):
            return "1"          # its determinant, whatever its size
        if self.marked(inner):
            return f"abs({inner})"
        shape = self.shape(inner)
        if self.names.asks and not logged and shape is not None and shape != NUMBER:
            if "1" not in shape:
                said, meant = self.said(inner), self.names.bars()
                if meant:
                    return f"{meant}({inner})"
                self.refuse(f"|{said}|", f"the determinant, det({said})", f"the absolute values, abs({said})", opened)
            if self.names.lengths("^" if self.now == "^" else ""):
                return f"norm2({inner})"
            if self.now == "^":
                self.refuse(f"|{self.said(inner)}|^.. of a vector", f"with its norm, norm2({self.said(inner)})^..",
                            f"entry by entry, abs({self.said(inner)}).^..", opened)
        if not self.names.asks and self.now == "^" and shape is not None and shape.count("1") == 1:
            self.chosen(opened, f"norm2({inner})")
            return f"norm2({inner})"            # |x|^2
        if shape is None and (self.names.function(inner.partition("(")[0]) or re.search(r"\beye\b", inner)):
            shape = self.guessed(inner)
        if shape is None and re.match(r"\W*(?:[A-Z]|Sigma|Lambda|Omega|Phi|Theta|Psi)", inner):
            if any(word[0].islower() and word not in FUNCTIONS for word in re.findall(r"[A-Za-z]\w*", inner)):
                raise self.error("bars around this may be a norm or a determinant", "write \\|..\\| or \\det(..)", opened)
            self.chosen(opened, f"det({inner})")
            return f"det({inner})"
        bold = next(t for t, _ in self.tokens[opened + 1:] if t != "{") in BOLD and not self.names.asks
        if shape is None and bold and NAME.fullmatch(inner.strip("()")) and inner.strip("()")[0].islower():
            self.chosen(opened, f"norm2({inner})")
            return f"norm2({inner})"            # a vector, of which nothing else is said
        if shape is None or shape == ("1", "1"):
            return f"abs({inner})"
        if "1" in shape:
            found = f"{'norm2' if self.names.uses.lengths else 'abs'}({inner})"
            self.chosen(opened, found)
            return found
        if shape[0] != shape[1]:
            raise self.error("bars around a matrix that is not square cannot be read", at=opened)
        return f"det({inner})"
