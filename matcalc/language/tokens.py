"""Text -> tokens -> raw tree with positions. A Pratt parser: precedences as in MATLAB."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from .shape import InputError

_SPELLED = ("alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma sigma tau upsilon phi "
            "chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega")
GREEK = dict(zip("αβγδεζηθικλμνξπρσςτυφχψωΓΔΘΛΞΠΣΦΨΩ", _SPELLED.split(" "), strict=True))
GREEK_NAMES = frozenset(GREEK.values()) | {"varepsilon"}
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w)|\.\d+(?:[eE][+-]?\d+)?(?!\w))"
                    r"|([^\W\d]\w*)|(\.\*|\./|\.\^|==|[-+*/^'’ᵀ⊙⊗·−(),]))")
_SAME = {"’": "'", "ᵀ": "'", "⊙": ".*", "·": "*", "−": "-"}
LEFT = {"+": 1, "-": 1, "*": 2, "/": 2, ".*": 2, "./": 2, "⊗": 2}
MAX_LENGTH, MAX_DEPTH = 50_000, 100


class Node(NamedTuple):
    """A raw tree: what it is, where it stands in the text, its parts, and a number or name."""

    op: str
    start: int
    end: int
    parts: tuple[Node, ...] = ()
    value: Fraction | int | str = 0


Token = tuple[str, str, int, int]


def tokenize(text: str) -> list[Token]:
    """(kind, text, start, end); InputError at the first character that is no token."""
    if len(text) > MAX_LENGTH:
        raise InputError(f"the line has {len(text)} characters; at most {MAX_LENGTH} are read",
                         hint="name parts of it with definitions")
    out: list[Token] = []
    i, end = 0, len(text.rstrip())
    scan = _TOKEN.match
    while i < end:
        m = scan(text, i)
        if m is None:
            while text[i].isspace():
                i += 1
            shown = text[i] if text[i].isprintable() else repr(text[i])[1:-1]
            hint = "entry-wise operators are .* ./ .^" if text[i] == "." else None
            raise InputError(f"{shown} is not part of the language", 1, i + 1, shorten(text, i), hint)
        kind = m.lastindex
        word = m.group(kind)  # type: ignore[arg-type]
        start = m.start(kind)  # type: ignore[arg-type]
        i = m.end()
        if kind == 3:
            word = _SAME.get(word, word)
            out.append(("op", word, start, i))
        elif kind == 1:
            out.append(("number", word, start, i))
        else:
            if not word.isascii():
                word = "".join(GREEK.get(c, c) for c in word)
            out.append(("name", word, start, i))
    out.append(("end", "", end, end))
    return out


def shorten(text: str, at: int) -> str:
    """The line as shown in a message."""
    return text if len(text) < 400 and text.isprintable() else "".join(c if c.isprintable() else "?" for c in text[:400])


class Reader:
    """One expression: tokens in, raw tree out."""

    def __init__(self, text: str, functions: frozenset[str] = frozenset()) -> None:
        self.text, self.functions = text, functions
        self.tokens = tokenize(text)
        self.i = self.depth = 0

    def fail(self, message: str, at: int, hint: str | None = None) -> InputError:
        """An error with a caret."""
        return InputError(message, 1, at + 1, shorten(self.text, at), hint)

    def read(self) -> Node:
        """The whole text."""
        if self.tokens[0][0] == "end":
            raise InputError("nothing to read: the expression is empty", 1, 1, "")
        e = self.expression(0)
        kind, word, start, _ = self.tokens[self.i]
        if kind != "end":
            if word == ")":
                raise self.fail("this bracket closes nothing", start)
            if word == "==":
                raise self.fail("== belongs to prove", start)
            if kind in ("name", "number") or word == "(":
                raise self.fail(f"{self.text[e.start:e.end]} and {word} stand side by side", start,
                                "write * for a product")
            raise self.fail(f"{word} is out of place", start)
        return e

    def expression(self, floor: int) -> Node:
        """Operators that bind more tightly than `floor`, left to right."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"more than {MAX_DEPTH} nested brackets", self.tokens[self.i][2],
                            "name parts of it with definitions")
        tokens = self.tokens
        kind, word, start, _ = tokens[self.i]
        if kind == "op" and word in ("-", "+"):
            self.i += 1
            inner = self.unary(start)
            left = Node("neg", start, inner.end, (inner,)) if word == "-" else inner
        else:
            left = self.postfix()
        while True:
            kind, word, _, _ = tokens[self.i]
            power = LEFT.get(word, 0) if kind == "op" else 0
            if power <= floor:
                break
            self.i += 1
            right = self.unary(tokens[self.i][2]) if power == 2 else self.expression(1)
            left = Node(word, left.start, right.end, (left, right))
        self.depth -= 1
        return left

    def unary(self, start: int) -> Node:
        """A signed factor."""
        sign = 1
        while self.tokens[self.i][0] == "op" and self.tokens[self.i][1] in "+-":
            sign = -sign if self.tokens[self.i][1] == "-" else sign
            self.i += 1
        e = self.postfix()
        return Node("neg", start, e.end, (e,)) if sign < 0 else e

    def postfix(self) -> Node:
        """A primary with its transposes and powers."""
        e = self.primary()
        tokens = self.tokens
        while tokens[self.i][0] == "op":
            _, word, start, end = tokens[self.i]
            if word == "'":
                self.i += 1
                e = Node("'", e.start, end, (e,))
            elif word in ("^", ".^"):
                self.i += 1
                sign, at = 1, tokens[self.i][2]
                while tokens[self.i][0] == "op" and tokens[self.i][1] in "+-":
                    sign = -sign if tokens[self.i][1] == "-" else sign
                    self.i += 1
                k = self.primary()
                if sign < 0:
                    k = Node("neg", at, k.end, (k,))
                e = Node(word, e.start, k.end, (e, k))
            elif word == "(" and e.op == "call" and e.value in ("grad", "hess", "jac"):
                args, end = self.arguments()
                e = Node("apply", e.start, end, (e, *args))
            else:
                break
        return e

    def arguments(self) -> tuple[tuple[Node, ...], int]:
        """( a, b, ... )"""
        opened = self.tokens[self.i][2]
        self.i += 1
        args: list[Node] = []
        if self.tokens[self.i][1] != ")" or self.tokens[self.i][0] != "op":
            while True:
                args.append(self.expression(0))
                if self.tokens[self.i][:2] != ("op", ","):
                    break
                self.i += 1
        if self.tokens[self.i][:2] != ("op", ")"):
            raise self.unclosed(opened)
        self.i += 1
        return tuple(args), self.tokens[self.i - 1][3]

    def unclosed(self, opened: int) -> InputError:
        """The error for a bracket that is not closed."""
        kind, word, start, _ = self.tokens[self.i]
        if kind in ("name", "number") or word == "(":
            return self.fail(f"{word} stands beside what is before it", start, "write * for a product")
        return self.fail("this bracket is not closed", opened)

    def primary(self) -> Node:
        """A number, a name, a call, a bracket."""
        kind, word, start, end = self.tokens[self.i]
        if kind == "number":
            self.i += 1
            return Node("number", start, end, (), int(word) if word.isdigit() else Fraction(word))
        if kind == "name":
            self.i += 1
            primes = 0
            if word in self.functions:
                j = self.i
                while self.tokens[j][:2] == ("op", "'"):
                    j += 1
                if self.tokens[j][:2] == ("op", "("):
                    primes, self.i = j - self.i, j
            if self.tokens[self.i][:2] == ("op", "("):
                args, end = self.arguments()
                return Node("call", start, end, args, word + "'" * primes)
            return Node("name", start, end, (), word)
        if (kind, word) == ("op", "("):
            self.i += 1
            e = self.expression(0)
            if self.tokens[self.i][:2] != ("op", ")"):
                raise self.unclosed(start)
            self.i += 1
            return e._replace(start=start, end=self.tokens[self.i - 1][3])
        if kind == "end":
            raise self.fail("the expression ends too early", start)
        raise self.fail(f"{word} is out of place", start)
