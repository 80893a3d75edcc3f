"""The page of a stationary point: the derivation, the equation and its solution, when that is the only one, and what the judges say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..language.expr import SCALAR, Apply, Expr, Name
from ..language.properties import Properties
from .equations import verdict
from .lines import Line
from .pieces import Piece, listed, titled
from .verdict_words import STRENGTH, WordedVerdict
from .story import Block, Story
from .words import say


def story(derivation: Story, equation: tuple[Expr, Expr], unknown: Name, solution: Expr, inverted: Sequence[Expr], extremum: str,
          among: str, only_among: str, positive: Sequence[Expr], judged: WordedVerdict, full: bool = False) -> Story:
    """The page; `inverted` must be invertible for the solution to be the only one, and with what is `positive` positive definite for it
    to be the extremum."""
    sure = Properties({})
    of = [(e,) for e in inverted if not (sure.positive(e) if e.shape == SCALAR else sure.definite(e))]
    at = next((k for k, b in enumerate(derivation.blocks) if b.kind == "sources"), len(derivation.blocks))
    zero = "the equation is the derivative set to 0" if stacked(solution) else "the derivative is 0 there"
    proved = say(f"{zero}, ") if judged.kind in STRENGTH else say(f"whether {zero}: ")
    lines = [Line(*equation)] + ([] if equation == (unknown, solution) else [Line(unknown, solution)])
    best = [*of, *((e,) for e in positive if not sure.nonnegative(e))]
    when = tuple(_when(of, best, extremum, among, only_among, "spd" in unknown.words))
    more = [Block("lines", say("Set to zero"), (), tuple(lines)),
            Block("note", say("Solution"), when),
            *(b._replace(pieces=(proved, *b.pieces)) if b.kind == "verdict" else b for b in verdict(judged, full=full))]
    heading = titled("", "The stationary point of f in {}", (unknown,))
    return derivation._replace(heading=heading, needs=when, blocks=(*derivation.blocks[:at], *more, *derivation.blocks[at:]))


def _when(of: Sequence[tuple[Expr]], extreme: Sequence[tuple[Expr]], extremum: str, among: str, only_among: str,
          definite_only: bool) -> Iterable[Piece]:
    """When it is the only such point, and when it is the extremum; one that must be definite is such a point only where it is."""
    among, only_among = (f" among {some}" if some else "" for some in (among, only_among))
    best = f"the {extremum}{among}"
    extreme_where = _where(f"the only such point and {best}" if definite_only else best, extreme, "positive", "positive definite")
    if definite_only:
        return extreme_where
    return (*_where("the only such point" + only_among, of, "not 0", "invertible"), say("; "), *extreme_where)


def _where(point: str, which: Sequence[tuple[Expr]], number: str, matrix: str) -> tuple[Piece, ...]:
    """Where a point is what it is called: what each number and what each matrix must be."""
    out: list[Piece] = []
    for adjective, scalar in ((number, True), (matrix, False)):
        if some := [e for e in which if (e[0].shape == SCALAR) is scalar]:
            verb = " is " if len(some) == 1 else " are "
            out += [say(" and ") if out else say(f"{point} where "), *listed(some), say(verb + adjective)]
    return tuple(out) or (say(point),)


def stacked(solution: Expr) -> bool:
    """Whether a solution was found by vec."""
    return isinstance(solution, Apply) and solution.head == "unvec"
