"""Several gradients as one page: the chain of small derivations from the last definition to the variables, and as data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from ..deriving.derivation import Derivation
from ..deriving.order import as_typed
from ..deriving.sweep import Link
from ..deriving.naming import letter
from ..language.deadline import Expired
from ..language.expr import Apply, Dim, Expr, Name, T, apply, differentiated, mul, tr
from ..reading.parse import Declarations, Problem
from ..proof.verdict import Verdict, Cause
from .data import reasons, verdict, where
from .latex import latex
from .lines import Line
from .sweep_parts import Part
from .pieces import Piece, Relation, Size, titled
from .verdict_words import KINDS, reason, said, sentence, where as needs
from .story import Block, chapter, explained, function, given, judged as verdict_blocks, Story
from .words import say


ANY = ("u", "v", "q", "y", "z", "w")       # what any name on the way is called, the first that is free
PERIOD = 12     # names in a layer
MANY = 4        # layers that are written out


def derivation(d: Derivation, judged: Verdict, detail: str = "normal") -> Story:
    """The page of one gradient through a long chain."""
    p = d.problem.replace(several=(d.problem.wrt,))
    told = sentence(judged, detail != "full")
    try:
        return story(p, d.links, judged, told, detail=detail)
    except Expired as e:
        return story(p, d.links, judged, told, e.seconds, detail)


def story(p: Problem, parts: Sequence[Part], judged: Verdict, told: tuple[Piece, ...], late: float = 0,
          detail: str = "normal") -> Story:
    """The page; without the steps where they are `late` or it is to be `brief`."""
    f = letter(p, p.function)
    blocks = [*given(p), *function(p, f)]
    if any(q.link.users for q in parts):
        blocks.append(Block("note", say("Chain"), chained(f, p.scope)))
    for run in runs([q for q in parts if not q.link.share or q.like < 0]):
        if run[0].link.shares:
            blocks.append(summed(run[0], f))
        elif run[0].like < 0:
            blocks += shown(run[0], f, not late and detail != "brief", detail == "full")
        else:
            blocks += repeated(run, f)
    if late:
        blocks.append(Block("note", say("Note"), (say("The steps were not drawn in {} s.", f"{late:g}"),)))
    blocks += verdict_blocks(judged, told, detail == "full")
    blocks += explained(blocks, p.source or "") if detail != "brief" else []
    asked = [q for n in p.several for q in (", ", n)][1:]
    heading = titled(p.title, f"The gradient{'s' * (len(p.several) > 1)} of {{}} with respect to {{}}", (f,), tuple(asked))
    orders = as_typed(p)
    for q, d in ((q, q.record) for q in parts if q.like < 0):
        own = {} if d is None else d.result_orders if late or detail == "brief" else d.orders
        orders = {q.link.own(e, True): tuple([q.link.own(t, True) for t in terms]) for e, terms in own.items()} | orders
    return Story(heading, say(p.source), tuple(blocks), needs(judged), orders)


def verdict_lines(judged: Verdict, *words: Piece) -> tuple[Piece, ...]:
    """The verdict on all gradients, and where it holds."""
    return (*words, *((say(", "), *needs(judged)) if judged.needs else ()), say("."))


def chained(f: Expr, scope: Declarations) -> tuple[Piece, ...]:
    """How the differentials hang together, in a letter that is not taken."""
    called = next((n for n in ANY if n not in scope.names and n not in scope.origins), "u")
    u, delta = (Name(n, (Dim.of("m"), Dim.of("n"))) for n in (called, f"delta_{called}"))
    du = apply("d", u)
    return (apply("d", f), say(" is the sum of "), tr(mul(T(delta), du)), say(" over the names "), u, say(" that use the variable, "),
            delta, say(" the gradient with respect to "), u, say("; all else in "), du, say(" is held fixed"))


def runs(parts: Sequence[Part]) -> Iterable[Sequence[Part]]:
    """The links one by one; those that repeat earlier ones together, as long as they take turns in the same order."""
    start = 0
    while start < len(parts):
        stop = start + 1
        if parts[start].like >= 0:
            stop = start + max(taking_turns(parts[start:], period) for period in range(1, PERIOD + 1))
        yield parts[start:stop]
        start = stop


def taking_turns(parts: Sequence[Part], period: int) -> int:
    """How many repeated links there are until one is not like the one a period before."""
    count = 0
    while count < len(parts) and parts[count].like >= 0 and (parts[count].name is None) == (parts[0].name is None) and (
            count < period or parts[count].like == parts[count - period].like):
        count += 1
    return count if count > period else 1


def repeated(run: Sequence[Part], f: Expr) -> Iterable[Block]:
    """Links that are as earlier ones in other letters: what they give, or of many layers the first and the last one."""
    period = next(k for k in range(1, PERIOD + 1) if taking_turns(run, k) == len(run))
    each = [[numbered(q.wrt) for q in run[k::period]] for k in range(min(period, len(run)))]
    steps = {b - a for numbers in each for a, b in pairwise(numbers)}
    few = len(run) <= MANY * period or steps not in ({1}, {-1})
    first, last = numbered(run[0].wrt), numbered(run[-1].wrt)
    label = say("In the same way") if few else say(
        "In the same way for k = {}, {}, ..., {}; the first and the last", first, each[0][1], last)
    for k, part in enumerate([run] if few else [run[:period], run[-period:]]):
        yield Block("lines", "" if k else label, (), tuple(Line(called(q, f), q.result) for q in part))


def numbered(n: Name) -> int:
    """The number a name ends in; 0 if there is none."""
    found = re.search(r"\d+$", n.name)
    return int(found[0]) if found else 0


def called(q: Part, f: Expr) -> Expr:
    """A gradient: its own name, or df/dx."""
    return q.name if q.name is not None else apply("derivative", f, q.wrt)


def shown(q: Part, f: Expr, steps: bool = True, full: bool = False) -> Iterable[Block]:
    """One link: its small derivation, and what is read off."""
    d = q.record
    assert d is not None
    opening, after = q.link.opening, d.steps if steps else []
    known = next((i for i, s in enumerate(after) if s.after is opening), None)      # what leads there is the chain rule
    if known is None and opening is not None:       # or until the names it goes through have their terms
        through = {t for t in terms_of(opening) if differentiated(t) is None}
        known = next((i for i, s in enumerate(after) if through <= set(terms_of(s.after))), None)
    blocks = chapter(d, f, after[known + 1:] if known is not None else after, full=full) if steps else [
        Block("result", say("Read off"), (Size(d.result.shape), say(f", {d.layout} layout")), (Line(None, d.result),), d.layout),
        *([Block("where", say("where"), tuple(Relation(n, body) for n, body in d.where))] if d.where else [])]
    about, over = heading(q), False
    for b in blocks:
        if over and q.name is not None and b.kind != "where":
            continue        # what it means for a variable with structure is not asked of a name on the way
        over = over or b.kind == "result"
        if known is None and q.link.users and b.kind == "lines" and b.lines[0].left is f:
            b = b._replace(lines=(b.lines[0]._replace(left=d.f), *b.lines[1:]))
        if b.kind == "lines" and about:
            b, about = b._replace(about=about), ()
        if b.kind == "result":      # the layout is that of the gradients, and said with them
            b = b._replace(lines=(b.lines[0]._replace(left=None if q.link.share else called(q, f)), *b.lines[1:]),
                           pieces=b.pieces if q.name is None else b.pieces[:1])
        if b.lines:
            more = (Line(None, q.result),) if b.kind == "result" and q.result is not q.link.own(d.result) else ()
            b = b._replace(lines=(*(in_own_names(q.link, line) for line in b.lines), *more))
        elif b.kind == "where":
            b = b._replace(pieces=tuple(Relation(p.left, q.link.own(p.right, True)) if isinstance(p, Relation) else p for p in b.pieces))
        yield b


def terms_of(e: Expr) -> Sequence[Expr]:
    """The terms of a line."""
    return e.args if isinstance(e, Apply) and e.head == "+" else (e,)


def in_own_names(link: Link, line: Line) -> Line:
    """A line with the names of the problem in the places of the letters that stand for them."""
    def own(e: Expr) -> Expr:
        return link.own(e, True)
    since = line.since and Relation(own(line.since.left), own(line.since.right))
    return line._replace(left=line.left and own(line.left), right=own(line.right), before=line.before and own(line.before), since=since,
                         about=tuple(map(own, line.about)))


def summed(q: Part, f: Expr) -> Block:
    """What the shares of very many names come to: those that are shown, and the others in the same way."""
    return Block("lines", say("In the same way"), (), (Line(called(q, f), q.result),))


def heading(q: Part) -> tuple[Piece, ...]:
    """What a link is about."""
    users = tuple(p for u in q.link.users for p in (", ", u))[1:]
    about: tuple[tuple[Piece, ...], ...] = ((q.wrt,), users) if users else ((q.wrt,),)
    first, *words = say("With respect to {}, through {}" if users else "With respect to {}").split("{}")
    return (first, *(p for pieces, text in zip(about, words, strict=True) for p in (*pieces, text) if p))


def verdict_in_words(judged: Verdict, counts: Mapping[str, int], together: Verdict) -> str:
    """What is known of all gradients: how many links are proved, and whether all together fit f."""
    if judged.kind == "refuted":
        return said(judged)
    links = say(", ").join(say(f"{{}} {kind}", counts[kind]) for kind in KINDS if counts.get(kind))
    text = say("each gradient a claim of its own: {}", links)
    if judged.kind == "undecided" and judged.reason is not None:
        text += f" ({reason(judged.reason)})"
    if together.kind in ("proved", "checked"):
        text += say("; all together agree with the function along random directions")
    elif together.kind == "undecided" and together.reason is not None and together.reason.why is not Cause.NAMELESS:
        text += say("; all together were not compared with the function: {}", reason(together.reason))
    return text


def data(p: Problem, parts: Sequence[Part], judged: Verdict, words: str) -> dict[str, object]:
    """Problem, gradients, deltas and verdicts."""
    typed = p.as_typed()
    links: list[dict[str, Any]] = [
        {"wrt": str(q.wrt), "name": None if q.name is None else str(q.name), "through": [str(u) for u in q.link.users],
         "expr": str(q.link.own(q.link.problem.as_typed().f or q.wrt, True)), "result": str(q.result), "where": where(q.where),
         "shape": [str(d) for d in q.result.shape], "latex": latex(q.result), "verdict": verdict(q.verdict)} for q in parts]
    own = {q["wrt"]: q for q in links}      # the last one, after its shares
    return {"problem": {"define": where(typed.definitions), "expr": str(typed.f), "wrt": [str(n) for n in p.several],
                        "inferred": [str(i) for i in p.inferred], "inferred_from": reasons(p.inferred_from), "layout": p.layout},
            "gradients": {n.name: {k: own[n.name][k] for k in ("name", "result", "shape", "latex")}
                          | {"verdict": own[n.name]["verdict"]["kind"]} for n in p.several},
            "deltas": {q["name"]: q["result"] for q in links if q["name"]}, "links": links, "read": list(p.read),
            "verdict": {**(verdict(judged) or {}), "detail": words}}
