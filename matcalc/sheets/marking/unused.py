"""Definitions that nothing uses: they may be conclusions, of which nothing says what they should be."""

from __future__ import annotations

import itertools
import re

from ...language.expr import SCALAR
from ...language.traversal import reachable
from ..parts.formula import formula
from ..parts.marks import Mark, Marked, Reason
from ..parts.records import Row, texts
from ..statements.sheet import Sheet
from .conditions import Conditions, gradients_like
from .line import judged_if_read, nearly_right
from .setting import Setting

CANDIDATES = 4        # so many gradients are tried


def with_unused(s: Setting, known: Conditions, marks: list[Mark]) -> list[Mark]:
    """The marks with those definitions not judged that no line uses: they say nothing that could be judged."""
    sheet = s.sheet
    if sheet.form.code or any(m.mark == "not read" for m in marks):
        return marks
    rows = [r for r in sheet.rows if r.why is None and r.role not in ("start", "condition")]
    used = {above.defines for above, r in itertools.pairwise(rows) if r.left is None}
    used |= {w for r in rows if r.left != "" for w in formula(r.text).names}
    bodies = {n: b for n, b, _ in sheet.define}
    used |= {w for r in sheet.rows if r.role == "condition" for w in formula(r.right).names} | sheet.names.opened
    used |= {w for n, b, k in s.define if not k and n not in bodies for w in formula(b).names}
    used = set(reachable(used, lambda name: formula(bodies.get(name, "")).names))
    used |= {w for text in (*s.assume, *(c.start for c in known.all)) for w in formula(text).names}
    stated = any(m.mark == "follows" for m in marks) and not any(k < sheet.rows[0].number for _, _, k in sheet.define)
    names = {r.number: r for r in rows if r.defines and r.role != "abbreviation" and r.defines not in used and not (
        stated and r is sheet.rows[0])}         # what comes first concludes nothing
    return [likened(s, names[m.number], m) if m.mark == "given" and m.reason is None and m.number in names
            and names[m.number].defines in formula(m.text).names else m for m in marks]


def likened(s: Setting, row: Row, mark: Mark) -> Mark:
    """The mark of a definition that nothing ties to the rest of the sheet, with the gradient that it is or nearly is."""
    name = row.defines
    unjudged = mark._replace(mark="not judged", reason=Reason("unused", (name,)))
    said = " ".join(texts(s.sheet.rows))
    functions = dict.fromkeys(re.findall(r"\bd\((\w+)\)/d\(", said))
    names = [n for n, _, _ in s.define if n != name and n not in functions]
    names += [n for n in formula(said).by if n not in names]
    gradients = [f"d({f})/d({x})" for f in functions for x in names if s.fits(name, x)]
    gradients += [g for g in gradients_like(s, name) if g not in gradients]
    of = {n: p.sides[0].shape for n in [name, *s.bodies] if (p := s.equation(n, n)) is not None}
    rates = [(f, x) for f in reversed(s.bodies) if f in of and f != name for x in sorted(s.below(f) - s.bodies.keys()) if x in s.shapes]
    matrices = [f"(d({f})/d({x}))'" for f, x in rates if "1" == str(of[f][1]) == str(s.shapes[x][1]) and
                (of[f][0], s.shapes[x][0]) == of.get(name)]         # a Jacobian
    matrices += [f"d(d({f})/d({x}))/d({x})" for f, x in rates if of[f] == SCALAR and (s.shapes[x][0],) * 2 == of.get(name)]      # a Hessian
    near: Mark | None = None
    for gradient in [*gradients[:CANDIDATES], *matrices[:CANDIDATES]]:
        found = judged_if_read(s, gradient, row._replace(left=gradient, right=name))
        if found is not None and found.mark == "follows":
            return unjudged._replace(reason=Reason("likened", (name, gradient)))
        if near is None and found is not None and nearly_right(found):
            near = unjudged._replace(reason=Reason("nearly", (name, gradient)), diagnosis=found.diagnosis, would=found.would)
    return near or unjudged


def with_told(sheet: Sheet, found: Marked) -> Marked:
    """The marks with the definitions in sentences that nothing uses, and with names that a sentence defines once more."""
    marks = list(found.marks)
    def enter(number: int, shown: str, reason: Reason, behind: bool) -> None:
        k = next((k for k, m in enumerate(marks) if m.number >= number + behind), len(marks))
        marks.insert(k, Mark(number, shown, "not judged", reason=reason))
    said = [r.text for r in sheet.rows] + [a.text for a in sheet.facts.assumed]
    for row in sheet.told:
        others = said + [body for name, body, _ in sheet.define if name != row.defines]
        if row.defines not in sheet.names.arguments and not any(row.defines in formula(text).names for text in others):
            enter(row.number, row.shown, Reason("unused", (row.defines,)), True)
    for a in (a for a in sheet.afresh if a.claimed):
        name = f"{a.letter}_{a.number}"
        enter(sheet.line_of(a.start), f"{name} = {sheet.names.bodies.get(name, '')}", Reason("another", (a.letter,)), False)
    return found._replace(marks=tuple(marks))
