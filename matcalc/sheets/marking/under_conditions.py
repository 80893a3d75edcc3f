"""Lines below a condition, such as a derivative that is zero, judged with that assumed."""

from __future__ import annotations

import re

from ...reading.inference.statements import said
from ..parts.formula import ZERO, constant, declared, formula, outside, put, quotient
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from ..parts.variables import VALUE, estimated_unknown
from .conditions import Condition, Conditions, satisfied, seeks
from .line import denied, judged_if_read
from .setting import Setting
from .so_far import Claim, not_judged
from .solutions import all_read, equal_to_the_only, false_at_the_only, inherited, is_multiplier, true_at_the_only

MOST = 4        # so many questions may be left open


def at_solution(s: Setting, known: Conditions, line: str, row: Row) -> Mark | None:
    """The mark of a line under the conditions; of one that speaks of w_hat, which nothing defines, with w for it."""
    found = under(s, known, line, row)
    unknowns = s.variables.sought | {n for c in known.all for n in (c.by, *s.below(c.by))}
    spoken = formula(f"{line} {row.right}").names
    named = {w: x for w in spoken - s.bodies.keys() if (x := estimated_unknown(w, unknowns))}
    if found is not None or not named or spoken & {*named.values()}:
        return found
    right = put(row.right, named)
    return under(s, known, put(line, named), row._replace(left=row.left and put(row.left, named), right=right, shown=row.written))


def under(s: Setting, known: Conditions, line: str, row: Row) -> Mark | None:
    """The mark of a line under the conditions: where it follows, and where it certainly does not."""
    value, undecided = "", 0
    for c in [c for c in known.right[::-1] if row.left == c.by]:
        now = satisfied(s, c, row.right)
        if now and known.solution(s, c).value and (found := equal_to_the_only(s, known, c, row)) is not None:
            return found if found.mark != "does not follow" else inherited(s, known, row) or found
        value = now if now == "proved" else value or now
    if row.left != "" and (found := true_at_the_only(s, known, line, row)) is not None:
        return found
    refuted, false = value in ("refuted", ""), set[str]()
    for equations, c, nonzero in tries(known):
        if value == "refuted" and c.wrong is None or c.texts[0] in false and len(equations) == 1:      # the same in another form
            continue
        there = of_any(s, c.by, equations, line, row.right)
        kind = "proved" if there is not None else s.kind(line, row.right, *equations)
        if kind == "undecided" and s.proved_unstructured(line, row.right, *equations):      # what holds for all holds for these
            there, kind = s.unstructured(), "proved"
        if kind in ("undecided", "checked") and s.assume and (bare := s.but(assume=())).proved(line, row.right, *equations):
            there, kind = bare, "proved"                # what holds without what is assumed holds with it
        if kind == "proved":
            found = judged_if_read((there or s).assuming(*equations), line, row)
            if found is not None and nonzero:
                found = found._replace(mark="follows if", reason=Reason("nonzero", nonzero))
            elif found is not None and row.role != "remark" and row.left in s.bodies:    # what it is everywhere
                found = found._replace(mark="follows if", reason=Reason("there", (str(c.number),)))
            return found and found._replace(after=c.number, through=c.wrong)
        refuted &= kind in ("refuted", "")
        false |= {c.texts[0]} if kind == "refuted" and not c.nonzero else set()
        undecided += kind == "undecided"
        if undecided == MOST:
            break
    return refuted_under(s, known, line, row, value, refuted)


def refuted_under(s: Setting, known: Conditions, line: str, row: Row, value: str, refuted: bool) -> Mark | None:
    """The mark of a line that does not follow from the only condition, where the sheet says all there is to say; of a value that makes
    a condition true and need not be the only one."""
    c = known.all[0]
    if len(known.all) == 1 and row.left not in (c.by, None) and row.left not in s.variables.all:
        if refuted and (found := false_at_the_only(s, known, c, line, row)) is not None:
            return found
    if value == "proved" and row.role == "place":           # at the critical point x = 0: one is enough
        return Mark(row.number, row.written, "follows", after=c.number)
    if value == "proved":
        return Mark(row.number, row.written, "follows if", reason=Reason("solution", (c.by, str(c.number))), after=c.number)
    numbers = {found.name for found in map(declared, s.declare) if found is not None and found.space == "R"} - {c.by}
    if not refuted or not closed(s, known, line, row) or any(
            is_multiplier(s, c, name, line, row) for name in sorted(s.below(c.texts[0]) & numbers)):
        return None
    return denied(s.assuming(f"{c.texts[0]} = 0"), line, row)


