"""Statistical models: y = X*beta + epsilon does not define y, but the residual."""

from __future__ import annotations

import re

from ...reading.grammar.brackets import terms
from ...reading.latex.names import NAME
from ..parts.formula import formula, inverted
from .sheet import Sheet
from ...patterns import pattern

NOISE = frozenset(("epsilon", "varepsilon"))
EPSILON = pattern(r"\\(?:var)?epsilon(?![A-Za-z])|[εϵ]|\bepsilon\b")


def model(sheet: Sheet, left: str, right: str) -> tuple[str, str] | None:
    """The name that such an equation introduces, and what it is (empty where it introduces none): the only new term, where it is called
    epsilon or where the sheet writes y - X*beta besides; of a left side that is declared also what is new and inverted."""
    name = inverted(left)
    if name and sheet.new(name) and not formula(right).names & {name, "d"}:
        return name, f"inv({right})"            # S^{-1} = A + B says what S is
    if not NAME.fullmatch(left) or left in sheet.names.bodies or formula(right).differential:
        return None
    declared = left in sheet.names.plain
    if not declared and not sheet.new(left):
        return None
    name = inverted(right) if declared else ""
    if name and sheet.new(name):
        return name, f"inv({left})"
    parts = terms(right)
    if not declared and predicted(sheet.text, left, right):
        return "", ""
    found = [(sign, term) for sign, term in parts if sheet.new(term) and len(re.findall(rf"\b{term}\b", right)) == 1]
    found = [(sign, term) for sign, term in found if term in NOISE] or found
    if len(found) != 1 or len(parts) < 2 or left in formula(right).names:
        return None
    sign, name = found[0]
    rest = "".join(f" {s} {t}" for s, t in parts if t != name).removeprefix(" + ").strip()
    text = _bare(sheet.text)
    residual = any(_bare(one) in text for one in (f"{left}-{rest}", f"{rest}-{left}"))
    if not residual and (name not in NOISE or not declared and len(EPSILON.findall(sheet.text)) > 1):
        return None
    return name, f"{left} - ({rest})" if sign == "+" else f"({rest}) - {left}"


def predicted(text: str, left: str, right: str) -> bool:
    """Whether y = w*x + b says what y_i is compared with: the text has the y_i - (w*x_i + b) of data."""
    index = r"_\{?[ijkn]\}?"
    if not re.search(rf"(?<![A-Za-z\\]){left}{index}", text):
        return False
    text = _bare(re.sub(index, "", text))
    return any(_bare(one) in text for one in (f"{left}-({right})", f"({right})-{left}"))


def _bare(text: str) -> str:
    """A formula without what only sets it."""
    return re.sub(r"\\(?:math[a-z]+|boldsymbol|bm|left|right|[bB]igg?[lr]?|[,;:! ])|[\\{}\s*()]", "", text)
