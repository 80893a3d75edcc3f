"""A judged equation as a story, for the media that have pages."""

from __future__ import annotations

from collections.abc import Sequence

from ..reading.inference.statements import Inferred
from ..language.expr import Expr
from .lines import Line
from .read import readings
from .said import Said
from .diagnosis import NOTHING, Diagnosis
from .said import sentence
from .inferred import inferred
from .story import Block, Story, judged
from .verdicts import capital, entries
from .words import say


def story(sides: tuple[Expr, Expr] | None, asked: str, v: Said, diagnosis: Diagnosis = NOTHING, found: Sequence[Inferred] = (),
          typed: Sequence[str] = (), full: bool = False) -> Story:
    """The equation, how it was read, what the judges say, and where it fails."""
    blocks = [Block("read", "" if i else say("Read as"), (text,)) for i, text in enumerate(typed)]
    blocks += [Block("note", "", (f"{text}.",)) for text in readings(v)]
    if found:
        blocks.append(Block("given", say("Inferred"), tuple(inferred(found))))
    if sides is None:
        blocks.append(Block("given", say("Equation"), (asked,)))
    else:
        blocks.append(Block("lines", "", (), (Line(sides[0], sides[1], relation="!=" if v.kind == "refuted" else "="),)))
    blocks += judged(v, sentence(v), full)
    values = [p for e in entries(v) for p in (", ", e)][1:]
    blocks += [Block("given", say("For example"), tuple(values))] if values else []
    if diagnosis:
        blocks.append(Block("note", "", (say("It is {}.", diagnosis) if diagnosis.noun else capital(diagnosis) + say("."),)))
    return Story(say("An equation"), "", tuple(blocks))
