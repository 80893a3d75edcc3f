"""Values that lines give to an unknown, and equations of it, against the only value that makes a derivative zero; steps towards it."""

from __future__ import annotations

from collections.abc import Collection
import re

from ...language.expr import SCALAR
from ...patterns import pattern
from ..parts.formula import formula, put
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from ..parts.variables import NEXT
from .conditions import Condition, Conditions, satisfied, spelt_out
from .line import denied, judged_if_read
from .setting import Setting
from .so_far import not_judged

REGULAR = frozenset(("spd", "orthogonal"))
SQUARE = pattern(r"(?:[\d.]+\*)?(?:norm[2F]\(\w+\)\^2|(\w+)'\*\1|sum\(\w+\.\^2\)|\w+\^2|tr\((\w+)'\*\2\))")      # zero at 0 only
ASCENT = pattern(r"\b(?:maximi[sz]\w*|ascent|likelihood|reward)\b|最大化|上升", re.I)
FUNCTIONS = 3       # so many functions are tried
STEPS = 6           # and so many steps of each


def equal_to_the_only(s: Setting, known: Conditions, c: Condition, row: Row) -> Mark | None:
    """The mark of a line that gives a value to an unknown of which one value is known to be the only one. What is not that value
    does not follow, where no other condition and no equation that was not read speaks of what it is made of."""
    only, regular = known.solution(s, c)
    kind = s.kind(only, row.right)
    if kind == "refuted" and s.proved(c.by, f"({c.by})'") and s.proved(f"({only})'", row.right):        # it is symmetric, or there is none
        s = s.assuming(f"{only} = {row.right}")
        kind = "proved"
    if kind == "proved":
        at = "*".join(["1", *(f"(1 + 0*tr(inv({h})))" for h in regular)])       # the only one where these are invertible
        found = judged_if_read(s, f"{at}*({only})", row)
        if found is None or found.verdict is None:
            return None
        needed = set(found.verdict.needs)
        # S of S = H*P*H' + R is invertible, and so is that; and so is what the derivative itself inverts
        for left, right in dict.fromkeys(((row.right, row.right), (row.right, spelt_out(s, row.right)), (c.texts[0], c.texts[0]))):
            itself = judged_if_read(s, left, row._replace(right=right)) if needed else None
            own = set(itself.verdict.needs) if itself is not None and itself.verdict is not None else set()
            needed = {n for n in needed - own if not any(n._replace(of=o.of) == o and is_multiple(s, str(n.of), str(o.of)) for o in own)}
        found = found._replace(text=row.written, after=c.number, rule="")
        return found if not needed else found._replace(mark="follows if", reason=Reason("solution", (c.by, str(c.number))))
    given = arguments(s, c, only)
    others = {o.by for o in known.all} | given & s.variables.sought
    if any(c.by in formula(text).names for text in s.assume):
        number = known.bound(s, row, c.by, only) if kind == "refuted" else None
        if number is None:
            return None
        only, given = number[1], set()
        row = row._replace(right=put(row.right, {number[0].by: f"({known.solution(s, number[0]).value})"}), shown=row.written)
        kind = s.kind(only, row.right)
    free = not (others - {c.by}) & s.below(f"{only} {row.right}")
    rows = s.sheet.rows[:s.sheet.rows.index(row)] if row in s.sheet.rows else []
    fresh = {n for n in s.below(row.right) - s.below(only) if s.shapes.get(n, SCALAR) != SCALAR and not any(
        n in formula(r.text).names for r in rows) and n not in "".join(b for _, b, _ in s.define)}
    free = free and not fresh and not multipliers(s, c, given & (s.below(only) ^ s.below(row.right)))
    if kind not in ("refuted", "") or not free or not all_read(s) or row.role == "remark":
        return None
    s = s.supposing(s.sheet.unclear.maybe)
    found = denied(s, only, row) if s.kind(only, row.right) in ("refuted", "") else None
    return found and found._replace(text=row.written)


def true_at_the_only(s: Setting, known: Conditions, line: str, row: Row) -> Mark | None:
    """The mark of a line that holds with the only value of an unknown, in the latest condition that gives one, and with no other."""
    spoken = formula(f"{line} {row.right}")
    for c in reversed(known.right):
        made = any(c.by in s.made.below(n) for n in spoken.names & s.bodies.keys()) or any(c.by in formula(a).names for a in s.assume)
        only, regular = known.solution(s, c) if c.by in spoken.names and not made and not spoken.differential else ("", ())
        if only and c.by not in formula(only).names and s.kind(only, f"0*({only})") == "refuted":         # not of a homogeneous equation
            at = "*".join(["1", *(f"(1 + 0*tr(inv({h})))" for h in regular)])
            left, right = (put(text, {c.by: f"({only})"}) for text in (line, row.right))
            found = judged_if_read(s, f"{at}*({left})", row._replace(right=right)) if s.proved(left, right) else None
            if found is not None and found.mark == "follows":
                found = found._replace(text=row.written, after=c.number, through=c.wrong, rule="")
                nonzero = tuple(h for h in regular if s.is_number(h) and h not in spoken.names)
                return found._replace(mark="follows if", reason=Reason("nonzero", nonzero)) if nonzero else found
    return None


