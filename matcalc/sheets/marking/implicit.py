"""Lines of differentials under an equation between names that vary: from A*x = b it follows that dA*x + A*dx = db."""

from __future__ import annotations

from collections.abc import Iterator, Set

from ...language.expr import Apply, Name, sub
from ...language.operations import ELEMENTWISE_NAMES
from ...reading.inference.statements import said
from ...reading.latex.names import NAME
from ..parts.definition_parts import ordered
from ..parts.formula import ZERO, formula, undeclared
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from .line import denied, firm, judged_if_read, mistake
from .setting import Setting
from .so_far import SoFar, not_judged

FEW = 4         # so many equations are differentiated


def differentiated(s: Setting, so_far: SoFar, line: str, row: Row) -> Mark | None:
    """The mark of a line of differentials that follows from the differentials of the equations that the sheet has, and from these; of one
    that does not, where one change of a sign or a number is what is wrong with it."""
    text = formula(f"{line} {row.right}")
    if not text.moved:
        return None
    equations = [e for e in known(s, so_far, row) if ties(s, e, text.moved)][-FEW:]
    if not equations:
        return None
    made = [s.below(f) for f in text.moved if f in s.bodies]
    leaves = [s.below(n) for _, left, right in equations for n in formula(f"{left} {right}").names]
    bound = {n for below in leaves for n in below & s.variables.varied or below}          # of b = A*x with dx, A does not vary
    if any(not below & (s.variables.varied | bound) for below in made):
        return None
    live = moving(s, equations) | set().union(*made) & bound          # x of A*x = b in df, f = c'*x
    moved = s.varying(live=frozenset(s.variables.live or s.variables.varied) | live)
    texts = [f"{left} = {right}" for _, left, right in equations]
    slopes = [f"d({left}) = {'0' if ZERO.fullmatch(right) else f'd({right})'}" for _, left, right in equations]
    every = moved.but(assume=list(dict.fromkeys([*s.assume, *texts, *slopes])))
    free = next((there for _, left, right in equations if (there := by_what_is_free(moved, left, right, live)) is not None), None)
    for there in (moved.but(assume=slopes), every) if free is None else (free,):
        if there.proved(line, row.right):           # points where all equations hold may be special ones: dQ = 0 of Q*Q = Q at Q = I
            found = judged_if_read(there, line, row)
            if found is not None and found.mark in ("follows", "follows if"):
                return found._replace(after=max(number for number, _, _ in equations) or None)
    still = sorted(s.below(f"{line} {row.right}") - s.variables.varied - live)          # of which no line has a differential
    if still and moved.varying(live=s.variables.varied | live).but(assume=slopes).proved(line, row.right):
        return Mark(row.number, row.written, "follows if", reason=Reason("constant", tuple(still)), after=equations[-1][0] or None)
    every = every if free is None else free
    if every.kind(line, row.right) in ("undecided", "proved", "checked"):       # the judge of the line itself may have had no time for it
        return not_judged(row, row.written, "perhaps", texts[0])
    return with_one_change(every, line, row) if all(certain(so_far, number) for number, _, _ in equations) else None


def by_what_is_free(s: Setting, left: str, right: str, live: Set[str]) -> Setting | None:
    """The setting with z = tanh(u) and x = u - W*z for z = tanh(W*z + x), where u is any: all z, W and x that satisfy it, and no others."""
    p = s.equation(right, right) if left in formula(right).names - s.bodies.keys() else None
    whole = p.sides[0] if p is not None else None
    called = isinstance(whole, Apply) and whole.head in ELEMENTWISE_NAMES
    inner = whole.args[0] if called and isinstance(whole, Apply) else whole
    terms = inner.args if isinstance(inner, Apply) and inner.head == "+" else ()
    bound = {left, *s.bodies}
    x = next((t for t in terms if type(t) is Name and t.name not in bound and all(t not in e.names for e in terms if e is not t)), None)
    if x is None or inner is None or not isinstance(whole, Apply) or p is None or x.shape != inner.shape:
        return None
    if x.words | p.variables[left].words:           # which u has them is not known
        return None
    u = f"{x.name}_free"
    define = [*s.define, (left, f"{whole.head}({u})" if called else u, 0), (x.name, f"{u} - ({sub(inner, x)})", 0)]
    held = [] if x.name in live else [f"d({x.name}) = 0"]
    return s.varying(live=live | {u, left, x.name}).but(
        define=ordered(define), declare=[*undeclared(s.declare, {left, x.name}), said(u, x.shape)],
        assume=[*(a for a in s.assume if a != f"{left} = {right}"), *held])


