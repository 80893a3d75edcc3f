"""A text of the language without the brackets that a reader put around its parts to be safe."""

from __future__ import annotations

from collections.abc import Sequence

from ..tokens import TOKEN, is_word
from ..brackets import ROUND, closing, depths

POWERS = ("^", ".^")
OPERATORS = (*POWERS, "*", "/", ".*", "./", "⊗")
ENDING = ("", ")", ",", "+", "-")


def minimal(text: str) -> list[str]:
    """The tokens of a text, without brackets around a single name, number, call or bracket, and around a quotient that begins a term.

    >>> " ".join(minimal("((1)/(2))*x'*(A)^(-1)*(x)"))
    "1 / 2 * x ' * A ^ ( - 1 ) * x"
    """
    out = TOKEN.findall(text)
    while (found := _needless(out)) is not None:
        first, last = found
        out = [*out[:first], *out[first + 1:last], *out[last + 1:]]
    return out


def _needless(tokens: Sequence[str]) -> tuple[int, int] | None:
    """A pair of brackets that may be left out."""
    opened: list[int] = []
    for k, token in enumerate(tokens):
        if token == "(":
            opened.append(k)
        elif token == ")":
            first = opened.pop()
            before, after = tokens[first - 1] if first else "", tokens[k + 1] if k + 1 < len(tokens) else ""
            sign = next((j for j in range(first - 1, -1, -1) if tokens[j] not in ("+", "-")), 0)
            before = tokens[sign] if before in ("+", "-") and tokens[sign] in OPERATORS else before         # a*-(b/c)
            if not is_word(before) and before not in ("'", ")") and _loose(tokens[first + 1:k], before, after):
                return first, k
    return None


def _loose(inner: Sequence[str], before: str, after: str) -> bool:
    """Whether this means the same without the brackets around it."""
    if _single(inner):
        return True
    if before in ("", "(", ",") and after in ("", ")", ","):
        return "," not in _outer(inner)
    outer = _outer(inner)
    transposed = len(inner)
    while inner[transposed - 1] == "'":
        transposed -= 1
    if transposed < len(inner) and _single(inner[:transposed]):
        return before not in POWERS
    if set(outer) == {".*"} or not outer:
        return before in ("", "(", ",", "+", "-") and after == ".*"
    if before in ("", "(", ",", "+") and after in ENDING and not set(outer) & {"+", "-", ","}:
        return True
    if outer.count("/") != 1 or set(outer) & {"+", "-", "*", ".*", "./", "⊗", ","} or after in ("'", *POWERS):
        return False
    k = next(k for k, depth in enumerate(depths(inner, ROUND)) if inner[k] == "/" and not depth)
    if _call(inner[:k], "d") and _call(inner[k + 1:], "d"):
        return before not in ("/", "./", *POWERS)
    return before in ("", "(", ",", "+", "-") and after in (*ENDING, "*")


def _single(inner: Sequence[str]) -> bool:
    """Whether this is a name, a number, a call or something in brackets."""
    if len(inner) == 1:
        return is_word(inner[0]) or inner[0][0] == "."
    start = 1 if is_word(inner[0]) else 0
    return inner[start] == "(" and closing(inner, start, ROUND) == len(inner) - 1


def _call(inner: Sequence[str], name: str) -> bool:
    """Whether a text is a call, name(..)."""
    return list(inner[:2]) == [name, "("] and closing(inner, 1, ROUND) == len(inner) - 1


def _outer(inner: Sequence[str]) -> list[str]:
    """The tokens that stand in no bracket."""
    return [token for token, depth in zip(inner, depths(inner, ROUND), strict=True) if not depth and token != ")"]
