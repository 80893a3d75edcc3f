"""Lines that a sentence says to hold in a case, `for d < m`, of functions that are made of pieces: max(0, m - d) is m - d there."""

from __future__ import annotations

from ...language.expr import SCALAR
from ...patterns import pattern
from ...reading.grammar.brackets import ROUND, closing
from ..parts.formula import formula, undeclared
from ..parts.marks import Mark
from ..parts.records import Row
from .line import judged_if_read
from .setting import Setting
from .so_far import not_judged
from .conditions import spelt_out

PIECES = {"relu": ("({})", "0"), "step": ("1", "0"), "sign": ("1", "(-1)"), "abs": ("({})", "(-({}))")}       # above zero, and below it
CALL = pattern(rf"\b({'|'.join(PIECES)})\(")


def in_case(s: Setting, i: int, line: str, row: Row, found: Mark) -> Mark | None:
    """The mark of a line in the case that was spoken of last, where a function in it has one of its pieces there; None of any other. Below
    the sentence that speaks of it the line may be about another."""
    case = next((a for a in reversed(s.sheet.facts.cases) if a.begins <= i), None)
    if case is not None:            # what is compared is a number, where nothing says otherwise
        compared = formula(case.text).names & {g.name for g in s.inferred if g.shape != SCALAR} - s.declared
        s = s.but(declare=[*undeclared(s.declare, compared), *(f"{n} in R" for n in sorted(compared))]) if compared else s
    carried = s.carried_out(line) if case is not None else None
    if case is None or carried is None:
        return None
    sides = spelt_out(s, str(carried)), spelt_out(s, row.right)
    there = [_piece(s, ("1", *case.text.split("; ")), side) for side in sides]
    if (*there,) == sides or CALL.search(sides[0]) is None:
        return None
    follows = s.proved(*there)
    if follows and i >= case.ends:
        return not_judged(row, found.text, "perhaps", " and ".join(f"{text} > 0" for text in case.text.split("; ")))
    again = judged_if_read(s, there[0], row._replace(right=there[1])) if follows or not CALL.search("".join(there)) else None
    if again is None or again.mark not in ("follows", "does not follow"):
        return not_judged(row, found.text, "perhaps", " and ".join(f"{text} > 0" for text in case.text.split("; ")))
    return again._replace(text=found.text)


def _piece(s: Setting, positive: tuple[str, ...], text: str) -> str:
    """A text with the pieces that functions in it are where some expressions are positive."""
    for m in reversed([*CALL.finditer(text)]):
        end = closing(text, m.end() - 1, ROUND)
        of = text[m.end():end]
        below = next((k for e in positive for k, sign in enumerate(("", "-")) if s.proved(of, f"{sign}({e})")), None)
        text = text if below is None else f"{text[:m.start()]}{PIECES[m[1]][below].format(of)}{text[end + 1:]}"
    return text
