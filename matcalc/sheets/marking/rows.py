"""The rows of a sheet marked in turn, in one reading of it: does each line follow from the one before?"""

from __future__ import annotations

from collections.abc import Sequence

from ... import judges
from ...language.expr import InputError
from ...patterns import pattern
from ...reading.latex.names import Ambiguity
from ...records import Record
from ..parts.definiteness import AGAINST_ZERO, definiteness
from ..parts.formula import declared, formula, quotient
from ..parts.marks import NO_NOTES, Mark, Marked, Reason
from ..parts.records import Row
from ..parts.variables import estimated_unknown, says_derivative
from ..statements.sheet import Sheet
from .cases import in_case
from .certainty import certain_misfit, certainly
from .equations import states
from .exemptions import NO_CLAIM, UNSAID, exempted
from .doubts import differentiates, said_besides, settled, taint, through, unsure, untouched, wrong_in_order
from .fitting import in_row
from .follows_if import follows_if, if_symmetric, only_of_numbers
from .known_beforehand import Ground, ground, moving, varied_in
from .implicit import by_equations_above, differentiated, wrong_in_any_case
from .line import judged, judged_if_read, parsed
from .time_and_memory import Clock
from .named_derivatives import of_unknown
from .other_sizes import as_rule, entrywise
from .requested_lines import filled, leapt
from .rewritten import written_with
from .setting import Setting
from .so_far import Chain, Claim, SoFar, Wrong, not_judged
from .solutions import all_read, stepped, updated
from .under_conditions import (
    at_other_values, at_solution, at_values, of_what_is_sought, only_there, sets_to_zero, solved_row, under, unsolved)
from .unused import with_unused

BARE = pattern(r"\beye\b(?!\()|\bvector\(")
MOST = 4        # so many wrong lines are tried
BOUND = ("solved", "conditional", "equation")           # a line may hold by an equation above it
FOLLOWS = ("follows", "follows if")
NO_CLAIMS = frozenset(("model", "aside", "conclusion", "next", "gap", "condition", *AGAINST_ZERO))     # of rows that equal nothing


class Asked(Record):
    """How a sheet is marked: in what time; from how many rules on a step is called big (0: none is); whether it is said what is wrong
    with a line; the lines that end it where they do not follow; those of which none may be lost, or it has no marks at all."""

    clock: Clock
    big: int = 0
    explains: bool = True
    until: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()


def marked_rows(read: Sheet, asked: Asked) -> Marked:
    """Every row of a sheet with its mark."""
    asked.clock.next_line()
    g = ground(read, asked.clock, asked.explains)
    sheet, so_far, chain, live = g.setting.sheet, SoFar(g.certain), Chain(), frozenset[str]()
    anywhere = moving(g.setting, [r for r in sheet.rows if r.why is None]) | g.setting.variables.sought
    own = {r.defines for r in sheet.rows}
    so_far.marks += [certain_misfit(g.setting, so_far, Row(number, "", name, f"{name} = {body}"), g.misfits[name])
                     for name, body, number in sheet.define if name in g.misfits and name not in own]
    s = g.setting
    for i, row in enumerate(sheet.rows):
        asked.clock.next_line()
        s = setting_of(g, so_far, i, live)
        if row.left is not None and row.why is None and row.role not in NO_CLAIMS and (row.left or row.defines not in g.misfits):
            live = varied_in(s, chain_from(sheet.rows, i), anywhere)
            s = s.varying(live=live)
        kept = row.number in asked.kept
        chain, found = marked_row(s.but(explains=False) if kept else s, so_far, i, row, chain, asked, g)
        if kept and found is not None and found.mark != "follows":
            return Marked((), (), ())
        so_far.marks += [so_far.note(found, bool(row.left))] if found is not None else []
        if found is not None and found.mark == "does not follow" and row.left != "" and row.number in asked.until:
            break
    marks, notes = with_unused(s, so_far.known, so_far.marks), [m.notes for m in so_far.marks]
    single = [Ambiguity(name, entry, True) for name, entry in sheet.names.uses.singles.items()]
    doubts = dict.fromkeys([*(d for r in sheet.rows for d in r.doubts), *(d for n in notes for d in n.entries), *single])
    read_as = tuple(dict.fromkeys(text for n in notes for text in n.read))
    constant = tuple(dict.fromkeys(name for n in notes for name in n.constant))
    held = {(found.name, word) for d in s.supposing(sheet.facts.structure).declare if (found := declared(d)) for word in found.words}
    words = dict.fromkeys((w.name, w.word) for w in sheet.facts.structure if w[:2] in held)
    return Marked((*g.setting.inferred, *so_far.inferred), constant, tuple(m._replace(notes=NO_NOTES) for m in marks), read_as,
                  tuple(doubts), tuple(words), tuple(dict.fromkeys(sheet.understood)), tuple(sheet.unclear.passed), "", sheet.unclear.open)


