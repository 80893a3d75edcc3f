"""Lines of differentials under an equation between names that vary: from A*x = b it follows that dA*x + A*dx = db."""

from __future__ import annotations

from collections.abc import Iterator, Set

from ..parts.formula import ZERO, formula
from ..parts.marks import Mark
from ..parts.records import Row
from .line import denied, firm, judged_if_read, mistake
from .setting import Setting
from .so_far import SoFar, not_judged

FEW = 4         # so many equations are differentiated
HOLDS = ("proved", "checked")


def differentiated(s: Setting, so_far: SoFar, line: str, row: Row) -> Mark | None:
    """The mark of a line of differentials that follows from the differentials of the equations that the sheet has, and from these; of one
    that does not, where one change of a sign or a number is what is wrong with it."""
    text = formula(f"{line} {row.right}")
    if not text.moved or any(f in s.bodies and not s.below(f) & s.variables.varied for f in text.moved):
        return None
    equations = [e for e in known(s, so_far, row) if ties(s, e, text.moved)][-FEW:]
    if not equations:
        return None
    varied = s.variables.varied
    live = frozenset(s.variables.live or varied).union(*(s.below(f"{left} {right}") & varied for _, left, right in equations))
    moved = s.varying(live=live)
    texts = [f"{left} = {right}" for _, left, right in equations]
    slopes = [f"d({left}) = {'0' if ZERO.fullmatch(right) else f'd({right})'}" for _, left, right in equations]
    every = moved.but(assume=list(dict.fromkeys([*s.assume, *texts, *slopes])))
    for there in (moved.but(assume=slopes), every):
        if there.kind(line, row.right) in HOLDS:
            found = judged_if_read(there, line, row)
            if found is not None and found.mark in ("follows", "follows if"):
                return found._replace(after=max(number for number, _, _ in equations) or None)
    if every.kind(line, row.right) in ("undecided", "proved"):       # the judge of the line itself may have had no time for it
        return not_judged(row, row.written, "perhaps", texts[0])
    return with_one_change(every, line, row)


def wrong_in_any_case(s: Setting, so_far: SoFar, line: str, row: Row) -> Mark | None:
    """The mark of a line that does not follow where all equations hold that the sheet has, and does with one change of a sign or number."""
    texts = [f"{left} = {right}" for _, left, right in known(s, so_far, row)]
    return with_one_change(s.but(assume=list(dict.fromkeys([*s.assume, *texts]))), line, row) if texts else None


def with_one_change(s: Setting, line: str, row: Row) -> Mark | None:
    """The mark of a line that does not follow, where one change of a sign or a number is what is wrong with it."""
    found = denied(s.but(explains=True), line, row) if s.kind(line, row.right) == "refuted" else None
    return found if found is not None and firm(mistake(found)) else None


def known(s: Setting, so_far: SoFar, row: Row) -> Iterator[tuple[int, str, str]]:
    """The equations that hold where a row stands: those that are assumed, those of the lines above that define and claim nothing, and what
    is set to zero; each with its line, 0 where it has none."""
    for text in s.assume:
        left, _, right = text.partition(" = ")
        yield 0, left, right
    above = s.sheet.rows[:s.sheet.rows.index(row)] if row in s.sheet.rows else []
    given = {m.number for m in so_far.marks if m.reason is not None and m.reason.kind in ("equation", "remark")}
    for r in above:
        if r.left and r.why is None and r.number in given and not formula(r.text).differential:
            yield r.number, r.left, r.right
    for c in so_far.known.right:
        yield c.number, c.texts[0], "0"


def ties(s: Setting, equation: tuple[int, str, str], moved: Set[str]) -> bool:
    """Whether an equation binds names that vary: several, or one of which nothing is made that the line varies."""
    _, left, right = equation
    names = s.below(f"{left} {right}") & s.variables.varied
    return len(names) > 1 or bool(names) and moved.isdisjoint(s.bodies)
