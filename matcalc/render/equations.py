"""A judged equation or claim as a story: what was judged, what the judges say, where it fails and why."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.expr import Expr
from ..reading.problems.problem import Problem
from .lines import Line
from .notes import by_entries
from .inferred import readings
from .verdict_words import WordedVerdict, sentence
from .diagnosis import NOTHING, Diagnosis
from .slips import pieces
from .story import Block, Story, given, judged
from .verdicts import capital, entries
from .words import say


def story(p: Problem, v: WordedVerdict, diagnosis: Diagnosis = NOTHING, full: bool = False) -> Story:
    """The equation, how it was read, what is given, what the judges say, and where it fails."""
    sides = p.as_typed().prove
    blocks = [*given(p), *(Block("note", "", (f"{text}.",)) for text in readings(v))]
    if sides is None:
        blocks.append(Block("given", say("Equation"), (str(p.text.get("prove") or ""),)))
    else:
        blocks.append(Block("lines", "", (), (Line(sides[0], sides[1], relation="!=" if v.kind == "refuted" else "="),)))
    constant = sides is not None and not (sides[0].names | sides[1].names)
    told = [Block("note", "", (f"{text}.",)) for text in by_entries(*sides or (), everywhere=v.kind == "refuted")]
    return Story((say("An equation"),), "", (*blocks, *verdict(v, diagnosis, full, constant), *told))


def verdict(v: WordedVerdict, diagnosis: Diagnosis = NOTHING, full: bool = False, constant: bool = False) -> Iterable[Block]:
    """What the judges say, the values of a counterexample, and what was diagnosed."""
    yield from judged(v, sentence(v, constant=constant), full)
    values = [p for e in entries(v) for p in (", ", e)][1:]
    if values:
        yield Block("given", say("For example"), tuple(values))
    if diagnosis:
        first, *more = pieces(diagnosis)
        before, _, after = say("It is {}." if diagnosis.noun else "{}.", "\0").partition("\0")
        if not diagnosis.noun and isinstance(first, str):
            first = capital(first)
        yield Block("note", "", tuple(p for p in (before, first, *more, after) if p))


def beside(page: Story, what: str, closed: Expr | str | None, v: WordedVerdict, diagnosis: Diagnosis = NOTHING) -> Story:
    """A page with the verdict on a claimed or expected closed form, in front of its sources."""
    at = next((k for k, b in enumerate(page.blocks) if b.kind == "sources"), len(page.blocks))
    more = (Block("given", say(what), (closed or "",)), *verdict(v, diagnosis))
    return page._replace(blocks=(*page.blocks[:at], *more, *page.blocks[at:]))