def false_at_the_only(s: Setting, known: Conditions, c: Condition, line: str, row: Row) -> Mark | None:
    """The mark of an equation of an unknown that the only value of it does not satisfy: it does not follow from the condition."""
    only = known.solution(s, c).value if c.wrong is None and row.role != "remark" and all_read(s) else ""
    numbers = {n for n in s.below(only) if s.is_number(n)}
    said = s.below(f"{line} {row.right}")       # where b is not in it, it may be known otherwise
    if not only or not s.below(only) <= said or formula(f"{line} {row.right}").differential or any(
            is_multiplier(s, c, n, line, row) for n in multipliers(s, c, numbers)):
        return None
    if s.kind(only, f"0*({only})") != "refuted":      # it is zero: the unknown of a homogeneous equation, which has others
        return None
    left, right = (put(text, {c.by: f"({only})"}) for text in (line, row.right))         # no differential stands in them
    if (left, right) == (line, row.right) or s.supposing(s.sheet.unclear.maybe).kind(left, right) != "refuted":
        return None
    found = denied(s, left, row._replace(right=right))
    return found and found._replace(text=row.written, after=c.number)


def multipliers(s: Setting, c: Condition, given: Collection[str]) -> set[str]:
    """The arguments of a function that its derivative by them is not made of, and is no sum of squares: they may have been put in
    from another condition, a weight may not."""
    out = set()
    for name in set(given) - {c.by}:
        other = s.carried_out(c.start.replace(f"/d({c.by})", f"/d({name})"))
        if other is not None and name not in {n.name for n in other.names} and not is_sum_of_squares(str(other)):
            out.add(name)
    return out


def is_multiplier(s: Setting, c: Condition, name: str, line: str, row: Row) -> bool:
    """Whether a number may be a multiplier whose own condition, that the derivative by it is zero too, makes a line follow."""
    other = s.carried_out(c.start.replace(f"/d({c.by})", f"/d({name})"))
    return other is None or not is_sum_of_squares(str(other)) and \
        s.kind(line, row.right, f"{c.texts[0]} = 0", f"{other} = 0") not in ("refuted", "")


def is_sum_of_squares(text: str) -> bool:
    """Whether each term of a text is a square."""
    return all(SQUARE.fullmatch(term) for term in text.split(" + "))


def arguments(s: Setting, c: Condition, value: str) -> set[str]:
    """What the function of a condition is one of: its arguments; where it is written without, any number that a value is made of."""
    given = [names for f, names in s.sheet.names.arguments.items() if f"d({f})" in c.start]
    return {n for names in given for n in names} if given else {n for n in s.below(value) if s.is_number(n)}


def is_multiple(s: Setting, one: str, other: str) -> bool:
    """Whether a matrix is another one, divided by a number or multiplied by a matrix that has an inverse."""
    regular = [d.split()[0] for d in s.declare if REGULAR & set(d.split())]
    forms = [other, *(f"({other})/{n}" for n in dict.fromkeys(re.findall(r"/([A-Za-z]\w*)", one))),
             *(f"{a}*({other})" for a in regular if a in formula(one).names)]
    return any(s.proved(one, form) for form in forms)


def all_read(s: Setting) -> bool:
    """Whether no equation stands on the sheet that was not read."""
    equations = any(re.search(r"=|\\(?:sim|in|perp|propto|approx)\b", text) for _, text in s.sheet.unclear.passed)
    unread = any(r.why is not None and "=" in r.shown for r in s.sheet.rows)
    return not equations and not unread and not any(a.text not in s.assume for a in s.sheet.facts.assumed)


def inherited(s: Setting, known: Conditions, row: Row) -> Mark | None:
    """The mark of a value that makes a wrong derivative of the sheet zero."""
    return next((Mark(row.number, row.written, "follows", after=c.number, through=c.wrong) for c in known.all[::-1]
                 if c.wrong is not None and row.left == c.by and satisfied(s, c, row.right) == "proved"), None)


def updated(s: Setting, row: Row) -> Mark | None:
    """The mark of such a line: a step of descent or of ascent, or Newton's."""
    x = row.left or ""
    if not x or x not in formula(row.right).names or x in s.bodies:
        return None
    tops = [f for f, _, _ in s.define if x in s.below(f) and s.total(f)]
    for f in tops[::-1][:FUNCTIONS]:
        slope = f"d({f})/d({x})"
        numbers = [n for n in sorted(s.below(row.right) - s.below(f)) if s.fits(n, "1")]
        steps = [f"{n}*({slope})" for n in [*numbers, "1"]] + [f"inv(d({slope})/d({x}))*({slope})"]
        for sign in ("-", "+") if ASCENT.search(s.sheet.text) else ("-",):
            if any(s.proved(f"({row.right}) - {x}", f"{sign}{step}") for step in steps[:STEPS]):
                return Mark(row.number, row.written, "follows")
    return None


def stepped(s: Setting, row: Row) -> Mark | None:
    """The mark of w_new = w - eta*g, where the sheet differentiates by w and what it differentiates is not made of w_new."""
    found = NEXT.fullmatch(row.defines)
    body = s.sheet.names.bodies.get(row.defines, "")
    if found is None or found[1] not in s.variables.sought & formula(body).names or any(
            row.defines in s.closure(f) for r in s.sheet.rows for f in formula(r.text).by | formula(r.text).moved):
        return None
    shown = row.shown or f"{row.defines} = {body}"
    return updated(s, row._replace(left=found[1], right=body, shown=shown)) or not_judged(row, shown, "solved", row.defines)
