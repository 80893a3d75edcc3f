"""Equations that state something of names, and claim nothing."""

from __future__ import annotations

from collections.abc import Set

from ...reading.latex.letters import FUNCTIONS
from ...reading.latex.names import NAME
from ..parts.formula import ZERO, constant, formula
from ..parts.records import Row
from ..parts.variables import moving, says_derivative
from ..words.structure_words import structure_from_equation
from .conditions import gradient_zero_with
from .setting import Setting
from .so_far import About, Claim

FEW = 3         # so many lines below an equation are tried


def of_itself(c: Claim) -> bool:
    """Whether it is an equation for a name that nothing defines, and others: x = A*x + b."""
    left, names = c.row.left or "", formula(c.row.right).names
    return c.found.error is None and left in names and left not in c.s.bodies and len(names) > 1


def states(c: Claim) -> bool:
    """Whether it is an equation for a name of which nothing is said above: x = A*x + b, A*x = b."""
    left, right = (c.row.left or "").strip(), c.row.right.strip()
    one, two = formula(left).names, formula(right).names
    if of_itself(c) or c.found.error is not None or formula(c.text).differential or not (one | two).isdisjoint(c.s.bodies):
        return of_itself(c)
    alone = right.lstrip("-") if NAME.fullmatch(right.lstrip("-")) and right.lstrip("-") not in one else \
        left if NAME.fullmatch(left) and left not in two else ""
    above = [*(r.text for r in c.s.sheet.rows[:c.i] if r.why is None), *(b for _, b, _ in c.s.define)]
    stated = bool(alone) and len((one | two) - FUNCTIONS) > 2 and alone in c.s.declared
    return stated and all(alone not in formula(text).names for text in above) or not c.found.diagnosis.slips and used_below(c, one | two)


def used_below(c: Claim, names: Set[str]) -> bool:
    """Whether one of the next lines, which says no more of derivatives, holds only by it: v'*A*v = c*v'*v below A*v = c*v."""
    by_it = c.s.assuming(f"{c.row.left} = {c.row.right}")
    below = [r for r in c.s.sheet.rows[c.i + 1:c.i + 1 + FEW] if r.why is None and r.left and not formula(r.text).differential]
    return bool(c.row.left) and c.so_far.conditional is None and any(
        names & formula(r.text).names and by_it.proved(str(r.left), r.right) and not c.s.proved(str(r.left), r.right) for r in below)


def is_equation(c: Claim) -> About:
    """It sets something to zero, or binds names that nothing defines: x'*x = c, of one x."""
    s, left, right = c.s, c.row.left or "", c.row.right
    one = formula(left).names & s.variables.sought and not s.below(right) & s.variables.sought
    zero = ZERO.fullmatch(right) or ZERO.fullmatch(left.strip())
    claims = c.row.left is not None and says_derivative(left, right)
    open_ = left and left not in s.bodies and c.found.error is None and not formula(c.row.text).differential
    stationary = open_ and gradient_zero_with(s, f"{left} - ({right})")
    return () if stationary or states(c) or c.found.error is None and one and not formula(c.row.text).differential or \
        zero and not claims and c.start.count("/d(") < 2 or binds(s, c.row) or structure_from_equation(left, right) is not None else None


def binds(s: Setting, row: Row) -> bool:
    """Whether a row may bind names that nothing defines to a constant, or to each other, A*x = b above dA*x + A*dx = db."""
    left, moved = row.left or "", moving(s.sheet.rows)
    each = bool(left) and ((names := {*formula(f"{left} {row.right}").names}) <= moved or row.right in moved and names.isdisjoint(s.bodies))
    known = {*s.bodies}.union(*(formula(a).names for a in s.assume)) if not s.sheet.form.markup else set()
    return each or not (known & formula(left).names or not constant(row.right) or constant(left) or formula(left).differential)
