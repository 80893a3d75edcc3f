"""One line of a sheet against the one before: the verdict, the rule, what is wrong with it."""

from __future__ import annotations

from contextlib import suppress

from ... import judges
from ...deriving.substitute import substitute
from ...diagnose.correction import mended
from ...diagnose.diagnosis import diagnosis
from ...diagnose.equations import solved
from ...diagnose.refitted import refitted
from ...diagnose.rule_of_line import RuleNamer
from ...diagnose.slip import Kind, Slip
from ...language.deadline import Expired
from ...language.expr import SCALAR, Expr, InputError, Name, ShapeError, as_derivative
from ...language.inspection import names_of, untransposed
from ...language.shorthand import shorthand
from ...language.traversal import reachable
from ...patterns import pattern
from ...reading.parse import Problem
from ...render.diagnosis import NOTHING, Diagnosis
from ...render.inferred import readings
from ...render.slips import FOLLOWS, MISFIT, diagnosis_of
from ..parts.marks import MARKS, Mark, Notes, Reason, written
from ..parts.formula import formula
from ..parts.records import Row
from ...reading.problems.held_constants import ambiguous_constants
from .requested_lines import carried
from .setting import SECONDS, Setting
from .stepping import by_step, holds, step_apart

JUXTAPOSED = pattern(r"(?<=[\w)'])\s+(?=[\w(])")       # A B, a product
REFITTING = 0.25        # seconds for the changes of a line whose sizes do not fit
# Mistakes that no other shape or structure of a name explains: another sign, number, exponent or activation, one term too many or too few.
FIRM = frozenset((Kind.NEGATIVE, Kind.MULTIPLE, Kind.SIGN_OF_TERMS, Kind.FACTOR_OF_TERMS, Kind.NORM, Kind.FROZEN, Kind.NO_TERMS,
                  Kind.EXTRA_TERMS))
FIRM_EDITS = frozenset(("sign", "double", "power", "function"))
# One change of one place.
ONE_CHANGE = frozenset((Kind.EDIT, Kind.NO_FACTOR, Kind.MULTIPLE, Kind.NEGATIVE, Kind.NO_TERMS, Kind.SIGN_OF_TERMS, Kind.FACTOR_OF_TERMS))
# What says no more than that two expressions differ: no change of one place was confirmed that makes the line right.
NO_MISTAKE = frozenset((Kind.ILL_SHAPED, Kind.SHAPES, Kind.UNKNOWN, Kind.SOME_TERMS, Kind.SIZE_ONE, Kind.RIGHT_IF))


def judged(s: Setting, left: str, row: Row) -> Mark:
    """The mark of left == row.right: by a step that leaves out what it does not speak of, where that is proved, else by all of the
    sheet. InputError where it cannot be read."""
    found = by_step(s, left, row.right)
    if found is None:
        return _judged(s, left, row)
    p, verdict, q = found
    before, after = q.sides
    return Mark(row.number, shown(left, row, before, after), "follows", verdict, rule(s, p, before, after),
                notes=Notes(read=tuple(readings(verdict)), sides=(before, after)))


def judged_if_read(s: Setting, left: str, row: Row) -> Mark | None:
    """The same; None where it cannot be read."""
    with suppress(InputError):
        return judged(s, left, row)
    return None


def denied(s: Setting, left: str, row: Row) -> Mark | None:
    """The same of a line that does not follow; None of any other."""
    found = judged_if_read(s, left, row)
    return found if found is not None and found.mark == "does not follow" else None