def chain_from(rows: Sequence[Row], i: int) -> list[Row]:
    """The rows of the chain that begins with a row, those that were read."""
    end = next((k for k, r in enumerate(rows[i + 1:], i + 1) if r.left is not None), len(rows))
    return [r for r in rows[i:end] if r.why is None]


def setting_of(g: Ground, so_far: SoFar, i: int, live: frozenset[str]) -> Setting:
    """What a row is judged under: what the sheet says there, and what was found above."""
    s, more = g.setting, so_far.inferred
    s = s.but(declare=[*s.declare, *map(str, more)], inferred=[*s.inferred, *more]).varying(live=live, moves=so_far.moves)
    return in_row(s, i, so_far.symmetric)


def marked_row(s: Setting, so_far: SoFar, i: int, row: Row, chain: Chain, asked: Asked, g: Ground) -> tuple[Chain, Mark | None]:
    """One row: the chain of equalities that the next one goes on with, and the mark; None of what claims nothing."""
    if row.why is not None:
        return chain, Mark(row.number, row.shown, "not read", error=row.why)
    if row.role == "model":
        return chain, Mark(row.number, row.shown, "given")
    if row.role in AGAINST_ZERO:
        positive = {w.name for w in s.sheet.facts.structure if w.word == "positive"}
        text = row.right or (chain.line if s.sheet.rows[i - 1].why is None else "")
        return chain, definiteness(row, s.equation(text, text) if text else None, positive)
    if row.role == "conclusion":
        of = estimated_unknown(str(row.left), {c.by for c in so_far.known.all}) or str(row.left)          # x of x_hat
        solved = under(s, so_far.known, of, row._replace(left=of, shown=row.written)) if so_far.known else None
        return chain, solved or not_judged(row, row.written, "solved", str(row.left))
    if row.role in ("next", "gap"):
        chain = chain if row.left is None or row.left == chain.start else Chain.begin(row, row.left)
        return chain, filled(s, so_far.known, row, chain.start or chain.line, chain.right)
    if row.role == "condition":
        enter_condition(s, so_far, row, chain)
        return chain, Mark(row.number, row.shown, "given", reason=Reason("condition"))
    if row.defines in g.misfits and row.left == "":
        return chain._replace(line=row.right, right=row.right), certain_misfit(s, so_far, row, g.misfits[row.defines])
    if row.left == "":
        begun = Chain.begin(row, row.right)
        if row.role == "lone":
            return begun, standing_alone(s, so_far, i, chain, row)
        if row.role == "start":
            return begun, None
        solved = value_of_unknown(s, so_far, row) if so_far.known else None
        begun = chain if row.role == "aside" else begun
        solved = solved or of_what_is_sought(s, so_far.known, row, s.sheet.rows[i - 1]) if so_far.known else None
        claimed = bool(so_far.marks) and so_far.marks[-1].mark == "follows"         # what is zero everywhere is not set to zero
        return begun, solved or unsolved(s, so_far.known, row, s.sheet.rows[:i], claimed) or stepped(s, row) or opening(s, row)
    if row.left is not None:
        chain = Chain.begin(row, row.left)
    found = marked_claim(s, so_far, i, row, chain)
    if found.mark == "follows":
        found = only_there(s, chain.line, row, found)
    if asked.big and found.mark == "follows" and found.rule != "read off" and (found.after, found.through) == (None, None):
        found = found._replace(leapt=leapt(s, asked.big, chain.start or chain.line, chain.line, row.right))
    if i in s.given.rows and found.mark == "follows":
        found = Mark(row.number, found.text, "given", notes=found.notes)
    if found.mark == "does not follow" or found.through is not None:
        so_far.wrong.append(Wrong(found.through or row.number, chain.start, row.right))
    if so_far.known:
        so_far.known.value_found(s, row, found)
    return chain.after(row, found), found


