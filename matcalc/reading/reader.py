"""Tokens to a raw tree: a Pratt parser that writes the tree down in postfix order, so that no later pass recurses.

An instruction is (operation, token index, data). Precedence as in MATLAB: postfix ' ^ .^, then the sign, then * / .* ./
from left to right, then + -.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ..language import composites
from ..language.operations import ELEMENTWISE_NAMES, OPERATIONS
from ..language.nodes import Number
from ..language.shape import ONE, Dim, InputError
from .sizes import DEEPEST, SizeReader
from .tokens import Line
from ..later import later

if TYPE_CHECKING:
    from . import complaints
else:
    [complaints] = later(__package__, ".complaints")

Code = list[tuple[str, int, Any]]

LONGEST_NUMBER = 300
PRODUCTS = {"*": "*", "/": "*", ".*": ".*", "./": ".*", "⊗": "kron"}
ARITY = dict.fromkeys((*ELEMENTWISE_NAMES, "d", "normF", "vector", "matrix", "scalar"), 1)
ARITY |= {row.spelling: len(row.arguments.split()) for row in OPERATIONS}
SIZED = {"eye": (1, 1), "ones": (1, 2), "zeros": (1, 2), "comm": (2, 2), "unit": (1, 2), "select": (2, 3)}
STACKS = frozenset({"vstack", "hstack"})        # one below another, side by side
WRAPPERS = frozenset({"grad", "hess", "jac"})
TAKES = ARITY | composites.ARITY
FUNCTIONS = frozenset(ARITY) | frozenset(SIZED) | WRAPPERS | STACKS | {"unvec"}
_NUMBERS: dict[str, Number] = {}


class Reader(SizeReader):
    """Reads the statement on a line; `used` and `sizes` say which names stand where a value, where a size is meant."""

    __slots__ = ("code", "free", "functions", "later", "used")

    def __init__(self, line: Line, functions: Iterable[str] = (), start: int = 0) -> None:
        super().__init__(line, start)
        self.functions = functions
        self.code: Code = []
        self.free = False
        self.later: InputError | None = None
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
            raise complaints.stuck(self)
        return code

    def expression(self) -> Code:
        """One expression, up to what cannot belong to it."""
        self.code = []
        if not self.tokens[self.i]:
            raise self.error("nothing to read: the expression is empty" if self.i == 0 else "an expression is missing here")
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
        """A factor; where d(f)/d(x) stands, and not under a bar, that is one."""
        self.factor()
        tokens, code = self.tokens, self.code
        if not below and code and code[-1][0] == "d" and tokens[self.i:self.i + 3] == ["/", "d", "("]:
            at, mark = self.i, len(code) - 1
            self.i += 1
            self.factor()
            if len(code) > mark + 1 and code[-1][0] == "d":
                del code[mark], code[-1]
                code.append(("derivative", at, None))
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
                raise complaints.unexpected(self)
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
                raise complaints.stuck(self, i)
            self.i += 1
            self.depth -= 1
        elif token and (first in "0123456789" or (first == "." and len(token) > 1 and token[1].isdigit())):
            self.i = i + 1
            found = _NUMBERS.get(token)
            self.code.append(("number", i, found or self.number(token)))
        else:
            raise complaints.unexpected(self)

    def number(self, token: str) -> Number:
        """An exact number."""
        mantissa, _, exponent = token.lower().partition("e")
        if len(mantissa) > LONGEST_NUMBER or abs(int(exponent[:20] or 0)) > LONGEST_NUMBER:
            raise self.error(f"a number with more than {LONGEST_NUMBER} digits", at=self.i - 1)
        found = Number(int(token) if token.isdigit() else Fraction(token))
        if len(_NUMBERS) < 4096:
            _NUMBERS[token] = found
        return found

    # ------------------------------------------------------------------------------------------ calls
    def call(self, name: str, at: int) -> None:
        """name( ... ): a function of the language, or an abstract one."""
        wanted = ARITY.get(name)
        if wanted is not None and (name == "d" or name not in self.functions):
            given = self.arguments(name, at)
            if given != wanted:
                self.count(name, str(wanted), wanted, given, at)
            if name in ("vector", "matrix"):
                self.free = True
                self.code.append(("free", at, name))
            else:
                self.code.append(("d" if name == "d" else "call", at, name))
        elif name in self.functions:
            self.abstract(name, at)
        elif name in TAKES:
            given = self.arguments(name, at)
            if given != TAKES[name]:
                self.count(name, str(TAKES[name]), TAKES[name], given, at)
            self.code.append(("call", at, name))
        elif name in SIZED:
            self.sized(name, at)
        elif name in STACKS:
            self.stacked(name, at)
        elif name == "unvec":
            self.deeper()
            self.sum()
            dims: list[Dim] = []
            while self.tokens[self.i] == "," and len(dims) < 2:
                self.i += 1
                dims.append(self.dimension())
            if self.tokens[self.i] == "," or (len(dims) < 2 and self.tokens[self.i] == ")"):
                raise self.error("unvec takes a vector and two sizes: unvec(x, m, n)", at=at)
            self.close(at + 1)
            self.code.append(("unvec", at, tuple(dims)))
        elif name in WRAPPERS:
            self.wrapped(name, at)
        else:
            self.arguments(name, at)
            self.later = self.later or complaints.unknown_function(self, name, FUNCTIONS | set(TAKES) | set(self.functions), at)

    def count(self, name: str, wanted: str, number: int, given: int, at: int) -> None:
        """A wrong number of arguments."""
        self.later = self.later or self.error(f"{name} takes {wanted} argument{'' if number == 1 else 's'}, {given} given", at=at)

    def arguments(self, name: str, at: int) -> int:
        """( a, b, ... ): how many."""
        opened = self.i
        self.deeper()
        if self.tokens[self.i] == ")":
            self.close(opened)
            return 0
        given = 1
        self.sum()
        while self.tokens[self.i] == ",":
            self.i += 1
            self.sum()
            given += 1
        self.close(opened)
        return given

    def stacked(self, name: str, at: int) -> None:
        """vstack(A, B, ...) and hstack(A, B, ...), of each part whether it is made of several blocks itself."""
        opened = self.i
        self.deeper()
        nested: list[bool] = []
        if self.tokens[self.i] == ")":
            self.count(name, "1 or more", 2, 0, at)
        while self.tokens[self.i] == "," if nested else self.tokens[self.i] != ")":
            self.i += bool(nested)
            self.sum()
            last = self.code[-1] if self.code else ("", 0, ())
            nested.append(last[0] == "stack" and len(last[2]) > 2)
        self.close(opened)
        self.code.append(("stack", at, (name, *nested)))

    def abstract(self, name: str, at: int) -> None:
        """f(x), f'(x), f''(x)."""
        while self.tokens[self.i] == "'":
            self.i += 1
        if self.tokens[self.i] != "(":
            self.i = at + 1
            self.code.append(("name", at, name))
            self.later = self.later or self.error(f"{name} is a function: write {name}(...)", at=at)
            return
        primes = self.i - at - 1
        given = self.arguments(name, at)
        if given != 1:
            self.count(name, "1", 1, given, at)
        self.code.append(("apply", at, (name, primes, "")))

    def wrapped(self, kind: str, at: int) -> None:
        """grad(g)(x), hess(g)(x), jac(h)(x)."""
        t, i = self.tokens, self.i
        if t[i + 1] not in self.functions or t[i + 2:i + 4] != [")", "("]:
            raise self.error(f"{kind} is written {kind}(g)(x), for a declared function g",
                             "declare it: h: R^m -> R^n" if kind == "jac" else "declare it: g: R^m -> R", at)
        self.i += 3
        given = self.arguments(kind, at)
        if given != 1:
            self.count(f"{kind}({t[i + 1]})", "1", 1, given, at)
        self.code.append(("apply", at, (t[i + 1], 0, kind)))

    def sized(self, name: str, at: int) -> None:
        """eye(n), ones(m,n), zeros(n), comm(m,n), unit(i,n), select(i,k,n); unit(i) and select(i,k) of an inferred size."""
        low, high = SIZED[name]
        self.deeper()
        dims = [] if self.tokens[self.i] == ")" else [self.dimension()]
        while self.tokens[self.i] == ",":
            self.i += 1
            dims.append(self.dimension())
        if self.tokens[self.i] not in (")", ""):
            raise self.error(f"{self.tokens[self.i]} cannot stand in a size", complaints.SIZES)
        self.close(at + 1)
        if not low <= len(dims) <= high:
            self.count(name, str(low) if low == high else f"{low} or {high}", high, len(dims), at)
        if name in ("unit", "select") and low <= len(dims) <= high:
            place = (dims[0], ONE) if name == "unit" else tuple(dims[:2])
            rest = dims[1:] if name == "unit" else dims[2:]
            self.free = self.free or not rest
            self.code.append(("sized", at, ("select", *place, *rest)) if rest else ("unit", at, place))
            return
        self.code.append(("sized", at, (name, *dims) if len(dims) != 1 or name == "eye" else (name, *dims, ONE)))
