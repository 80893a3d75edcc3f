"""What a notebook shows of a verdict, of steps and of rules: small pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..deriving.record import Step
from ..language.expr import Expr, node_count
from ..reading.declarations.declare import declarations
from ..reading.parse import problem
from ..rulebook.rule import Rule
from ..rulebook.book import SOURCES, sources
from .lines import Line, cited
from .pieces import Domain, Piece
from .reasons import called, in_words
from .verdict_words import WordedVerdict, sentence
from .story import Block, Story, judged
from .verdicts import entries

LONG = 12       # nodes of a left side
Shown = WordedVerdict | Rule | Step | Sequence[Rule] | Sequence[Step]


def story(what: Shown) -> Story:
    """A page without a title."""
    if isinstance(what, WordedVerdict):
        return Story((), "", tuple(verdict(what)))
    some = [what] if isinstance(what, Rule | Step) else what
    rules = [x for x in some if isinstance(x, Rule)]
    lines = [rule(x) for x in rules] or steps(x for x in some if isinstance(x, Step))
    return Story((), "", (Block("lines", "", (), tuple(lines)), *(about(rules[0]) if len(rules) == 1 else ())))


def verdict(v: WordedVerdict) -> Iterable[Block]:
    """Its sentence, and a counterexample."""
    yield from judged(v, sentence(v), False)
    values: list[Piece] = []
    for e in entries(v):
        values += [", ", e] if values else [e]
    if values:
        yield Block("given", "For example", tuple(values))


def steps(some: Iterable[Step]) -> list[Line]:
    """A line each; a left side where one does not begin with what the one before came to, on a line of its own where it is long."""
    out: list[Line] = []
    last: Expr | None = None
    for s in some:
        before, after = s.changed
        if before is not last and node_count(before) > LONG:
            out.append(Line(None, before, relation=""))
            last = before
        out.append(Line(None if before is last else before, after, called(s), cited(s), before))
        last = after
    return out


def rule(r: Rule) -> Line:
    """Its equation, and what it is called."""
    return Line(*as_written(r), in_words(r.name), r.see)


def as_written(r: Rule) -> tuple[Expr, Expr]:
    """The sides of a rule, terms and factors as they stand in its row."""
    return problem(r.declarations, prove=r.equation.replace(" = ", " == ", 1)).as_typed().prove or (r.lhs, r.rhs)


def about(r: Rule) -> Iterable[Block]:
    """What its letters are, where it holds, where it can be read up."""
    if r.given:
        letters = [(Domain(v),) for v in declarations(r.declarations).names.values()]
        yield Block("note", "For", tuple(piece for k, item in enumerate(letters) for piece in ((", ",) if k else ()) + item))
    if r.condition:
        yield Block("note", "Where", (r.condition,))
    for key in sources(r.see):
        yield Block("sources", "Source", (f"{key}: {SOURCES[key]}",))
