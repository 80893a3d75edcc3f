"""Lines that are asked for: the one after `= ?`, those that `= ...` or a big step leaves out, from our derivation."""

from __future__ import annotations

import re
from contextlib import suppress
from itertools import pairwise

from ...deriving.derivation import Unfinished
from ...deriving.engine import derive
from ...diagnose.equations import solved
from ...language.deadline import Expired
from ...language.expr import (
    ONE, SCALAR, Expr, InputError, Name, T, apply, differentials, differentiated, differentiates, mul, as_derivative)
from ...language.inspection import names_of
from ...language.shorthand import shorthand
from ...patterns import pattern
from ...reading.parse import Problem
from ...rulebook.book import RULES
from ...diagnose.rule_of_line import RuleNamer
from ..parts.marks import Mark, Reason
from ..parts.records import Row
from ..parts.variables import by_convention
from .conditions import Conditions
from .setting import Setting


def carried(p: Problem, e: Expr) -> Expr:
    """e with every d(f(x)) written by d(x): by the whole method where that gives one matrix, by the rules one by one elsewhere."""
    if not e.has_d:
        return e
    bodies = dict(p.definitions)
    while isinstance(f := differentiated(e), Name) and f in bodies:
        e = apply("d", bodies[f])
    if f is not None and not isinstance(f, Name):
        found = _differential(p, f)
        if found is not None:
            return found
    try:
        return RuleNamer(p.definitions, p.constants).carried(e)
    except (InputError, ValueError, AssertionError, IndexError, KeyError, ZeroDivisionError):
        return e


def _differential(p: Problem, f: Expr) -> Expr | None:
    """d(f) as the derivative times d(x), for one x."""
    bodies = dict(p.definitions)
    live = {n for n in names_of([f], bodies) if n not in bodies and n.name not in p.constants}
    if len(live) != 1 or ONE not in f.shape[1:]:
        return None
    x = live.pop()
    try:
        found = derive(p.replace(f=f, wrt=x))
    except (Unfinished, InputError):
        return None
    if found.where or (f.shape != SCALAR and x.shape[1] is not ONE):
        return None
    g, move = T(found.result), apply("d", x)
    return apply("tr", mul(g, move)) if f.shape == SCALAR and x.shape[1] is not ONE else mul(g, move)


_OPEN = pattern(r"\bd\((?!\w+\))")
Filled = tuple[str, str]        # a line, and the rule that gives it


def following(p: Problem, start: Expr, line: Expr, above: bool) -> Filled | None:
    """The line after `line` in a derivation that began with `start`; `above` says that the differential stands above already."""
    every = derivation(p, start, line)
    if start is line and (asked := as_derivative(start)) is not None and every:
        return _read(every[-1]) if above or len(every) == 1 else (f"d({asked[0]}) = {every[0][0]}", every[0][1])
    found = next((after for before, after in pairwise([(told(start), ""), *every]) if before[0] == told(line)), None)
    if found is None:
        found = next((one for one in every[::-1] if one[0] != told(line)), None)
    return found and _read(found)


def between(p: Problem, start: Expr, line: Expr, end: Expr) -> list[Filled]:
    """The lines after one and before another; where those are on no derivation of ours, all of it."""
    every = derivation(p, start, line)
    texts = [text for text, _ in every]
    first = texts.index(told(line)) + 1 if told(line) in texts else 0
    last = texts.index(told(end)) if told(end) in texts else len(every)
    out = [one for one in every[first:last] if one[0] != told(end) and (first or start is line or _open(line) or not _OPEN.search(one[0]))]
    asked = None if first else as_derivative(start)
    return [(f"d({asked[0]}) = {text}", rule) if asked is not None and not k else _read((text, rule))
            for k, (text, rule) in enumerate(out)]


def skipped_lines(p: Problem, start: Expr, line: Expr, end: Expr) -> list[Filled]:
    """The lines that a step leaves out; none where our derivation does not pass both of its ends, and so does not measure it."""
    every = derivation(p, start, line)
    texts = [text for text, _ in every]
    whole = start is line and as_derivative(start) is not None and not differentiates(end)
    first = 0 if start is line else texts.index(told(line)) + 1 if told(line) in texts else len(every)
    last = texts.index(told(end)) if told(end) in texts else len(every) - 1 if whole else 0
    return [_read(one) for one in every[first:last]]


