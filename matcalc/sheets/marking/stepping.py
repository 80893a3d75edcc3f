"""One step of a backward pass, judged by itself, with what is wrong with it: the time does not grow with the sheet.

What a step says holds whatever the loss makes of the names that it goes through, and whatever stands below the names by which it
differentiates.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from ... import judges
from ...deriving.substitute import substitute
from ...diagnose.equations import solved
from ...language.expr import Expr, InputError, Name, differentiates
from ...language.shape import Shape
from ...language.traversal import reachable
from ...reading.inference.statements import said
from ...reading.parse import Problem, problem
from ...records import Record
from ...render.verdict_words import WordedVerdict
from ..parts.definition_parts import DefinitionParts
from ..parts.formula import declared, formula, put
from .setting import Setting


def by_step(s: Setting, left: str, right: str) -> tuple[Problem, WordedVerdict, Problem] | None:
    """A step of derivatives that is proved by itself; and the same with the names in it that stand for derivatives."""
    used, found = _steps(s, left, right)
    for step in found:
        if step not in s.memory.steps:
            s.memory.steps[step] = _proved(s, step)
        proved = s.memory.steps[step]
        if proved is not None and not used:
            return *proved, proved[0]
        if proved is not None:
            try:
                q = step.problem(f"{left} == {right}", [said(n, s.shapes[n]) for n in used])
            except InputError:
                return None
            return (*proved, q) if q.ill_shaped is None else None
    return None


def step_apart(s: Setting, left: str, right: str) -> tuple[Problem, Expr, Expr, Expr] | None:
    """A step by itself: the derivative on its left, what that is by the rules, and its right side; derivatives by their names where
    they have one."""
    used, found = _steps(s, left, right)
    names = {body: name for name, body in used.items()}
    for step in found:
        try:
            p, q = (step.problem(f"{side} == {side}") for side in (step.left, step.right))
            if p.prove is None or q.prove is None or p.inferred or q.inferred or judges.nowhere(p) or judges.nowhere(q):
                return None
            wanted, claimed = solved(p, p.prove[0]), solved(q, q.prove[0])
        except InputError:
            return None
        if any(map(differentiates, (wanted, claimed))):
            continue
        before = p.prove[0]
        called: dict[Expr, Expr] = {g: Name(names[g.name], g.shape) for a in p.abstract for g in a.gradients if g.name in names}
        p = p.replace(definitions=[(n, substitute(b, called)) for n, b in p.definitions], deadline=s.clock.within(),
                      constants=(*p.constants, *names.values()))
        return p, before, substitute(wanted, called), substitute(claimed, called)
    return None


def holds(s: Setting, left: str, right: str) -> bool:
    """Whether two sides are equal for every size."""
    if by_step(s, left, right) is not None:
        return True
    p = s.equation(left, right)
    return p is not None and judges.equation(p).kind == "proved"


def _steps(s: Setting, left: str, right: str) -> tuple[dict[str, str], Iterator[Step]]:
    """The names in a line that stand for derivatives, with these; the line as steps, with the derivatives written out."""
    used = {n: s.derivatives[n] for n in formula(f"{left} {right}").names if n in s.derivatives and n in s.shapes}
    return used, steps(written_out(left, used), written_out(right, used), s.made, s.shapes, s.declare)  # type: ignore[arg-type]


def _proved(s: Setting, found: Step) -> tuple[Problem, WordedVerdict] | None:
    try:
        p = found.problem(f"{found.left} == {found.right}")
    except InputError:
        return None
    p = p.within(s.clock.within())
    if p.inferred or p.ill_shaped is not None or judges.nowhere(p):
        return None
    verdict = judges.equation(p)
    key = tuple(s.declare), tuple(s.define), s.given.losses
    return (p, verdict) if verdict.kind in judges.HOLDS and all(s.memory.met(c, key) for c in verdict.needs) else None


class Step(Record):
    """An equation, and what is needed to judge it: declarations, definitions, and what an abstract loss is a function of."""

    left: str
    right: str
    declare: tuple[str, ...]
    define: tuple[str, ...]
    losses: tuple[tuple[str, tuple[str, ...]], ...]

    def problem(self, prove: str, more: Sequence[str] = ()) -> Problem:
        """The same as a problem, of this equation or another one about the same; more names may be declared."""
        named = [text for text in more if text not in self.declare]
        return problem([*self.declare, *named], self.define, losses=dict(self.losses), prove=prove)


def steps(left: str, right: str, made: DefinitionParts, shapes: Mapping[str, Shape], declare: Sequence[str]) -> Iterator[Step]:
    """An equation of derivatives with as little as it can be judged by: with an abstract loss, then with the one that is defined.

    What is proved of it holds of the equation as it stands; what does not hold of it may."""
    texts = left, right
    used = [quotient for text in texts for quotient in formula(text).quotients]
    if not used or len(used) < sum(len(formula(text).parts) for text in texts):
        return
    through = between(used, made) if used[0] in formula(right).quotients or len(set(used)) > 1 else ()
    for around in dict.fromkeys((through, ())):
        found = _cut(texts, used, around, made, shapes, declare)
        if found is not None:
            yield found


def between(used: Sequence[tuple[str, str]], made: DefinitionParts) -> tuple[str, ...]:
    """The names nearest to the loss by which it is differentiated, where through these alone it depends on the others."""
    [f, *more] = {f for f, _ in used}
    by = {x for _, x in used}
    if more or f not in made.bodies or f in by:
        return ()
    last = [y for y in by if y in made.bodies and not any(y in made.below(z) for z in by)]
    return () if any(_reaches(f, x, last, made) for x in by.difference(last)) else tuple(sorted(last))


def _reaches(f: str, x: str, around: Sequence[str], made: DefinitionParts) -> bool:
    """Whether f depends on x otherwise than through some names."""
    return x in reachable([f], lambda name: made.bodies[name] if name not in around and x in made.below(name) else ())


def _cut(texts: tuple[str, str], used: Sequence[tuple[str, str]], around: tuple[str, ...], made: DefinitionParts,
         shapes: Mapping[str, Shape],
         declare: Sequence[str]) -> Step | None:
    """The equation without what it does not speak of; None where nothing can be left out."""
    by = {x for _, x in used}
    abstract = {f for f, _ in used} if around else set()
    if any(f not in abstract and by.isdisjoint(made.below(f)) for f, _ in used):
        return None
    kept, free = set[str](), set[str]()
    words = set(formula(" ".join(texts)).names)
    waiting = [*words, *around]
    while waiting:
        name = waiting.pop()
        if name in kept or name in free or name in abstract or name not in made.bodies:
            continue
        if by.isdisjoint(made.below(name)):
            free.add(name)
        else:
            kept.add(name)
            waiting += made.bodies[name]
    if not (free or abstract) or not free <= set(shapes) or any(name in made.losses for name in kept | free):
        return None
    words = words.union(*(made.bodies[n] for n in kept))
    new = [said(n, shapes[n]) for n in sorted(free)]
    return Step(*texts, (*_spoken(declare, words), *new), tuple(f"{n} = {b}" for n, b, _ in made.define if n in kept),
                tuple((f, around) for f in abstract))


def _spoken(declare: Sequence[str], words: Set[str]) -> list[str]:
    """The declarations of these words, and of names whose sizes these are."""
    return [d for d in declare if (m := declared(d)) is None or not words.isdisjoint(formula(f"{m.name} {m.space[1:]}").names)]


def written_out(text: str, derivatives: Mapping[str, str]) -> str:
    """A text with derivatives in the place of the names that stand for them."""
    return derivatives.get(text) or put(text, {n: f"({d})" for n, d in derivatives.items()})
