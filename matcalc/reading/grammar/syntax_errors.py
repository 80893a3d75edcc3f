"""What is said about a line that cannot be read: the words of the grammar's errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from ...language.composites import REFUSED
from ...language.shape import InputError
from .spellings import rows, spelt
from .tokens import is_name

SIZES = "a size is a name, a positive integer, or a sum or product of those: n+1, m*n"
ROUND = "entries are written x(2), A(1,2), A(:,j); blocks [A, B; C, D]"
HINTS = {"**": "write ^ for a power", "@": "write * for a matrix product", "\\": "write inv(A)*b", "[": ROUND, "]": ROUND,
         "=": "an equation is written lhs == rhs, a definition z = W*x + b", "==": "an equation belongs to prove",
         ".": "write A' for the transpose; .* ./ .^ go entry by entry", ";": "one expression at a time", "\u00b2": "write ^2",
         "\u00b3": "write ^3", "\u221a": "write sqrt(x)", "\u2211": "write sum(x)", "\u2016": "write norm2(x)",
         "|": "write abs(x), norm2(x) or det(A)", '"': "the transpose is '", "`": "the transpose is '", "//": "write /",
         "!": "the language has no factorial; what an equation denies is not a claim"}
SIGNS = {"transpose": "x'", "pow": "x^2"}        # what is written with a sign


class Place(Protocol):
    """A place in the tokens of a line."""

    tokens: list[str]
    i: int

    def error(self, message: str, hint: str | None = None, at: int | None = None) -> InputError:
        """An error at a token."""


def unexpected_token(reader: Place, opened: int | None = None) -> InputError:
    """Why the present token cannot stand here, after a complete expression."""
    token = reader.tokens[reader.i]
    if not token:
        return reader.error("this bracket is not closed", at=opened)
    if is_name(token) or token == "(" or token[0].isdigit() or (token[0] == "." and token[1:].isdigit()):
        return reader.error(f"an operator is missing between {reader.tokens[reader.i - 1]} and {token}", "write * for a product")
    if token == ")":
        return reader.error("unmatched )")
    if token == ",":
        return reader.error("a comma separates the arguments of a function; there is no function here")
    return unexpected(reader)


def unexpected(reader: Place) -> InputError:
    """Why nothing can begin with the present token."""
    token, before = reader.tokens[reader.i], reader.tokens[reader.i - 1]
    if not token:
        return reader.error("unexpected end of the expression")
    if token == ")":
        return reader.error("there is nothing between these brackets" if before == "(" else "something is missing before this bracket")
    if token in ("*", "/", ".*", "./", "^", ".^", "'", ",", "\u2297"):
        return reader.error(f"something is missing before {token}", "write ^ for a power" if token == before == "*" else None)
    if not (token.isascii() and token.isprintable()):
        shown = token if token.isprintable() else f"U+{ord(token[0]):04X}"
        return reader.error(f"{shown} is not part of the language", HINTS.get(token))
    again = token == "==" and token in reader.tokens[:reader.i]
    return reader.error(f"{token} cannot stand here", "only one == is allowed" if again else HINTS.get(token))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like this one, if there is one.

    >>> nearest('sofmax', ['softmax', 'sigmoid'])
    'softmax'
    """
    from difflib import get_close_matches  # slow to import, and wanted only here
    small = {k.lower(): k for k in known}
    found = get_close_matches(word.lower(), small, 1, 0.7)
    return small[found[0]] if found else None


def unknown_function(reader: Place, name: str, known: Iterable[str], at: int) -> InputError:
    """What one may have meant, or why there is no such function."""
    if name in REFUSED:
        return reader.error(f"{name} is not supported: {REFUSED[name]}", at=at)
    if unfit := [row.spelling for row in rows(name, matlab=True) if not row.renamed]:
        return reader.error(f"{name} with these arguments cannot be read", f"known forms: {', '.join(unfit[:8])}", at)
    meant = SIGNS.get(name) or next((row.renamed for row in rows(name) if row.renamed), "")
    meant = meant or nearest(name, known) or nearest(name, spelt())
    return reader.error(f"unknown function {name}", f"did you mean {meant}?" if meant else
                        f"write {name}*(...) for a product; declare an abstract function: {name}: R -> R, or {name}: R^n -> R", at)
