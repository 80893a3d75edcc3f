"""A formula in LaTeX that is wider than its page, cut where its brackets are shallowest."""

from __future__ import annotations

import re
from collections.abc import Iterator

SHOWN = re.compile(r"\\(?:operatorname|mathrm|mathbf|mathbb|boldsymbol|left|right|text|quad|tag)\b\*?|\\[,;!]|[{}^_&\s]|(\\[A-Za-z]+|\\?.)")
SIGNS = ("+", "-", "=", r"\odot", r"\oslash", r"\otimes")
DEEPER = 0.45       # of a width that a cut may stand further to the left for one bracket less
MIDDLE = 3          # of so many parts the first has no cut: a short first row says nothing


def width(text: str) -> float:
    """About how many characters wide a formula is; of a fraction both floors count, and what stands on either side of a sign."""
    return sum(2.5 if m[1] in SIGNS else 1 for m in SHOWN.finditer(text) if m[1])


def cut(text: str, most: float) -> list[str]:
    """The rows of a formula, none wider than so many characters where it can be cut before a sign or between factors."""
    rows: list[str] = []
    while width(text) > most:
        at = max(_places(text, most), default=None)
        if at is None:
            break
        rows.append(text[:at[1]].rstrip())
        text = "{}" + text[at[1]:].removeprefix(r"\,")
    return [*rows, text]


def _places(text: str, most: float) -> Iterator[tuple[float, int]]:
    """Where it may be cut, and how good that is."""
    depth = braces = stretched = 0
    used = 0.0
    for m in re.finditer(r"\\left\b|\\right\b|\\,| [-+] |\\[A-Za-z]+|\\?.", text):
        token = m[0]
        if token == r"\left":
            stretched += 1
        elif token == r"\right":
            stretched -= 1
        elif token in "{}":
            braces += 1 if token == "{" else -1
        elif token in "([":
            depth += 1
        elif token in ")]":
            depth -= 1
        used += width(token)
        if used > most:
            return
        if not braces and not stretched and m.start() and used > most / MIDDLE and (token == r"\," or token.strip() in ("+", "-")):
            yield used / most - DEEPER * depth - (0.3 if token == r"\," else 0), m.start()