def tries(known: Conditions) -> list[tuple[list[str], Condition, tuple[str, ...]]]:
    """The equations to assume, one after another: each condition in its forms, the latest first; then all of them. With each the
    numbers that must not be zero for it to follow."""
    latest = (*reversed(known.all), *reversed(known.mistaken))
    out = [([f"{text} = 0"], c, c.nonzero if k else ()) for c in latest for k, text in enumerate(c.texts)]
    together = known.right
    return [*out, ([f"{c.texts[0]} = 0" for c in together], together[-1], ())] if len(together) > 1 else out


def of_any(s: Setting, unknown: str, equations: list[str], line: str, right: str) -> Setting | None:
    """The setting of any S, where a line is proved of it that the sheet defines and not by the unknown."""
    used = formula(" ".join([*equations, line, right])).names & s.bodies.keys()
    free = {n for n in used if unknown not in s.made.below(n) and n in s.shapes}
    if not free or not unknown:
        return None
    anything = s.but(declare=[*s.declare, *(said(n, s.shapes[n]) for n in sorted(free))],
                     define=[entry for entry in s.define if entry[0] not in free])
    return anything if anything.proved(line, right, *equations) else None


def at_values(s: Setting, known: Conditions, line: str, row: Row, found: Mark) -> Mark | None:
    """The mark of a derivative that is right at the values that lines have found unknowns to have: by one of them it is only there what
    the line says."""
    by, derivative = formula(line).by, s.carried_out(line)
    values = {x: f"({value})" for x, value in known.values.items() if x in s.below(f"{line} {row.right}")}
    if derivative is None or not values or not s.proved(put(str(derivative), values), put(row.right, values)):
        return None
    after = max(c.number for c in known.all if c.by in values)
    if any(line == c.start for c in known.all):           # it is zero there
        return None
    if by.isdisjoint(values):
        return Mark(row.number, found.text, "follows", after=after)
    return Mark(row.number, found.text, "follows if", reason=Reason("there", (str(after),)))


def only_there(s: Setting, line: str, row: Row, found: Mark) -> Mark:
    """The mark of a line about differentials or a derivative that follows; where it does only at the value that a name is defined to have,
    made of nothing that varies, it follows if it has that: df = 3*x'*dx, of f = x'*x, beside x = 0."""
    sides, right = formula(f"{line} {row.right}"), formula(row.right)
    moves = s.variables.all | sides.moved | {n for a in s.assume for n in formula(a).moved}         # by d(x) = A*x
    for x in sorted((sides.by | sides.moved) & (right.names | right.moved) & s.bodies.keys() & s.shapes.keys()):
        of = {f for f, by in sides.quotients if by == x}
        if (s.made.below(x) - {x}) & moves or any(x not in s.made.below(f) for f in of) or \
                s.kind(line, row.right) != "proved":
            continue
        like = " symmetric" if s.is_square(x) and s.proved(x, f"({x})'") else ""
        anywhere = s.but(declare=[*s.declare, said(x, s.shapes[x]) + like], define=[entry for entry in s.define if entry[0] != x])
        if anywhere.kind(line, row.right) == "refuted":
            number = next((k for name, _, k in s.define if name == x), row.number)
            return found._replace(mark="follows if", reason=Reason("there", (str(number),)))
    return found


def solved_row(s: Setting, known: Conditions, row: Row) -> Row | None:
    """A line that gives a new name to the value of an unknown, or of what is made of it, as one about that: x_hat, E_min."""
    unknowns = {n for c in known.all for n in (c.by, *s.below(c.by))}      # Sigma, of Lambda = inv(Sigma)
    least = re.fullmatch(r"(\w+?)_(?:min|max|opt|star|best)", row.defines)          # E_min, of what is made of an unknown
    of = estimated_unknown(row.defines, unknowns) or (least[1] if least and unknowns & s.below(least[1]) else "")
    if not of and row.defines in s.sheet.facts.optima and len(by := {c.by for c in known.all if s.fits(row.defines, c.by)}) == 1:
        of = by.pop()
    body = s.bodies.get(row.defines, "")
    return row._replace(left=of, right=body, shown=row.shown or f"{row.defines} = {body}") if of and body else None


def at_other_values(s: Setting, known: Conditions, row: Row) -> Row:
    """A value of one unknown with the unknowns themselves for values of other ones: R(beta)/n of R(beta_hat)/n."""
    spoken, made = formula(row.right).names, {n for c in known.all for n in s.below(c.texts[0])}
    there = {w: x for w in spoken if (x := estimated_unknown(w, made - {row.left})) and x not in spoken}
    return row._replace(right=put(row.right, there), shown=row.written) if there else row


