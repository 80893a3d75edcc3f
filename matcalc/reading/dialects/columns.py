"""Blanks in square brackets: [A B; C D] is a matrix of blocks, as in MATLAB and Julia, and [A x + b] a formula in brackets.

A blank between two operands separates columns there, and so does one before a sign that stands close to what follows: [A -B]. A bracket
is read in both ways and the shapes decide; where they allow both, it is refused with both readings. In a bracket with rows or commas a
product is meant only where it may be a column: [A x; B y] is refused, [A B; C D] is not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .context import Context, unknown
from ..declarations.declare import Declarations
from ..grammar.functions import SIZED
from ..grammar.kinds import usual
from ..inference.statements import Statement
from ...language.nodes import Name
from ...language.shape import InputError
from ..inference.undeclared import undeclared
from ..grammar.reader import Reader
from ..grammar.lexer import Sign, is_number
from ..grammar.tokens import Line, Token, is_name
from ..grammar.brackets import depths

OPENS, CLOSES, BARS = frozenset("([{"), frozenset(")]}"), frozenset("|‖")
BEHIND = frozenset((*CLOSES, "'", "½", "𝟏", "𝟎"))
BEFORE = frozenset((*OPENS, "√", "∇", "∂", "½", "𝟏", "𝟎"))


def parted(inside: Sequence[Sign], function: Callable[[str], bool]) -> list[Sign] | None:
    """The signs of a bracket with a comma for every blank that separates columns; None where none does.

    >>> from ..grammar.lexer import signs
    >>> [s.text for s in parted(signs("A -B; x' 1"), lambda name: False)]
    ['A', ',', '-', 'B', ';', 'x', "'", ',', '1']
    >>> parted(signs("A - B; log x"), lambda name: name == "log")
    """
    out: list[Sign] = []
    depth, opened = 0, ""
    for k, sign in enumerate(inside):
        closing = bool(opened) and sign.text == opened
        if k and depth == 0 and not closing and sign.gap and _ends(inside[k - 1], function) and _begins(sign, inside[k + 1:k + 2]):
            out.append(Sign(",", sign.start, sign.start))
        if sign.text in BARS and opened in ("", sign.text):
            opened, depth = ("", depth - 1) if closing else (sign.text, depth + 1)
        depth += (sign.text in OPENS) - (sign.text in CLOSES)
        out.append(sign)
    return out if len(out) > len(inside) else None


def _ends(sign: Sign, function: Callable[[str], bool]) -> bool:
    """Whether an operand ends here."""
    text = sign.text
    if is_name(text):
        return not function(text) and text not in SIZED
    return is_number(text) or text in BEHIND or text in BARS or (text[0] in "^_" and len(text) > 1)


def _begins(sign: Sign, after: Sequence[Sign]) -> bool:
    """Whether an operand begins here; a sign with no blank behind it begins one."""
    if sign.text in ("+", "-"):
        return bool(after) and not after[0].gap
    return is_name(sign.text) or is_number(sign.text) or sign.text in BEFORE or sign.text in BARS


def scaled(parts: Sequence[Sign]) -> bool:
    """Whether a column is a number that nobody writes as a factor: the 1 of [1 x'], the 0 of [0 x']."""
    return any(comma.text == "," and number.text in ("0", "1") and (before is None or before.text in (",", ";"))
               for before, number, comma in zip([None, *parts], parts, parts[1:], strict=False))


def starred(inside: Sequence[Sign]) -> bool:
    """Whether products are written with a star there, and nothing is added: [2*A B]."""
    return "*" in {s.text for s in inside} and not any(
        s.text in ("+", "-") and k and s.gap and inside[k + 1:k + 2] and inside[k + 1].gap for k, s in enumerate(inside))


def mixed(parts: Sequence[Sign]) -> bool:
    """Whether a row has commas that were typed and blanks: [A x, y]."""
    rows: list[set[bool]] = [set()]
    for s, depth in zip(parts, depths(s.text for s in parts), strict=True):
        if depth == 0 and s.text == ";":
            rows.append(set())
        elif depth == 0 and s.text == ",":
            rows[-1].add(s.start == s.end)
    return any(len(r) > 1 for r in rows)


def fits(line: Line, tokens: Sequence[Token], around: Context) -> bool:
    """Whether shapes can be found for this, with no vector a number and no matrix a vector."""
    found = extents(line, tokens, around)
    return found is not None and all(rows and (columns or usual(name) == "vector") for name, (rows, columns) in found.items()
                                     if usual(name) != "scalar")


def extents(line: Line, tokens: Sequence[Token], around: Context) -> dict[str, tuple[bool, bool]] | None:
    """Of each name that not declared, whether it has rows and columns here; None where no shapes can be found."""
    reading = line.reading(tokens)
    scope = _scope(around)
    try:
        reader = Reader(reading, scope.functions)
        codes = [reader.expression() if around.equation else reader.whole()]
        if around.equation and reader.tokens[reader.i] == "==":
            reader.i += 1
            codes.append(reader.whole())
        for name in reader.sizes:
            scope.origins.setdefault(name, "here")
        missing = [n for n in undeclared([reader], scope)[0] if n != "I"]
        from ..inference import infer
        statements = [Statement(reading, code, equals=k > 0) for k, code in enumerate(codes)]
        table = infer.Table(scope, statements, missing, "I" in reader.used and "I" not in scope.names)
        table.settle(range(len(statements)))
    except InputError:
        return None
    return table.extents()


def _scope(around: Context) -> Declarations:
    scope = around.scope.copy()
    for name in around.defined:
        shape = around.shape(name)
        if not any(map(unknown, shape)):
            scope.enter(Name(name, shape), "its definition")
    return scope
