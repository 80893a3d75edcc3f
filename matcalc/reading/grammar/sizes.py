"""Sizes as they are typed: n, 3, n+1, m*n; and the base of every reader of tokens."""

from __future__ import annotations

import re

from ...language.shape import Dim, InputError
from .tokens import Line, is_name
from . import syntax_errors

DEEPEST = 100
TOO_DEEP = f"more than {DEEPEST} nested brackets", "name parts of it: z = W'*x + b"


def crossed(text: str) -> re.Match[str] | None:
    """nxn or n1xn2, two sizes in one name."""
    return re.fullmatch("([A-Za-z][0-9]*|[0-9]+)x([A-Za-z]?[0-9]*)(?<!x)", text) if "x" in text else None


class SizeReader:
    """A place in the tokens of a line; reads sizes, and keeps the names in them."""

    __slots__ = ("depth", "i", "line", "sizes", "tokens")

    def __init__(self, line: Line, start: int = 0) -> None:
        self.line, self.tokens, self.i = line, line.tokens, start
        self.depth = 0
        self.sizes: list[str] = []

    def error(self, message: str, hint: str | None = None, at: int | None = None) -> InputError:
        """An error at a token, the present one unless told."""
        return self.line.error(message, self.i if at is None else at, hint)

    def deeper(self) -> None:
        """Enter a bracket."""
        self.i += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(*TOO_DEEP)

    def close(self, opened: int) -> None:
        """Leave a bracket."""
        if self.tokens[self.i] != ")":
            raise syntax_errors.unexpected_token(self, opened)
        self.i += 1
        self.depth -= 1

    def dimension(self) -> Dim:
        """A size: sums and products of names and positive integers."""
        out = self._size_product()
        while self.tokens[self.i] == "+":
            self.i += 1
            out = out + self._size_product()
            if len(out.terms) > 40:
                raise self.error("this size is too complicated", syntax_errors.SIZES)
        return out

    def _size_product(self) -> Dim:
        out = self._size_power()
        while self.tokens[self.i] == "*":
            if self.line.text[self.line.place(self.i)] == "\u00d7":
                raise self.error("\u00d7 between sizes", "separate the sizes of a matrix with a comma: R^(m,n)")
            self.i += 1
            out = self.times(out, self._size_power())
        return out

    def times(self, a: Dim, b: Dim) -> Dim:
        """A product of sizes, kept small."""
        if len(a.terms) * len(b.terms) > 40 or len(a.terms[0][0]) + len(b.terms[0][0]) > 12 \
                or a.terms[0][1] * b.terms[0][1] > 10**18:
            raise self.error("this size is too complicated", syntax_errors.SIZES)
        return a * b

    def _size_power(self) -> Dim:
        token = self.tokens[self.i]
        if token == "(":
            opened = self.i
            self.deeper()
            out = self.dimension()
            self.close(opened)
        elif is_name(token) and token.isascii():
            if found := crossed(token):
                raise self.error(f"{token} is one name", f"a matrix with {found[1]} rows and {found[2]} columns is in "
                                 f"R^({found[1]},{found[2]})")
            out = Dim.of(token)
            self.sizes.append(token)
            self.i += 1
        elif token.isdigit() and token.isascii() and len(token) < 19 and int(token) > 0:
            out = Dim.of(int(token))
            self.i += 1
        else:
            shown = f"{token} is not a size" if token else "a size is missing here"
            raise self.error(shown, syntax_errors.SIZES)
        if self.tokens[self.i] == "^":
            k = self.tokens[self.i + 1]
            if not (k.isdigit() and k.isascii() and len(k) == 1 and k != "0"):
                raise self.error("the exponent of a size must be a digit", at=self.i + 1)
            self.i += 2
            base = out
            for _ in range(int(k) - 1):
                out = self.times(out, base)
        return out
