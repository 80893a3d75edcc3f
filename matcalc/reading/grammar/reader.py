"""Tokens to a raw tree: a Pratt parser that writes the tree down in postfix order, so that no later pass recurses.

An instruction is (operation, token index, data). Precedence as in MATLAB: postfix ' ^ .^, then the sign, then * / .* ./
from left to right, then + -.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...language.nodes import Number
from .sizes import DEEPEST
from .tokens import Line
from .functions import Code, FunctionReader
from . import syntax_errors


LONGEST_NUMBER = 300
PRODUCTS = {"*": "*", "/": "*", ".*": ".*", "./": ".*", "⊗": "kron"}
_NUMBERS: dict[str, Number] = {}


class Reader(FunctionReader):
    """Reads the statement on a line; `used` and `sizes` say which names stand where a value, where a size is meant."""

    __slots__ = ("used",)

    def __init__(self, line: Line, functions: Iterable[str] = (), start: int = 0) -> None:
        super().__init__(line, functions, start)
        self.used: list[str] = []

    def whole(self) -> Code:
        """One expression, and nothing after it."""
        code = self.syntax()
        if self.later is not None:
            raise self.later
        return code

    def syntax(self) -> Code:
        """The same where only the grammar counts: unknown functions and wrong numbers of arguments are not seen."""
        code = self.expression()
        if self.tokens[self.i]:
            raise syntax_errors.unexpected_token(self)
        return code

    def expression(self) -> Code:
        """One expression, up to what cannot belong to it."""
        self.code = []
        if not self.tokens[self.i]:
            raise self.error("the expression is empty" if self.i == 0 else "an expression is missing here")
        self.sum()
        return self.code

    # ------------------------------------------------------------------------------------------ the grammar
    def sum(self) -> None:
        """Terms with their signs: ("+", at, signs); a minus binds less than a product, which comes to the same."""
        tokens = self.tokens
        start = self.i
        minus = [self.signs()] if tokens[start] in ("-", "+") else [False]
        self.term()
        while tokens[self.i] in ("+", "-"):
            minus.append(tokens[self.i] == "-")
            self.i += 1
            if tokens[self.i] in ("-", "+"):
                minus[-1] ^= self.signs()
            self.term()
        if len(minus) > 1:
            self.code.append(("+", start, minus))
        elif minus[0]:
            self.code.append(("neg", start, None))

    def signs(self) -> bool:
        """Whether the signs here make a minus."""
        minus = False
        while self.tokens[self.i] in ("-", "+"):
            minus ^= self.tokens[self.i] == "-"
            self.i += 1
        return minus

    def term(self) -> None:
        """Factors, from left to right; a run of * and / is one instruction, with the tokens of its operators."""
        self.quotient()
        tokens, code = self.tokens, self.code
        kind = PRODUCTS.get(tokens[self.i])
        while kind is not None:
            operators: list[int] = []
            while PRODUCTS.get(tokens[self.i]) == kind:
                at = self.i
                self.i += 1
                divides = tokens[at] in ("/", "./")
                if tokens[self.i] in ("-", "+"):
                    sign = self.i
                    minus = self.signs()
                    self.quotient(divides)
                    if minus:
                        code.append(("neg", sign, None))
                else:
                    self.quotient(divides)
                operators.append(at)
            code.append((kind, at, operators))
            kind = PRODUCTS.get(tokens[self.i])

    def quotient(self, below: bool = False) -> None:
        """A factor; where d(f)/d(x) stands, and not under a bar, that is one; d(f)/d(x') and d(f)/d(x)' are its transpose."""
        self.factor()
        tokens, code = self.tokens, self.code
        if not below and code and code[-1][0] == "d" and tokens[self.i:self.i + 3] == ["/", "d", "("]:
            at, mark = self.i, len(code) - 1
            self.i += 1
            self.factor()
            turned = code[-1][0] == "'"
            if len(code) > mark + 2 and code[-1 - turned][0] == "d":
                inside = code[-2][0] == "'" and code[-3][0] == "name"
                turned = turned or inside
                del code[mark], code[-1 - turned:]
                code += [("derivative", at, None), *([("'", at, None)] if turned else [])]
            else:
                code.append(("*", at, [at]))

    def factor(self) -> None:
        """A primary and what is written behind it: ' ^ .^, at most a hundred of them."""
        start = self.i
        self.primary()
        tokens, code = self.tokens, self.code
        powers = 0
        while True:
            token = tokens[self.i]
            if token == "'":
                code.append(("'", start, None))
                self.i += 1
            elif token == "^" or token == ".^":
                at = self.i
                self.i += 1
                minus = self.signs()
                self.primary()
                if minus:
                    code.append(("neg", at + 1, None))
                code.append((token, at, start))
                powers += 1
                if powers > DEEPEST:
                    raise self.error(f"more than {DEEPEST} powers of powers")
            else:
                return

    def primary(self) -> None:
        """A number, a name, a call or a bracket."""
        i = self.i
        token = self.tokens[i]
        first = token[:1]
        if first.isalpha() or first == "_":
            if not token.isascii():
                raise syntax_errors.unexpected(self)
            self.i = i + 1
            if self.tokens[i + 1] == "(":
                self.call(token, i)
            elif token in self.functions:
                self.abstract(token, i)
            else:
                self.used.append(token)
                self.code.append(("name", i, token))
        elif token == "(":
            self.deeper()
            self.sum()
            if self.tokens[self.i] != ")":
                raise syntax_errors.unexpected_token(self, i)
            self.i += 1
            self.depth -= 1
        elif token and (first in "0123456789" or (first == "." and len(token) > 1 and token[1].isdigit())):
            self.i = i + 1
            found = _NUMBERS.get(token)
            self.code.append(("number", i, found or self.number(token)))
        else:
            raise syntax_errors.unexpected(self)

    def number(self, token: str) -> Number:
        """An exact number."""
        mantissa, _, exponent = token.lower().partition("e")
        if len(mantissa) > LONGEST_NUMBER or abs(int(exponent[:20] or 0)) > LONGEST_NUMBER:
            raise self.error(f"a number with more than {LONGEST_NUMBER} digits", at=self.i - 1)
        found = Number(int(token) if token.isdigit() else Fraction(token))
        if len(_NUMBERS) < 4096:
            _NUMBERS[token] = found
        return found
