"""Names that a sheet defines as derivatives, g = d(f)/d(x): each is that derivative, carried out, in every line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...diagnose.equations import solved
from ...language.expr import InputError, differentiates
from ...reading.problems.losses import uses
from ...reading.grammar.reader import Reader
from ...reading.grammar.tokens import Line
from ..parts.definition_parts import Definition, DefinitionParts, ordered
from ..parts.formula import DERIVATIVE, formula, quotient, undeclared
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from .setting import Setting
from .stepping import by_step, steps

MOST = 3            # so many sides of the sheet's own lines are tried for one


def carried_in(s: Setting) -> Setting:
    """The setting with the names that are assumed to be derivatives of what is defined defined as what these are."""
    asked = ordered(s.given.derivatives)
    waiting = {name for name, _, _ in asked}
    if not waiting:
        return s
    given, every = s, list(s.define)
    equations = {name: f"{name} = {body}" for name, body, _ in asked}
    standing = {name: f"d({found[0]})/d({found[1]})" for name, body, _ in asked
                if name not in s.tainted and (found := quotient(body)) is not None}
    s = _left_out(given, waiting, equations, every, given.declare).but(derivatives=standing)
    sides = beside(s.sheet.rows, standing)
    behind = False
    for name, body, number in sorted(asked, key=lambda entry: -depth(s, entry[1])):
        text = by_others(s, name, sides.get(name, ()), waiting) if name in standing else ""
        if not text:
            if behind:
                s = _left_out(s, waiting, equations, every, given.declare)
                behind = False
            if name not in s.tainted and not s.made.of(formula(body).names - {"d"}) & waiting:
                found = s.carried_out(body, name)
                text = "" if found is None else str(found)
        if text:
            waiting.discard(name)
            every.append((name, text, number))
            behind = True
    known = equations.keys() - waiting
    s = _left_out(s.but(assume=given.assume), set(), {n: equations[n] for n in known}, every, undeclared(given.declare, known))
    return s.but(unwritten=waiting, inferred=[i for i in given.inferred if i.name not in equations or i.name in waiting])


def depth(s: Setting, body: str) -> int:
    """How much stands below what a derivative is taken by: those by what comes last are carried out first."""
    return max((len(s.made.below(x)) for _, x in formula(body).quotients), default=0)


def beside(rows: Sequence[Row], derivatives: Mapping[str, str]) -> dict[str, list[str]]:
    """What the sheet says that each name, or the derivative that it stands for, is equal to."""
    names = {name: name for name in derivatives}
    for name, body in derivatives.items():
        names |= {body: name, f"({body})": name}
    out: dict[str, list[str]] = {}
    chain: list[str] = []
    for row in [r for r in rows if r.why is None and not r.role]:
        if row.left is not None:
            chain = [row.left] if row.left else []
        chain.append(row.right)
        for name in {names[side] for side in chain if side in names}:
            out[name] = [side for side in chain if side not in names]
    return out


def by_others(s: Setting, name: str, sides: Sequence[str], waiting: set[str]) -> str:
    """A derivative by those that are carried out already: as a line of the sheet has it that is proved, else as the rules give
    it; empty where neither does."""
    known = {b: n for n, b in s.derivatives.items() if n not in waiting}
    body = s.derivatives[name]
    [(f, x)] = formula(body).quotients
    def named(text: str) -> str:
        return DERIVATIVE.sub(lambda m: known.get(m[0], m[0]), text)
    def holds(text: str) -> bool:
        return bool(text) and not formula(text).differential and waiting.isdisjoint(formula(text).names) and \
            by_step(s, body, text) is not None
    above = [y for b in known for g, y in formula(b).quotients if g == f and x in s.made.below(y)]
    nearest = [y for y in above if not any(z in s.made.below(y) for z in above)]
    found = next(filter(holds, map(named, sides[:MOST])), "") or named(by_rules(s, f, x, nearest))
    return found if holds(found) else ""


def by_rules(s: Setting, f: str, x: str, through: Sequence[str]) -> str:
    """A derivative as the rules give it of an f of which nothing is known but by which names it is to be differentiated."""
    body = f"d({f})/d({x})"
    for found in steps(body, "".join(f" + d({f})/d({y})" for y in through), s.made, s.shapes, s.declare) if through else ():
        try:
            p = found.problem(f"{body} == {body}")
            out = solved(p, p.sides[0]) if found.losses else None
        except InputError:
            return ""
        if out is not None and not differentiates(out):
            return str(out)
    return ""


def _left_out(s: Setting, names: set[str], equations: Mapping[str, str], every: list[Definition], declare: Sequence[str]) -> Setting:
    """The setting without names and all that is made of them, and without these equations."""
    made = DefinitionParts(every, {})
    return s.but(define=ordered([entry for entry in every if entry[0] not in names and names.isdisjoint(made.below(entry[0]))]),
                 declare=undeclared(declare, equations) if names else declare,
                 assume=[a for a in s.assume if a not in equations.values()])


def varied_derivative(s: Setting, *sides: str) -> str:
    """The name that is varied in an equality and stands for a derivative which is not known; empty where there is none."""
    unknown = {*s.unwritten, *s.given.constants, *s.given.gradients}
    if not unknown or not any(formula(side).differential for side in sides):
        return ""
    bodies = {n: formula(b).names for n, b, _ in s.sheet.define if n not in unknown}
    try:
        found = [u.name for side in sides for u in uses(Reader(Line(side), s.sheet.names.functions).whole()) if u.under]
    except InputError:
        return ""
    seen: set[str] = set()
    while found:
        name = found.pop()
        if name in unknown:
            return name
        if name not in seen:
            seen.add(name)
            found += bodies.get(name, ())
    return ""


def of_unknown(s: Setting, line: str, row: Row, found: Mark) -> Mark:
    """A line that varies a derivative which is not known: it follows only where that is constant."""
    name = varied_derivative(s, line, row.right)
    if not name or found.mark == "follows if":
        return found
    if found.mark == "follows":
        return found._replace(mark="follows if", reason=Reason("constant", (name,)))
    return Mark(row.number, found.text, "not judged", reason=Reason("derivative", (name,)), notes=found.notes)