def of_what_is_sought(s: Setting, known: Conditions, row: Row, above: Row) -> Mark | None:
    """The mark of a line that defines what an unknown is made of: Sigma = S/N below d(Q)/d(P) = 0, of P = inv(Sigma)."""
    c = next((c for c in known.right[::-1] if row.defines in s.closure(c.by) - {c.by}), None)
    if c is None or above.role != "condition" and ZERO.fullmatch(above.right) is None:
        return None
    shown, kind = row.shown or f"{row.defines} = {s.bodies.get(row.defines, '')}", s.kind(c.texts[0], "0")
    if kind == "proved":
        return Mark(row.number, shown, "follows", after=c.number)
    sure = kind == "refuted" and len(known.all) == 1 and above.number == row.number and all_read(s)
    found = denied(s, c.texts[0], row._replace(right="0")) if sure else None
    return not_judged(row, shown, "solved", row.defines) if found is None else found._replace(text=shown)


def unsolved(s: Setting, known: Conditions, row: Row, above: list[Row], claimed: bool) -> Mark | None:
    """The mark of a value that is given to an unknown below a condition for it, or right below any that was not just `claimed` and follows,
    of which it is not known that it gives it; of an optimum of what is differentiated."""
    stem = VALUE.sub("", row.defines)
    sought = any(c.by == stem for c in known.all) or row.defines.endswith("_star") and any(stem in formula(r.text).by for r in above)
    set_to_zero = bool(above) and not claimed and (above[-1].role == "condition" or ZERO.fullmatch(above[-1].right) is not None)
    own = any(r.left == stem and row.defines in formula(r.right).names for r in s.sheet.rows)         # b = b_hat - .. is another b
    if stem == row.defines or own or not (sought or set_to_zero) or row.defines.rpartition("_")[2] in ("bar", "tilde", "new"):
        return None
    return Mark(row.number, row.shown or f"{row.defines} = {s.bodies.get(row.defines, '')}", "not judged", reason=Reason("solved", (stem,)))


# ------------------------------------------------------------ whether a sheet says all there is to say
def closed(s: Setting, known: Conditions, line: str, row: Row) -> bool:
    """Whether a line speaks of nothing but what its only condition is made of, on a sheet that says nothing else of it."""
    c, text = known.all[0], f"{line} {row.right}"
    by = {n for r in s.sheet.rows if r.why is None for n in formula(r.text).by}
    several = any(c.start.startswith((f"d({f})/", f"(d({f})/")) and len(given) > 1 for f, given in s.sheet.names.arguments.items())
    single = by <= {c.by} and len({c.number for c in known.all}) == 1 and not formula(text).differential and not several
    rows, sheet = s.sheet.rows, s.sheet         # all of it was read, nothing in two ways
    unread = any(r.why is not None or r.role == "remark" for r in (*rows, row)) or sheet.unclear.passed or sheet.unclear.maybe or any(
        a.text not in s.assume for a in sheet.facts.assumed) or any(not d.sure for r in rows for d in r.doubts)
    return single and c.wrong is None and not unread and s.below(text) <= s.below(c.texts[0])


def sets_to_zero(c: Claim) -> Mark | None:
    """The mark of a line that says that a derivative is zero: it is given, but where the derivative is zero nowhere. That a derivative
    less something else is zero says what it is."""
    of = quotient(c.start.replace("'", ""))
    sought = formula(c.start).by or re.fullmatch(r"\(*d\(\w+\)\)*", c.start) is not None      # d(A)*B + A*d(B) is no such thing
    if not ZERO.fullmatch(c.row.right) or not sought or c.start.count("/d(") > 1 or \
            formula(c.start).by and re.search("[+-]", outside(c.start).lstrip("-")) or of is not None and not (
            of[0] in c.s.given.losses or of[0] not in c.s.bodies or c.s.perhaps_scalar(of[0])) or any(
            x in formula(c.start).by and constant(value) for x, value in (formula(a).sides for a in c.s.assume)):  # at x = 0
        return None
    if c.s.sheet.names.uses.velocities and formula(c.start).moved:           # what is at rest
        return not_judged(c.row, c.found.text, "equation")
    if of is not None and of[0] in c.s.tainted:
        return not_judged(c.row, c.found.text, "tainted", of[0], str(c.s.tainted[of[0]]))
    derivative = c.s.carried_out(c.start)
    if derivative is not None and not derivative.names:         # it is zero nowhere
        return c.found
    if derivative is not None and formula(c.start).by and not seeks(c.s, derivative, c.start):
        return not_judged(c.row, c.found.text, "perhaps", f"{derivative} = 0")
    return Mark(c.row.number, c.found.text, "given", reason=Reason("condition"))