def by_equations_above(s: Setting, so_far: SoFar, line: str, row: Row) -> Mark | None:
    """The mark of a line without derivatives that follows where the equations above hold, each of which gives a value to a name of which
    nothing else is said: b of A*x = b, and b of x = A*x + b; or does not, and the mistake in it is found."""
    if formula(f"{line} {row.right}").differential or row.left in formula(row.right).names:
        return None
    there, last = s, 0
    for number, left, right in [e for e in known(s, so_far, row) if e[0]][-FEW:]:
        free = by_what_is_free(there, left, right, frozenset())
        b = right.strip().lstrip("-")
        if free is None and NAME.fullmatch(b) and b not in there.used | formula(left).names | there.bodies.keys() and \
                formula(left).names.isdisjoint(s.bodies):
            free = there.but(define=ordered([*there.define, (b, left if b == right else f"-({left})", 0)]),
                             declare=undeclared(there.declare, {b}))
        there, last = (there.assuming(f"{left} = {right}"), last or -number) if free is None else (free, number)
    found = judged_if_read(there.but(explains=True), line, row) if last else None
    if found is None or found.mark == "does not follow" and (mistake(found) is None or last not in so_far.stated):
        return None
    return found._replace(after=abs(last)) if found.mark in ("follows", "does not follow") else None


def certain(so_far: SoFar, number: int) -> bool:
    """Whether an equation is assumed, or nothing in its line is in doubt: one that is not judged may be what is wrong."""
    return number in so_far.stated or not any(
        m.number == number and m.mark in ("not judged", "undecided", "does not follow") for m in so_far.marks)


def wrong_in_any_case(s: Setting, so_far: SoFar, line: str, row: Row) -> Mark | None:
    """The mark of a line that does not follow where all equations hold that the sheet has, and does with one change of a sign or number."""
    texts = [f"{left} = {right}" for number, left, right in known(s, so_far, row) if certain(so_far, number)]
    becomes = row.left in formula(row.right).names
    return with_one_change(s.but(assume=list(dict.fromkeys([*s.assume, *texts]))), line, row) if texts and not becomes else None


def with_one_change(s: Setting, line: str, row: Row) -> Mark | None:
    """The mark of a line that does not follow, where one change of a sign or a number is what is wrong with it."""
    found = denied(s.but(explains=True), line, row) if s.kind(line, row.right) == "refuted" else None
    return found if found is not None and firm(mistake(found)) else None


def known(s: Setting, so_far: SoFar, row: Row) -> Iterator[tuple[int, str, str]]:
    """The equations that hold where a row stands: those that are assumed, those of the lines above that define and claim nothing, and what
    is set to zero; each with its line, 0 where it has none."""
    yield from ((0, *formula(text).sides) for text in s.assume if not formula(text).moved)       # of d(x) = A*x nothing follows so
    above = s.sheet.rows[:s.sheet.rows.index(row)] if row in s.sheet.rows else []
    said_so = {m.number: m.reason.kind for m in so_far.marks if m.reason is not None}
    for r in above:
        kind = said_so.get(r.number, "")
        given = kind in ("equation", "remark") or kind == "solved" and r.left in formula(r.right).names          # x = A*x + b
        if r.left and r.why is None and given and not formula(r.text).differential:
            yield r.number, r.left, r.right
    for c in so_far.known.right:
        yield c.number, c.texts[0], "0"


def moving(s: Setting, equations: list[tuple[int, str, str]]) -> set[str]:
    """The names in some equations that vary: those that the sheet varies, where that leaves more of them than there are equations, or
    a single one; else all that nothing calls constant, \\lambda of K'*lambda = M*u."""
    each = [s.below(f"{left} {right}") for _, left, right in equations]
    groups = joined([names & s.variables.varied for names in each])
    if all(len(names) > count or len(names) == count == 1 for names, count in groups):
        return {n for names, _ in groups for n in names}
    return set[str]().union(*each) - s.sheet.facts.constant - s.given.constants


def joined(each: list[set[str]]) -> list[tuple[set[str], int]]:
    """Sets with those joined that share something, and how many each was.

    >>> joined([{"a", "b"}, {"c"}, {"b"}]) == [({"c"}, 1), ({"a", "b"}, 2)]
    True
    """
    out: list[tuple[set[str], int]] = []
    for names in each:
        met = [group for group in out if not group[0].isdisjoint(names)]
        out = [group for group in out if group not in met]
        out.append((names.union(*(g for g, _ in met)), 1 + sum(k for _, k in met)))
    return out


def ties(s: Setting, equation: tuple[int, str, str], moved: Set[str]) -> bool:
    """Whether an equation binds names that vary: several, or one of which nothing is made that the line varies."""
    _, left, right = equation
    names = s.below(f"{left} {right}") & s.variables.varied
    return len(names) > 1 or bool(names) and moved.isdisjoint(s.bodies)
