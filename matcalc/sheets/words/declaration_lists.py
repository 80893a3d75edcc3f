"""Declarations in lists and in words: `Q, K in R^(n,d); S spd`, `A is n×n, x and y are vectors of length n`."""

from __future__ import annotations

import re

from ...language.operations import STRUCTURE_WORDS
from ...language.shape import InputError
from ...reading.declarations import prose
from ...reading.declarations.declare import declarations
from ...reading.latex.names import NAME
from ...reading.grammar.tokens import Line
from ...patterns import pattern

LETTERS = r"[A-Za-z\u0370-\u03ff]\w*"
DECLARED = pattern(r"[\w, ]+\s(in|∈)\s+(?:(R|ℝ)\b|ℝ)|\w+\s*:\s*(R|ℝ)\S*\s*(->|→)")
SIZES = pattern(rf"\b({LETTERS}) *(?: is| are| be|:) (?:an? )?([A-Za-z]\d?|\d+)(?: x |×| × | by |x)([A-Za-z]\d?|\d+)\b"
                   r"(?: matrix| vector)?(?!\s*=)")
VECTORS = pattern(rf"\b({LETTERS}) (?:is|are) (?:an? )?(?:column )?vectors? (?:of|in|with) (?:(?:length|size|dimension) )?"
                     r"([A-Za-z]\d?|\d+)\b(?: entries| components)?")
NEUTRAL = pattern(r",? (?:(?:and|of|with|has|is) )?(?:full (?:column |row )?rank|invertible|non-?singular)\b")     # said in the answer
BINARY = pattern(r"(?<=[∈ ])(?:\{ *(?:[01±+-]1?|[01]) *(?:, *[+-]?1 *)?\}|\[ *-?[01] *, *1 *\]|\( *-?[01] *, *1 *\))"
                 r"(?:(?P<size>\^)(?=[A-Za-z{(])|(?=\s*(?:$|[,;.)])))")
SEMI = pattern(r"\b(?:(?:symmetric )?(?:psd|PSD|positive[ -]semi-?definite)|(?<=\w )sym)\b")
TWO = pattern(rf"(?<!\w)({NAME.pattern}(?:, *{NAME.pattern})*) *(?:in\b|∈) *\{{ *([+-]?[01]) *, *([+-]?[01]) *\}}")
MASK = pattern(rf"(?<!\w)({NAME.pattern}) (?:is (?:an? )?)?(?:\(0/1\)|0/1\b|binary\b)")
POSITIVE = pattern(r"\b([a-z\u03b1-\u03c9]\w*) > 0(?=\s*(?:[,;.]|and\b|$))")        # A > 0 may be one of matrices
STRUCTURED = pattern(rf"({NAME.pattern}(?:(?:,| and|, and) *{NAME.pattern})*)(?: (?:is|are|be))?(?: an?)?"
                        rf"((?: (?:{'|'.join(STRUCTURE_WORDS)}))+)(?: matri(?:x|ces))?")

IN_SPACE = pattern(r"((?:\bR|ℝ)(?:\^(?:\([^()]*\)|\{[^{}]*\}|\w+)|[ⁿᵐˣ×ᵈᵏ]+)?) (?:be|is|are)(?= [a-z])")   # Let A in .. be symmetric


def in_symbols(line: str) -> str:
    """Sizes and names in words as the language writes them.

    >>> in_symbols("A is n×n, x and y are vectors of length m")
    'A in R^(n,n), x, y in R^m'
    >>> in_symbols("X ∈ R^{n×d}, w a vector in R^d, y ∈ {0,1}^n")
    'X in R^(n,d), w in R^d, y in R^n'
    >>> in_symbols("Let S and P be symmetric n x n matrices")
    'S, P in R^(n,n) symmetric'
    >>> in_symbols("X: (n, d), y: (n,), Sigma spd d x d")
    'X in R^(n,d), y in R^n, Sigma in R^(d,d) spd'
    """
    if "=" in line:
        return line
    line = SEMI.sub("symmetric", IN_SPACE.sub(r"\1 ", line))          # which is less, or said in short
    line = BINARY.sub(lambda m: f"R{m['size'] or ''}", POSITIVE.sub(r"\1 positive", NEUTRAL.sub("", line)))
    try:
        found = re.sub(r"(\w+) scalar\b", r"\1 in R", prose.declaration(Line(line)).read or "")
        if declarations((found,)).names and " in R" in found:
            return re.sub(r", (?=[^(]*\))", ",", found)
    except InputError:
        pass
    return VECTORS.sub(r"\1 in R^\2", SIZES.sub(r"\1 in R^(\2,\3)", re.sub(r"^[Ll]et ", "", line).rstrip(" .")))


def two_values(text: str) -> dict[str, str]:
    """What the squares of labels are by the two values that they have: 1 or the name itself.

    >>> two_values("y in {-1, 1}, s, t ∈ {0,1}^n"), two_values("y in {0, 2}"), two_values("a mask M (0/1)")
    ({'y': '1', 's': 's', 't': 't'}, {}, {'M': 'M'})
    """
    out = dict[str, str]()
    for names, *values in TWO.findall(text) if "{" in text else ():
        found = {*map(int, values)}
        out |= {n.strip(): "1" if found == {-1, 1} else n.strip() for n in names.split(",") if found in ({-1, 1}, {0, 1})}
    return out | {n: n for n in MASK.findall(text)}


def states(text: str) -> bool:
    """Whether a text without words around it declares something or gives it a structure."""
    return DECLARED.match(text) is not None or STRUCTURED.fullmatch(text) is not None or text.startswith("constant ")