def _judged(s: Setting, left: str, row: Row) -> Mark:
    try:
        p = s.problem(row, prove=f"{left} == {row.right}")
    except ShapeError as e:
        return ill_shaped(s, left, row, row.written, e)
    notes = Notes(tuple(p.inferred_from))
    if judges.nowhere(p):
        text = row.written if p.prove is None else shown(left, row, *p.prove)
        return Mark(row.number, text, "not judged", judges.equation(p), notes=notes)
    if p.ill_shaped is not None:
        return ill_shaped(s, left, row, row.written, p.ill_shaped)._replace(notes=notes)
    before, after = p.sides
    verdict = judges.equation(p, small=s.explains)
    differs = before.has_d or after.has_d
    still = {n.name for e in p.sides for n in e.names} & set(p.constants) - s.variables.varied if differs else ()
    notes = Notes(tuple(p.inferred_from), tuple(readings(verdict)), tuple(sorted(still)), sides=p.sides)
    found = Mark(row.number, shown(left, row, before, after), MARKS[verdict.kind], verdict, notes=notes)
    if found.mark == "follows":
        needed = needed_constants(s, p, before, after) if differs else []
        if needed:
            found = found._replace(mark="follows if", reason=Reason("constant", tuple(needed)))
        return found._replace(rule=rule(s, p, before, after))
    if found.mark == "undecided":
        for weaker in s.weaker:             # what holds without what is assumed holds with it
            if (again := _judged(weaker, left, row)).mark == "follows":
                return again
        return found
    if not s.explains:
        return found
    step = step_apart(s, left, row.right)
    said, would = slip(*(step or (p, before, carried_out(s, p, before), after)))
    if step is not None and not said.slips:         # what the sheet says of its names may be needed: C of C = C'
        said = slip(p, before, carried_out(s, p, before), after)[0]
    return found._replace(diagnosis=said, would=would)


def shown(left: str, row: Row, before: Expr, after: Expr) -> str:
    """A judged line as it was read."""
    right = written(row.right, after)
    return row.shown or (f"{written(left, before)} = {right}" if row.left else f"= {right}")


def parsed(s: Setting, row: Row) -> tuple[str, Notes]:
    """A line that is only given, as it was read."""
    if row.right in {n for n, _, _ in s.given.derivatives} and row.right == row.defines:
        return f"{row.right} = {s.sheet.names.bodies[row.right]}", Notes()
    if row.right == row.defines:
        with suppress(InputError):
            p = s.whole()
            body = next((b for n, b in p.as_typed().definitions if n.name == row.defines), None) if not p.inferred else None
            if body is not None:
                return f"{row.right} = {written(s.sheet.names.bodies.get(row.defines, ''), body)}", Notes()
    p = s.problem(row, prove=f"{row.right} == {row.right}")
    notes = Notes(tuple(p.inferred_from))
    if row.right != row.defines:
        return written(row.right, p.prove[0]) if p.prove else row.right, notes
    body = next((b for n, b in p.as_typed().definitions if n.name == row.defines), None)
    return row.right if body is None else f"{row.right} = {written(s.sheet.names.bodies.get(row.defines, ''), body)}", notes


def needed_constants(s: Setting, p: Problem, before: Expr, behind: Expr) -> list[str]:
    """The names that a line of differentials takes as constant though the sheet varies them, or though they may well vary: those
    without which it does not follow."""
    below = {n.name for n in names_of((before, behind), dict(p.definitions))}
    vary = s.sheet.facts.varying
    still = [n for n in p.constants if n in below and n not in s.given.constants and n not in s.sheet.facts.constant - vary
             and p.variables.get(n) is not None]
    against = not s.sheet.facts.constant.isdisjoint(formula(f"{before} {behind}").moved)        # dW of a W that is said to be constant
    asked = [n for n in still if against or n in s.variables.varied | vary]
    if not s.variables.settled:
        numbers = {n for n in still if p.variables[n].shape == SCALAR and any(
            n in p.variables and p.variables[n].shape != SCALAR for n in s.variables.live)}
        asked += [n for n in ambiguous_constants(still, s.variables.live - s.bodies.keys()) if n not in asked and n not in numbers]
    return [name for name in asked
            if judges.equation(p.replace(constants=tuple(n for n in p.constants if n != name),
                                         deadline=s.clock.within(SECONDS))).kind == "refuted"]