def _open(e: Expr) -> bool:
    """Whether a line holds a differential of more than a name, d(A*x)."""
    return any(not isinstance(f, Name) for f in differentials(e))


def derivation(p: Problem, start: Expr, line: Expr) -> list[Filled]:
    """The lines from a derivative, or from the differential of a name, to what it is."""
    bodies = dict(p.definitions)
    asked = as_derivative(start)
    of, by = asked if asked is not None and isinstance(asked[1], Name) else (differentiated(start), None)
    if of is not None and by is None:
        moving = [n for n in p.variables.values() if n.kind == "variable" and n.name not in p.constants and n in names_of([of], bodies)]
        moved = differentials(line)
        usual = next((n for n in moving if n.name == by_convention(m.name for m in moving)), None)
        by = moving[0] if len(moving) == 1 else usual if moved.isdisjoint({*moving} - {usual}) else None
    out: list[Filled] = []
    try:
        if of is not None and isinstance(by, Name):
            record = derive(p.replace(f=of, wrt=by))
            out = [(told(step.after), _called(step.rule)) for step in record.steps]
            if asked is not None:
                out.append((told(record.result), "read off"))
        if not out:
            end = carried(p, solved(p, line))
            named = RuleNamer(p.definitions, p.constants).name(line, end)
            out = [(told(end), _called(named[0]) if named else "")] if end is not line else []
    except (Unfinished, InputError, Expired):
        return []
    return [one for k, one in enumerate(out) if not k or one[0] != out[k - 1][0]]


def told(e: Expr) -> str:
    """An expression as people write it."""
    return str(shorthand(e))


def _read(line: Filled) -> Filled:
    return f"= {line[0]}", line[1]


def _called(rule: str) -> str:
    found = RULES.get(rule)
    return found.called if found is not None else rule.rpartition(".")[2].replace("-", " ")


def filled(s: Setting, known: Conditions, row: Row, start: str, line: str) -> Mark:
    """The mark of a line that asks for the next one, or for those that are left out."""
    asks, lines = row.role == "next", list[Filled]()
    with suppress(InputError):
        lines = asked_for(s, known, row, start, line) if asks else left_out(s, row, start, line)
    about = tuple(text for pair in lines for text in pair)
    if asks:
        would = lines[0][0].partition("= ")[2] if lines else ""
        return Mark(row.number, row.shown, "not judged", would=would, reason=Reason("asked", about))
    return Mark(row.number, row.shown, "given", reason=Reason("gap", about))


def asked_for(s: Setting, known: Conditions, row: Row, start: str, line: str) -> list[Filled]:
    """The line that comes next: the solution of a condition, or a line of our derivation."""
    p = s.read(prove=f"{start} == {line}")
    if p.prove is None or p.ill_shaped is not None:
        return []
    under = next((c for c in known.right[::-1] if c.by == start and known.solution(s, c).value), None)
    if under is not None:
        return [(f"= {known.solution(s, under).value}", f"the solution of line {under.number}")]
    above = {r.left for r in s.sheet.rows[:s.sheet.rows.index(row)]}
    found = following(p, *p.prove, any(f"d({f})" in above for f in re.findall(r"\bd\((\w+)\)/d\(", start)))
    return [found] if found else []


def left_out(s: Setting, row: Row, start: str, line: str) -> list[Filled]:
    """The lines between a line and the one below this row."""
    later = s.sheet.rows[s.sheet.rows.index(row) + 1:][:1]
    p = s.read(prove=f"{start} == {line}")
    if p.prove is None or p.ill_shaped is not None or not later or later[0].why is not None or later[0].left is not None or \
            not later[0].right:
        return []
    q = s.read(prove=f"{line} == {later[0].right}")
    return between(p, *p.prove, q.prove[1]) if q.prove is not None and q.ill_shaped is None else []


def leapt(s: Setting, big: int, start: str, line: str, right: str) -> tuple[Filled, ...]:
    """What a step leaves out, where that makes it a big one."""
    with suppress(InputError):
        p, q = s.read(prove=f"{start} == {line}"), s.read(prove=f"{line} == {right}")
        if p.prove is not None and q.prove is not None and q.ill_shaped is None:
            out = skipped_lines(p, *p.prove, q.prove[1])
            return tuple(out) if len(out) >= big else ()
    return ()