def marked_claim(s: Setting, so_far: SoFar, i: int, row: Row, chain: Chain) -> Mark:
    """The mark of a line that claims something: as it was read, under the conditions above, or with what it may mean besides."""
    line = chain.line
    found = marked(s, i, line, row, chain.start)
    c = Claim(s, so_far, i, row, line, s.derivative_of(chain.start), chain.above, found)
    there = in_case(s, i, line, row, found) if found.mark in ("does not follow", "undecided") and s.sheet.facts.cases else None
    if there is not None:
        return there
    zero = sets_to_zero(c) if found.mark == "does not follow" and formula(c.start).by else None
    if found.mark in ("does not follow", "undecided") and zero is None and (
            implied := differentiated(s, so_far, line, row)) is not None:
        if implied.mark == "does not follow":
            return implied
        found = implied
        c = c._replace(found=found)
    if found.mark == "does not follow":
        general = row.left is not None and says_derivative(row.left, row.right)
        bound = found.error is None and bool(so_far.known)
        there = (at_values(s, so_far.known, line, row, found) if general else at_solution(s, so_far.known, line, row)) if bound else None
        zero = sets_to_zero(c) if there is None or there.mark == "does not follow" else None          # a second condition
        found = zero or there or exempted(c, NO_CLAIM) or found
        if found.mark == "not judged" and found.reason is not None and found.reason.kind in BOUND and all_read(s):
            found = by_equations_above(s, so_far, line, row) or wrong_in_any_case(s, so_far, line, row) or found
        if found is c.found and s.sheet.names.triangle:
            verdict = wrong_in_order(s, line, row.right, unsure(c))
            found = found if verdict is None else found._replace(verdict=verdict)
        if found.mark == "given":
            so_far.conditional = row.number
    if found.mark == "not judged" and found.error is None:
        found = updated(s, row) or found
    if found.mark == "given" and found.reason is not None:
        so_far.known.zero(s, row, chain.start, line, chain.wrong)
    elif found.mark == "not judged" and found.reason is not None and found.reason.kind in ("equation", "conditional"):
        found = so_far.known.set_to_zero(s, row, line, found)
        so_far.bound_by(row, states(c))
    if found.mark == "does not follow" and chain.right != line:
        again = marked(s, i, chain.right, row, chain.start)
        found = again._replace(after=chain.number) if again.mark == "follows" else found
    if found.mark == "does not follow":
        c = c._replace(found=found)
        found = follows_if(c) or exempted(c, UNSAID) or certainly(c)
    elif found.mark in FOLLOWS and (otherwise := said_besides(c) or only_of_numbers(c)) is not None:
        found = otherwise
    elif found.mark in FOLLOWS:
        so_far.certain |= settled(c)              # it was meant so: so read, it holds
        found = found._replace(through=chain.wrong) if chain.wrong is not None else found
    found = taken_over(s, so_far, row, found) if found.mark == "does not follow" else found
    return found if found.notes != NO_NOTES else found._replace(notes=c.found.notes)


def marked(s: Setting, i: int, line: str, row: Row, start: str) -> Mark:
    """The mark of line = row.right as it was read; what cannot be read is marked so."""
    shown, text = row.written, f"{line} {row.right}"
    if i in s.given.apart:       # the gradient of an unwritten loss at what nothing connects with it
        return Mark(row.number, shown, "not judged", judges.not_judged((s.given.apart[i],)))
    rests = taint(s, text)
    if rests and differentiates(s, text) and not untouched(s, rests, text):
        return Mark(row.number, shown, "not judged", reason=rests)
    if (between := through(s, text)) is not None:
        f, x = between.about
        there = written_with(s, f, x, text)
        if there is None:
            return Mark(row.number, shown, "not judged", reason=between)
        s = there
    try:
        found = judged(s, line, row)
        if found.mark == "undecided" and s.proved_unstructured(line, row.right):        # what holds for all L holds for these
            found = judged(s.unstructured(), line, row)
        return of_unknown(s, line, row, found if found.error is None else entrywise(s, line, row, found))
    except InputError as e:
        sized = row.left is None and start and BARE.search(text)      # nothing but the first side says how large an I or a 1 is
        again = judged_if_read(s, f"{line} + 0*({start})", row) if sized else as_rule(s, row, line)
        return again or Mark(row.number, shown, "not judged" if rests else "not read", reason=rests, error=None if rests else e)


