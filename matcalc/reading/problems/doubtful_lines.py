"""Lines that the language can read and that may mean something else: AB for A*B, x^T, dX in an equation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

from ..declarations.declare import Declarations
from ..dialects.context import numbered
from ..inference.hints import hints
from ..inference.statements import Statement
from ..grammar.functions import FUNCTIONS, TAKES, Code
from ..grammar.joined_names import applied, compound
from ..grammar.reader import Reader
from ..grammar.spellings import rows
from ..grammar.tokens import scripts
from ...language.shape import ONE, SCALAR
from ...patterns import pattern

TURNED = pattern(r"\^\s*(?:\+|\(1\))|(?<![\w.])11?\s*'|"
                 r"\*\s*1(?![\w.]|\s*[/*^])|(?<![\w.*/^])1\s*\*\s*\w+'(?!\s*\*)")         # A^+; W^(1) of a first layer; 1'x; x'*1, 1*x'
WORDS = pattern(r"[^\W\d_]+")


class Above(Protocol):
    """What was read above a line."""

    scope: Declarations
    wrt: str
    moving: str
    defined: set[str]
    statements: list[Statement]

    def knows(self, name: str) -> bool:
        """Whether a name is declared or defined, or is a size."""


def suspicious(reader: Reader, codes: Sequence[Code], made: Above) -> bool:
    """Whether a name that is not declared may be written for something else: AB for A*B, x^T, dX in an equation."""
    text = reader.line.text
    if not text.isascii() and ("·" in text or "⋅" in text or any(map(scripts, WORDS.findall(text)))):
        return True
    words = (n for n in reader.used if not made.knows(n) and (n in ("T", "H") or len(n) > 1 and not numbered(n, made.knows)))
    return twofold(reader, codes, made) or any(n in FUNCTIONS or not (n in TAKES or rows(n)) for n in words)


def trees(reader: Reader, codes: Sequence[Code]) -> list[list[tuple[str, Any]]]:
    """What raw trees say, wherever it stands in the line."""
    return [[(op, [reader.tokens[k] for k in data] if op in ("*", ".*", "kron") else data if op not in ("^", ".^") else None)
             for op, _, data in code] for code in codes]


def slopes(reader: Reader, codes: Sequence[Code]) -> Counter[str]:
    """How many derivatives and differentials there are."""
    return Counter(op for code in codes for op, _, _ in code if op in ("d", "derivative"))


def twofold(reader: Reader, codes: Sequence[Code], made: Above) -> bool:
    """Whether a name that is not declared may be something else than the language says: Ty in x^Ty, e in e^x, the matrix B in A/B, the
    matrix A in dot(A, x), the ones in 1'x."""
    tokens, scope = reader.tokens, made.scope
    new = [n for n in reader.used if n not in scope.names and n not in made.defined]
    doubtful = {n for n in new if (n == "e" or n[0].isupper() and n != "T") and n not in scope.origins}
    if TURNED.search(reader.line.text) is not None or "sum" in tokens and any(n[-2:] in ("_i", "_j") for n in new):
        return True             # sum(x_i)
    if not new and "/" not in tokens:
        return False
    if "dot" in tokens and any(name == "dot" and n in doubtful for name, _, n in zip(tokens, tokens[1:], tokens[2:], strict=False)):
        return True
    if "/" in tokens:
        doubtful |= {n for n in reader.used if ONE not in scope.shapes.get(n, SCALAR)}
    signed = ["^" if t == "-" and before == "^" else t for before, t in zip(["", *tokens], tokens, strict=False)] if doubtful else []
    doubtful = doubtful and {n for before, n, after in zip(["", "", *signed], ["", *signed], signed, strict=False) if n in doubtful and (
        (after == "^" and n == "e") or (before == "^" and n[0] == "T") or (before == "/" and n != "e" and after != "("))}
    known = {*scope.names, made.wrt or made.moving} if new else set()
    below = {n for sign, n in zip(tokens, tokens[1:], strict=False) if sign == "/"} if "/" in tokens else set()
    if any(applied(n, known.__contains__) or n[-1] == "e" and n[:-1] in known or n in below and compound(n, known)
           or n[:2] in ("H_", "J_", "D_") and (n[2:] in known or n[2:] in made.defined) for n in new if len(n) > 1):
        return True             # lnx, xe^x, c/yz, the Hessian H_f
    if doubtful and any(sign == "/" and two in doubtful and (one[0].isupper() or one == "'" and two in scope.shapes)
                        for one, sign, two in zip(tokens, tokens[1:], tokens[2:], strict=False)):
        return True             # A/B of two matrices, b'/B of a declared one, whatever else is said of B
    lines = [*((reader.line, code) for code in codes), *((s.line, s.code) for s in made.statements)] if doubtful else []
    return bool(doubtful.difference(*(hints(line, code).square for line, code in lines)))
