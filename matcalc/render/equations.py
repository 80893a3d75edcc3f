"""A judged equation or claim as a story: what was judged, what the judges say, where it fails and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
    return Story(say("An equation"), "", (*blocks, *verdict(v, diagnosis, full)))


def verdict(v: Said, diagnosis: Diagnosis = NOTHING, full: bool = False) -> Iterable[Block]:
    """What the judges say, the values of a counterexample, and what was diagnosed."""
    yield from judged(v, sentence(v), full)
    values = [p for e in entries(v) for p in (", ", e)][1:]
    if values:
        yield Block("given", say("For example"), tuple(values))
    if diagnosis:
        yield Block("note", "", (say("It is {}.", diagnosis) if diagnosis.noun else capital(diagnosis) + say("."),))


def beside(page: Story, what: str, closed: Expr | str | None, v: Said, diagnosis: Diagnosis = NOTHING) -> Story:
    """A page with the verdict on a claimed or expected closed form, in front of its sources."""
    at = next((k for k, b in enumerate(page.blocks) if b.kind == "sources"), len(page.blocks))
    more = (Block("given", say(what), (closed or "",)), *verdict(v, diagnosis))
    return page._replace(blocks=(*page.blocks[:at], *more, *page.blocks[at:]))
