"""Declarations as mathematics writes them: x ∈ ℝⁿ, A ∈ ℝ^{m×n}, A in R^nxm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .dialects.signs import Sign, is_letter, signs
from ..later import later
from .sizes import crossed
from .tokens import Line, Token
from .nesting import closing

if TYPE_CHECKING:
    from .latex import declarations as latex
else:
    [latex] = later(__package__, ".latex.declarations")

OPEN = {"{": "(", "[": "(", "(": "("}
TIMES = re.compile("x[A-Za-z0-9]+")
STRUCTURES = tuple((tuple(words.split()), meaning) for words, meaning in (
    ("symmetric positive definite", "spd"), ("symmetric positive - definite", "spd"), ("positive definite", "spd"),
    ("positive - definite", "spd"), ("pd", "spd"), ("SPD", "spd"), ("PD", "spd"), ("spd", "spd"), ("skew - symmetric", "skew"),
    ("skew symmetric", "skew"), ("antisymmetric", "skew"), ("skew", "skew"), ("sym", "symmetric"), ("symmetric", "symmetric"),
    ("upper - triangular", "upper"), ("upper triangular", "upper"), ("lower - triangular", "lower"), ("lower triangular", "lower"),
    ("diag", "diagonal"), ("diagonal", "diagonal"), ("orthogonal", "orthogonal"), ("positive", "positive"), ("one - hot", "simplex"),
    ("onehot", "simplex"), ("simplex", "simplex")))
FIRST = frozenset(words[0] for words, _ in STRUCTURES)
CLOSE = {"}": ")", "]": ")", ")": ")"}


def declaration(line: Line) -> Line:
    """The declaration in the language."""
    if "\\" in line.text or "$" in line.text:
        return latex.in_the_language(line)
    found = signs(line.text, line.start, line.end)
    out: list[Token] = []
    k = 0
    while k < len(found):
        s = found[k]
        if s.text[:2] == "^^":
            out.append(("^", s.start, s.start))
            out += _space([s._replace(text=s.text[2:])], line)
        elif s.text == "^" and k + 1 < len(found):
            out.append(("^", s.start, s.end))
            end = _closing(found, k + 1)
            out += _space(found[k + 1:end + 1], line)
            k = end
        else:
            out.append((s.text, s.start, s.end))
        k += 1
    return line.reading(_worded(out))


def _worded(tokens: list[Token]) -> list[Token]:
    """The same with the words of the language: `let`, `and`, x: R^n, a comma before what is said of a matrix."""
    texts = [t for t, _, _ in tokens]
    out: list[Token] = []
    typed = "->" not in texts and "^" in texts          # x: R^n
    k = int(texts[:1] in (["let"], ["Let"]) and len(texts) > 2 and texts[1] not in ("in", ":", ","))
    while k < len(tokens):
        text, start, end = tokens[k]
        said = next((row for row in STRUCTURES if texts[k:k + len(row[0])] == list(row[0])), None) if text in FIRST else None
        if said is not None and "in" in texts[:k]:
            if out and out[-1][0] == ",":
                out.pop()
            out += [(word, start, end) for word in said[1].split()]
            k += len(said[0])
            continue
        if text in (".", ";") and k == len(tokens) - 1:
            break
        named = text == ":" and typed
        out.append(("in" if named else "," if text == ";" or text == "and" and k else text, start, end))
        k += 1
    return out


def _closing(found: tuple[Sign, ...], k: int) -> int:
    """Where the sizes end that begin here: in brackets, or m×n without."""
    if found[k].text in OPEN:
        closed = closing([s.text for s in found], k)
        return closed if closed < len(found) else k
    if k + 1 < len(found) and TIMES.fullmatch(found[k + 1].text) and found[k].end == found[k + 1].start:
        return k + 1                        # 3x4
    return k + 2 if k + 2 < len(found) and found[k + 1].text == "*" else k


def _space(sizes: list[Sign] | tuple[Sign, ...], line: Line) -> list[Token]:
    """(m,n) from {m×n}, (m x n), mxn; a single size as it is."""
    inner = list(sizes)
    if inner and inner[0].text in OPEN:
        inner = inner[1:-1] if inner[-1].text in CLOSE else inner
    out: list[Token] = []
    for k, s in enumerate(inner):
        pair = crossed(s.text) if is_letter(s.text) else None
        between = 0 < k < len(inner) - 1
        if between and (s.text == "x" or (s.text == "*" and line.text[s.start] != "*" and line.text[s.start] not in "·⋅")):
            out.append((",", s.start, s.end))
        elif k and TIMES.fullmatch(s.text) and inner[k - 1].end == s.start:
            out += [(",", s.start, s.start + 1), (s.text[1:], s.start + 1, s.end)]
        elif pair:
            out += [(pair[1], s.start, s.end), (",", s.start, s.start), (pair[2], s.start, s.end)]
        elif s.text in OPEN or s.text in CLOSE:
            out.append((OPEN.get(s.text) or CLOSE[s.text], s.start, s.end))
        else:
            out.append(("*" if s.text == "·" else s.text, s.start, s.end))
    if len(out) == 1 or not inner:
        return out
    return [("(", out[0][1], out[0][1]), *out, (")", out[-1][2], out[-1][2])]
