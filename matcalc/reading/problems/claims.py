"""What a derivative is claimed to be: an expression, or an equation with the derivative on its left side, ∂f/∂x = 2x."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .assembly import Assembly, Read
from ..grammar.functions import FUNCTIONS, Code
from ..grammar.reader import Reader
from ...language.shape import InputError
from ..grammar.tokens import Line, is_name
from ...patterns import pattern

EQUALS = ("=", "==")
DIFFERENTIAL = pattern(r"\s*d ?\(?([A-Za-z]\w*)\)?\s*==?(?!=)(.*)", re.DOTALL)

PRIMED = pattern(r"\s*([A-Za-z]\w*)\s*['′’]\s*\(\s*([^\s()]+)\s*\)\s*(?==)")       # f'(x) = ..


def differential(claim: str, wrt: str) -> tuple[str, str] | None:
    """What df = .. is said of, and its right side with d(x) as a name; None where this is no such claim.

    >>> differential("df = 2*x'*d(x)", "x"), differential("df/dx = 2*x", "x")
    (('f', " 2*x'*dx"), None)
    """
    found = DIFFERENTIAL.fullmatch(claim)
    return None if found is None else (found[1], re.sub(rf"\bd ?\({re.escape(wrt)}\)", f"d{wrt}", found[2]))


def claim(made: Assembly, line: Line, named: str) -> int:
    """The number of the expression that an equation claims. Its left side names what is derived, `named` or a name of no other
    thing, and the variable that is asked for."""
    def sides(line: Line) -> Read:
        reader = Reader(line, made.scope.functions)
        left = reader.expression()
        if reader.tokens[reader.i] not in EQUALS:
            from ..grammar import syntax_errors
            raise syntax_errors.unexpected_token(reader)
        used, reader.used = reader.used, []
        reader.i += 1
        start = reader.i
        right = reader.whole()
        turned = left[-1][0] == "'"         # ∂f/∂xᵀ = ..
        of = derived(left[:-1] if turned else left)
        if of is None or of[1] != made.wrt or (of[0] != named and (
                (named and named in made.defined) or of[0] in made.defined or of[0] in made.scope.names or of[0] in reader.used)):
            raise misnamed(line, made.wrt, of, used)
        return reader, [[*right, *([("'", start, None)] if turned else [])]]
    primed = PRIMED.match(line.text, line.start, line.end)
    if primed is not None and primed[2] == made.wrt and not {*made.scope.names, *made.scope.functions, *made.defined} & {primed[1]}:
        line = Line(f"d({primed[1]})/d({primed[2]}) {line.text[primed.end():line.end]}", line.number)
    for name in called(line.tokens, made.wrt):
        if name not in made.scope.names and name not in made.scope.functions and name not in FUNCTIONS and name not in made.defined:
            made.arguments[name] = (made.wrt,)
    reader, codes = made.read(line, sides, True)
    return made.keep(reader, codes[0])


def called(tokens: Sequence[str], x: str) -> list[str]:
    """The names on the left side with x in brackets behind them: the f of ∇f(x) = ..

    >>> called(["f", "(", "x", ")", "=", "g", "(", "x", ")"], "x")
    ['f']
    """
    left = tokens[:min(tokens.index(sign) for sign in EQUALS if sign in tokens)]
    return [name for name, *rest in zip(left, left[1:], left[2:], left[3:], strict=False) if is_name(name) and rest == ["(", x, ")"]]


def derived(code: Code) -> tuple[str, str] | None:
    """The names of d(f)/d(x).

    >>> derived(Reader(Line("d(f)/d(x)"), {}).whole()), derived(Reader(Line("d(f)"), {}).whole())
    (('f', 'x'), None)
    """
    if [op for op, _, _ in code] != ["name", "name", "derivative"]:
        return None
    return code[0][2], code[1][2]


def misnamed(line: Line, wrt: str, of: tuple[str, str] | None, used: list[str]) -> InputError:
    """A left side that is not the derivative asked for."""
    if of is not None and of[1] != wrt:
        return line.error(f"the left side is the derivative with respect to {of[1]}, but the one with respect to {wrt} is asked for", 0)
    name = next((n for n in used if n != wrt), "f")
    return line.error("the left side of a claim must be the derivative that is asked for", 0,
                      f"write d({name})/d({wrt}) = .., or only the claimed value; `prove` judges an equation of differentials")