def ill_shaped(s: Setting, left: str, row: Row, shown: str, error: InputError) -> Mark:
    """A line whose sizes do not fit, and what would have followed."""
    apart = step_apart(s, left, row.right)
    if apart is None:
        try:
            p = s.problem(row, prove=f"{left} == {left}")
            if p.prove is None:         # the left side does not even fit by itself
                p = s.problem(row, prove="0 == 0")
                s.placed(error, row, "")
                return Mark(row.number, shown, "does not follow", judges.ill_shaped(error, p), "", MISFIT, error=error)
        except InputError:
            raise error from None
        before = p.sides[0]
        apart = p, before, carried_out(s, p, before), None
    p, before, wanted, claimed = apart
    said = MISFIT
    with suppress(InputError):
        q = s.problem(row, prove=f"{row.right} == {row.right}") if claimed is None else None
        claimed = claimed if q is None or q.prove is None else q.prove[0]
        if claimed is not None:
            said = slip(p, before, wanted, claimed)[0] or said
    slips = said.slips
    if s.explains and (not slips or slips[0].what in (Kind.ILL_SHAPED, Kind.SHAPES)):
        names = {**{n: Name(n, shape) for n, shape in s.shapes.items()}, **p.variables}
        until = s.clock.within(REFITTING)
        found = refitted(JUXTAPOSED.sub("*", row.right), names,
                         lambda right: until.left > 0 and s.equation(left, right) is not None and holds(s, left, right))
        said = said if found is None else diagnosis_of((found,), FOLLOWS)
    return Mark(row.number, shown, "does not follow", judges.ill_shaped(error, p), "", said,
                "" if wanted is before else str(wanted), error=error)


def rule(s: Setting, p: Problem, before: Expr, after: Expr) -> str:
    """The rule that explains a line."""
    asked = as_derivative(untransposed(before))
    if asked is not None:
        return "read off" if not after.has_d and reaches(s, *asked, dict(p.definitions)) else ""
    found = RuleNamer(p.definitions, p.constants).name(before, after)
    return "" if found is None else ", ".join(x for x in found if x)


def reaches(s: Setting, e: Expr, x: Expr, bodies: dict[Name, Expr]) -> bool:
    """Whether the lines above say what d(e) is by d(x)."""
    further = lambda n: s.variables.moves.get(n) or (bodies[n].names if n in bodies else ())
    return any(n is x for n in reachable(s.variables.moves.get(e, ()), further))


def carried_out(s: Setting, p: Problem, e: Expr) -> Expr:
    """What follows from an expression, in names of the sheet: a loss that it never writes down is made of its gradients there."""
    own = {name for name, _, _ in s.sheet.define}
    losses: dict[Expr, Expr] = {n: body for n, body in p.definitions if n.name not in own}
    return substitute(carried(p, solved(p, e)), losses)


def slip(p: Problem, before: Expr, wanted: Expr, after: Expr) -> tuple[Diagnosis, str]:
    """What is wrong with a line, where it should be what is wanted, and what would have followed."""
    asked = as_derivative(before)
    f, wrt = asked if asked is not None and isinstance(asked[1], Name) else (wanted, None)
    try:
        said = diagnosis_of(diagnosis(p.replace(f=f, wrt=wrt), [], wanted, after), FOLLOWS)
        would = mended(p, wanted, after)
    except (RecursionError, Expired):
        return NOTHING, ""
    if would is None:
        would = wanted if wanted is not before else None
    return said, "" if would is None else str(shorthand(carried(p, would)))


def firm(slip: Slip | None) -> bool:
    """Whether no other shape or structure of a name explains a mistake."""
    return slip is not None and (slip.what in FIRM or slip.what is Kind.EDIT and slip.about[0] in FIRM_EDITS)


def mistake(found: Mark) -> Slip | None:
    """The one change that was confirmed to make a line right."""
    first = found.diagnosis.slips[0] if found.diagnosis.slips else None
    if first is None or first.what in (Kind.NO_TERMS, Kind.EXTRA_TERMS) and len(first.about[0]) > 1:
        return None
    if of_name(first):
        return None
    return first if first.what not in NO_MISTAKE or first.what is Kind.ILL_SHAPED and first.about else None


def nearly_right(found: Mark) -> bool:
    """Whether one change of one place makes a line right."""
    return bool(found.diagnosis.slips) and found.diagnosis.slips[0].what in ONE_CHANGE and not of_name(found.diagnosis.slips[0])


def of_name(slip: Slip) -> bool:
    """Whether another name stands where one belongs, which may be meant otherwise."""
    return slip.what is Kind.EDIT and slip.about[0] == "name"
