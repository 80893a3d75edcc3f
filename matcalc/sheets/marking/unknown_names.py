"""Lines in which a name stands of which nothing says what it is, or how it depends on another one."""

from __future__ import annotations

import re

from ...reading.latex.names import NAME
from ..parts.definition_parts import names_in
from ..parts.formula import formula
from ..parts.variables import LOSSES
from .doubts import of_nothing
from .other_sizes import guessed_in
from .so_far import About, Claim

NO_NAMES = re.compile(r"(?:\^|(?<=\w)\.)T\b|\b(?:ones|eye|zeros)\([\w, ]*\)")          # X.T, and the sizes of ones(m)


def unknown_dependence(c: Claim) -> About:
    """Nothing says how one name depends on another by which it is differentiated."""
    s, text = c.s, c.text
    bodies, known = s.bodies.keys(), s.bodies.keys() | s.declared
    for f, x in formula(text).quotients:
        abstract = f in s.given.losses and (f in LOSSES or s.given.losses[f])
        if f not in known and f != x and not abstract or f in bodies and x != f and x not in s.closure(f) and x not in bodies:
            return f, x
    return of_nothing(s, text)


def solves_for_new(c: Claim) -> About:
    """Its right side is made of a name that is varied, and of which nothing else is known."""
    s, text = c.s, c.text
    fresh = [n for n in formula(c.row.right).names if f"d({n})/d(" not in text
             and n in s.variables.varied - s.bodies.keys() - s.declared - s.used]
    return (fresh[0],) if fresh and not s.below(c.line) & set(fresh) else None


def unknown_name(c: Claim) -> About:
    """A name stands on one side of it only, and nowhere above."""
    s, row, text = c.s, c.row, c.text
    bodies, declared = s.bodies.keys(), s.declared
    above = [r.text for r in s.sheet.rows[:s.sheet.rows.index(row)] if r.why is None]
    slope = formula(c.line).differential
    given = {w for n, body, number in s.define if number <= row.number for w in (n, *names_in(body))}
    known = declared | (bodies | s.used if slope else given) | {n for said in (*above, *s.assume) for n in formula(said).names}
    unsaid = {m.reason.about[0] for m in c.so_far.marks if m.reason is not None and m.reason.kind == "unknown"} - declared - bodies
    known -= unsaid
    made = {s.sheet.names.triangle, *s.sheet.names.thirds.values()}
    one, two = s.below(c.line) - made, s.below(row.right) - made
    new = formula(NO_NAMES.sub("", row.right)).names - formula(c.line).names
    two |= {i.name for i in c.found.notes.inferred} & new
    if c.found.error is not None:
        two |= {n for n in guessed_in(s, " ".join(new)) if len(n) == 1 and n not in s.sheet.names.functions}
    plain = not c.so_far.known and not formula(text).differential
    apart = two - one if slope or plain and not row.left else one ^ two if plain else set()
    alone = row.right.strip("() ")
    strange = [n for n in sorted(apart | {n for n in formula(c.line).names & unsaid - two if not s.is_number(n)}) if n not in known]
    if NAME.fullmatch(alone) and alone not in known | one and alone in s.shapes and not s.sheet.names.size(alone):
        strange.append(alone)
    return (strange[0],) if strange else None


def below_unread(c: Claim) -> About:
    """The line above it was not read, and it is an equation in what was not defined."""
    last = next((r for r in c.s.sheet.rows[:c.i][::-1] if r.role != "start"), None)
    return () if last is not None and last.why is not None and c.row.left and c.row.left not in c.s.bodies and \
        not formula(c.text).differential else None
