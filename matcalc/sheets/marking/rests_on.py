"""What a line rests on: names whose definitions could not be read, derivatives by what is made of the same names."""

from __future__ import annotations

import re

from ...language.traversal import reachable
from ...reading.latex.names import NAME
from ..parts.definition_parts import DefinitionParts, ordered
from ..parts.formula import formula
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from .line import judged_if_read
from .setting import Setting
from .so_far import SoFar


def taint(s: Setting, text: str) -> Reason | None:
    """The name in a text, or in what it is defined as or assumed to be, whose definition could not be read."""
    given = [a.partition(" = ") for a in s.assume]
    bodies = {name: body for name, _, body in given if NAME.fullmatch(name)} | s.bodies
    made = reachable(formula(text).names, lambda n: formula(bodies.get(n, "")).names)
    name = min(s.tainted.keys() & set(made), key=lambda n: (n not in formula(text).names, s.tainted[n], n), default="")
    return Reason("entry" if name in s.singles else "tainted", (name, str(s.tainted[name]))) if name else None


def differentiates(s: Setting, text: str) -> bool:
    """Whether a derivative or a differential is taken in a text, or in what a name in it is assumed to be."""
    given = {a.partition(" = ")[0]: a for a in s.assume}
    return any(formula(t).differential for t in (text, *(given[w] for w in formula(text).names if w in given)))


def untouched(s: Setting, why: Reason, text: str) -> bool:
    """Whether a line that could not be read does not speak of what is differentiated by."""
    said = " ".join(r.shown for r in s.sheet.rows if str(r.number) == why.about[1] and r.why is not None)
    by = (formula(text).by | formula(text).moved) - s.bodies.keys()
    return bool(said and by) and not any(re.search(rf"(?<![A-Za-z]){x.partition('_')[0]}(?![A-Za-z])", said) for x in by)


def through(s: Setting, text: str) -> Reason | None:
    """A derivative by a name that the function is not made of, and that is made of the same names as the function."""
    asked = formula(text).quotients
    if not asked:
        return None
    said = {r.left: (r.left, r.right, r.number) for r in s.sheet.rows[::-1] if r.why is None and r.left and NAME.fullmatch(r.left)}
    made = DefinitionParts([*(entry for n, entry in said.items() if n not in s.bodies), *s.define], {})
    for f, x in asked:
        if f in made.bodies and x in made.bodies and f not in made.of([x]) and x not in made.below(f) and \
                made.below(f) & made.below(x) - made.bodies.keys():
            return Reason("through", (f, x))
    return None


def restated(s: Setting, so_far: SoFar, why: Reason, line: str, row: Row) -> Mark | None:
    """The mark of a derivative by a name that f is made of in a line above that follows: f = r'*r."""
    f, x = why.about
    good, about = {m.number for m in so_far.marks if m.mark == "follows"}, ""
    for r in s.sheet.rows[:s.sheet.rows.index(row)]:
        about = about if r.left is None else r.left or r.defines
        if about == f and r.number in good and x in formula(r.right).names:
            define = ordered([(n, r.right if n == f else b, k) for n, b, k in s.define])
            if (found := judged_if_read(s.but(define=define), line, row)) is not None:
                return found
    return None
