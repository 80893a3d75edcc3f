"""Parts of a formula with two readings: where nothing decides between them, they are refused, naming both."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
import re

from ..grammar.spellings import Row
from .cursor import STYLES
from ...language.operations import ANGLES, MATRIX_FUNCTIONS
from ..grammar.tokens import closes, written
from .texts import minimal
from .letters import CIRCLES, OPEN, TIMES, NameReader
from .tokens import GREEK, Tokens
from ..grammar.brackets import ROUND, closing, depths

WHOLE = frozenset(("tr", "det", "logdet", "vec", "diag", "sum", "inv", "logsumexp"))
NUMBER = ("1", "1")


class Ambiguities(NameReader):
    """Refuses what has two readings, naming both; a sheet takes one reading and says which."""

    functional: Callable[[], bool]  # whether a function of the language comes now

    def refuse(self, what: str, one: str, other: str, at: int) -> None:
        """Raise an error that names both readings."""
        raise self.error(f"{what} has two readings: {one}, and {other}", "write the one that is meant", at)

    def said(self, text: str) -> str:
        """A text of the language as it is shown."""
        return written(minimal(text))

    def chosen(self, start: int, text: str, sure: bool = False) -> None:
        """Note that what was written from a token up to here was read as this text of the language."""
        self.doubt(start, self.said(text), sure)

    def opens(self) -> bool:
        """Whether the next token opens a bracket."""
        return self.now in OPEN

    def inside_here(self) -> Tokens:
        """The content of the bracket that opens here."""
        return self.tokens[self.i + 1:self.i + closing((self.tokens[k][0] for k in range(self.i, len(self.tokens))), 0, OPEN)]

    def gap(self) -> bool:
        """Whether white space precedes the next token."""
        at = self.tokens[self.i][1]
        return at > 0 and self.text[at - 1].isspace()

    def spaced(self) -> bool:
        """Whether a space that is typeset stands before the present token: f\\,(1 - f)."""
        return self.text[:self.tokens[self.i][1]].rstrip().endswith(("\\,", "\\;", "\\:", "~"))

    def product_or_value(self, name: str, at: int) -> None:
        """name(..), where it may be the value of a function, or an entry."""
        if not self.names.asks or not self.opens() or self.function(name) or name in ("e", "pi"):
            return
        inside = self.inside_here()
        said = "".join(t for t, _ in inside)
        letters = bool(inside) and all(t.isalpha() or t[1:] in GREEK or t == "," for t, _ in inside)
        shown = f"{name}{self.now}{said}{OPEN[self.now]}"
        value = f"{name} applied as a function" if name in self.names.bodies else f"the value of a function {name}"
        if not self.names.known(name):
            if self.now == "[":
                raise self.error(f"{name}[..] cannot be read: an expectation, or an entry of an undeclared name", at=at)
            if name in self.names.sizes and not letters or self.elsewhere(name) or self.spaced() or name[0].isupper() and self.gap():
                return
            if {"+", "-"} & {t for t, _ in inside} and name in GREEK.values():
                self.refuse(f"{name}(..)", f"the product with {name}", value, at)
            raise self.error(f"unknown function {name}", f"declare it: {name}: R -> R, or put \\, or * before the bracket", at)
        if name == "sigma":
            self.refuse("σ(..)", "the sigmoid function", "the product with the variable sigma", at)
        if name in self.names.bodies and letters and not (self.gap() and len(inside) > 1):
            self.refuse(shown, f"the product of {name} and {said}", value, at)
        shape = self.shape(name)
        place = letters and len(inside) == 1 and (said in "ijk" and not self.names.known(said) or said in (shape or ()))
        if shape != NUMBER and (place or said.replace(",", "").isdigit()) and not self.gap():
            self.refuse(shown, f"the product {name}*{said}", f"an entry, unit({said})'*{name}", at)

    def everyday(self, found: tuple[Row, ...], inner: str, at: int) -> str:
        """A function that the language has under another name, or for some shapes."""
        given = arguments(inner)
        shapes = [self.shape(text) for text in given]
        kinds = ["c" if s == NUMBER else "x" if s is None or "1" in s else "M" for s in shapes]
        row = next((r for r in found if not r.keywords and len(r.arguments) == len(given) and all(
            letter in "AB" or {"y": "x", "N": "M"}.get(letter, letter) == kind or letter == text
            for letter, kind, text in zip(r.arguments, kinds, given, strict=True))), None)
        if row is None or row.meaning[0] == "!":
            raise self.error(row.meaning[1:] if row is not None else f"{found[0].name} cannot be read here", at=at)
        put = dict(zip(row.arguments, given, strict=True))
        return "(" + re.sub(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", lambda m: f"({put[m[0]]})" if m[0] in put else m[0], row.meaning) + ")"

    def elsewhere(self, name: str) -> bool:
        """Whether a name occurs in the line without a bracket behind it."""
        line = [t for t, _ in self.names.line if t not in STYLES and t not in "{}"]
        return any(GREEK.get(one.lstrip("\\"), one) == name and two not in OPEN for one, two in zip(line, [*line[1:], ""], strict=True))

    def primed_or_transposed(self, base: str, at: int) -> None:
        """f'(x) of an undeclared f."""
        name = base.removesuffix("'")
        if self.names.asks and base != name and name.isidentifier() and not self.names.known(name) and self.opens():
            inside = self.inside_here()
            if len(inside) == 1:
                self.refuse(f"{base}({inside[0][0]})", f"the product {base}*{inside[0][0]}", f"the derivative of a function {name}", at)

    def ends_there(self, name: str, inner: str, at: int) -> None:
        r"""Check how far the argument of a function without brackets reaches: \log x y, \log x / y."""
        if not self.names.asks:
            return
        if name == "sum" and "unit(" in inner and self.shape(inner) == NUMBER:
            raise self.error("a sum of a single number, whose index is not given", "write sum_i before what is summed", at)
        goes_on = self.now in TIMES or self.now in CIRCLES or self.now == "/" or self.begins(self.now)
        if goes_on and not (name in ANGLES and (self.functional() or self.after_sign())) and self.function_next() != name:
            self.i += 1
            self.refuse(self.since(at), f"{name}({inner}) times what follows", f"{name} of all of it", at)

    def of_a_matrix(self, left: str, right: str, at: int) -> None:
        r"""Refuse \exp(A) x of a square A, where x is not a number and not made of ones: entry by entry or the function of a matrix."""
        name, bracket, behind = left.partition("(")
        if name in MATRIX_FUNCTIONS and closes(bracket + behind) and right[:9] != "vector(1)":
            rows, columns = self.shape(left) or ("", "")
            if rows == columns and rows not in ("", "1") and self.shape(right) != NUMBER:
                whole = f"{MATRIX_FUNCTIONS[name]}({behind}"
                self.refuse(f"{self.said(left)} before a factor", f"the function of a matrix, {self.said(whole)}",
                            f"entry by entry, {self.said(left)}", at)

    def function_next(self) -> str:
        """The function that comes now: the det of \\det A \\det B."""
        if not self.functional():
            return ""
        with self.ahead_only():
            return self.name() or ""

    def after_sign(self) -> bool:
        """Whether a function comes behind the sign here."""
        if self.now not in TIMES and self.now != "/":
            return False
        self.i += 1
        found = self.functional()
        self.i -= 1
        return found

    def measured(self, over: str, under: str, below: Tokens) -> str:
        """What stands over |x| of a column: the length, or each entry."""
        shape = self.shape(under) if self.names.asks and under[:4] == "abs(" else None
        if shape is not None and shape[1] == "1" != shape[0]:
            self.names.lengths("unit" if over == under[4:-1] else "")
            self.refuse(f"the quotient by {self.said(under)}", f"by the length, {self.said('norm2' + under[3:])}", "entry by entry",
                        below[0][1])
        return over

    def divided_by(self, out: str, divisor: str, at: int) -> None:
        """a/b c: divided by b, or by b c."""
        if not self.names.asks or not self.begins(self.now) or self.now == r"\sum" or self.shape(divisor) != NUMBER:
            return
        end = self.tokens[self.i - 1][1] + len(self.tokens[self.i - 1][0])
        apart = self.tokens[self.i][1] > end and (divisor.isdigit() or divisor[-1:] == ")" and divisor[:4] != "norm")
        mark = self.mark()
        rest = self.product()
        if self.shape(rest) == NUMBER and not apart:
            self.refuse(self.since(at), self.said(f"{out}/{divisor}*{rest}"), self.said(f"{out}/({divisor}*{rest})"), at)
        self.back(mark)

    def in_words(self, part: Tokens, word: str, at: int) -> None:
        """Refuse a product of letters that spells a word."""
        if self.names.asks and len(word) > 1 and not self.names.known(word) and not self.function(word) and word not in GREEK:
            raise self.error("words inside a formula cannot be read", at=at)


def arguments(text: str) -> list[str]:
    """The arguments of a call, between its brackets.

    >>> arguments("A, (x, y)")
    ['A', '(x, y)']
    """
    commas = [k for k, depth in enumerate(depths(text, ROUND)) if text[k] == "," and not depth]
    return [text[start + 1:end].strip() for start, end in pairwise([-1, *commas, len(text)])]


__all__ = ["STYLES", "Ambiguities"]