def enter_condition(s: Setting, so_far: SoFar, row: Row, chain: Chain) -> None:
    """Enter that the derivative above is zero, or those that a sentence names."""
    so_far.conditional = row.number
    if row.right == "0" and row.left is None:
        so_far.known.zero(s, row, chain.start, chain.line, chain.wrong)
    elif row.left == "":
        for of in row.right.split("; "):
            taken = next((w for w in reversed(so_far.wrong) if w.start in (of, f"({of})")), None)
            so_far.known.zero(s, row, of, taken.right if taken else "", taken.number if taken else None)


def value_of_unknown(s: Setting, so_far: SoFar, row: Row) -> Mark | None:
    """The mark of a line that gives a new name to the value of an unknown."""
    solved = solved_row(s, so_far.known, row)
    there = solved and at_other_values(s, so_far.known, solved)
    found = under(s, so_far.known, str(there.left), there) if there is not None else None
    if there is not solved and (found is None or found.mark != "follows"):
        found = under(s, so_far.known, str(solved.left), solved) if solved is not None else None
    if solved is None or found is None:
        return None
    if found.mark == "does not follow":
        found = if_symmetric(s, so_far, str(solved.left), solved, found) or found
    so_far.known.value_found(s, solved, found)
    if found.reason is not None and found.reason.kind == "there":
        found = found._replace(mark="follows", reason=None)        # the name is that of the value there
    if found.mark != "does not follow":
        return found
    return certainly(Claim(s, so_far, 0, row, s.sheet.names.bodies.get(row.defines, ""), "", None, found))


def opening(s: Setting, row: Row) -> Mark:
    """The mark of a line that begins a chain."""
    text = row.shown or row.right
    if row.role == "loose":
        return not_judged(row, text, "unread above")
    if row.defines.endswith("_dot") and row.defines[:-4] in s.bodies:           # T is defined, and a rate of change of it is no definition
        return not_judged(row, f"{row.defines} = {s.bodies.get(row.defines, '')}", "unknown", row.defines)
    try:
        read, notes = parsed(s, row)
    except InputError as e:
        if row.defines not in s.tainted:
            return Mark(row.number, text, "not read", error=e)
        read = f"{row.right} = {s.sheet.names.bodies.get(row.right, '')}".removesuffix(" = ")
        return Mark(row.number, row.shown or read, "not judged", reason=taint(s, row.right))
    return Mark(row.number, row.shown or read, "given", notes=notes)


def standing_alone(s: Setting, so_far: SoFar, i: int, chain: Chain, row: Row) -> Mark | None:
    """The mark of an expression that stands alone: it begins a chain, or goes on with the one above; a derivative claims nothing."""
    found = marked(s, i, chain.line, row, chain.start) if chain.line else None
    if found is not None and found.mark == "follows":
        return found
    return None if "d(" in row.right else not_judged(row, row.shown or row.right, "alone")


def taken_over(s: Setting, so_far: SoFar, row: Row, found: Mark) -> Mark:
    """A line that says of a derivative what follows from a wrong line follows from that one: a gradient read off a wrong differential,
    the Hessian of a wrong gradient, the gradient of what a function was wrongly expanded to. It counts once."""
    if row.left is None or found.error is not None:
        return found
    left, slope = s.sheet.names.bodies.get(row.left, row.left), quotient(row.left)         # as it is written
    for w in so_far.wrong[:-MOST - 1:-1]:
        pair: tuple[str, str] | None = None
        if slope is not None and w.start.strip("()") == f"d({slope[0]}":
            pair = w.right, f"tr(({row.right})'*d({slope[1]}))"
        elif slope is not None and w.start in (slope[0], s.bodies.get(slope[0])):       # of another form of a function, which is wrong
            pair = f"d({w.right})/d({slope[1]})", row.right
        elif len(w.start) > 6 and w.start in left != w.start:
            pair = left.replace(w.start, f"({w.right})"), row.right
        if pair is not None and s.proved(*pair):
            return Mark(row.number, found.text, "follows", through=w.number)
    return found
