"""Texts of the language: without the brackets that a reader put around its parts to be safe, and with some derivatives transposed."""

from __future__ import annotations

import re
from collections.abc import Sequence, Callable

from ..grammar.tokens import TOKEN, is_word
from ..grammar.brackets import ROUND, closing, depths, opening
from ...patterns import pattern

POWERS = ("^", ".^")
OPERATORS = (*POWERS, "*", "/", ".*", "./", "⊗")
ENDING = ("", ")", ",", "+", "-")
BEGINNING = ("", "(", ",", "+")
BELOW = pattern(r"\)/d\(\w+\)")
TURNED = pattern(r"\)/d\((\w+)(?:\)(?:'|\^T\b)|(?:'|\^T)\))")
BY_ENTRY = pattern(r"\)/d\((\w+)\((\d+)(?:, *(\d+))?\)\)")


def minimal(text: str) -> list[str]:
    """The tokens of a text, without brackets around a single name, number, call or bracket, and around a quotient that begins a term.

    >>> " ".join(minimal("((1)/(2))*x'*(A)^(-1)*(x)"))
    "1 / 2 * x ' * A ^ ( - 1 ) * x"
    """
    source = TOKEN.findall(text)
    out: list[str] = []
    opened: list[int] = []
    for token, after in zip(source, [*source[1:], ""], strict=False):
        if token == ")" and _needless(out, first := opened.pop(), after):
            del out[first]
            continue
        if token == "(":
            opened.append(len(out))
        out.append(token)
    return out


def _needless(out: Sequence[str], first: int, after: str) -> bool:
    """Whether the bracket that opens there and closes now may be left out."""
    before = out[first - 1] if first else ""
    if before in ("+", "-"):                # a*-(b/c)
        sign = next((t for t in reversed(out[:first]) if t not in ("+", "-")), "")
        before = sign if sign in OPERATORS else before
    return not is_word(before) and before not in ("'", ")") and _loose(out[first + 1:], before, after)


def _loose(inner: Sequence[str], before: str, after: str) -> bool:
    """Whether this means the same without the brackets around it."""
    if _single(inner):
        return True
    outer = [token for token, depth in zip(inner, depths(inner, ROUND), strict=True) if not depth and token != ")"]
    if before in ("", "(", ",") and after in ("", ")", ","):
        return "," not in outer
    transposed = len(inner)
    while inner[transposed - 1] == "'":
        transposed -= 1
    if transposed < len(inner) and _single(inner[:transposed]):
        return before not in POWERS
    if set(outer) == {".*"} or not outer:
        return before in (*BEGINNING, "-") and after == ".*"
    if before in BEGINNING and after in ENDING and not set(outer) & {"+", "-", ","}:
        return True
    if outer.count("/") != 1 or set(outer) & {"+", "-", "*", ".*", "./", "⊗", ","} or after in ("'", *POWERS):
        return False
    k = next(k for k, depth in enumerate(depths(inner, ROUND)) if inner[k] == "/" and not depth)
    if _single(inner[:k]) and _single(inner[k + 1:]) and inner[0] == inner[k + 1] == "d":
        return before not in ("/", "./", *POWERS)
    return before in (*BEGINNING, "-") and after in (*ENDING, "*")


def _single(inner: Sequence[str]) -> bool:
    """Whether this is a name, a number, a call or something in brackets."""
    if len(inner) == 1:
        return is_word(inner[0]) or inner[0][0] == "."
    start = 1 if is_word(inner[0]) else 0
    return inner[start] == "(" and closing(inner, start, ROUND) == len(inner) - 1


def transposed(text: str, wanted: Callable[[str], bool]) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x), for every f that is wanted; what stands as (((d(f)/d(x))))' has rows of values anyhow."""
    def made(m: re.Match[str], start: int) -> str | None:
        absolute = m.string[:start].endswith("(((") and m.string[m.end():].startswith(")))'")
        return None if absolute or not wanted(m.string[start + 2:m.start()]) else f"({m.string[start:m.end()]})'"
    return _exchanged(text, BELOW, made)


def with_brackets(text: str) -> str:
    """The text with (d(f)/d(x))' for d(f)/d(x)' and d(f)/d(x'), of which only the lower part would be turned."""
    return _exchanged(text, TURNED, lambda m, start: f"({m.string[start:m.start()]})/d({m[1]}))'")


def by_entry(text: str) -> str:
    """The text with entries of d(f)/d(x) for derivatives by an entry, d(f)/d(x(1))."""
    return _exchanged(text, BY_ENTRY, lambda m, start: (
        f"(unit({m[2]})'*({m.string[start:m.start() + 1]}/d({m[1]}))" + (f"*unit({m[3]}))" if m[3] else ")")))


def _exchanged(text: str, below: re.Pattern[str], made: Callable[[re.Match[str], int], str | None]) -> str:
    """The text with what is made of each quotient for it, by the match of its lower part and the place of its first d; None keeps it."""
    at = 0
    while (m := below.search(text, at)) is not None:
        start, at = opening(text, m.start(), ROUND) - 1, m.end()
        new = made(m, start) if start >= 0 and text[start] == "d" else None
        if new is not None:
            text = text[:start] + new + text[at:]
            at = start + len(new)
    return text
