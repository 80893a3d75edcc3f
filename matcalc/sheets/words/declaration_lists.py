"""Declarations in lists and in words: `Q, K in R^(n,d); S spd`, `A is n×n, x and y are vectors of length n`."""

from __future__ import annotations

import re
from collections.abc import Callable

from ...language.operations import STRUCTURE_WORDS
from ...language.shape import InputError
from ...reading import prose_declarations
from ...reading.declare import declarations
from ...reading.latex.names import NAME
from ...reading.tokens import Line
from .clauses import clauses
from ...patterns import pattern

LETTERS = r"[A-Za-z\u0370-\u03ff]\w*"
DECLARED = pattern(r"[\w, ]+\s(in|∈)\s+(?:(R|ℝ)\b|ℝ)|\w+\s*:\s*(R|ℝ)\S*\s*(->|→)")
SIZES = pattern(rf"\b({LETTERS}) *(?: is| are| be|:) (?:an? )?([A-Za-z]\d?|\d+)(?: x |×| × | by |x)([A-Za-z]\d?|\d+)\b"
                   r"(?: matrix| vector)?(?!\s*=)")
VECTORS = pattern(rf"\b({LETTERS}) (?:is|are) (?:an? )?(?:column )?vectors? (?:of|in|with) (?:(?:length|size|dimension) )?"
                     r"([A-Za-z]\d?|\d+)\b(?: entries| components)?")
BINARY = pattern(r"(?<=[∈ ])(?:\{ *(?:[01±+-]1?|[01]) *(?:, *[+-]?1 *)?\}|\[ *-?[01] *, *1 *\]|\( *-?[01] *, *1 *\))\^(?=[A-Za-z{])")
SPOKEN = pattern(r"(?<![\w'-])([B-HJ-Zb-hj-z\u0370-\u03ff]|[A-Za-z]\w*)(?![\w'-])")
POSITIVE = pattern(r"\b([a-z\u03b1-\u03c9]\w*) > 0(?=\s*(?:[,;.]|and\b|$))")        # A > 0 may be one of matrices
STRUCTURED = pattern(rf"({NAME.pattern}(?:(?:,| and|, and) *{NAME.pattern})*)(?: (?:is|are|be))?(?: an?)?"
                        rf"((?: (?:{'|'.join(STRUCTURE_WORDS)}))+)(?: matri(?:x|ces))?")


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
    line = BINARY.sub("R^", POSITIVE.sub(r"\1 positive", line))
    try:
        found = re.sub(r"(\w+) scalar\b", r"\1 in R", prose_declarations.declaration(Line(line)).read or "")
        if declarations((found,)).names and " in R" in found:
            return re.sub(r", (?=[^(]*\))", ",", found)
    except InputError:
        pass
    return VECTORS.sub(r"\1 in R^\2", SIZES.sub(r"\1 in R^(\2,\3)", re.sub(r"^[Ll]et ", "", line).rstrip(" .")))


Said = list[tuple[str, str]]
VERB = pattern(r" (?:is|are|be|has)\b")
MOST = 200


def spoken(line: str, known: Callable[[str], bool]) -> tuple[Said, Said]:
    """What a sentence says of the structure of names, which stand in it without dollars, and what it may say.

    >>> spoken("Suppose S is a real symmetric matrix.", lambda name: False)
    ([('S', 'symmetric')], [])
    >>> spoken("S is not symmetric", lambda name: False), spoken("if S is symmetric", lambda name: False)
    (([], []), ([], []))
    """
    names: list[str] = []
    stretches, at, first = [""], 0, len(line) - len(line.lstrip())
    for m in SPOKEN.finditer(line):
        begins = m.start() == first and VERB.match(line, m.end()) is None
        if known(m[1]) or len(m[1]) == 1 and m[1] not in "aiI" and not (m[1] == "A" and begins):
            stretches[-1] = line[at:m.start()]
            stretches.append("")
            names.append(m[1])
            at = m.end()
        if len(names) > MOST:           # no sentence speaks of so many
            return [], []
    stretches[-1] = line[at:].rstrip()
    end = stretches[-1][-1:]
    read = clauses([" ".join(re.findall(r"[a-z][a-z'-]*|[,;:()]", s.lower())) for s in stretches], end if end == "?" else ".")
    out: Said = []
    for k, clause in enumerate(read.each):
        if not clause.mood or clause.mood == "if" or read.hedged:
            continue
        out += [(names[k], word) for word in clause.front]
        first = k
        while first and read.each[first].joined and clause.plural is not False:
            first -= 1
        out += [(name, word) for name in names[first:k + 1] for word in clause.behind]
    perhaps = [(names[k], word) for k, words in read.passed.items() if not read.hedged for word in words if word in STRUCTURE_WORDS]
    return [(name, word) for name, word in out if word in STRUCTURE_WORDS or word == "constant"], perhaps
