"""A text of the language with no more brackets than it needs, as it is told to a reader."""

from __future__ import annotations

from typing import Any

from ...language.shape import InputError
from ...reading.grammar.functions import fold
from ...reading.grammar.reader import Reader
from ...reading.grammar.tokens import Line

SUM, PRODUCT, POWER, PRIMARY = 1, 2, 3, 4
Told = tuple[str, int]      # a text, and how strongly it holds together


def neat(text: str) -> str:
    """An expression or an equation; as it is where not all of it can be written so.

    >>> neat("(sigmoid((t)).*(1-sigmoid((t)))) = (H)^(2)")
    'sigmoid(t).*(1 - sigmoid(t)) = H^2'
    >>> neat("(((Sigma)^(-1)*vector(1))/(2*vector(1)'*y))")
    "Sigma^-1*1/(2*1'*y)"
    """
    try:
        return " = ".join(_side(side) for side in text.split(" = "))
    except (InputError, KeyError):
        return text


def _side(text: str) -> str:
    line = Line(text)

    def made(op: str, at: int, data: Any, parts: list[Told]) -> Told:
        if op in ("name", "number"):
            return line.tokens[at], PRIMARY
        if op == "+":
            signs = ["-" if data[0] else "", *(" - " if minus else " + " for minus in data[1:])]
            return "".join(s + _within(p, SUM if s in ("", " + ") else PRODUCT) for s, p in zip(signs, parts, strict=True)), SUM
        if op == "neg":
            return "-" + _within(parts[0], PRODUCT), SUM
        if op in ("*", ".*"):
            first, *rest = parts
            return _within(first, PRODUCT) + "".join(line.tokens[k] + _within(p, POWER) for k, p in zip(data, rest, strict=True)), PRODUCT
        if op in ("^", ".^"):
            minus = parts[1][0].startswith("-") and parts[1][0][1:].isalnum()
            return _within(parts[0], PRIMARY) + op + (parts[1][0] if minus else _within(parts[1], PRIMARY)), POWER
        if op == "'":
            return _within(parts[0], PRIMARY) + "'", PRIMARY
        if op == "derivative":
            return f"d({parts[0][0]})/d({parts[1][0]})", PRODUCT
        if (op, data, parts) == ("free", "vector", [("1", PRIMARY)]):
            return "1", PRIMARY
        if op in ("call", "d", "free"):
            return f"{data}({', '.join(p for p, _ in parts)})", PRIMARY
        raise KeyError(op)
    return fold(Reader(line).syntax(), made)[0]


def _within(p: Told, least: int) -> str:
    return p[0] if p[1] >= least else f"({p[0]})"
